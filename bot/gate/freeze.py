"""When nothing may be released: freezes into windows of time, and into what they say about one pull request now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice, takewhile
from typing import TypeAlias
from zoneinfo import ZoneInfo

from cronsim import CronSim

from bot.gate.facts import Snapshot, Unavailable
from bot.gate.finding import Finding, scheduled
from bot.gate.labels import found
from bot.gate.markup import code, instant, listed
from bot.gate.patterns import branch_matches
from bot.gate.wall_clock import Stretch, shown

HORIZON = timedelta(days=35)
"""How far ahead windows are joined to one another; of each freeze the next one is known however far it is."""
MOST_WINDOWS = 20
"""Of one freeze that are told; a timeline is no calendar."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = timedelta(days=7)
_A_DAY = timedelta(days=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Window:
    """From `start` until before `end`, in UTC."""

    start: datetime
    end: datetime
    freeze: str
    """The freeze's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """Whenever the clock on the wall shows a time from `start` on and before `end`."""

    start: datetime | None = None
    """None: it has begun long ago."""
    end: datetime

    def stretches(self, zone: ZoneInfo, _since: datetime) -> Iterator[Stretch]:
        """The only one; two where the end comes twice."""
        (first, last), *rest = shown(self.start or self.end - _WEEK, self.end, zone) or [(_LONG_AGO, _LONG_AGO)]
        yield (first if self.start else _LONG_AGO), last
        yield from rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Whenever the clock on the wall shows a time of the week from `start` on and before `end`."""

    start: timedelta
    """Since Monday, midnight."""
    end: timedelta
    """When it is not later than `start`, it lies in the next week."""

    def stretches(self, zone: ZoneInfo, since: datetime) -> Iterator[Stretch]:
        """Those of each week, the first early enough to last until `since`."""
        day = since.astimezone(zone).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
        monday = day - timedelta(days=day.weekday()) - _WEEK
        lasts = self.end - self.start + (timedelta() if self.end > self.start else _WEEK)
        held: list[Stretch] = []
        while True:
            week = shown(monday + self.start, monday + self.start + lasts, zone)
            # Where an hour comes twice, what is left of one week may begin after the next week does.
            yield from (one for one in held if week and one < week[0])
            held = sorted([*(one for one in held if not week or one >= week[0]), *week])
            monday += _WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """Begins as a cron table says (`crontab(5)`, the way of Debian where the clock is changed) and lasts so long."""

    expression: str
    lasts: timedelta

    def stretches(self, zone: ZoneInfo, since: datetime) -> Iterator[Stretch]:
        """Each one, the first early enough to last until `since`."""
        starts = CronSim(self.expression, (since - self.lasts - _A_DAY).astimezone(zone))
        return map(self._lasting, starts)

    def _lasting(self, start: datetime) -> Stretch:
        at = start.astimezone(UTC)
        return at, at + self.lasts


Schedule: TypeAlias = Once | Weekly | Cron


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A time in which nothing is released, and for whom it does not hold."""

    id: str
    schedule: Schedule
    zone: str
    """By IANA's name, <https://www.iana.org/time-zones>."""
    reason: str
    labels: tuple[str, ...] = ()
    """A pull request with one of these labels is excepted."""
    head: tuple[str, ...] = ()
    """So is one whose head branch fits one of these."""

    def excepts(self, snapshot: Snapshot) -> bool:
        """Whether it does not hold for the pull request; labels that are not known except nobody."""
        labelled = not isinstance(snapshot.labels, Unavailable) and bool(found(self.labels, snapshot.labels))
        return labelled or branch_matches(self.head, snapshot.head_ref)

    def windows(self, since: datetime) -> Iterator[Window]:
        """The windows that end after the instant, in order; without end where it comes again and again."""
        for start, end in self.schedule.stretches(ZoneInfo(self.zone), since):
            if start < end and since < end:
                yield Window(start=start, end=end, freeze=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frost:
    """What the freezes say at one instant."""

    active: tuple[Freeze, ...] = ()
    """Those that hold now."""
    until: datetime | None = None
    """The end of the last of the windows that follow one another without a gap; None when none holds."""
    following: Window | None = None
    """The next one that begins after that."""


def frost(freezes: Mapping[str, Freeze], snapshot: Snapshot, at: datetime | None = None) -> Frost:
    """What holds for the pull request when the snapshot was taken, or at another instant."""
    now = at or snapshot.taken_at
    holding = {id: freeze for id, freeze in freezes.items() if not freeze.excepts(snapshot)}
    until, active = now, list[str]()
    for window in merge(*(_ahead(freeze, now) for freeze in holding.values())):
        if window.start > until:
            return _frost(holding, active, until, window)
        until = max(until, window.end)
        active += [window.freeze] if window.start <= now else []
    return _frost(holding, active, until, None)


def ahead(freezes: Mapping[str, Freeze], snapshot: Snapshot, until: datetime | None) -> Iterator[Window]:
    """Of each freeze that holds for the pull request the windows that begin before the instant, and the next one."""
    now = snapshot.taken_at
    for freeze in freezes.values():
        for window in islice(() if freeze.excepts(snapshot) else freeze.windows(now), MOST_WINDOWS):
            yield window
            if now < window.start and (until is None or until <= window.start):
                break


def _ahead(freeze: Freeze, now: datetime) -> Iterator[Window]:
    """Windows up to the horizon, and at least one."""
    windows = freeze.windows(now)
    if first := next(windows, None):
        yield first
        yield from takewhile(lambda window: window.start < now + HORIZON, windows)


def _frost(holding: Mapping[str, Freeze], active: list[str], until: datetime, following: Window | None) -> Frost:
    ids = dict.fromkeys(active)
    return Frost(active=tuple(holding[id] for id in ids), until=until if ids else None, following=following)


def freeze_finding(frozen: Frost) -> Finding | None:
    """Why nothing may be released now; None when it may."""
    if frozen.until is None:
        return None
    names = listed([code(freeze.id) for freeze in frozen.active])
    return scheduled(seen=f"frozen by {names} until {instant(frozen.until)}", again_at=frozen.until)
