"""Requests that the sandbox answered, hour by hour → one row of a table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox.server import RequestLog


def share(values: Sequence[float], part: float) -> float:
    """What that part of the values stays below."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else 0.0


@dataclass(slots=True, kw_only=True)
class Counted:
    """What one stretch of time took."""

    name: str
    began: float
    ended: float = 0.0
    requests: int = 0
    rest: int = 0
    looks: int = 0
    writes: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    points: Counter[int] = field(default_factory=Counter)
    """By the hour."""
    waits: list[float] = field(default_factory=list)
    """Seconds from what somebody did to what they saw of it, by GitHub's clock."""

    def add(self, requests: Sequence[RequestLog], now: float) -> None:
        """So many more, all of them just now; tokens are the App's."""
        hour = int((now - self.began) // 3_600)
        for one in requests:
            if one.kind == "token":
                continue
            self.requests += 1
            self.rest += one.kind == "rest"
            self.looks += one.operation == "Gate"
            self.writes += one.is_write
            self.points[hour] += one.cost
            if one.limit:
                self.refused[one.limit] += 1
        self.ended = now

    def row(self) -> str:
        """A line of Markdown under `HEADING`."""
        cells = (
            self.name,
            f"{(self.ended - self.began) / 3_600:.1f}",
            f"{self.looks:,}",
            f"{self.requests:,}",
            f"{self.rest:,}",
            f"{self.writes:,}",
            f"{self.points.total():,}",
            f"{max(self.points.values(), default=0):,}",
            f"{self.refused.total():,}",
            f"{len(self.waits)}",
            f"{share(self.waits, 0.5):.1f}",
            f"{share(self.waits, 0.99):.1f}",
        )
        return f"| {' | '.join(cells)} |"


_COLUMNS = (
    "what",
    "hours",
    "looks",
    "requests",
    "of them REST",
    "writes",
    "GraphQL points",
    "most in an hour",
    "refused",
    "events of people",
    "answered after, p50, s",
    "p99, s",
)
HEADING = f"| {' | '.join(_COLUMNS)} |\n|{'---|' * len(_COLUMNS)}"
