"""Our texts in a language: a catalogue and a text marked for it → the text as its readers have it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


def msg(text: str) -> str:
    """The same text, marked for the catalogue: for tables whose texts are translated where they are shown."""
    return text


def of_kind(_kind: str, text: str) -> str:
    """The same for a text that some languages say otherwise beside each kind of noun."""
    return text


def plural(one: str, several: str) -> tuple[str, str]:
    """The same for a text whose form goes with a number."""
    return one, several


AND = msg("{list} and {last}")
OR = msg("{list} or {last}")
MARKS = (of_kind("of numbers", ","), of_kind("of numbers", "."))
"""What stands between thousands and before decimals."""
_MARK = re.compile(r"(?<=\d),(?=\d{3}(?!\d))|(?<=\d)\.(?=\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language. The two functions are gettext's: <https://docs.python.org/3/library/gettext.html>."""

    language: str
    one: Callable[[str], str]
    """A text → its translation; itself where there is none."""
    of_number: Callable[[str, str, int], str]
    """Singular, plural and a number → the form that goes with the number."""
    one_of_kind: Callable[[str, str], str]
    """What it is said of, and a text → its translation there."""

    def __call__(self, text: str, **values: object) -> str:
        """The translation with the values put in where their names stand in braces."""
        return self.one(text).format(**values) if values else self.one(text)

    def many(self, one: str, several: str, number: int, **values: object) -> str:
        """`{number} check`, `{number} checks`, in as many forms as the language has."""
        return self.of_number(one, several, number).format(number=self.number(number), **values)

    def number(self, figure: int | str) -> str:
        """`1,002` and `92.5`, also within `+1,002 −20` or `92.5 %`, as numbers are written in the language.

        No text may be given in which something else stands between digits, as in `1.2.3`.
        """
        english = figure if isinstance(figure, str) else f"{figure:,}"
        return _MARK.sub(lambda found: self.one_of_kind("of numbers", found[0]), english)

    def listed(self, names: Sequence[str], *, last: str = AND) -> str:
        """`a`, `a and b`, `a, b and c`; nothing for nothing. `OR` as `last` puts that before the last."""
        *head, tail = names or ("",)
        return self(last, list=", ".join(head), last=tail) if head else tail


ENGLISH = Words(
    language="en",
    one=lambda text: text,
    of_number=lambda one, more, number: one if number == 1 else more,
    one_of_kind=of_kind,
)


def at(instant: datetime | None) -> str:
    """`2026-12-06 09:00`, in UTC: the same in every language."""
    return f"{instant:%Y-%m-%d %H:%M}" if instant else ""
