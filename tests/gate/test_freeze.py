"""Freezes: what holds now and until when, exact to the minute where clocks are put forward and back."""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gate.facts import Unavailable
from bot.gate.freeze import Cron, Freeze, Once, Schedule, Weekly, freeze_finding, frost
from bot.gate.wall_clock import reached
from tests.builders import a_snapshot

# A Sunday: 13:00 in Berlin, 7:00 in New York.
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
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


# Spring and autumn of 2026, a week around each: Lord Howe's clocks move by half an hour.
CHANGES = {
    "Europe/Berlin": ("2026-03-29 01:00", "2026-10-25 01:00"),
    "America/New_York": ("2026-03-08 07:00", "2026-11-01 06:00"),
    "Australia/Lord_Howe": ("2026-10-03 15:30", "2026-04-04 15:00"),
}


@cache
def _minutes(zone: str, change: str) -> list[tuple[datetime, datetime]]:
    """Every minute from nine days before to nine after, with what the clock on the wall shows."""
    first = at(change) - timedelta(days=9)
    instants = [first + number * MINUTE for number in range(18 * 24 * 60)]
    return [(one, one.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for one in instants]


def _begins(wall: datetime, minutes: list[tuple[datetime, datetime]]) -> datetime:
    """By looking at every minute."""
    return next(one for one, shown in minutes if shown >= wall)


def _ends(wall: datetime, minutes: list[tuple[datetime, datetime]]) -> datetime:
    return max((one for one, shown in minutes if shown == wall), default=_begins(wall, minutes))


near = st.integers(-5 * 24 * 60, 5 * 24 * 60) | st.integers(-180, 180)
changes = st.sampled_from([(zone, change) for zone in ZONES for change in CHANGES[zone]])


@settings(max_examples=300, deadline=None)
@given(where=changes, begins=near, lasts=st.integers(1, 3 * 24 * 60), now=near)
def test_one_stretch_agrees_with_a_look_at_every_minute(where, begins, lasts, now):
    zone, change = where
    minutes = _minutes(zone, change)
    middle = at(change).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    start, end = middle + begins * MINUTE, middle + (begins + lasts) * MINUTE
    instant = at(change) + now * MINUTE
    frozen = frost({"once": a_freeze(Once(start=start, end=end), "once", zone)}, a_snapshot(taken_at=instant))
    begun, over = _begins(start, minutes), _ends(end, minutes)
    assert bool(frozen.active) is (begun <= instant < over)
    assert frozen.until == (over if frozen.active else None)
    assert (frozen.following.start if frozen.following else None) == (begun if instant < begun < over else None)


@settings(max_examples=300, deadline=None)
@given(where=changes, begins=st.integers(0, 10079), lasts=st.integers(1, 10079), now=st.integers(-1440, 1440))
def test_every_week_agrees_with_a_look_at_every_minute(where, begins, lasts, now):
    zone, change = where
    minutes = _minutes(zone, change)
    instant = at(change) + now * MINUTE
    shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    monday = datetime.combine(shown, time()) - timedelta(days=shown.weekday())
    starts = [monday + (begins - 7 * 1440) * MINUTE, monday + begins * MINUTE]
    stretches = [
        (_begins(start, minutes), _ends(start + lasts * MINUTE, minutes))
        for start in starts
        if minutes[0][1] < start and start + lasts * MINUTE < minutes[-1][1]
    ]
    schedule = Weekly(start=begins * MINUTE, end=(begins + lasts) % 10080 * MINUTE)
    frozen = frost({"weekly": a_freeze(schedule, "weekly", zone)}, a_snapshot(taken_at=instant))
    running = [end for start, end in stretches if start <= instant < end]
    if frozen.active or running:
        # What lies too far from the change to be looked at minute by minute is no matter of it.
        assert frozen.until == max(running) or instant + timedelta(days=2) < (frozen.until or instant)


@settings(max_examples=300, deadline=None)
@given(where=changes, minute=st.integers(0, 59), hour=st.integers(0, 5), lasts=st.integers(1, 1440), now=near)
def test_a_cron_table_agrees_with_a_look_at_every_minute(where, minute, hour, lasts, now):
    zone, change = where
    minutes = _minutes(zone, change)
    instant = at(change) + now * MINUTE
    days = sorted({shown.date() for _, shown in minutes})[1:-1]
    starts = [_begins(datetime.combine(day, time(hour, minute)), minutes) for day in days]
    schedule = Cron(expression=f"{minute} {hour} * * *", lasts=lasts * MINUTE)
    frozen = frost({"cron": a_freeze(schedule, "cron", zone)}, a_snapshot(taken_at=instant))
    running = [start + lasts * MINUTE for start in starts if start <= instant < start + lasts * MINUTE]
    assert bool(frozen.active) is bool(running)
    if running and not any(running[-1] >= start > instant for start in starts):
        assert frozen.until == max(running)


def test_the_clock_is_reached_in_order():
    zone = ZoneInfo("Europe/Berlin")
    walls = [wall("2026-03-28 00:00") + number * MINUTE * 7 for number in range(500)]
    instants = [reached(shown, zone) for shown in walls]
    assert instants == sorted(instants)
    assert len(list(takewhile(lambda one: one < at("2026-03-29 01:00"), instants))) == len(
        [shown for shown in walls if shown < wall("2026-03-29 02:00")]
    )
