"""Merges a rules file into the built-in set that it extends: by id, the nearer file replaces whole entries."""

from bot.gate.markup import code
from bot.rules.document import Entry, Node, Scalar, Table
from bot.rules.faults import Faults
from bot.rules.spot import suggestion

SECTIONS = ("release", "semver", "roles", "checklist")
OFF = "off"


def merged(inherited: Table, own: Table, faults: Faults) -> Table:
    """The inherited order first, then what is new; `ID: off` takes an inherited entry away."""
    entries = {key: entry for key, entry in inherited.entries.items() if key in SECTIONS}
    for key, entry in own.entries.items():
        entries[key] = _section(key, entries.get(key), entry, faults) if key in SECTIONS else entry
        if _is_emptied(entry.node, entries[key].node):
            del entries[key]
    return Table(at=own.at, entries=entries)


def _section(name: str, inherited: Entry | None, own: Entry, faults: Faults) -> Entry:
    below = inherited.node.entries if inherited and isinstance(inherited.node, Table) else {}
    if not isinstance(own.node, Table):
        return own
    nearer = own.node.entries
    whole = {**{id: nearer.get(id, entry) for id, entry in below.items()}, **nearer}
    for id, entry in nearer.items():
        if is_off(entry.node) and id not in below:
            hint = suggestion(id, below, "inherited are") if below else "remove the line"
            faults.add(entry.key_at, f"{name}.{id[:60]}", f"no {code(id, limit=40)} is inherited to switch off; {hint}")
    kept = {id: entry for id, entry in whole.items() if not is_off(entry.node)}
    return Entry(key_at=own.key_at, node=Table(at=own.node.at, entries=kept))


def is_off(node: Node) -> bool:
    """Whether it says `off`, which in YAML 1.2 is a plain word."""
    return isinstance(node, Scalar) and node.value == OFF


def _is_emptied(own: Node, whole: Node) -> bool:
    """Whether everything in a section was switched off, as opposed to nothing being written there."""
    return isinstance(own, Table) and isinstance(whole, Table) and bool(own.entries) and not whole.entries
