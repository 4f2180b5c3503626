"""Merges a rules file into what it extends: by id, the nearer file replaces whole entries that are not locked."""

from bot.gate.markup import code
from bot.rules.document import Entry, Node, Scalar, Table
from bot.rules.faults import Faults
from bot.rules.leaning import Leaning, leaning
from bot.rules.locking import LOCKED, data, is_locked, weakened
from bot.rules.spot import suggestion

SECTIONS = (
    "release",
    "semver",
    "packages",
    "roles",
    "tiers",
    "areas",
    "risk",
    "risks",
    "freezes",
    "metrics",
    "deliverables",
    "contacts",
    "links",
    "references",
    "checklist",
)
"""Merged entry by entry."""
SINGLE = ("mode", "check", "workflow_changes")
"""Taken as a whole from the nearer file."""
OFF = "off"
_HELD = (*SINGLE, "risk")
"""What decides about every entry, locked ones too."""
_STRICTEST = (("mode", "enforce"), ("check", {"fixed": True}), ("risk", {"block_at": "low"}))


def merged(inherited: Table, own: Table, faults: Faults) -> Table:
    """The inherited order first, then what is new; `ID: off` takes an inherited entry away."""
    entries = {key: entry for key, entry in inherited.entries.items() if key in {*SECTIONS, *SINGLE}}
    is_held, lean = _holds_locks(inherited), leaning(inherited)
    for key, entry in own.entries.items():
        if key in _HELD and is_held and _loosens(key, entries.get(key), entry):
            faults.add(entry.key_at, key, f"`{key}` can't be set here: what this file extends has locked entries")
            continue
        entries[key] = _section(key, entries.get(key), entry, lean, faults) if key in SECTIONS else entry
        if _is_emptied(entry.node, entries[key].node):
            del entries[key]
    return Table(at=own.at, entries=entries)


def _section(name: str, inherited: Entry | None, own: Entry, lean: Leaning, faults: Faults) -> Entry:
    below = inherited.node.entries if inherited and isinstance(inherited.node, Table) else {}
    if not isinstance(own.node, Table):
        if any(is_locked(entry.node) for entry in below.values()):
            faults.add(own.key_at, name, f"`{name}` has locked entries and can't be replaced; write entries by id")
        return own
    nearer = own.node.entries
    whole = {**{id: nearer.get(id, entry) for id, entry in below.items()}, **nearer}
    for id, entry in nearer.items():
        if is_off(entry.node) and id not in below:
            hint = suggestion(id, below, "inherited are") if below else "remove the line"
            faults.add(entry.key_at, f"{name}.{id[:60]}", f"no {code(id, limit=40)} is inherited to switch off; {hint}")
        elif why := _refused(name, id, below.get(id), entry, lean):
            faults.add(entry.key_at, f"{name}.{id[:60]}", f"{code(id, limit=40)} {why}")
            whole = {**whole, id: below[id]} if id in below else {key: one for key, one in whole.items() if key != id}
        elif id in below and is_locked(below[id].node):
            whole[id] = _still_locked(below[id], entry)
    kept = {id: entry for id, entry in whole.items() if not is_off(entry.node)}
    return Entry(key_at=own.key_at, node=Table(at=own.node.at, entries=kept))


def _refused(section: str, id: str, below: Entry | None, nearer: Entry, lean: Leaning) -> str | None:
    """Why the nearer entry can't be: what it replaces is locked, or a locked one leans on it; None when it can."""
    is_counted_from = section == "checklist" and id in lean.items
    if below and (is_counted_from or is_locked(below.node)):
        why = _why_not(section, below.node, nearer.node)
        by = f" with {code(lean.items[id], limit=40)}, which counts from it" if is_counted_from else ""
        return f"is locked{by}: {why}" if why else None
    why = lean.why_not(section, id, below, nearer)
    return f"can't be set here: {why}; remove it, or set it in what this file extends" if why else None


def _still_locked(below: Entry, nearer: Entry) -> Entry:
    """An entry that asks for more than a locked one goes on being locked."""
    if not isinstance(below.node, Table) or not isinstance(nearer.node, Table):
        return nearer
    entries = {**nearer.node.entries, LOCKED: below.node.entries[LOCKED]}
    return Entry(key_at=nearer.key_at, node=Table(at=nearer.node.at, entries=entries))


def _why_not(section: str, locked: Node, nearer: Node) -> str | None:
    origin = f" in `{locked.at.inherited}`, line {locked.at.there}" if locked.at.inherited else ""
    if is_off(nearer):
        return f"it can't be switched off; remove the line, or change it{origin}"
    why = weakened(section, locked, nearer)
    return f"{why}; mend that, remove the entry, or change it{origin}" if why else None


def _holds_locks(inherited: Table) -> bool:
    sections = (inherited.entries[name].node for name in SECTIONS if name in inherited.entries)
    return any(is_locked(entry.node) for node in sections if isinstance(node, Table) for entry in node.entries.values())


def _loosens(key: str, inherited: Entry | None, own: Entry) -> bool:
    """Anything but what holds already, or is never less."""
    holds = data(inherited.node) if inherited else None
    if key == "risk" and inherited is None:
        return False
    return data(own.node) != holds and (key, data(own.node)) not in _STRICTEST


def is_off(node: Node) -> bool:
    """Whether it says `off`, which in YAML 1.2 is a plain word."""
    return isinstance(node, Scalar) and node.value == OFF


def _is_emptied(own: Node, whole: Node) -> bool:
    """Whether everything in a section was switched off, as opposed to nothing being written there."""
    return isinstance(own, Table) and isinstance(whole, Table) and bool(own.entries) and not whole.entries
