"""Evidence made of other evidence: `all`, `any` and `not`."""

from dataclasses import dataclass
from functools import reduce

from bot.gate.candidate import Candidate
from bot.gate.checklist import Evidence
from bot.gate.facts import Needs
from bot.gate.finding import Finding, every, opposite, some


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Everything must hold."""

    of: tuple[Evidence, ...]

    def needs(self) -> Needs:
        """What all of them need."""
        return reduce(Needs.__or__, (evidence.needs() for evidence in self.of), Needs())

    def judge(self, candidate: Candidate) -> Finding:
        """The worst decides."""
        return every(evidence.judge(candidate) for evidence in self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Any:
    """One is enough."""

    of: tuple[Evidence, ...]

    def needs(self) -> Needs:
        """What all of them need."""
        return All(of=self.of).needs()

    def judge(self, candidate: Candidate) -> Finding:
        """The best decides."""
        return some(evidence.judge(candidate) for evidence in self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """It must not hold."""

    of: Evidence

    def needs(self) -> Needs:
        """What it needs."""
        return self.of.needs()

    def judge(self, candidate: Candidate) -> Finding:
        """Met and unmet swapped."""
        return opposite(self.of.judge(candidate))
