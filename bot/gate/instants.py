"""Reads until when something holds: `until fri 09:00 Europe/Berlin`, `until 2026-12-06`, `for 3d`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from bot.gate.patterns import regex

DURATION: Final = r"^(?P<number>[0-9]{1,5})(?P<unit>[smhd])$"
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLES: Final = "`until 2026-12-06`, `until fri 09:00 Europe/Berlin` or `for 3d`"

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DATE = regex(r"^2[0-9]{3}-[0-9]{2}-[0-9]{2}$")
_CLOCK = regex(r"^[0-9]{1,2}:[0-9]{2}$")
_ISO = regex(r"^2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2})$")
_WEEKDAY = regex(r"(?i)^(mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?$")
_ZONE = regex(r"^[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}$")
_NOT_ZONES: Final = frozenset({"localtime", "posixrules", "factory"})
"""Files beside the zones which say what each machine takes for its own."""


@dataclass(frozen=True, slots=True)
class Limit:
    """An instant, and how many words told it."""

    at: datetime
    words: int


def duration(text: str) -> timedelta | None:
    """`90s`, `10m`, `36h` or `14d`; None for anything else."""
    match = regex(DURATION).search(text)
    return timedelta(**{_UNITS[match["unit"]]: int(match["number"])}) if match else None


def zone(name: str) -> tzinfo | None:
    """A time zone by its IANA name, <https://www.iana.org/time-zones>; None when there is none of that name."""
    if name.upper() in {"UTC", "Z"}:
        return UTC
    try:
        return ZoneInfo(name) if _ZONE.search(name) and name.lower() not in _NOT_ZONES else None
    except (LookupError, ValueError, OSError):  # a folder of zones such as `Europe` is an OSError
        return None


def limit(words: Sequence[str], now: datetime) -> Limit | None:
    """What the first words say, `until …` or `for …`; None when they say no instant that lies ahead.

    A date is its first moment, and a day of the week the next one that begins; without a zone both are in UTC.
    """
    found = _limit([word.strip(",;") for word in words], now)
    return found if found and found.at > now else None


def _limit(words: Sequence[str], now: datetime) -> Limit | None:
    match [word.lower() for word in words[:2]]:
        case ["for", _]:
            lasts = duration(words[1].lower())
            return Limit(now + lasts, 2) if lasts else None
        case ["until", _]:
            return _until(words[1:], now)
        case _:
            return None


def _until(words: Sequence[str], now: datetime) -> Limit | None:
    if _ISO.search(words[0].upper()):
        at = _valid(words[0].upper())
        return Limit(at.astimezone(UTC), 2) if at else None
    if not words[0]:
        return None
    is_clock = bool(_CLOCK.search(words[0]))
    rest = words if is_clock else words[1:]
    clock = rest[0] if rest and _CLOCK.search(rest[0]) else None
    after = rest[1:] if clock else rest
    named = zone(after[0]) if after else None
    at = _at("" if is_clock else words[0], clock or "0:00", named or UTC, now)
    used = 1 + (not is_clock) + (clock is not None) + (named is not None)
    return Limit(at, used) if at else None


def _at(day: str, clock: str, where: tzinfo, now: datetime) -> datetime | None:
    """That time of that day, and where the day comes again the first that lies ahead."""
    hours, minutes = (int(part) for part in clock.split(":"))
    today = now.astimezone(where).date()
    if hours > 23 or minutes > 59:  # noqa: PLR2004
        return None
    days = [_on(each, hours, minutes, where) for each in _days(day.lower(), today)]
    return next((at for at in days if at > now), days[-1] if days else None)


def _days(day: str, today: date) -> list[date]:
    """The days that may be meant, the earliest first."""
    if _DATE.search(day):
        found = _valid(day)
        return [found.date()] if found else []
    if match := _WEEKDAY.search(day):
        ahead = (DAYS.index(match[1][:3].lower()) - today.weekday()) % 7
        return [today + timedelta(days=ahead), today + timedelta(days=ahead + 7)]
    known = {"": (0, 1), "today": (0,), "tomorrow": (1,)}
    return [today + timedelta(days=days) for days in known.get(day, ())]


def _on(day: date, hours: int, minutes: int, where: tzinfo) -> datetime:
    """The wall clock's time there; one that is skipped in spring is as much later, a doubled one the first."""
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=where).astimezone(UTC)


def _valid(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # there is no 31 April
        return None
