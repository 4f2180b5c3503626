"""Evidence made of other evidence: `all`, `any` and `not`."""

from dataclasses import dataclass, replace
from functools import reduce

from bot.gate.candidate import Candidate
from bot.gate.checklist import Evidence
from bot.gate.finding import Finding, every, opposite, some
from bot.gate.needs import Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Everything must hold."""

    of: tuple[Evidence, ...]

    def needs(self) -> Needs:
        """What all of them need."""
        return reduce(Needs.__or__, (evidence.needs() for evidence in self.of), Needs())

    def judge(self, candidate: Candidate) -> Finding:
        """The worst decides."""
        return every(evidence.judge(_beside(candidate, self.of)) for evidence in self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Any:
    """One is enough."""

    of: tuple[Evidence, ...]

    def needs(self) -> Needs:
        """What all of them need."""
        return All(of=self.of).needs()

    def judge(self, candidate: Candidate) -> Finding:
        """The best decides."""
        return some(evidence.judge(_beside(candidate, self.of)) for evidence in self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """It must not hold."""

    of: Evidence

    def needs(self) -> Needs:
        """What it needs."""
        return self.of.needs()

    def judge(self, candidate: Candidate) -> Finding:
        """Met and unmet swapped."""
        return opposite(self.of.judge(replace(candidate, is_negated=not candidate.is_negated)))


def _beside(candidate: Candidate, evidence: tuple[Evidence, ...]) -> Candidate:
    """The candidate in the eyes of evidence that may point to what stands beside it."""
    kinds: dict[str, tuple[Evidence, ...]] = {}
    for one in evidence:
        kind = kind_name(type(one))
        kinds[kind] = (*kinds.get(kind, ()), one)
    # Whoever points to a kind of which there are several points to all of them.
    return replace(candidate, siblings={kind: All(of=ones) if ones[1:] else ones[0] for kind, ones in kinds.items()})


def kind_name(kind: type) -> str:
    """`TaskList` is called `task_list` in the rules file."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__).lstrip("_")
