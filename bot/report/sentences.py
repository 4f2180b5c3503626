"""Sentences that the gate wrote in English → the same in the document's language, known by their shape.

Findings are written where they are found, so that what a kind of evidence says stands beside what it looks at. What is
not known here stays as it is: English, but right.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from bot.gate.markup import span
from bot.gate.patterns import regex
from bot.report.sentence_shapes import SHAPES
from bot.report.words import AND, ENGLISH, OR, Words

_PLACE = re.compile(r"\{([a-z]+)\}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_INSTANT = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}}) (\d\d:\d\d) UTC")
_DEEPEST = 4
"""How far a sentence may stand in another."""


def said(words: Words, text: str) -> str:
    """The sentences, one by one, in the language of the words."""
    if words.language == ENGLISH.language or not text:
        return text
    return "; ".join(_said(words, part, _DEEPEST) or part for part in _cut(text, "; "))


def _said(words: Words, text: str, depth: int) -> str | None:
    """None for what has no shape that is known."""
    if _INSTANT.fullmatch(text):
        return _INSTANT.sub(_dated, text)
    if not depth or _CODE_ALONE.fullmatch(text):
        return text
    for shape, names, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return words.one(shape).format(**{name: _value(words, name, found[name], depth) for name in names})
    return _list(words, text, depth)


def _value(words: Words, name: str, text: str, depth: int) -> str:
    translate = _TRANSLATED.get(name)
    return translate(words, text) if translate else _said(words, text, depth - 1) or text


def _list(words: Words, text: str, depth: int) -> str | None:
    """`a, b and c`, where each of them is known."""
    parts = [one for part in _cut(text, " and ") for one in _cut(part, ", ")]
    known = [_said(words, part, depth - 1) for part in parts] if len(parts) > 1 else []
    return words.listed([one for one in known if one]) if known and all(known) else None


def _cut(text: str, at: str) -> list[str]:
    """Cut there, but not inside of a code span."""
    parts, start, inside = [], 0, False
    for place, letter in enumerate(text):
        inside ^= letter == "`"
        if not inside and place >= start and text.startswith(at, place):
            parts.append(text[start:place])
            start = place + len(at)
    return [*parts, text[start:]]


def _dated(found: re.Match[str]) -> str:
    return f"{found[3]}-{_MONTHS.index(found[2]) + 1:02d}-{int(found[1]):02d} {found[4]} UTC"


def spelled(words: Words, lasts: timedelta) -> str:
    """`14 days`, in the form that goes with the number."""
    return _span(words, span(lasts))


def _span(words: Words, text: str) -> str:
    number, _, unit = text.partition(" ")
    count = int(number)
    match unit.removesuffix("s"):
        case "day":
            return words.many("{number} day", "{number} days", count)
        case "hour":
            return words.many("{number} hour", "{number} hours", count)
        case "minute":
            return words.many("{number} minute", "{number} minutes", count)
        case _:
            return words.many("{number} second", "{number} seconds", count)


def _names(words: Words, text: str) -> str:
    """Code spans with the word before the last of them, which may be how many more there are."""
    for word, shape in ((" and ", AND), (" or ", OR)):
        parts = _cut(text, word)
        if len(parts) > 1:
            return words(shape, list=word.join(parts[:-1]), last=_more(words, parts[-1]))
    return text


def _more(words: Words, text: str) -> str:
    return words("{number} more", number=text.removesuffix(" more")) if text.endswith(" more") else text


def _same(_words: Words, text: str) -> str:
    return text


def _level(words: Words, text: str) -> str:
    return words.one_of_kind("level", text)


_TRANSLATED: Mapping[str, Callable[[Words, str], str]] = {
    "code": _same,
    "other": _same,
    "role": _same,
    "word": _same,
    "n": _same,
    "names": _names,
    "span": _span,
    "level": _level,
}
"""What becomes of the values of some names; the values of all others are sentences themselves."""

_CODE = r"(?:`[^`]*`|\(nothing\))"
_CODE_ALONE = re.compile(_CODE)
_DATE = r"[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{5} UTC"
_VALUES: Mapping[str, str] = {
    "code": _CODE,
    "other": _CODE,
    "role": r"[a-z][a-z0-9-]*",
    "word": r"[a-z_]+",
    "n": r"[0-9][0-9,]*",
    "names": rf"{_CODE}(?:, {_CODE})*(?: (?:and|or) (?:{_CODE}|[0-9]+ more))?",
    "span": r"[0-9]+ (?:day|hour|minute|second)s?",
    "level": r"(?:low|medium|high|critical)",
    "date": _DATE,
    "until": _DATE,
}
"""What some names in braces stand for; any other for whatever is there, the less the better."""


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, tuple[str, ...], Any], ...]:
    """Each shape with the names in it and what recognises it."""
    return tuple((shape, tuple(_PLACE.findall(shape)), regex(_pattern(shape))) for shape in SHAPES)


def _pattern(shape: str) -> str:
    return "".join(
        f"(?P<{piece}>{_VALUES.get(piece, '.+?')})" if number % 2 else re.escape(piece)
        for number, piece in enumerate(_PLACE.split(shape))
    )
