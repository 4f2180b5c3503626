"""What a clock on a wall shows in a time zone, into instants: exact where the clock is put forward or back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo

Stretch: TypeAlias = tuple[datetime, datetime]
"""From the first instant until before the second, in UTC."""

_EXACT = timedelta(seconds=1)
_NEAR = tuple(timedelta(days=days) for days in range(-2, 3))
"""Around an end, where it matters whether the clock is changed; no zone changes its clock twice within a day."""


def shown(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Stretch, ...]:
    """When the clock there shows `start` or later, but not `end` yet; neither has a zone.

    An hour that comes twice in autumn counts both times, so there may be two stretches; one that is skipped in spring
    never comes, so there may be none.
    """
    found: list[Stretch] = []
    for since, until, offset in _offsets(start, end, zone):
        first, last = max(since, start - offset), min(until, end - offset)
        if first >= last:
            continue
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return tuple((first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)) for first, last in found)


def _offsets(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Spans of UTC, without a zone, in each of which the clock there is as far ahead of it."""
    marks = sorted({at + days for at in (start, end) for days in _NEAR})
    for before, after in pairwise(marks):
        first, last = _offset(before, zone), _offset(after, zone)
        changed = _changed(before, after, zone) if first != last else after
        yield before, changed, first
        yield changed, after, last


def _changed(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant between the two at which the clock is changed."""
    offset = _offset(after, zone)
    while after - before > _EXACT:
        middle = before + timedelta(seconds=(after - before) // _EXACT // 2)
        if _offset(middle, zone) == offset:
            after = middle
        else:
            before = middle
    return after


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta()
