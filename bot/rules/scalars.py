"""Turns a plain YAML scalar into a value by the core schema of YAML 1.2, <https://yaml.org/spec/1.2.2/#103-core-schema>."""

from typing import TypeAlias

from bot.gate.patterns import regex

Value: TypeAlias = str | int | float | bool | None

_WORDS: dict[str, Value] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC = frozenset("+-.0123456789")
# At most 18 digits: Python refuses to read numbers of thousands, and no option is that large.
_DECIMAL = regex(r"^[-+]?[0-9]{1,18}$")
_OCTAL = regex(r"^0o[0-7]{1,18}$")
_HEXADECIMAL = regex(r"^0x[0-9a-fA-F]{1,15}$")
_FLOAT = regex(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$")
_NOT_FINITE = regex(r"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$")


def plain(text: str) -> Value:
    """What an unquoted scalar means: `yes`, `on`, `off` and dates are just text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC:  # most are words, and a regex costs more than a look
        return text
    if _DECIMAL.search(text):
        return int(text)
    if _OCTAL.search(text) or _HEXADECIMAL.search(text):
        return int(text, 0)
    if _FLOAT.search(text):
        return float(text)
    if _NOT_FINITE.search(text):
        return float(text.replace(".", "", 1))
    return text
