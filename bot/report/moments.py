"""Instants into the way that a title tells them, which is shorter than elsewhere."""

from datetime import datetime

from bot.report.words import Words, of_kind

_MONTHS = (
    of_kind("of a day", "Jan"),
    of_kind("of a day", "Feb"),
    of_kind("of a day", "Mar"),
    of_kind("of a day", "Apr"),
    of_kind("of a day", "May"),
    of_kind("of a day", "Jun"),
    of_kind("of a day", "Jul"),
    of_kind("of a day", "Aug"),
    of_kind("of a day", "Sep"),
    of_kind("of a day", "Oct"),
    of_kind("of a day", "Nov"),
    of_kind("of a day", "Dec"),
)
_DAYS = (
    of_kind("beside a date", "Mon"),
    of_kind("beside a date", "Tue"),
    of_kind("beside a date", "Wed"),
    of_kind("beside a date", "Thu"),
    of_kind("beside a date", "Fri"),
    of_kind("beside a date", "Sat"),
    of_kind("beside a date", "Sun"),
)


def shortly(instant: datetime, words: Words) -> str:
    """`6 Dec 09:00 UTC`."""
    month = words.one_of_kind("of a day", _MONTHS[instant.month - 1])
    return words("{day} {month} {clock} UTC", day=instant.day, month=month, clock=f"{instant:%H:%M}")


def with_weekday(instant: datetime, words: Words) -> str:
    """`Fri 4 Dec 09:00 UTC`."""
    weekday = words.one_of_kind("beside a date", _DAYS[instant.weekday()])
    return words("{weekday} {moment}", weekday=weekday, moment=shortly(instant, words))
