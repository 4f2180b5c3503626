"""Finds labels by their names, as GitHub does: whatever the case of their letters."""

from collections.abc import Iterable


def found(names: Iterable[str], labels: Iterable[str]) -> frozenset[str]:
    """Those of the names, as the rules spell them, that are among the labels.

    GitHub keeps the case of a label's name and compares without it: `Bug` and `bug` can't both exist.
    """
    there = {label.casefold() for label in labels}
    return frozenset(name for name in names if name.casefold() in there)
