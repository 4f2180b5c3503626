r"""Patterns of a CODEOWNERS file into which of them matches a path last, by RE2: linear time whatever they are.

They are those of `.gitignore` but for `!`, `[ ]` and a leading `\#`, which are errors, and for a last `*`, which stays
in its folder: `docs/*` does not own `docs/deep/file`.
Source: <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax>
"""

from collections.abc import Iterator

import re2

from bot.gate.patterns import regex

WILDCARD_LIMIT = 16
LENGTH_LIMIT = 1_000
_CHUNK = 250
"""Patterns that are compiled together: enough to be quick, few enough to fit into RE2's memory."""

_WILDCARD = regex(r"\*+|\?")
_ERROR = regex(r"^!|^\\#|^(?:\\.|[^\\])*(?:\*\*\*|[^\\]?\\$)|^(?:\\.|[^\\\[\]])*[\[\]]")
_PART = regex(r"(?s)\\.|\*+|\?|[^\\*?]+")
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_ANYTHING = "(?s).*"


def is_valid(pattern: str) -> bool:
    """Whether GitHub takes the pattern; a line with another one is passed over."""
    return not _ERROR.search(pattern)


def wildcards(pattern: str) -> int:
    """How many wildcards it has."""
    return len(_WILDCARD.findall(pattern))


def expression(pattern: str) -> str:
    """The valid pattern as a regex that has to fit a whole path."""
    return "(?s)" + "".join(_joined(_segments(pattern)))


def _segments(pattern: str) -> list[str]:
    """What stands between slashes, seen from the root: a single name may stand anywhere, a folder owns all below."""
    segments = pattern.split("/")
    is_single = len(segments) == 1 or (len(segments) == 2 and not segments[1])  # noqa: PLR2004 - `name` and `name/`
    if segments[0] and is_single:
        segments.insert(0, "**")
    elif not segments[0]:
        del segments[0]
    if not segments[-1] and len(segments) > 1:
        # `**/` is any folder: what lies in one.
        segments[-1:] = ["*", "**"] if segments[-2] == "**" else ["**"]
    return [one for one, before in zip(segments, [None, *segments], strict=False) if not one == before == "**"]


def _joined(segments: list[str]) -> Iterator[str]:
    last = len(segments) - 1
    slash = ""
    for at, segment in enumerate(segments):
        match segment:
            case "**" if at == 0:
                yield ".+" if at == last else "(?:.+/)?"
            case "**":
                yield "/.+" if at == last else "(?:/.+)?"
                slash = "/"
            case "*":
                yield slash + "[^/]+"
                slash = "/"
            case _:
                yield slash + "".join(_part(part) for part in _PART.findall(segment))
                yield "(?:/.*)?" if at == last else ""
                slash = "/"


def _part(part: str) -> str:
    if part.startswith("*"):
        return "[^/]*"
    return "[^/]" if part == "?" else str(re2.escape(part.removeprefix("\\")))


class LastMatch:
    """Which of the regexes fits a path last: `LastMatch(expressions)(path)` is its number from 0, or None."""

    __slots__ = ("_chunks",)

    def __init__(self, expressions: tuple[str, ...]) -> None:
        # Of equal ones only the last can count.
        last = {one: at for at, one in enumerate(expressions)}
        kept = sorted((at, one) for one, at in last.items())
        self._chunks = [_Chunk(kept[start : start + _CHUNK]) for start in range(0, len(kept), _CHUNK)][::-1]

    def __call__(self, path: str) -> int | None:
        """The number of the last regex that fits."""
        return next((at for chunk in self._chunks if (at := chunk.last(path)) is not None), None)


class _Chunk:
    """Regexes that are asked together."""

    __slots__ = ("_numbered", "_set")

    def __init__(self, numbered: list[tuple[int, str]]) -> None:
        self._numbered = numbered
        self._set = re2.Set.FullMatchSet(_OPTIONS)
        for one in (_ANYTHING, *(one for _, one in numbered)):
            self._set.Add(one)
        self._set.Compile()

    def last(self, path: str) -> int | None:
        """The number of the last one that fits."""
        found = self._set.Match(path)
        # A set that runs out of memory matches nothing at all, and would take every owner away without a word.
        if not found:
            return next((at for at, one in reversed(self._numbered) if regex(one).fullmatch(path)), None)
        return self._numbered[max(found) - 1][0] if max(found) else None
