"""Reads the section `packages` of the rules file: parts of the repository with versions of their own, by id."""

from collections.abc import Mapping
from typing import Any

from bot.gate.markup import code, listed
from bot.gate.packages import ID_PLACE, Package
from bot.gate.patterns import regex
from bot.rules import values
from bot.rules.locking import LOCKED
from bot.rules.sections import ID
from bot.rules.spot import Reader, Spot, is_table, many, options, suggestion

PACKAGE_LIMIT = 100


def packages(spot: Spot) -> tuple[Package, ...]:
    """Those that can be read."""
    if not is_table(spot, "packages by id"):
        return ()
    entries = list(spot.entries())
    if len(entries) > PACKAGE_LIMIT:
        spot.fault(f"{spot.name} has {len(entries):,} packages; {PACKAGE_LIMIT} is the limit", at_key=True)
    known = tuple(package for id, entry in entries[:PACKAGE_LIMIT] if (package := _package(id, entry)))
    by_id = dict(entries)
    _look_for_twins(known, by_id)
    return known


def _package(id: str, spot: Spot) -> Package | None:
    if not regex(ID).search(id):
        spot.fault(f"{spot.name} is no package id; write lower-case letters, digits and hyphens", at_key=True)
    read = options(spot, PACKAGE, required=("paths",))
    if read is None:
        return None
    read.pop(LOCKED, None)
    return Package(id=id, **read)


def tag(spot: Spot) -> str | None:
    """What the version tags of a package look like, with the package's id at `{package}`."""
    value = values.tag(spot)
    if value is None or value.count(ID_PLACE) <= 1:
        return value
    spot.fault(f'{spot.name} is {spot.seen}; `{ID_PLACE}` may stand in it once: write "{ID_PLACE}@{{version}}"')
    return None


def package_id(spot: Spot) -> str | None:
    """A package that the file defines."""
    value = values.line(spot)
    if value is None or value in spot.context.packages:
        return value
    hint = suggestion(value, spot.context.packages, "the packages are") if spot.context.packages else "add `packages:`"
    spot.fault(f"there is no package {code(value, limit=40)}; {hint}")
    return None


def _look_for_twins(known: tuple[Package, ...], by_id: Mapping[str, Spot]) -> None:
    """Tells packages that nobody can keep apart: by their tags, or by what commits call them."""
    for place, package in enumerate(known):
        for other in known[:place]:
            if package.pattern == other.pattern:
                said = f"{by_id[package.id].name} has the tags of {code(other.id)}: {code(package.pattern)}; rename one"
                by_id[package.id].fault(said, at_key=True)
            both = [code(name, limit=40) for name in package.names if name in other.names]
            if both:
                said = f"{listed(both)} names {by_id[package.id].name} and {code(other.id)}; take it out of one"
                by_id[package.id].fault(said, at_key=True)


PACKAGE: Mapping[str, Reader[Any]] = {
    "paths": many(values.path_glob),
    "files": many(values.file_path),
    "tag": tag,
    "scopes": many(values.line),
    "changelog": values.file_path,
    LOCKED: values.flag,
}
