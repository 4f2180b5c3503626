"""Kills → a table of how many there were at which moment, and what was in hand."""

from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.moments import Moment

_NAMES = ("passes", "waiting", "deliveries", "anything")
_HEAD = """\
| killed | times | passes in hand | looks waiting | deliveries under way | anything in hand |
|---|---|---|---|---|---|"""


@dataclass(slots=True)
class Tally:
    """What was counted of all kills, and whatever else happened."""

    kills: Counter[Moment] = field(default_factory=Counter)
    in_hand: Counter[tuple[Moment, str]] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    longest_takeover: float = 0.0

    @property
    def total(self) -> int:
        """Kills."""
        return sum(self.kills.values())

    def add(self, moment: Moment, *, kills: int = 1, **in_hand: int) -> None:
        """So many died at this moment, with so much in hand."""
        self.kills[moment] += kills
        for name, count in {**in_hand, "anything": sum(in_hand.values())}.items():
            self.in_hand[moment, name] += kills * bool(count)

    def table(self) -> str:
        """In Markdown."""
        rows = [(str(moment), self._row(moment)) for moment in Moment if self.kills[moment]]
        sums = ("all", [sum(column) for column in zip(*(counts for _, counts in rows), strict=True)])
        return "\n".join([_HEAD, *(f"| {name} | {' | '.join(map(str, counts))} |" for name, counts in (*rows, sums))])

    def _row(self, moment: Moment) -> list[int]:
        return [self.kills[moment], *(self.in_hand[moment, name] for name in _NAMES)]
