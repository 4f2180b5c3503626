"""Reads the sections of the rules file that are not the checklist: `release`, `semver`, `roles`."""

from collections.abc import Mapping
from typing import Any

from bot.gate.patterns import regex
from bot.gate.release import When
from bot.gate.rules import Exclude, Role, Stale
from bot.gate.version import Bump, Semver, Zero
from bot.rules import values
from bot.rules.document import Table
from bot.rules.spot import Reader, Spot, is_table, many, options

_ROLE_ID = regex(r"^[a-z][a-z0-9-]{0,49}$")


def when(spot: Spot) -> When | None:
    """Conditions on a pull request, with alternatives."""
    read = options(spot, {**_CONDITIONS, "any": many(_alternative)})
    return When(**read) if read is not None else None


def _alternative(spot: Spot) -> When | None:
    read = options(spot, _CONDITIONS)
    return When(**read) if read is not None else None


_CONDITIONS: Mapping[str, Reader[Any]] = {
    "base": many(values.branch_glob),
    "head": many(values.branch_glob),
    "labels": many(values.line),
    "title": values.pattern,
}


def release(spot: Spot) -> When | None:
    """The section `release`."""
    read = options(spot, {"when": when})
    return read["when"] if read is not None else None


def semver(spot: Spot) -> Semver | None:
    """The section `semver`."""
    known = {"tag": values.tag, "initial": values.version, "zero": values.one_of(Zero), "labels": _bump_labels}
    read = options(spot, known)
    return Semver(**read) if read is not None else None


def _bump_labels(spot: Spot) -> Mapping[Bump, tuple[str, ...]] | None:
    read = options(spot, {str(bump): many(values.line) for bump in Bump})
    return {Bump(bump): labels for bump, labels in read.items()} if read is not None else None


def roles(spot: Spot) -> Mapping[str, Role]:
    """The section `roles`: those that can be read."""
    if not is_table(spot, "roles by id"):
        return {}
    return {id: role for id, entry in spot.entries() if (role := _role(id, entry))}


def _role(id: str, spot: Spot) -> Role | None:
    if not _ROLE_ID.search(id):
        spot.fault(f"{spot.name} is no role id; write lower-case letters, digits and hyphens", at_key=True)
    read = options(spot, _ROLE)
    if read is None:
        return None
    stale, paths = read.pop("stale", (Stale.CHANGED, ()))
    role = Role(id=id, stale=stale, stale_paths=paths, **read)
    if role.users and not role.teams and len({user.lower() for user in role.users}) < role.count:
        spot.fault(f"{spot.name} lists fewer people than the {role.count} who must sign; add some", at_key=True)
    return role


def _stale(spot: Spot) -> tuple[Stale, tuple[str, ...]] | None:
    if not isinstance(spot.node, Table):
        word = values.one_of(Stale)(spot)
        return (word, ()) if word else None
    read = options(spot, {"paths": many(values.path_glob)}, required=("paths",))
    return (Stale.CHANGED, read["paths"]) if read is not None else None


_ROLE: Mapping[str, Reader[Any]] = {
    "users": many(values.login, frozenset),
    "teams": many(values.team, frozenset),
    "required": values.flag,
    "count": values.count,
    "exclude": many(values.one_of(Exclude), frozenset),
    "stale": _stale,
}
