"""Takes out of a text what its author only quotes: code, quotations, HTML comments and folded parts."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

# How code is fenced: https://spec.commonmark.org/0.31.2/#fenced-code-blocks
_FENCE = re.compile(r"[ ]{0,3}(?P<mark>`{3,}(?=[^`]*$)|~{3,})(?P<rest>.*)")
_QUOTED = re.compile(r"[ ]{0,3}>")
_FOLDS = (("<details", "</details>"), ("<!--", "-->"))


def lines_of(text: str) -> list[str]:
    """The lines of a text, whichever system wrote it."""
    return (text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text).split("\n")


def own_words(text: str) -> str:
    """The text with the lines blank that are not its author's; what is opened and never closed hides nothing."""
    lines: Sequence[str] = lines_of(text)
    if "```" in text or "~~~" in text:
        lines = tuple(_unfenced(lines))
    for opening, closing in _FOLDS:
        if opening in text.lower():
            lines = tuple(_unfolded(lines, opening, closing))
    return "\n".join(_unquoted(lines) if ">" in text else lines)


def _unquoted(lines: Sequence[str]) -> Iterator[str]:
    """A quotation runs on until a blank line: <https://spec.commonmark.org/0.31.2/#paragraph-continuation-text>."""
    is_quoted = False
    for line in lines:
        is_quoted = bool(_QUOTED.match(line)) or (is_quoted and bool(line.strip()))
        yield "" if is_quoted else line


def _unfolded(lines: Sequence[str], opening: str, closing: str) -> Iterator[str]:
    """Each fold ends where the innermost that is open ends, so that a stray opening hides nothing."""
    opened: list[int] = []
    steps = [0] * (len(lines) + 1)
    for number, line in enumerate(lines):
        lowered = line.lower()
        opened += [number] * lowered.count(opening)
        for _ in range(min(len(opened), lowered.count(closing))):
            steps[opened.pop()] += 1
            steps[number + 1] -= 1
    return ("" if depth else line for line, depth in zip(lines, accumulate(steps), strict=False))


def _unfenced(lines: Sequence[str]) -> Iterator[str]:
    """Code ends with a fence of the same kind that is as long as the one before it, with nothing behind."""
    fences = [_FENCE.match(line) for line in lines]
    ahead = _longest_ahead(fences)
    fence = ""
    for line, found, longest in zip(lines, fences, ahead, strict=True):
        mark = found["mark"] if found else ""
        if fence:
            yield ""
            fence = "" if _ends(found, fence) else fence
        else:
            fence = mark if mark and longest.get(mark[0], 0) >= len(mark) else ""
            yield "" if fence else line


def _ends(found: re.Match[str] | None, fence: str) -> bool:
    return found is not None and not found["rest"].strip() and found["mark"].startswith(fence)


def _longest_ahead(fences: Sequence[re.Match[str] | None]) -> list[dict[str, int]]:
    """For each line how long the longest fence is, of each kind, that could end code below it."""
    longest: dict[str, int] = {}
    ahead: list[dict[str, int]] = []
    for found in reversed(fences):
        ahead.append(longest)
        if found and not found["rest"].strip():
            kind, length = found["mark"][0], len(found["mark"])
            longest = {**longest, kind: max(length, longest.get(kind, 0))}
    return ahead[::-1]
