"""Reads what the rules file only tells: `contacts`, `links`, `references` and `deliverables`, each by id."""

from collections.abc import Mapping
from typing import Any, TypeVar

from bot.gate.deliverable import Deliverable
from bot.gate.patterns import regex
from bot.rules import values
from bot.rules.locking import LOCKED
from bot.rules.sections import ID
from bot.rules.spot import Reader, Spot, is_table, many, options

T = TypeVar("T")
ADDRESS = r"^https://[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?(?:[/?#][^\s<>()|\\]{0,1000})?$"


def contacts(spot: Spot) -> Mapping[str, str]:
    """Who can be asked, by what for."""
    return _by_id(spot, values.line, "contact")


def links(spot: Spot) -> Mapping[str, str]:
    """Addresses and files, by what is there."""
    return _by_id(spot, place, "link")


def references(spot: Spot) -> Mapping[str, tuple[str, ...]]:
    """Documents, by group."""
    return _by_id(spot, places, "reference")


def deliverables(spot: Spot) -> Mapping[str, Deliverable]:
    """What a release delivers beside its code."""
    return {id: Deliverable(id=id, **read) for id, read in _by_id(spot, _deliverable, "deliverable").items()}


def _by_id(spot: Spot, reader: Reader[T], kind: str) -> dict[str, T]:
    """The entries that can be read."""
    if not is_table(spot, f"{kind}s by id"):
        return {}
    known = {}
    for id, entry in spot.entries():
        if not regex(ID).search(id):
            entry.fault(f"{entry.name} is no {kind} id; write lower-case letters, digits and hyphens", at_key=True)
        elif (value := reader(entry)) is not None:
            known[id] = value
    return known


def place(spot: Spot) -> str | None:
    """An https address, or a path from the repository's root."""
    value = values.line(spot)
    if value is None or regex(ADDRESS).search(value):
        return value
    if "://" in value:
        spot.fault(f"{spot.name} is {spot.seen}; write an address that begins with `https://`, without blanks")
        return None
    return values.file_path(spot)


def places(spot: Spot) -> tuple[str, ...] | None:
    """One of them, or several."""
    read = _PLACES(spot)
    return tuple(read) if read is not None else None


_PLACES = many(place)


def _deliverable(spot: Spot) -> dict[str, Any] | None:
    read = options(spot, DELIVERABLE, required=("title",))
    if read is None:
        return None
    read.pop(LOCKED, None)
    if ("path" in read) == ("item" in read):
        spot.fault(f"{spot.name} needs one of `path` and `item`; say where it can be seen", at_key=True)
        return None
    return read


DELIVERABLE: Mapping[str, Reader[Any]] = {
    "title": values.line,
    "path": values.file_path,
    "item": values.item_id,
    LOCKED: values.flag,
}
