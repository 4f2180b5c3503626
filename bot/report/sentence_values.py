"""What the names in the shapes of sentences stand for, and what becomes of their values in another language."""

import re
from collections.abc import Callable, Mapping

from bot.report.words import AND, OR, Words, of_kind

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_INSTANT = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}}) (\d\d:\d\d) UTC")
TIERS = (of_kind("tier", "critical"), of_kind("tier", "high"), of_kind("tier", "medium"))
STATES = (
    of_kind("state", "met"),
    of_kind("state", "waived"),
    of_kind("state", "pending"),
    of_kind("state", "unmet"),
    of_kind("state", "unknown"),
    of_kind("state", "not_applicable"),
)


def cut(text: str, at: str) -> list[str]:
    """Cut there, but not inside of a code span."""
    parts, start, inside = [], 0, False
    for place, letter in enumerate(text):
        inside ^= letter == "`"
        if not inside and place >= start and text.startswith(at, place):
            parts.append(text[start:place])
            start = place + len(at)
    return [*parts, text[start:]]


def dated(text: str) -> str:
    """`6 Dec 2026 09:00 UTC` as `2026-12-06 09:00 UTC`, which every language reads; empty for all else."""
    found = _INSTANT.fullmatch(text)
    return f"{found[3]}-{_MONTHS.index(found[2]) + 1:02d}-{int(found[1]):02d} {found[4]} UTC" if found else ""


def _date(_words: Words, text: str) -> str:
    return dated(text)


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
    """Names with the word before the last of them, which may be how many more there are."""
    for word, shape in ((" and ", AND), (" or ", OR)):
        if len(cut(text, word)) > 1:
            names = [name for part in cut(text, word) for name in cut(part, ", ")]
            return words.listed([*names[:-1], _more(words, names[-1])], last=shape)
    return text


def _more(words: Words, text: str) -> str:
    return words("{number} more", number=text.removesuffix(" more")) if text.endswith(" more") else text


def named(words: Words, text: str) -> str:
    """A list of code spans, or of GitHub's words for how a run ends, which become some; empty for all else."""
    if _ENDS.fullmatch(text):
        return _names(words, _END.sub(r"`\g<0>`", text))
    return _names(words, text) if _NAMES.fullmatch(text) else ""


def _same(_words: Words, text: str) -> str:
    return text


def _number(words: Words, text: str) -> str:
    return words.number(text)


def _numbers(words: Words, text: str) -> str:
    return _names(words, words.number(text))


def figured(words: Words, text: str) -> str:
    """A number by itself, also a bound such as `≥ 92.5`; empty for all else."""
    return words.number(text) if _FIGURE.fullmatch(text) else ""


def _of_kind(kind: str) -> Callable[[Words, str], str]:
    return lambda words, text: words.one_of_kind(kind, text)


_CODE = r"(?:`[^`]*`|\(nothing\))"
_WORD = r"[a-z0-9][a-z0-9-]*"
_DATE = r"[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{5} UTC"
_VERSION = r"[0-9][0-9A-Za-z.+-]*"
_NUMBER = r"[0-9][0-9,]*"
_LIST = rf"{_CODE}(?:, {_CODE})*(?: (?:and|or) (?:{_CODE}|[0-9]+ more))*"
_MEASURED = r"-?[0-9][0-9,]*(?:\.[0-9]+)?"
_FIGURE = re.compile(rf"[≥≤] {_MEASURED}(?: [^`;]+)?|{_MEASURED}(?: %)?")
_NAMES = re.compile(_LIST)
_END = re.compile("action_required|cancelled|failure|neutral|skipped|stale|startup_failure|success|timed_out")
_ENDS = re.compile(rf"(?:{_END.pattern})(?:, (?:{_END.pattern}))*(?: or (?:{_END.pattern}))?")
_KINDS: Mapping[str, tuple[str, Callable[[Words, str], str] | None]] = {
    "code": (_CODE, _same),
    "other": (_CODE, _same),
    "third": (_CODE, _same),
    "role": (_WORD, _same),
    "roles": (rf"{_WORD}(?:, {_WORD})*(?: (?:and|or) {_WORD})?", _names),
    "word": (r"[a-z_]+", _same),
    "event": (r"[a-z_]+", _same),
    "status": (r"[a-z]+(?: [a-z]+)*", _same),
    "n": (_NUMBER, _number),
    "number": (_NUMBER, _number),
    "total": (_NUMBER, _number),
    "lines": (rf"{_NUMBER}(?:, {_NUMBER})*(?: and {_NUMBER}(?: more)?)?", _numbers),
    "figure": (rf"{_MEASURED}(?: [^`;]+)?", _number),
    "version": (_VERSION, _same),
    "newer": (_VERSION, _same),
    "names": (_LIST, _names),
    "who": (_LIST, _names),
    "span": (r"[0-9]+ (?:day|hour|minute|second)s?", _span),
    "level": (r"(?:low|medium|high|critical)", _of_kind("level")),
    "below": (r"(?:low|medium|high|critical)", _of_kind("level")),
    "tier": (r"(?:critical|high|medium)", _of_kind("tier")),
    "former": (r"(?:critical|high|medium)", _of_kind("tier")),
    "state": (r"(?:met|waived|pending|unmet|unknown|not_applicable)", _of_kind("state")),
    "bump": (r"(?:major|minor|patch)", _same),
    "date": (_DATE, _date),
    "until": (_DATE, _date),
    "clock": (r"[0-9]{2}:[0-9]{2}", _same),
    "spot": (rf"(?:entry {_NUMBER} of )*(?:{_CODE}|the file)", None),
    "value": (rf"(?:a mapping|a list|empty|unreadable|{_CODE})", None),
    "whom": (r"[^`]+|a comment that .+", None),
    "sha": (r"[0-9a-f]{7}", _same),
    "text": (r".+", _same),
}
VALUES: Mapping[str, str] = {name: pattern for name, (pattern, _) in _KINDS.items()}
"""What some names in braces stand for; any other for whatever is there, the less the better."""
TRANSLATED: Mapping[str, Callable[[Words, str], str]] = {name: become for name, (_, become) in _KINDS.items() if become}
"""What becomes of their values; the values of all other names are sentences themselves."""
