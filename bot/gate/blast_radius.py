"""Which areas a change touches, and how far that reaches."""

from dataclasses import dataclass
from enum import StrEnum

from bot.gate.facts import Fact, Unavailable
from bot.gate.patterns import matching


class Radius(StrEnum):
    """How much a change of an area can break, the most first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A named set of paths."""

    id: str
    paths: tuple[str, ...]
    radius: Radius


def highest_radius(areas: tuple[Area, ...], paths: Fact[frozenset[str]]) -> Fact[Radius | None]:
    """The highest radius of the touched areas; None when none is touched."""
    if isinstance(paths, Unavailable):
        return paths
    touched = [area.radius for area in areas if matching(area.paths, paths)]
    return min(touched, key=tuple(Radius).index, default=None)
