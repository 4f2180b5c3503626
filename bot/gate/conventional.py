"""Reads a commit message by Conventional Commits 1.0.0, <https://www.conventionalcommits.org/en/v1.0.0/>."""

from bot.gate.patterns import regex

_HEADER = r"^(?P<type>[A-Za-z][A-Za-z0-9_-]*)(?P<scope>\([^()\r\n]+\))?(?P<breaking>!)?:[ \t]+\S"
# Items 12 and 16 of the specification: upper case only, as a footer token followed by a colon and a space.
_FOOTER = r"(?m)^BREAKING[ -]CHANGE:[ \t]+\S"


def kind_of(headline: str) -> str | None:
    """The type in lower case (`feat`, `fix`, …), or None when the headline follows no convention."""
    match = regex(_HEADER).search(headline)
    return match["type"].lower() if match else None


def breaking(message: str) -> bool:
    """Whether the message says that the change breaks something: `!` in the header or a footer."""
    headline, _, body = message.partition("\n")
    match = regex(_HEADER).search(headline)
    return bool(match and match["breaking"]) or bool(regex(_FOOTER).search(body))
