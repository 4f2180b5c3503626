"""Takes out of a text what its author only quotes: code, quotations, HTML comments and folded parts."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

_FENCE = re.compile(r"[ ]{0,3}(```|~~~)")
_QUOTED = re.compile(r"[ ]{0,3}>")
_FOLDS = (("<details", "</details>"), ("<!--", "-->"))


def own_words(text: str) -> str:
    """The text with the lines blank that are not its author's; what is opened and never closed hides nothing."""
    lines: Sequence[str] = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if "```" in text or "~~~" in text:
        lines = tuple(_unfenced(lines))
    for opening, closing in _FOLDS:
        if opening in text.lower():
            lines = tuple(_unfolded(lines, opening, closing))
    return "\n".join("" if _QUOTED.match(line) else line for line in lines)


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
    marks = [found[1] if (found := _FENCE.match(line)) else "" for line in lines]
    last = {mark: number for number, mark in enumerate(marks)}
    fence = ""
    for number, (line, mark) in enumerate(zip(lines, marks, strict=True)):
        is_mark = mark == fence if fence else bool(mark) and last[mark] > number
        yield "" if fence or is_mark else line
        if is_mark:
            fence = "" if fence else mark
