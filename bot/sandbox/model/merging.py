"""Two changes of one tree → the tree with both, or the paths on which they disagree."""

import difflib
from collections.abc import Iterator, Mapping

Tree = Mapping[str, str]
Edit = tuple[int, int, list[str]]
"""The lines from … to … of the old text become these."""


class Conflict(Exception):
    """Both sides changed the same lines of `paths`."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(f"conflict in {', '.join(paths)}")
        self.paths = paths


def merged_trees(start: Tree, ours: Tree, theirs: Tree, resolved: Mapping[str, str | None]) -> dict[str, str]:
    """What both made of `start`, with what somebody wrote into the merge laid over it. Raises `Conflict`."""
    result: dict[str, str] = {}
    conflicts: list[str] = []
    for path in sorted({*start, *ours, *theirs, *resolved}):
        try:
            text = resolved[path] if path in resolved else _merged(start.get(path), ours.get(path), theirs.get(path))
        except Conflict:
            conflicts.append(path)
            continue
        if text is not None:
            result[path] = text
    if conflicts:
        raise Conflict(conflicts)
    return result


def _merged(start: str | None, ours: str | None, theirs: str | None) -> str | None:
    if ours in (start, theirs):
        return theirs
    if theirs == start:
        return ours
    if start is None or ours is None or theirs is None:
        raise Conflict([])
    return "".join(_lines(start.splitlines(keepends=True), _edits(start, ours), _edits(start, theirs)))


def _edits(before: str, after: str) -> list[Edit]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(low, high, new[first:last]) for kind, low, high, first, last in codes if kind != "equal"]


def _lines(start: list[str], ours: list[Edit], theirs: list[Edit]) -> Iterator[str]:
    """As git has it: edits that overlap or touch are a conflict, unless they are the same."""
    at = 0
    unlike = [edit for edit in theirs if edit not in ours]
    for low, high, lines in sorted([*ours, *unlike], key=lambda edit: edit[:2]):
        if any(low <= other[1] and other[0] <= high for other in unlike if (low, high, lines) in ours):
            raise Conflict([])
        yield from start[at:low]
        yield from lines
        at = high
    yield from start[at:]
