"""Sentences that the gate wrote in English → the same in the readers' language, known by their shape.

Findings are written where they are found, so that what a kind of evidence says stands beside what it looks at. What is
not known here stays as it is: English, but right.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final

from bot.gate.markup import span
from bot.gate.patterns import regex
from bot.report.sentence_values import TRANSLATED, VALUES, cut, dated, figured, named
from bot.report.shapes import SHAPES
from bot.report.words import AND, ENGLISH, OR, Words, of_kind

_PLACE = re.compile(r"\{([a-z]+)\}")
_ALONE = re.compile(r"`[^`]*`|\(nothing\)")
_SENTENCES: Final = ("of sentences", of_kind("of sentences", "{list} and {last}"))
_DEEPEST: Final = 4
"""How far a sentence may stand in another."""
_KEPT: Final = 8_192
"""Sentences whose translation is kept: the same ones come with every pass."""


def said(words: Words, text: str) -> str:
    """The sentences, one by one, in the language of the words."""
    if words.language == ENGLISH.language or not text:
        return text
    return _whole(words, text)


def spelled(words: Words, lasts: timedelta) -> str:
    """`14 days`, in the form that goes with the number; in English as it is."""
    text = span(lasts)
    return text if words.language == ENGLISH.language else TRANSLATED["span"](words, text)


@lru_cache(maxsize=_KEPT)
def _whole(words: Words, text: str) -> str:
    return "; ".join(_said(words, part, _DEEPEST) or part for part in cut(text, "; "))


def _said(words: Words, text: str, depth: int) -> str | None:
    """None for what has no shape that is known."""
    if instant := dated(text):
        return instant
    if not depth or _ALONE.fullmatch(text):
        return text
    for shape in _shapes():
        if shape.piece in text and (found := regex(shape.pattern).fullmatch(text)):
            values = {name: _value(words, name, found[name], depth) for name in shape.names}
            return shape.told(words, values)
    return named(words, text) or figured(words, text) or _list(words, text, depth)


def _value(words: Words, name: str, text: str, depth: int) -> str:
    translate = TRANSLATED.get(name)
    return translate(words, text) if translate else _said(words, text, depth - 1) or text


def _list(words: Words, text: str, depth: int) -> str | None:
    """`a, b and c` or `a or b`, where each of them is known."""
    for word, last in ((" and ", AND), (" or ", OR)):
        parts = [one for part in cut(text, word) for one in cut(part, ", ")]
        known = [_said(words, part, depth - 1) for part in parts] if len(parts) > 1 else []
        if known and all(known):
            return _joined(words, [one for one in known if one], last)
    return None


def _joined(words: Words, parts: list[str], last: str) -> str:
    """With a mark that can't be read into a part, where one of them has a colon."""
    if last is OR or not any(": " in part for part in parts):
        return words.listed(parts, last=last)
    *head, tail = parts
    return words.one_of_kind(*_SENTENCES).format(list="; ".join(head), last=tail)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What recognises a sentence, and what it is called in the catalogue."""

    key: str | tuple[str, str]
    """One text, or that for one thing and that for several, which differ by `{number}`."""
    names: tuple[str, ...]
    pattern: str
    piece: str
    """The longest part that every such sentence has: looking for it is much quicker than the pattern."""
    fixed: int
    """Letters that are no value: of two shapes that fit, the one with more of them says more."""

    def told(self, words: Words, values: dict[str, str]) -> str:
        """The sentence with the values where the translation wants them."""
        if isinstance(self.key, str):
            return words.one(self.key).format(**values)
        number = int("".join(filter(str.isdecimal, values["number"])))
        return words.of_number(*self.key, number).format(**values)


@lru_cache(maxsize=1)
def _shapes() -> tuple[_Shape, ...]:
    """The narrower first."""
    found = [_shape(text, key) for key in SHAPES for text in ((key,) if isinstance(key, str) else key)]
    return tuple(sorted(found, key=lambda shape: -shape.fixed))


def _shape(text: str, key: str | tuple[str, str]) -> _Shape:
    # Doubled braces stand for themselves.
    apart = _PLACE.split(text.replace("{{", "\0").replace("}}", "\1"))
    pieces = [piece.replace("\0", "{").replace("\1", "}") for piece in apart]
    fixed = pieces[::2]
    return _Shape(
        key=key,
        names=tuple(pieces[1::2]),
        pattern="".join(
            f"(?P<{piece}>{VALUES.get(piece, '.+?')})" if number % 2 else re.escape(piece)
            for number, piece in enumerate(pieces)
        ),
        piece=max(fixed, key=len),
        fixed=sum(map(len, fixed)),
    )
