"""What the clock changes by itself, put in order, with the earliest moment at which the release could pass."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.gate.finding import Finding, Who

WAITED_FOR = {
    Who.HOLDER: "whoever holds it",
    Who.AUTHOR: "the author",
    Who.CI: "CI",
    Who.ROLE: "roles",
    Who.REVIEWER: "reviewers",
    Who.ADMIN: "an admin",
    Who.CLOCK: "time",
}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Moment:
    """Something that happens by itself."""

    at: datetime
    what: str
    """In Markdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What the clock holds ready."""

    moments: tuple[Moment, ...] = ()
    earliest: datetime | None = None
    """Not before this; None when the clock holds nothing up, or when it does not say for how long."""
    waits_for: tuple[str, ...] = ()
    """Who else has to act before it can be told; empty when only time is missing."""


def timeline(
    blocking: Iterable[Finding], moments: Iterable[Moment], *, now: datetime, thawed: Callable[[datetime], datetime]
) -> Timeline:
    """`blocking` is what each blocker says; `thawed` gives the first instant from one on at which nothing is frozen."""
    findings = tuple(blocking)
    ends = [end for finding in findings if (end := end_of(finding))]
    others = dict.fromkeys(WAITED_FOR[finding.who] for finding in findings if not end_of(finding))
    ahead = sorted({moment for moment in moments if moment.at > now})
    return Timeline(moments=tuple(ahead), earliest=thawed(max(ends)) if ends else None, waits_for=tuple(others))


def end_of(finding: Finding) -> datetime | None:
    """When time alone has settled it; None for what waits for more, or does not say for how long."""
    if finding.who is Who.HOLDER:
        return finding.again_at
    return (finding.until or finding.again_at) if finding.by_clock else None
