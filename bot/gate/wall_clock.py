"""What a clock on a wall shows in a time zone, into instants: exact where the clock is put forward or back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_EXACT = timedelta(seconds=1)


def reached(wall: datetime, zone: ZoneInfo, *, for_good: bool = False) -> datetime:
    """The first instant, in UTC, at which the clock there shows this time or a later one; `wall` has no zone.

    A time that is skipped in spring is reached when the clock is put forward. One that comes twice in autumn is reached
    the first time, or `for_good` the second, after which no earlier time is shown any more.
    """
    early, late = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if late.astimezone(zone).replace(tzinfo=None) != wall:
        return _put_forward(early, late, zone)
    return late if for_good else early


def _put_forward(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant between the two at which the clock is put forward."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > _EXACT:
        middle = before + timedelta(seconds=(after - before) // _EXACT // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
