"""Freezes: what holds now and until when, exact to the minute where clocks are put forward and back."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gate.facts import Unavailable
from bot.gate.freeze import Cron, Freeze, Once, Schedule, Weekly, freeze_finding, frost
from bot.gate.wall_clock import shown
from tests.builders import a_snapshot

# A Sunday: 13:00 in Berlin, 7:00 in New York.
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    """What a clock on the wall shows."""
    return datetime.fromisoformat(text)


def hours(day: int, clock: int) -> timedelta:
    """Since Monday."""
    return timedelta(days=day, hours=clock)


def a_freeze(schedule: Schedule, id: str = "weekend", zone: str = "Europe/Berlin", **more) -> Freeze:
    return Freeze(id=id, schedule=schedule, zone=zone, reason="nobody on call", **more)


WEEKEND = a_freeze(Weekly(start=hours(4, 16), end=hours(0, 8)))
WEEKDAYS = a_freeze(Weekly(start=hours(0, 8), end=hours(4, 16)), "weekdays")
MONDAY = a_freeze(Once(start=wall("2026-11-23 08:00"), end=wall("2026-11-24 00:00")), "monday")
LATER = a_freeze(Once(start=wall("2026-11-23 08:01"), end=wall("2026-11-24 00:00")), "later")
YEARLY = a_freeze(Cron(expression="0 18 20 12 *", lasts=timedelta(days=14)), "christmas")
HOURLY = a_freeze(Cron(expression="30 * * * *", lasts=timedelta(minutes=40)), "hourly", zone="UTC")


@pytest.mark.parametrize(
    ("freezes", "active", "until", "following"),
    [
        pytest.param([], [], None, None, id="nothing is frozen without freezes"),
        pytest.param([WEEKEND], ["weekend"], "2026-11-23 07:00", "2026-11-27 15:00", id="a weekend ends on Monday"),
        pytest.param(
            [WEEKEND, MONDAY], ["weekend"], "2026-11-23 23:00", "2026-11-27 15:00", id="one that follows at once counts"
        ),
        pytest.param(
            [WEEKEND, LATER], ["weekend"], "2026-11-23 07:00", "2026-11-23 07:01", id="one after a minute does not"
        ),
        pytest.param([MONDAY], [], None, "2026-11-23 07:00", id="the next one is known before it begins"),
        pytest.param([YEARLY], [], None, "2026-12-20 17:00", id="a month ahead as well"),
        pytest.param([HOURLY], ["hourly"], "2026-11-22 12:10", "2026-11-22 12:30", id="by a cron table"),
        pytest.param(
            [a_freeze(Once(start=None, end=wall("2026-11-22 13:00")), "over")],
            [],
            None,
            None,
            id="the end is outside",
        ),
        pytest.param(
            [a_freeze(Once(start=wall("2026-11-22 13:00"), end=wall("2026-11-22 14:00")), "now")],
            ["now"],
            "2026-11-22 13:00",
            None,
            id="the beginning is inside",
        ),
        pytest.param(
            [a_freeze(Once(start=None, end=wall("2026-11-22 13:01")), "since ever")],
            ["since ever"],
            "2026-11-22 12:01",
            None,
            id="one without a beginning holds until its end",
        ),
        pytest.param(
            [WEEKEND, HOURLY], ["weekend", "hourly"], "2026-11-23 07:10", "2026-11-23 07:30", id="two overlap"
        ),
    ],
)
def test_what_holds_now(freezes, active, until, following):
    frozen = frost({freeze.id: freeze for freeze in freezes}, a_snapshot(taken_at=NOW))
    assert [freeze.id for freeze in frozen.active] == active
    assert frozen.until == (at(until) if until else None)
    assert (frozen.following and frozen.following.start) == (at(following) if following else None)


def test_two_that_take_turns_for_ever_are_counted_some_weeks_ahead():
    frozen = frost({"weekend": WEEKEND, "weekdays": WEEKDAYS}, a_snapshot(taken_at=NOW))
    assert frozen.until is not None
    assert frozen.until > NOW + timedelta(days=28)


@pytest.mark.parametrize(
    ("freeze", "facts", "holds"),
    [
        pytest.param({"labels": ("hotfix",)}, {"labels": frozenset({"Hotfix"})}, False, id="a label excepts"),
        pytest.param({"labels": ("hotfix",)}, {"labels": frozenset({"bug"})}, True, id="another one does not"),
        pytest.param({"labels": ("hotfix",)}, {"labels": Unavailable("x")}, True, id="nor do labels not known"),
        pytest.param({"head": ("hotfix/**",)}, {"head_ref": "hotfix/a/b"}, False, id="a branch excepts"),
        pytest.param({"head": ("hotfix/*",)}, {"head_ref": "release/1"}, True, id="another branch does not"),
    ],
)
def test_exceptions(freeze, facts, holds):
    weekend = a_freeze(WEEKEND.schedule, **freeze)
    frozen = frost({"weekend": weekend}, a_snapshot(taken_at=NOW, **facts))
    assert bool(frozen.active) is holds
    assert bool(frozen.following) is holds


def test_a_freeze_is_told_with_its_end():
    frozen = frost({"weekend": WEEKEND}, a_snapshot(taken_at=NOW))
    finding = freeze_finding(frozen)
    assert finding
    assert finding.by_clock
    assert finding.seen == "frozen by `weekend` until 23 Nov 2026 07:00 UTC"
    assert finding.until == finding.again_at == at("2026-11-23 07:00")


def test_nothing_is_told_when_nothing_is_frozen():
    assert freeze_finding(frost({"monday": MONDAY}, a_snapshot(taken_at=NOW))) is None


# Spring and autumn of 2026, some days around each: Lord Howe's clocks move by half an hour, Santiago's and Cairo's at
# midnight, so that there a day begins at one o'clock.
CHANGES = {
    "Europe/Berlin": ("2026-03-29 01:00", "2026-10-25 01:00"),
    "America/New_York": ("2026-03-08 07:00", "2026-11-01 06:00"),
    "Australia/Lord_Howe": ("2026-10-03 15:30", "2026-04-04 15:00"),
    "America/Santiago": ("2026-09-06 04:00", "2026-04-05 03:00"),
    "Africa/Cairo": ("2026-04-23 22:00", "2026-10-29 21:00"),
}


def test_the_clocks_are_changed_then():
    for zone, instants in CHANGES.items():
        for instant in map(at, instants):
            before, after = ((instant - ago).astimezone(ZoneInfo(zone)).utcoffset() for ago in (MINUTE, timedelta()))
            assert before != after


@cache
def _minutes(zone: str, change: str) -> list[tuple[datetime, datetime]]:
    """Every minute from nine days before to nine after, with what the clock on the wall shows."""
    first = at(change) - timedelta(days=9)
    instants = [first + number * MINUTE for number in range(18 * 24 * 60)]
    return [(one, one.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for one in instants]


def _agrees(freeze: Freeze, instant: datetime, frozen_at: Callable[[datetime], bool]) -> None:
    """Holds now as a look at this minute says, and until the first minute after which it does not."""
    frozen = frost({freeze.id: freeze}, a_snapshot(taken_at=instant))
    assert bool(frozen.active) is frozen_at(instant)
    ahead = (instant + number * MINUTE for number in range(9 * 24 * 60))
    if frozen.until:
        assert frozen.until == next((one for one in ahead if not frozen_at(one)), None)
    elif frozen.following:
        first = next((one for one in ahead if frozen_at(one)), None)
        assert first in {None, frozen.following.start}


near = st.integers(-5 * 24 * 60, 5 * 24 * 60) | st.integers(-180, 180)
changes = st.sampled_from([(zone, change) for zone in CHANGES for change in CHANGES[zone]])


@settings(max_examples=200, deadline=None)
@given(where=changes, begins=near, lasts=st.integers(1, 3 * 24 * 60), now=near)
def test_one_stretch_agrees_with_a_look_at_every_minute(where, begins, lasts, now):
    zone, change = where
    shows = dict(_minutes(zone, change))
    middle = at(change).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    start, end = middle + begins * MINUTE, middle + (begins + lasts) * MINUTE
    once = a_freeze(Once(start=start, end=end), "once", zone)
    _agrees(once, at(change) + now * MINUTE, lambda one: one in shows and start <= shows[one] < end)


@settings(max_examples=200, deadline=None)
@given(
    where=changes,
    begins=st.integers(0, 10079) | st.sampled_from([6 * 1440 + 90, 6 * 1440 + 150, 1439]),
    lasts=st.integers(1, 10079) | st.integers(1, 180) | st.integers(9900, 10079),
    now=st.integers(-1440, 1440) | st.integers(-180, 180),
)
def test_every_week_agrees_with_a_look_at_every_minute(where, begins, lasts, now):
    zone, change = where
    schedule = Weekly(start=begins * MINUTE, end=(begins + lasts) % 10080 * MINUTE)

    def frozen_at(instant: datetime) -> bool:
        wall = instant.astimezone(ZoneInfo(zone))
        minute = wall.weekday() * 1440 + wall.hour * 60 + wall.minute
        return bool((minute - begins) % 10080 < lasts)

    _agrees(a_freeze(schedule, "weekly", zone), at(change) + now * MINUTE, frozen_at)


@settings(max_examples=200, deadline=None)
@given(where=changes, minute=st.integers(0, 59), hour=st.integers(0, 5), lasts=st.integers(1, 1440), now=near)
def test_a_cron_table_agrees_with_a_look_at_every_minute(where, minute, hour, lasts, now):
    """It begins once a day, the first time that the clock shows the hour or, where it is skipped, a later one."""
    zone, change = where
    minutes = _minutes(zone, change)
    instant = at(change) + now * MINUTE
    days = sorted({shown.date() for _, shown in minutes})[1:-1]
    walls = [datetime.combine(day, time(hour, minute)) for day in days]
    starts = [next(one for one, shows in minutes if shows >= wall) for wall in walls]
    schedule = Cron(expression=f"{minute} {hour} * * *", lasts=lasts * MINUTE)
    frozen = frost({"cron": a_freeze(schedule, "cron", zone)}, a_snapshot(taken_at=instant))
    running = [start + lasts * MINUTE for start in starts if start <= instant < start + lasts * MINUTE]
    assert bool(frozen.active) is bool(running)
    if running and not any(running[-1] >= start > instant for start in starts):
        assert frozen.until == max(running)


@pytest.mark.parametrize(
    ("start", "end", "stretches"),
    [
        pytest.param("10-24 23:00", "10-25 02:00", ["21:00-00:00"], id="until the hour that comes twice"),
        pytest.param("10-24 23:00", "10-25 02:30", ["21:00-00:30", "01:00-01:30"], id="until the middle of it"),
        pytest.param("10-25 02:15", "10-25 02:45", ["00:15-00:45", "01:15-01:45"], id="within it"),
        pytest.param("10-25 02:30", "10-25 04:00", ["00:30-01:00", "01:30-03:00"], id="from the middle of it"),
        pytest.param("10-25 01:00", "10-25 03:00", ["23:00-02:00"], id="around it"),
        pytest.param("03-29 02:15", "03-29 02:45", [], id="within the hour that is skipped"),
        pytest.param("03-29 02:30", "03-29 04:00", ["01:00-02:00"], id="from the middle of that"),
        pytest.param("03-29 01:30", "03-29 02:30", ["00:30-01:00"], id="until the middle of that"),
    ],
)
def test_what_the_clock_shows(start, end, stretches):
    found = shown(wall(f"2026-{start}"), wall(f"2026-{end}"), ZoneInfo("Europe/Berlin"))
    assert [f"{first:%H:%M}-{last:%H:%M}" for first, last in found] == stretches


def test_a_time_that_never_comes_freezes_nothing():
    skipped = a_freeze(Once(start=wall("2026-03-29 02:15"), end=wall("2026-03-29 02:45")), "skipped")
    assert frost({"skipped": skipped}, a_snapshot(taken_at=at("2026-03-29 00:30"))).following is None
