"""A stage that has come to rest → every promise that was broken, in words."""

from collections.abc import Iterator
from typing import Any, Final

from bot.audit.replaying import replay
from bot.audit.verifying import known_from, verify
from bot.gate.verdict import Outcome
from bot.ledger import program
from bot.record.chain import Kept
from bot.sandbox.model.pulls import PullRequest
from bot.store import Store, decisions
from bot.store.reading import read_store
from tests.chaos.books import File, missing
from tests.chaos.stage import Broken, Stage

_GREEN: Final = frozenset({Outcome.READY, Outcome.CONDITIONAL})


async def judge(stage: Stage) -> None:
    """Raises `Broken` with everything that is wrong."""
    stage.note_reads()
    wrong = [
        *await _record(stage),
        *await _lost(stage),
        *_unseen(stage),
        *_doubled(stage),
        *stage.load.opinion.unfounded(_runs(stage), stage.reads),
        *stage.sandbox.errors,
        *(bug for one in stage.replicas for bug in one.bugs),
    ]
    if broken := await stage.books.why_broken():
        wrong.append(broken)
    if wrong:
        raise Broken("\n".join(wrong))
    kept = [one for one in stage.front.answered if one.looks]
    stage.counts["deliveries kept"] += len(kept)
    stage.front.answered.clear()


async def _record(stage: Stage) -> list[str]:
    """The record is whole, has all that it had, is made again to the same, and ends with what is shown."""
    place = stage.books.path if isinstance(stage.books, File) else stage.books.address
    async with read_store(place) as store:
        verified = await verify(store, None, stage.recorded)
        stage.counts["decisions"] += verified.decisions - sum(len(one.digests) for one in stage.recorded.values())
        chains = [await decisions.chain(store, subject=one) for one in await decisions.subjects(store)]
        stage.recorded = known_from(Kept(decision=one, body=None) for chain in chains for one in chain)
        ends = [await _wrong_end(stage, store, pull) for pull in stage.load.pulls]
    return [*verified.broken, *filter(None, ends)]


async def _wrong_end(stage: Stage, store: Store, pull: PullRequest) -> str:
    last = await decisions.last(store, subject=pull.id)
    if last is None:
        return f"#{pull.number} has no decision"
    is_same, lines = replay(await decisions.with_body(store, last), program=program())
    shown = stage.load.runs(pull)[-1].state.conclusion if stage.load.runs(pull) else None
    if not is_same:
        return f"#{pull.number}: {lines}"
    if (shown == "success") is not (last.outcome in _GREEN):
        return f"#{pull.number} is shown {shown} and was decided {last.outcome}"
    return ""


async def _lost(stage: Stage) -> list[str]:
    """What was answered well and asked for a look is kept."""
    lost = await missing(stage.books, {one.guid for one in stage.front.answered if one.looks})
    return [
        f"{one.event} {one.guid} was answered {one.status} and is not kept"
        for one in stage.front.answered
        if one.guid in lost
    ]


def _unseen(stage: Stage) -> Iterator[str]:
    """What it is about was read by a pass that began after it."""
    newest = {read.number: read.at for read in stage.reads}
    heads = {pull.head_oid: pull.number for pull in stage.load.pulls}
    for one in stage.front.answered:
        number = heads.get(one.about) if isinstance(one.about, str) else one.about
        if one.looks and number is not None and (number not in newest or newest[number] < one.began):
            came = f"{one.event} {one.guid} about #{number} came at {one.began}"
            yield f"{came} and the last look was at {newest.get(number)}"


def _doubled(stage: Stage) -> Iterator[str]:
    """One comment, and one run that has not ended at most, the newest."""
    for pull in stage.load.pulls:
        comments = [one for one in stage.sandbox.comments(pull, author="release-gate[bot]") if not one.is_minimized]
        runs = stage.load.runs(pull)
        if len(comments) != 1:
            yield f"#{pull.number} has {len(comments)} comments of ours"
        if not runs:
            yield f"#{pull.number} has no check run of ours"
        if any(run.state.status != "completed" for run in runs[:-1]):
            yield f"#{pull.number} has an unfinished check run beside the newest"


def _runs(stage: Stage) -> list[Any]:
    return [run for suite in stage.sandbox.suites if suite.app is stage.sandbox.bot for run in suite.runs]
