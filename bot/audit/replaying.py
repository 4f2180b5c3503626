"""A kept decision → what it is when it is made again, in lines, and whether it is the same."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.audit.asking import NoAnswer, name_of
from bot.gate.markup import instant
from bot.record.chain import Kept, Kind, altered
from bot.record.codec import Unreadable
from bot.record.replay import replayed


def can_be_made_again(kept: Kept) -> bool:
    """Whether anything is there to be made again: a merge is no decision of ours, and facts go with age."""
    return kept.decision.kind is Kind.VERDICT and kept.body is not None


def replay(kept: Kept, *, program: str) -> tuple[bool, tuple[str, ...]]:
    """Whether this program decides the same, and the lines that say so. Raises `NoAnswer` when it can't be told."""
    decision = kept.decision
    what = f"decision {decision.number} of {name_of(decision)}"
    if decision.kind is Kind.MERGED:
        raise NoAnswer(f"{what} tells of the merge; what was decided before it is decision {decision.number - 1}")
    if kept.body is None:
        raise NoAnswer(f"{what}: what it was made from went with age; an export from before it went has it")
    if problem := altered(kept):
        raise NoAnswer(f"{name_of(decision)}: {problem}")
    try:
        again = replayed(kept.body)
    except Unreadable as error:
        raise NoAnswer(
            f"{what} can't be read by this program: {error}; take release-gate {decision.program}"
        ) from error
    head = f"{what}, {instant(datetime.fromtimestamp(decision.at, UTC))}, {decision.digest[:12]}"
    if not again.differences:
        return True, (
            head,
            f"  {decision.title}",
            f"  the same again, by release-gate {_programs(decision.program, program)}",
        )
    return False, (head, *_different(kept, again.told["title"], again.differences, program))


def _different(kept: Kept, title: str, differences: tuple[str, ...], program: str) -> Iterator[str]:
    yield f"  then: {kept.decision.title}, by release-gate {kept.decision.program}"
    yield f"  now:  {title}, by release-gate {program}"
    yield from (f"  differs: {one}" for one in differences)


def _programs(then: str, now: str) -> str:
    return now if then == now else f"{now}, as by {then}"
