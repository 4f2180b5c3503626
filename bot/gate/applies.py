"""To which changes an item applies."""

from dataclasses import dataclass
from enum import StrEnum

from bot.gate.blast_radius import Area, Radius, highest_radius
from bot.gate.candidate import Candidate
from bot.gate.facts import Unavailable
from bot.gate.labels import found
from bot.gate.patterns import branch_matches, matching
from bot.gate.version import Bump


class Author(StrEnum):
    """Who opened the pull request."""

    USER = "user"
    BOT = "bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWhen:
    """Conditions on the change: all that are given must hold. What can't be told holds, for the gate fails closed."""

    paths: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()
    """One of them is enough."""
    base: tuple[str, ...] = ()
    bump: frozenset[Bump] = frozenset()
    radius: frozenset[Radius] = frozenset()
    author: frozenset[Author] = frozenset()
    package: frozenset[str] = frozenset()
    """Packages of which the change touches one."""

    def holds(self, candidate: Candidate, areas: tuple[Area, ...]) -> bool:
        """Whether the item applies."""
        return (
            (not self.paths or self._touches(candidate))
            and (not self.labels or self._labelled(candidate))
            and (not self.base or branch_matches(self.base, candidate.snapshot.base_ref))
            and (not self.bump or self._bumps(candidate))
            and (not self.radius or self._reaches(candidate, areas))
            and (not self.author or self._opened(candidate))
            and (not self.package or self._releases(candidate))
        )

    def doubt(self, candidate: Candidate) -> str:
        """Why it can't be told whether it holds; empty when it can."""
        asked: tuple[tuple[object, object], ...] = (
            (self.paths or self.radius or self.package, candidate.changed_paths),
            (self.labels, candidate.labels),
            (self.bump, candidate.bump),
            (self.author, candidate.snapshot.author_is_bot),
        )
        return next((fact.because for given, fact in asked if given and isinstance(fact, Unavailable)), "")

    def _opened(self, candidate: Candidate) -> bool:
        is_bot = candidate.snapshot.author_is_bot
        return isinstance(is_bot, Unavailable) or (Author.BOT if is_bot else Author.USER) in self.author

    def _touches(self, candidate: Candidate) -> bool:
        paths = candidate.changed_paths
        return isinstance(paths, Unavailable) or bool(matching(self.paths, paths))

    def _labelled(self, candidate: Candidate) -> bool:
        labels = candidate.labels
        return isinstance(labels, Unavailable) or bool(found(self.labels, labels))

    def _bumps(self, candidate: Candidate) -> bool:
        bump = candidate.bump
        return isinstance(bump, Unavailable) or bump in self.bump

    def _releases(self, candidate: Candidate) -> bool:
        parts = candidate.packages
        return isinstance(parts, Unavailable) or any(part.package.id in self.package for part in parts)

    def _reaches(self, candidate: Candidate, areas: tuple[Area, ...]) -> bool:
        radius = highest_radius(areas, candidate.changed_paths)
        return isinstance(radius, Unavailable) or radius in self.radius
