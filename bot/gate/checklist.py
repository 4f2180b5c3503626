"""The checklist: items with an id and a tier, and what each one's evidence says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bot.gate.finding import Finding, State
from bot.gate.needs import Needs

if TYPE_CHECKING:
    from bot.gate.applies import ItemWhen
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


BLOCKING = frozenset({Tier.CRITICAL, Tier.HIGH})
"""The tiers whose items block unless they say otherwise."""


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
    when: "ItemWhen | None" = None
    """To which changes it applies; None: to all."""
    enforce_from: datetime | None = None
    """Until then it is shown and does not block."""
    waivable_by: tuple[str, ...] | None = None
    """Roles that may set it aside; None: its tier says."""
    is_locked: bool = False
    """Nobody may set it aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedItem:
    """An item with what its evidence says."""

    item: Item
    finding: Finding
    is_enforced: bool = True
    """Its `enforce_from` has come."""

    @property
    def is_applicable(self) -> bool:
        """It asks something of this change."""
        return self.finding.state is not State.NOT_APPLICABLE

    @property
    def is_met(self) -> bool:
        """Its evidence holds."""
        return self.finding.state is State.MET

    @property
    def is_waived(self) -> bool:
        """Somebody who may has set it aside."""
        return self.finding.state is State.WAIVED

    @property
    def is_open(self) -> bool:
        """Something is left to do."""
        return self.is_applicable and not self.is_met and not self.is_waived

    @property
    def is_blocking(self) -> bool:
        """The release waits for it while it is open."""
        return self.item.blocking and self.is_enforced


def readiness(items: tuple[JudgedItem, ...]) -> int:
    """Met or waived weight by applicable weight in whole percent, rounded down; 100 when nothing is asked."""
    applicable = sum(judged.item.tier.weight for judged in items if judged.is_applicable)
    achieved = sum(judged.item.tier.weight for judged in items if judged.is_met or judged.is_waived)
    return 100 * achieved // applicable if applicable else 100
