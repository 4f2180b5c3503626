"""Until when something holds: what words say of it, in which zone, and what is no date."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate.instants import DAYS, duration, limit, zone
from tests.builders import NOW

SPRING = datetime(2027, 3, 27, 12, 0, tzinfo=UTC)
"""The Saturday before clocks in Berlin are put forward, at 01:00 UTC from 02:00 to 03:00."""
AUTUMN = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
"""The Saturday before they are put back, at 01:00 UTC from 03:00 to 02:00."""


def _said(words: str, now: datetime = NOW) -> tuple[str, int] | None:
    """The instant in UTC, and how many words told it."""
    found = limit(words.split(), now)
    return (f"{found.at:%Y-%m-%d %H:%M}", found.words) if found else None


@pytest.mark.parametrize(
    ("words", "at", "used"),
    [
        pytest.param("until 2026-12-06", "2026-12-06 00:00", 2, id="a date is its first moment"),
        pytest.param("until 2026-12-06 09:00", "2026-12-06 09:00", 3, id="a time without a zone is in UTC"),
        pytest.param("until 2026-12-06 9:05", "2026-12-06 09:05", 3, id="hours of one digit"),
        pytest.param("until 2026-12-06 09:00 Europe/Berlin", "2026-12-06 08:00", 4, id="a zone"),
        pytest.param("until 2026-12-06 Europe/Berlin", "2026-12-05 23:00", 3, id="a date in a zone"),
        pytest.param("until 2026-12-06 09:00 America/Argentina/Ushuaia", "2026-12-06 12:00", 4, id="a zone of 3 parts"),
        pytest.param("until 2026-12-06 09:00 utc", "2026-12-06 09:00", 4, id="UTC in small letters"),
        pytest.param("until 2026-12-06 09:00 Z", "2026-12-06 09:00", 4, id="Z"),
        pytest.param("until 2026-12-06T09:00Z", "2026-12-06 09:00", 2, id="ISO 8601"),
        pytest.param("until 2026-12-06t09:00:30z", "2026-12-06 09:00", 2, id="in small letters with seconds"),
        pytest.param("until 2026-12-06T09:00+0530", "2026-12-06 03:30", 2, id="with an offset"),
        pytest.param("until fri 09:00 Europe/Berlin", "2026-11-27 08:00", 4, id="a day of the week"),
        pytest.param("UNTIL FRI, 09:00, Europe/Berlin;", "2026-11-27 08:00", 4, id="in capitals, with commas"),
        pytest.param("until thursday", "2026-11-26 00:00", 2, id="the day's whole name"),
        pytest.param("until sun", "2026-11-29 00:00", 2, id="today's day of the week began, so the next"),
        pytest.param("until sun 13:00", "2026-11-22 13:00", 3, id="later on today's day of the week"),
        pytest.param("until sun 12:00", "2026-11-29 12:00", 3, id="this very minute is over"),
        pytest.param("until mon 00:00 Pacific/Kiritimati", "2026-11-29 10:00", 4, id="where that day has begun"),
        pytest.param("until 12:01", "2026-11-22 12:01", 2, id="a time ahead today"),
        pytest.param("until 12:00", "2026-11-23 12:00", 2, id="a time that is over is tomorrow's"),
        pytest.param("until 12:30 Asia/Tokyo", "2026-11-23 03:30", 3, id="a time in a zone"),
        pytest.param("until tomorrow", "2026-11-23 00:00", 2, id="tomorrow"),
        pytest.param("until Tomorrow 09:00 Europe/Berlin", "2026-11-23 08:00", 4, id="tomorrow there"),
        pytest.param("until today 18:00", "2026-11-22 18:00", 3, id="later today"),
        pytest.param("until 2026-12-06 until 2026-12-07", "2026-12-06 00:00", 2, id="said twice, the first is told"),
        pytest.param("until 2026-12-06 09:00 PST", "2026-12-06 09:00", 3, id="what is no zone is left over"),
        pytest.param("for 3d", "2026-11-25 12:00", 2, id="days from now"),
        pytest.param("for 36H,", "2026-11-24 00:00", 2, id="hours in capitals with a comma"),
        pytest.param("for 90s", "2026-11-22 12:01", 2, id="seconds"),
        pytest.param("for 99999d", "2300-09-06 12:00", 2, id="for ever, nearly"),
        pytest.param("until 2999-12-31T23:59-14:00", "3000-01-01 13:59", 2, id="the last instant there is"),
    ],
)
def test_what_lies_ahead(words, at, used):
    assert _said(words) == (at, used)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("", id="nothing"),
        pytest.param("until", id="until alone"),
        pytest.param("for", id="for alone"),
        pytest.param("until ,", id="until a comma"),
        pytest.param("until until", id="until until"),
        pytest.param("2026-12-06", id="a date without until"),
        pytest.param("until 2026-02-30", id="30 February"),
        pytest.param("until 2027-02-29", id="29 February of no leap year"),
        pytest.param("until 2026-13-01", id="a thirteenth month"),
        pytest.param("until 2026-12-06 24:00", id="24 o'clock"),
        pytest.param("until fri 09:60", id="a sixtieth minute"),
        pytest.param("until 2026-12-06T09:00", id="ISO 8601 without a zone"),
        pytest.param("until 2026-12-06T24:00Z", id="24 o'clock by ISO 8601"),
        pytest.param("until 2026-12-06T23:59:60Z", id="a leap second"),
        pytest.param("until 2026-12-06T09:00+99:99", id="an offset beyond all"),
        pytest.param("until 2026-11-22", id="the day that has begun"),
        pytest.param("until today", id="today began already"),
        pytest.param("until today 09:00", id="this morning"),
        pytest.param("until 2026-11-22T12:00Z", id="this very instant"),
        pytest.param("until yesterday", id="yesterday"),
        pytest.param("until Europe/Berlin", id="a zone alone"),
        pytest.param("until next friday", id="words of no day"),
        pytest.param("until weds", id="an abbreviation that nobody knows"),
        pytest.param("until 6.12.2026", id="a date in another order"),
        pytest.param("until ２０２６-12-06", id="full-width digits"),
        pytest.param("until 2026\u201112\u201106", id="hyphens that never break"),
        pytest.param("until 3026-12-06", id="a thousand years ahead"),
        pytest.param("for 0d", id="for no time"),
        pytest.param("for -3d", id="for less than no time"),
        pytest.param("for 3", id="for three of what"),
        pytest.param("for 3 days", id="for a number apart from its unit"),
        pytest.param("for 3w", id="for weeks"),
        pytest.param("for 999999d", id="for six digits of days"),
        pytest.param("for three days", id="in words"),
    ],
)
def test_what_says_no_instant_ahead(words):
    assert _said(words) is None


def test_a_quoted_nothing_is_no_date():
    assert limit(["until", ""], NOW) is None


@pytest.mark.parametrize(
    ("words", "now", "at"),
    [
        pytest.param("until sun 01:59 Europe/Berlin", SPRING, "2027-03-28 00:59", id="just before the skipped hour"),
        pytest.param("until sun 02:30 Europe/Berlin", SPRING, "2027-03-28 01:30", id="in it: as much later"),
        pytest.param("until sun 03:00 Europe/Berlin", SPRING, "2027-03-28 01:00", id="just after it"),
        pytest.param("until sun 01:59 Europe/Berlin", AUTUMN, "2026-10-24 23:59", id="just before the doubled hour"),
        pytest.param("until sun 02:30 Europe/Berlin", AUTUMN, "2026-10-25 00:30", id="in it: the first"),
        pytest.param(
            "until sun 02:30 Europe/Berlin",
            datetime(2026, 10, 25, 0, 45, tzinfo=UTC),
            "2026-11-01 01:30",
            id="in it after the first: a week on",
        ),
        pytest.param("until sun 03:00 Europe/Berlin", AUTUMN, "2026-10-25 02:00", id="just after it"),
        pytest.param("for 1d", AUTUMN, "2026-10-25 12:00", id="a day is 24 hours, whatever clocks show"),
    ],
)
def test_when_clocks_are_put_forward_or_back(words, now, at):
    found = _said(words, now)
    assert found
    assert found[0] == at


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Europe", id="a folder of zones"),
        pytest.param("europe/nowhere", id="no such zone"),
        pytest.param("../etc/passwd", id="a path out of the folder"),
        pytest.param("/etc/passwd", id="an absolute path"),
        pytest.param("Europe/../Europe/Berlin", id="a path in and out"),
        pytest.param("Europe//Berlin", id="two slashes"),
        pytest.param("tzdata.zi", id="a file beside the zones"),
        pytest.param("a/b/c/d", id="too many parts"),
        pytest.param("Europe/Berlin\0", id="a NUL"),
        pytest.param("", id="nothing"),
        pytest.param("A" * 5000, id="a name that no file can have"),
        pytest.param("localtime", id="what the machine takes for its own"),
        pytest.param("posixrules", id="its rules"),
        pytest.param("Factory", id="what it was made with"),
    ],
)
def test_what_is_no_zone(name):
    assert zone(name) is None


def test_zones_come_with_the_program():
    """A machine may have none: <https://docs.python.org/3/library/zoneinfo.html#data-sources>."""
    ZoneInfo.clear_cache()
    zoneinfo.reset_tzpath(to=())
    try:
        assert zone("Europe/Berlin") is not None
    finally:
        zoneinfo.reset_tzpath()
        ZoneInfo.clear_cache()


