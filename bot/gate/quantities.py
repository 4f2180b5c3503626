"""Reads the number that a sentence states before a unit: text in, a number out, or None when that is not clear."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import re2

from bot.gate.patterns import regex

# A comma may group thousands; two digits of exponent are more than anything that is measured has.
_NUMBER = r"[-+]?(?:[0-9]{1,3}(?:[,_][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?"
_BLANK = r"[ \t\x{a0}\x{202f}]*"
_BARE = regex(rf"({_NUMBER})(?:[^0-9A-Za-z,_.:]|[,_.:](?:[^0-9]|$)|$)")
_WITH_WORD = regex(rf"({_NUMBER}){_BLANK}([A-Za-z]+)")
_BETWEEN = regex(rf"^{_BLANK}(?:,|and)?{_BLANK}$")
# What stands before a number and makes it a part of something else: a name, a time of day, a decimal comma, a range.
_PART_OF_MORE = regex(r"(?:[0-9A-Za-z_]|[0-9][-–—.,:'’/])$")
_GROUPED = regex(r"[0-9][ \x{a0}\x{202f}]$")
_GROUP = regex(r"^[0-9]{3}(?:[^0-9]|$)")

_SECONDS = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3_600.0),
    **dict.fromkeys(("d", "day", "days"), 86_400.0),
}


def quantity(text: str, unit: str = "") -> float | None:
    """The first number before the unit, a whole word or sign; without a unit the first number.

    A duration in parts is read whole: `2m 30s` is 150 s. What may be read otherwise, `84,9 %` or `12:30 s`, is None.
    """
    if unit in _SECONDS:
        return _duration(text, unit)
    if not unit:
        found = regex(_NUMBER).search(text)
        whole = _BARE.search(text, found.start()) if found else None
        return _number(text, whole) if whole and whole.start() == found.start() else None
    found = regex(rf"({_NUMBER}){_BLANK}{re2.escape(unit)}" + (r"\b" if unit[-1:].isalnum() else "")).search(text)
    return _number(text, found) if found else None


def _number(text: str, found: Any) -> float | None:  # noqa: ANN401 - google-re2 has no types
    return None if _is_part(text, found.start(1), found[1]) else _value(found[1])


def _is_part(text: str, start: int, number: str) -> bool:
    before = text[:start]
    return bool(_PART_OF_MORE.search(before) or (_GROUP.search(number) and _GROUPED.search(before)))


def _value(number: str) -> float:
    return float(number.replace(",", "").replace("_", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A number with the word behind it."""

    number: str
    unit: str
    start: int
    end: int

    @property
    def seconds(self) -> float:
        """How long its unit lasts; 0 for a word that is none of time."""
        return _SECONDS.get(self.unit.lower(), 0.0)


def _duration(text: str, unit: str) -> float | None:
    parts = [
        _Part(number=found[1], unit=found[2], start=found.start(), end=found.end())
        for found in _WITH_WORD.finditer(text)
    ]
    at = next((at for at, part in enumerate(parts) if part.unit == unit and _is_whole(text, parts, at)), None)
    if at is None:
        return None
    first, last = at, at + 1
    while first and _goes_on(text, parts[first - 1], parts[first]):
        first -= 1
    while last < len(parts) and _goes_on(text, parts[last - 1], parts[last]):
        last += 1
    return _sum(text, parts[first:last], unit)


def _is_whole(text: str, parts: Sequence[_Part], at: int) -> bool:
    """`5 s3` is no five seconds, and the `1m` of `1m30s` is a minute."""
    after = text[parts[at].end : parts[at].end + 1]
    return not (after.isalnum() or after == "_") or (at + 1 < len(parts) and _goes_on(text, parts[at], parts[at + 1]))


def _goes_on(text: str, part: _Part, after: _Part) -> bool:
    """Whether both belong to one duration: nothing stands between them, and the units grow smaller."""
    return part.seconds > after.seconds > 0 and bool(_BETWEEN.search(text[part.end : after.start]))


def _sum(text: str, parts: Sequence[_Part], unit: str) -> float | None:
    is_signed = any(not part.number[0].isdigit() for part in parts[1:])
    if is_signed or _is_part(text, parts[0].start, parts[0].number):
        return None
    return sum(_value(part.number) * part.seconds for part in parts) / _SECONDS[unit]
