"""Tells what locked entries lean on, so that no nearer file switches them off by changing that instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.gate.blast_radius import Radius
from bot.gate.markup import code
from bot.gate.version import Bump
from bot.rules.document import Entry, Table
from bot.rules.locking import LOCKED, data

_RADII = tuple(str(radius) for radius in Radius)
_BUMPS = tuple(str(bump) for bump in (Bump.MAJOR, Bump.MINOR, Bump.PATCH))
"""The most first, as the radii are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """What the locked entries of an inherited file ask by: each with the words that it names."""

    bumps: tuple[tuple[str, tuple[str, ...]], ...]
    radii: tuple[tuple[str, tuple[str, ...]], ...]
    packages: Mapping[str, str]
    """Packages that a locked one asks about, by id, with the locked one."""
    items: Mapping[str, str]
    """Items that a locked one counts from, directly or through others, by id, with the locked one."""

    def why_not(self, section: str, id: str, inherited: Entry | None, own: Entry) -> str | None:
        """What the nearer file's entry would change of a locked one; None when it changes nothing."""
        if inherited and data(inherited.node) == data(own.node):
            return None
        match section:
            case "semver":
                return self._of_semver(id, data(own.node))
            case "areas":
                return self._of_area(inherited, own)
            case "packages":
                return self._of_package(id, inherited)
            case _:
                return None

    def _of_semver(self, option: str, value: object) -> str | None:
        """Version files can but raise the bump, for what they declare is never less than what is computed."""
        can_but_raise = option == "files" or (option, value) == ("zero", "strict")
        for id, words in self.bumps:
            if not can_but_raise or _lets_go(words, _BUMPS):
                return f"the locked {code(id, limit=40)} asks by the bump, which it decides"
        return None

    def _of_package(self, id: str, inherited: Entry | None) -> str | None:
        """A package takes commits away from others, and with them from their bumps."""
        if inherited and id in self.packages:
            return f"the locked {code(self.packages[id], limit=40)} asks about it"
        for locked, _ in self.bumps:
            return f"the locked {code(locked, limit=40)} asks by the bump, which it decides"
        return None

    def _of_area(self, inherited: Entry | None, own: Entry) -> str | None:
        """An area more can but raise the radius of a change."""
        for id, words in self.radii:
            radius = own.node.entries.get("radius") if isinstance(own.node, Table) else None
            is_raised = radius is None or _lets_go(words, _RADII, to=str(data(radius.node)))
            if inherited or is_raised:
                return f"the locked {code(id, limit=40)} asks by the radius, which it decides"
        return None


def leaning(inherited: Table) -> Leaning:
    """What the locked entries of the file lean on."""
    items, roles = dict(_entries(inherited, "checklist")), _entries(inherited, "roles")
    locked = [(id, entry) for id, entry in (*items.items(), *roles) if entry.get(LOCKED) is True]
    whens = [(id, entry["when"]) for id, entry in locked if isinstance(entry.get("when"), dict)]
    return Leaning(
        bumps=tuple((id, _words(when["bump"])) for id, when in whens if "bump" in when),
        radii=tuple((id, _words(when["radius"])) for id, when in whens if "radius" in when),
        packages={package: id for id, entry in locked for package in _packages(entry)},
        items=_counted_from(items),
    )


def _entries(table: Table, section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    node = table.entries[section].node if section in table.entries else None
    for id, entry in node.entries.items() if isinstance(node, Table) else ():
        value = data(entry.node)
        if isinstance(value, dict):
            yield id, value


def _counted_from(items: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    ahead = [(id, id) for id, item in items.items() if item.get(LOCKED) is True]
    while ahead:
        id, by = ahead.pop()
        for since in _sinces(items[id]):
            if since in items and items[since].get(LOCKED) is not True and since not in found:
                found[since] = by
                ahead.append((since, by))
    return found


def _packages(value: object) -> Iterator[str]:
    """Whatever `package` names, however deep."""
    match value:
        case dict():
            yield from _words(value.get("package", []))
            yield from chain.from_iterable(map(_packages, value.values()))
        case list():
            yield from chain.from_iterable(map(_packages, value))
        case _:
            return


def _sinces(value: object) -> Iterator[str]:
    """Whatever `since` names, however deep."""
    match value:
        case {"elapsed": {"since": str(since)}}:
            yield since
        case dict():
            yield from chain.from_iterable(map(_sinces, value.values()))
        case list():
            yield from chain.from_iterable(map(_sinces, value))
        case _:
            return


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(word) for word in (value if isinstance(value, list) else [value]))


def _lets_go(words: tuple[str, ...], order: tuple[str, ...], *, to: str | None = None) -> bool:
    """Whether one of the words, raised (to that one), is none of them any more."""
    raised = order if to is None else tuple(word for word in order if word == to)
    return any(
        above not in words and word in order and order.index(above) < order.index(word)
        for above in raised
        for word in words
    )
