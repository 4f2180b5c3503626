"""Figures as rows of a Markdown table."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

HEAD = "| what | reach | min | median | max |\n| --- | --- | --- | --- | --- |"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure over several runs."""

    what: str
    reach: str
    values: tuple[float, ...]
    digits: int

    def __str__(self) -> str:
        told = [f"{value:,.{self.digits}f}" for value in (min(self.values), median(self.values), max(self.values))]
        return f"| {' | '.join([self.what, self.reach or '·', *told])} |"


def row(what: str, reach: str, values: Sequence[float], *, digits: int = 0) -> Row:
    """A row; `reach` is the target as `docs/performance.md` words it."""
    return Row(what=what, reach=reach, values=tuple(values), digits=digits)
