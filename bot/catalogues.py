"""Reads the translations that ship with the program: a language's name into its words."""

from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from bot.report.words import ENGLISH, Words

LANGUAGES = Path(__file__).parent / "locale"
DOMAIN = "release-gate"


@cache
def words_of(language: str) -> Words:
    """The words of a language that the rules may choose; read once."""
    if language == ENGLISH.language:
        return ENGLISH
    with (LANGUAGES / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        catalogue = GNUTranslations(file)
    return Words(language=language, one=catalogue.gettext, of_number=catalogue.ngettext, one_of_kind=catalogue.pgettext)
