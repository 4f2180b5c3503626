"""What the clock changes by itself, put in order, with the earliest moment at which the release could pass."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.gate.finding import Finding, Wait, Who

WAITED_FOR = {
    Who.HOLDER: "whoever holds it",
    Who.AUTHOR: "the author",
    Who.CI: "CI",
    Who.ROLE: "roles",
    Who.REVIEWER: "reviewers",
    Who.ADMIN: "an admin",
    Who.CLOCK: "time",
    Who.GITHUB: "GitHub",
}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Moment:
    """Something that happens by itself."""

    at: datetime
    what: str
    """In Markdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grace:
    """A time that has yet to begin to count, the longest that an item asks for."""

    item: str
    wait: Wait
    ends: datetime
    """If it began now, and where that is frozen, when it thaws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What the clock holds ready."""

    moments: tuple[Moment, ...] = ()
    earliest: datetime | None = None
    """Not before this; None when the clock holds nothing up, or when it does not say for how long."""
    waits_for: tuple[str, ...] = ()
    """Who else has to act before it can be told; empty when only time is missing."""
    grace: Grace | None = None
    """Where that makes it later than `earliest`: what begins to count once they have acted."""


def timeline(
    blocking: Sequence[tuple[str, Finding]],
    moments: Iterable[Moment],
    *,
    now: datetime,
    thawed: Callable[[datetime], datetime],
) -> Timeline:
    """`blocking` is what blocks, with its id; `thawed` gives the first instant at or after one that is not frozen."""
    ends = [end for _, finding in blocking if (end := finding.until or end_of(finding))]
    others = dict.fromkeys(WAITED_FOR[finding.who] for _, finding in blocking if not end_of(finding))
    earliest = thawed(max(ends)) if ends else None
    grace = _grace(blocking, now, thawed)
    return Timeline(
        moments=in_order(moments, now),
        earliest=earliest,
        waits_for=tuple(others),
        grace=grace if grace and (earliest is None or earliest < grace.ends) else None,
    )


def in_order(moments: Iterable[Moment], now: datetime) -> tuple[Moment, ...]:
    """Each once, those that lie ahead."""
    return tuple(sorted({moment for moment in moments if moment.at > now}))


def _grace(
    blocking: Sequence[tuple[str, Finding]], now: datetime, thawed: Callable[[datetime], datetime]
) -> Grace | None:
    waits = [(finding.least.lasts, id, finding.least) for id, finding in blocking if finding.least]
    if not waits:
        return None
    lasts, id, wait = max(waits, key=lambda one: one[0])
    return Grace(item=id, wait=wait, ends=thawed(now + lasts))


def end_of(finding: Finding) -> datetime | None:
    """When time alone has settled it; None for what waits for more, or does not say for how long."""
    if finding.who is Who.HOLDER:
        return finding.again_at
    return (finding.until or finding.again_at) if finding.by_clock else None
