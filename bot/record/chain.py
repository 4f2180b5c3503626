"""Decisions about one pull request → a chain, each link with the digest of the one before; and where it is broken."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from bot.record.codec import digest

Json = Mapping[str, Any]

FIRST = "0" * 64
"""What the first decision says of the one before it."""


class Kind(StrEnum):
    """What a link tells of."""

    VERDICT = "verdict"
    """The gate decided."""
    MERGED = "merged"
    """Somebody merged the pull request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A decision before it has its place in a chain."""

    subject: str
    """GitHub's node id of the pull request: it outlives names."""
    kind: Kind
    at: int
    """GitHub's clock, in whole epoch seconds."""
    target: str
    """The key of the look that it came from: a merge group is judged beside the pull request in it."""
    repository: str
    pull: int
    """The pull request's number."""
    commit: str
    outcome: str
    title: str
    program: str
    """The version of the program that decided."""
    gist: str
    """Differs when a reader would call it another decision."""
    facts: str
    """The digests of the three parts of the body."""
    rules: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Entry):
    """A link of the chain."""

    number: int
    """Its place in the chain, from 1."""
    previous: str
    """The digest of the one before."""
    digest: str
    """Over everything above, as canonical JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a decision was made from, and what was decided. It goes with age; the chain stays."""

    facts: Json
    rules: Json
    verdict: Json

    @property
    def digests(self) -> Mapping[str, str]:
        """Of each part, as the decision names them."""
        return {"facts": digest(self.facts), "rules": digest(self.rules), "verdict": digest(self.verdict)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A decision with its body, which is None once it went."""

    decision: Decision
    body: Body | None


def linked(entry: Entry, last: Decision | None) -> Decision:
    """The entry behind the last decision of its chain."""
    fields = {
        **asdict(entry),
        "number": last.number + 1 if last else 1,
        "previous": last.digest if last else FIRST,
    }
    return Decision(**fields, digest=digest(fields))


def first_break(chain: Iterable[Decision], *, is_part: bool = False) -> str:
    """What is wrong with the first link that does not hold; empty: none.

    Of a chain from its beginning, or, where it `is_part` of one, from any link.
    """
    last: Decision | None = None
    for decision in chain:
        if problem := broken_link(decision, last, is_part=is_part):
            return problem
        last = decision
    return ""


def broken_link(one: Decision, last: Decision | None, *, is_part: bool = False) -> str:
    """What is wrong with a link behind the last one of its chain; empty: nothing. `is_part` as in `first_break`."""
    if is_part and last is None:
        return _changed(one)
    return _misplaced(one, last) or _changed(one)


def altered(kept: Kept) -> str:
    """Which part of the body is not the one that the decision was made with; empty: none, or the body went."""
    for name, found in kept.body.digests.items() if kept.body else ():
        if getattr(kept.decision, name) != found:
            return f"decision {kept.decision.number} was changed: its {name} are not those that it was made with"
    return ""


def missing(chain: Iterable[Decision], known: Mapping[int, str]) -> str:
    """What of decisions that somebody kept elsewhere, number and digest, the chain lacks; empty: it has them all."""
    there = {one.number: one.digest for one in chain}
    for number, was in known.items():
        if number not in there:
            return f"decision {number} is gone: it was {was[:12]} in the export"
        if there[number] != was:
            return f"decision {number} is {there[number][:12]}; in the export it was {was[:12]}"
    return ""


def _misplaced(one: Decision, last: Decision | None) -> str:
    wanted = last.number + 1 if last else 1
    if one.number != wanted:
        return f"decision {wanted} is missing, the next one is {one.number}"
    if one.previous != (last.digest if last else FIRST):
        return f"decision {one.number} does not follow the one before it: that was changed or put there later"
    return ""


def _changed(one: Decision) -> str:
    fields = asdict(one)
    if fields.pop("digest") != digest(fields):
        return f"decision {one.number} was changed: its digest is not that of what it says"
    return ""
