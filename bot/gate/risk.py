"""The risk register's entries, and how severe probability and impact make a risk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.gate.applies import ItemWhen


class Level(StrEnum):
    """How probable, how bad or how severe, the least first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Larger is more."""
        return tuple(Level).index(self)

    @property
    def below(self) -> "Level":
        """One step lower; low stays low."""
        return tuple(Level)[max(0, self.rank - 1)]


def _row(low: Level, medium: Level, high: Level, critical: Level) -> Mapping[Level, Level]:
    return dict(zip(Level, (low, medium, high, critical), strict=True))


MATRIX: Mapping[Level, Mapping[Level, Level]] = {
    Level.LOW: _row(Level.LOW, Level.MEDIUM, Level.HIGH, Level.CRITICAL),
    Level.MEDIUM: _row(Level.MEDIUM, Level.HIGH, Level.CRITICAL, Level.CRITICAL),
    Level.HIGH: _row(Level.MEDIUM, Level.HIGH, Level.CRITICAL, Level.CRITICAL),
    Level.CRITICAL: _row(Level.HIGH, Level.CRITICAL, Level.CRITICAL, Level.CRITICAL),
}
"""Severity by probability, then impact: the impact where it is improbable, a step more where not, two where certain."""


class Status(StrEnum):
    """What the register itself says of a risk."""

    OPEN = "open"
    MITIGATED = "mitigated"
    ACCEPTED = "accepted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """An entry of the risk register: a severity, or a probability and an impact, or all three."""

    id: str
    title: str
    probability: Level | None = None
    impact: Level | None = None
    stated: Level | None = None
    """A severity that wins over the matrix."""
    mitigation: str = ""
    mitigated_by: tuple[str, ...] = ()
    """Items; when all of them are met or waived, it is mitigated."""
    status: Status = Status.OPEN
    owners: tuple[str, ...] = ()
    """Roles that may accept it."""
    when: "ItemWhen | None" = None
    """To which changes it applies; None: to all."""

    @property
    def severity(self) -> Level:
        """The stated one, or the matrix's."""
        if self.stated or not (self.probability and self.impact):
            return self.stated or Level.CRITICAL  # the rules' reader asks for one or the other
        return MATRIX[self.probability][self.impact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A standing `/accept-risk`."""

    logins: tuple[str, ...]
    until: datetime | None
    """None: until it is taken back."""
    because: str
    url: str


class RiskState(StrEnum):
    """What a risk is for this change."""

    OPEN = "open"
    MITIGATED = "mitigated"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    NOT_APPLICABLE = "not_applicable"