@pytest.mark.parametrize(("text", "lasts"), [("90s", 90), ("10m", 600), ("36h", 129_600), ("14d", 1_209_600)])
def test_durations(text, lasts):
    assert duration(text) == timedelta(seconds=lasts)


@pytest.mark.parametrize("text", ["", "3", "d", "3 d", "3D", "-3d", "1.5h", "٣d", "100000d", "3d\n"])
def test_what_is_no_duration(text):
    assert duration(text) is None


WORDS = st.sampled_from(
    [
        "until",
        "for",
        "today",
        "tomorrow",
        *DAYS,
        "24:00",
        "02:30",
        "0:00",
        "2999-12-31",
        "2026-02-30",
        "99999d",
        ",",
        "",
    ]
) | st.text(max_size=12)
ZONES = st.sampled_from(["Europe/Berlin", "Pacific/Kiritimati", "Pacific/Niue", "Etc/GMT+12", "Europe", "../x"])
NOWS = st.datetimes(datetime(2000, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.lists(WORDS | ZONES, max_size=5), NOWS)
def test_no_words_make_it_raise_and_all_that_it_tells_lies_ahead(words, now):
    for said in (words, ["until", *words], ["for", *words]):
        found = limit(said, now)
        assert found is None or (found.at > now and found.at.tzinfo is UTC and 1 < found.words <= len(said))
