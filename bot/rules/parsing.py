"""Turns the text of a rules file into rules, or into every fault that it has."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.gate.markup import code
from bot.gate.release import When
from bot.gate.rules import BrokenRules, Role, Rules
from bot.gate.version import Semver
from bot.rules.characters import decode
from bot.rules.checklist import checklist
from bot.rules.document import Broken, Node, Scalar, Table, moved, read
from bot.rules.faults import Faults, Mark
from bot.rules.merging import merged
from bot.rules.sections import release, roles, semver
from bot.rules.spot import Context, Reader, Spot, readable, suggestion

VERSION = 1
"""The only version of the file's language so far."""

_START = Mark(line=1, column=1)
_EXAMPLE = "write `version: 1` and `extends: release` to begin with"
_READERS: Mapping[str, Reader[Any]] = {"release": release, "semver": semver, "roles": roles, "checklist": checklist}


def parse(text: str | bytes, *, file: str, source: str, builtin: Mapping[str, str]) -> Rules | BrokenRules:
    """The rules of one file, merged with the built-in set that it extends; never raises.

    `source` names the file's blob, `builtin` holds the texts of the built-in sets by name. Every fault has the place
    in this file that it can be mended at: for an inherited entry the line that says `extends`.
    """
    faults = Faults()
    rules = _rules(text, builtin, faults)
    if rules is None or faults.found:
        return BrokenRules(source=source, file=file, faults=faults.in_order())
    return replace(rules, source=source, file=file)


def _rules(text: str | bytes, builtin: Mapping[str, str], faults: Faults) -> Rules | None:
    own = _root(text, faults)
    if own is None:
        return None
    whole = merged(_inherited(own, builtin, faults), own, faults)
    spot = Spot(node=whole, context=Context(faults=faults, roles=_keys_of("roles", whole)))
    known = {"version": _version, "extends": _extends, **_READERS}
    sections = readable(spot, known, required=("version",))
    rules = Rules(
        source="",
        when=sections.get("release") or When(),
        semver=sections.get("semver") or Semver(),
        roles=sections.get("roles") or {},
        checklist=sections.get("checklist") or (),
    )
    _look_at_the_whole(rules, spot)
    return rules


def _root(text: str | bytes, faults: Faults) -> Table | None:
    """The mapping that the file is."""
    decoded = decode(text, faults)
    if decoded is None:
        return None
    known = len(faults.found)
    node = read(decoded, faults)
    match node:
        case Table():
            return node
        case None | Broken() if len(faults.found) > known:
            return None
        case None | Scalar(value=None):
            faults.add(_START, "", f"the file is empty; {_EXAMPLE}")
        case _:
            faults.add(node.at, "", f"the file is no mapping; {_EXAMPLE}")
    return None


def _inherited(own: Table, builtin: Mapping[str, str], faults: Faults) -> Table:
    """The built-in set, every place in it being that of `extends`; empty when there is none to extend."""
    nothing = Table(at=own.at, entries={})
    entry = own.entries.get("extends")
    name = entry.node.value if entry and isinstance(entry.node, Scalar) else None
    if entry is None or not isinstance(name, str):
        return nothing
    if name not in builtin:
        faults.add(
            entry.node.at,
            "extends",
            f"there is no built-in set {code(name, limit=40)}; {suggestion(name, builtin, 'the sets are')}",
        )
        return nothing
    at = Mark(line=entry.node.at.line, column=entry.node.at.column, inherited=name)
    inside = Faults()
    root = _root(builtin[name], inside)
    for fault in inside.in_order():
        faults.add(at, "extends", f"line {fault.line}: {fault.message}")
    node: Node = moved(root, at) if root else nothing
    return node if isinstance(node, Table) else nothing


def _keys_of(section: str, whole: Table) -> tuple[str, ...]:
    node = whole.entries[section].node if section in whole.entries else None
    return tuple(node.entries) if isinstance(node, Table) else ()


def _version(spot: Spot) -> int | None:
    if spot.value == VERSION and not isinstance(spot.value, bool):
        return VERSION
    spot.fault(f"{spot.name} is {spot.seen}; write `version: {VERSION}`")
    return None


def _extends(spot: Spot) -> str | None:
    if isinstance(spot.value, str):
        return spot.value
    spot.fault(f"{spot.name} is {spot.seen}; write the name of a built-in set such as `release`")
    return None


def _look_at_the_whole(rules: Rules, spot: Spot) -> None:
    """What is wrong with no single entry, only with all of them together."""
    signing = rules.signing_roles()
    if not rules.checklist and not signing and not spot.context.faults.found:
        spot.fault(f"nothing is asked of a release; add items under `checklist:` or {_EXAMPLE}")
    sections = dict(spot.entries())
    by_id = dict(sections["roles"].entries()) if "roles" in sections else {}
    for role in signing:
        if not role.users and not role.teams:
            _tell_nobody(role, by_id[role.id])


def _tell_nobody(role: Role, spot: Spot) -> None:
    type_this = f"{role.id}: {{teams: [org/slug]{', required: true' if role.required else ''}}}"
    spot.fault(f"the role `{role.id}` must sign but has nobody; write `{type_this}` under `roles:`", at_key=True)
