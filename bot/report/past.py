"""What became of a release, and what was decided of it before, in the document."""

from dataclasses import dataclass
from datetime import datetime

from bot.gate.facts import Merge
from bot.gate.markup import code
from bot.gate.verdict import Outcome
from bot.report.document_decision import OUTCOMES
from bot.report.document_parts import table
from bot.report.markdown import heading, joined, plain
from bot.report.words import Words, at

_MOST = 30
"""Decisions that are shown; a digest leads to the others."""
_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A decision that was kept."""

    number: int
    at: datetime
    commit: str
    outcome: Outcome | None
    """None: it tells of the merge."""
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """How the pull request ended."""

    merge: Merge | None
    """None: it was closed without."""
    is_despite: bool = False
    """The check did not say that it may."""
    program: str = ""
    """The version that decided, where this one decides otherwise."""


def ending(closed: Closed, words: Words) -> str:
    """Who merged it, and whether it might have been; in a line for each."""
    lines = [_merged(closed.merge, words) if closed.merge else words("Closed without a merge.")]
    if closed.is_despite:
        lines.append(words("**Merged despite what stands below.**"))
    lines.append(words("What follows was decided before, by what was known then."))
    if closed.program:
        lines.append(words("This program decides otherwise than version {version} did.", version=plain(closed.program)))
    return "  \n".join(lines)


def _merged(merge: Merge, words: Words) -> str:
    who = code(merge.by) if merge.by else words("an account that is gone")
    when = at(merge.at)
    if merge.commit is None:
        return words("Merged by {who}, {when} UTC.", who=who, when=when)
    return words("Merged by {who}, {when} UTC, as {commit}.", who=who, when=when, commit=f"`{merge.commit[:7]}`")


def history(past: tuple[Past, ...], words: Words) -> str:
    """Every decision, the newest first; nothing where none is kept."""
    if not past:
        return ""
    head = (words("number"), words("date (UTC)"), words("commit"), words("decision"), words("digest"))
    rows = [
        (
            str(one.number),
            at(one.at),
            f"`{one.commit[:7]}`",
            words("merged") if one.outcome is None else words(OUTCOMES[one.outcome]),
            f"`{one.digest[:_DIGITS]}`",
        )
        for one in past[: -_MOST - 1 : -1]
    ]
    left = len(past) - len(rows)
    older = words.many("{number} older decision is not shown.", "{number} older decisions are not shown.", left)
    return joined([heading(words("Decisions")), table(head, rows, words), older if left else ""])
