"""The checklist: items with an id and a tier, and what each one's evidence says."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bot.gate.facts import Needs
from bot.gate.finding import Finding, State

if TYPE_CHECKING:
    from bot.gate.candidate import Candidate


class Evidence(Protocol):
    """What shows that an item is met. Its fields are the options in the rules file."""

    def needs(self) -> Needs:
        """The facts to read before it can be judged."""
        ...

    def judge(self, candidate: "Candidate") -> Finding:
        """What the evidence says about the candidate. Pure; never raises."""
        ...


class Tier(StrEnum):
    """How much an item matters."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"

    @property
    def weight(self) -> int:
        """The item's share in the readiness score."""
        return {Tier.CRITICAL: 3, Tier.HIGH: 2, Tier.MEDIUM: 1}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One requirement of the checklist."""

    id: str
    title: str
    tier: Tier
    evidence: Evidence
    blocking: bool
    how: str | None = None
    """What to type to get it done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedItem:
    """An item with what its evidence says."""

    item: Item
    finding: Finding

    @property
    def is_met(self) -> bool:
        """Nothing is left to do."""
        return self.finding.state is State.MET

    @property
    def blocks(self) -> bool:
        """Open, and the release waits for it."""
        return self.item.blocking and not self.is_met


def readiness(items: tuple[JudgedItem, ...]) -> int:
    """Met weight by applicable weight in whole percent, rounded down; 100 when nothing is asked."""
    applicable = sum(judged.item.tier.weight for judged in items)
    achieved = sum(judged.item.tier.weight for judged in items if judged.is_met)
    return 100 * achieved // applicable if applicable else 100
