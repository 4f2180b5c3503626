"""Hears every sentence that the core writes while tests run, and tells which of them stay English in Russian."""

import re
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from hypothesis import currently_in_test_context

from bot.catalogues import words_of
from bot.gate.addressed import Refusal
from bot.gate.answers import Explained
from bot.gate.claims import Claimed
from bot.gate.facts import Unavailable
from bot.gate.finding import Finding
from bot.gate.risk_register import JudgedRisk, Overall
from bot.gate.rule_changes import RuleChange
from bot.gate.rules import Fault
from bot.gate.standing import SignOff, Standing
from bot.gate.timeline import Moment
from bot.report.sentences import said

SPEAKERS: Mapping[type, tuple[str, ...]] = {
    Finding: ("seen", "wanted", "do"),
    Refusal: ("because",),
    Unavailable: ("because",),
    Fault: ("message",),
    RuleChange: ("said",),
    JudgedRisk: ("because",),
    Overall: ("because",),
    SignOff: ("dropped",),
    Standing: ("unknown", "unfilled"),
    Claimed: ("unknown",),
    Moment: ("what",),
    Explained: ("note",),
}
"""What carries sentences, and in which fields."""
_COMMAND_LINE = frozenset({"bot.cli", "bot.local.commands", "bot.local.labels"})
"""What they write is printed where it was typed, in English."""
OURS: dict[str, str] = {}
"""Sentences that the program wrote, with the place in the code."""
THEIRS: set[str] = set()
"""Those that a test made up."""

# No sentence of ours does without one of these, and they are no names.
_ENGLISH = re.compile(
    r"(?<![\w`'-])(?:and|are|be|been|by|can|can't|did|does|for|from|has|have|is|it|its|may|must|no|nobody|not|of|on"
    r"|only|or|says?|so|that|the|them|there|they|this|to|was|were|what|whether|which|who|with|write|you)(?![\w`'-])"
)
_QUOTED = re.compile(r"`[^`]*`|«[^»]*»|\"[^\"]*\"|\([^()]*'[^()]*\)|<[^>]*>|\]\([^)]*\)|https://\S+")


def english_in(text: str, *, theirs: tuple[str, ...] = ()) -> list[str]:
    """English words in a text, but those in code, in quotes and in what others wrote."""
    for one in sorted(theirs, key=len, reverse=True):
        text = text.replace(one, "")
    return _ENGLISH.findall(_QUOTED.sub("", text))


def listen() -> None:
    """From now on."""
    for speaker, fields in SPEAKERS.items():
        speaker.__init__ = _heard(speaker.__init__, fields)  # type: ignore[misc]


def _heard(make: Callable[..., None], fields: tuple[str, ...]) -> Callable[..., None]:
    @wraps(make)
    def heard(self: object, *args: Any, **values: Any) -> None:
        make(self, *args, **values)
        # What hypothesis makes up quotes anything; what it finds is found by the tables as well.
        if currently_in_test_context():
            return
        frame = sys._getframe(1)
        while frame.f_back and frame.f_globals["__name__"] in {"dataclasses", "bot.gate.finding"}:
            frame = frame.f_back
        place = frame.f_globals["__name__"]
        for text in filter(None, (getattr(self, field) for field in fields)):
            if place in _COMMAND_LINE:
                continue
            if place.startswith("bot."):
                OURS.setdefault(text, f"{place}:{frame.f_lineno}")
            else:
                THEIRS.add(text)

    return heard


def untranslated() -> list[str]:
    """The sentences of ours that stay English where Russian is asked for, each with its place."""
    russian, theirs = words_of("ru"), tuple(one for one in THEIRS if " " in one)
    return sorted(
        f"{place} {text}"
        for text, place in OURS.items()
        # What fills nothing yet is never shown: it stands for a person whose roles are still being chosen.
        if text not in THEIRS and " fills , and" not in text and english_in(said(russian, text), theirs=theirs)
    )
