"""Reads the section `areas` of the rules file: sets of paths by id, and which of them use which."""

from collections.abc import Mapping
from typing import Any

from bot.gate.blast_radius import Area, Radius, reached
from bot.gate.markup import code, listed
from bot.gate.patterns import regex
from bot.rules import values
from bot.rules.locking import LOCKED
from bot.rules.sections import ID
from bot.rules.spot import Reader, Spot, is_table, many, options, suggestion

AREA_LIMIT = 200


def areas(spot: Spot) -> tuple[Area, ...]:
    """Named sets of paths, by id; those that can be read."""
    if not is_table(spot, "areas by id"):
        return ()
    entries = list(spot.entries())
    if len(entries) > AREA_LIMIT:
        spot.fault(f"{spot.name} has {len(entries):,} areas; {AREA_LIMIT} is the limit", at_key=True)
    known = tuple(area for id, entry in entries[:AREA_LIMIT] if (area := _area(id, entry)))
    _look_for_circles(known, spot)
    return known


def _area(id: str, spot: Spot) -> Area | None:
    if not regex(ID).search(id):
        spot.fault(f"{spot.name} is no area id; write lower-case letters, digits and hyphens", at_key=True)
    read = options(spot, AREA, required=("paths", "radius"))
    if read is None:
        return None
    read.pop(LOCKED, None)
    return Area(id=id, **read)


def area_id(spot: Spot) -> str | None:
    """Another area of the file."""
    value = values.line(spot)
    if value is None or value in spot.context.areas:
        return value
    hint = suggestion(value, spot.context.areas, "the areas are")
    spot.fault(f"there is no area {code(value, limit=40)}; {hint}")
    return None


def _look_for_circles(known: tuple[Area, ...], spot: Spot) -> None:
    """Tells areas that come to depend on themselves: nothing could be taken back before the other."""
    by_id = dict(spot.entries())
    for area in known:
        dependents = reached(area.id, known)
        circle = [code(other, limit=40) for other in area.depends_on if other in {*dependents, area.id}]
        if circle:
            said = f"{by_id[area.id].name} depends on {listed(circle)}, which comes back to it; take one of them out"
            by_id[area.id].fault(said, at_key=True)


AREA: Mapping[str, Reader[Any]] = {
    "paths": many(values.path_glob),
    "radius": values.OneOf(Radius),
    "roles": many(values.role_id),
    "depends_on": many(area_id),
    "rollback": values.line,
    "watch": many(values.line),
    LOCKED: values.flag,
}
