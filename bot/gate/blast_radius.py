"""Which areas a change touches, and how far that reaches."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.gate.facts import ChangedFile, Fact, Unavailable
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
    roles: tuple[str, ...] = ()
    """Roles that must sign when it is touched."""
    depends_on: tuple[str, ...] = ()
    """Areas that this one uses, by id."""
    rollback: str = ""
    """How a change of it is taken back."""
    watch: tuple[str, ...] = ()
    """What to look at after the release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedArea:
    """An area that the change touches."""

    area: Area
    files: int
    additions: int
    deletions: int
    reaches: tuple[str, ...] = ()
    """Areas that depend on it, directly or through others, in the order of the rules."""


def touched(areas: tuple[Area, ...], changes: Fact[tuple[ChangedFile, ...]] | None) -> Fact[tuple[TouchedArea, ...]]:
    """The touched areas in the order of the rules; a renamed file counts once, under either name."""
    if not areas:
        return ()
    if changes is None or isinstance(changes, Unavailable):
        return changes or Unavailable("the changed files were not read")
    counted = [(area, _within(area, changes)) for area in areas]
    return tuple(
        TouchedArea(
            area=area,
            files=len(files),
            additions=sum(file.additions for file in files),
            deletions=sum(file.deletions for file in files),
            reaches=reached(area.id, areas),
        )
        for area, files in counted
        if files
    )


def highest_radius(areas: tuple[Area, ...], paths: Fact[frozenset[str]]) -> Fact[Radius | None]:
    """The highest radius of the touched areas, not of those that they reach; None when none is touched."""
    if isinstance(paths, Unavailable):
        return paths
    return highest(area for area in areas if matching(area.paths, paths))


def highest(areas: Iterable[Area]) -> Radius | None:
    """The highest radius of these."""
    return min((area.radius for area in areas), key=tuple(Radius).index, default=None)


def _within(area: Area, changes: tuple[ChangedFile, ...]) -> list[ChangedFile]:
    paths = frozenset(name for file in changes for name in (file.path, file.previous) if name)
    inside = frozenset(matching(area.paths, paths))
    return [file for file in changes if file.path in inside or file.previous in inside]


def reached(start: str, areas: tuple[Area, ...]) -> tuple[str, ...]:
    """Every area that depends on this one, itself left out."""
    found, ahead = {start}, [start]
    while ahead:
        used = ahead.pop()
        more = [area.id for area in areas if used in area.depends_on and area.id not in found]
        found.update(more)
        ahead.extend(more)
    return tuple(area.id for area in areas if area.id in found and area.id != start)
