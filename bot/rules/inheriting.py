"""Turns a rules file and what it extends into one mapping whose every value knows where it was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.gate.markup import code
from bot.gate.patterns import regex
from bot.rules.characters import decode
from bot.rules.document import Broken, Node, Scalar, Table, moved, read
from bot.rules.faults import Faults, Mark
from bot.rules.merging import merged
from bot.rules.spot import Spot, suggestion

EXAMPLE = "write `version: 1` and `extends: release` to begin with"
_START = Mark(line=1, column=1)
_UPSTREAM = regex(
    r"^(?P<owner>[A-Za-z0-9][A-Za-z0-9-]{0,38})/(?P<repository>[A-Za-z0-9._-]{1,100})"
    r"(?:@(?P<ref>[A-Za-z0-9_][A-Za-z0-9._/-]{0,249}))?(?::(?P<path>[^\s:/][^\s:]{0,499}))?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """A rules file in another repository."""

    name: str
    """As `extends:` says it; `parse` looks for the text under it."""
    owner: str
    repository: str
    ref: str | None
    """None: the head of the default branch."""
    path: str


def upstream(text: str | bytes) -> Upstream | None:
    """The file that has to be fetched before the text can be parsed; None for all that extends no such file."""
    unread = Faults()
    own = _root(text, unread)
    return upstream_named(_extended(own)) if own else None


def extended(text: str | bytes, sets: Mapping[str, str | bytes]) -> tuple[str, ...]:
    """The names of those sets that the text extends, the nearest first."""
    own = _root(text, Faults())
    name = _extended(own) if own else None
    if not isinstance(name, str) or name not in sets:
        return ()
    rest = {other: inside for other, inside in sets.items() if other != name}
    return name, *extended(sets[name], rest)


def upstream_named(name: object) -> Upstream | None:
    """`owner/repo[@ref][:path]`; the path is by default where that repository keeps its rules."""
    match = _UPSTREAM.search(name) if isinstance(name, str) else None
    if not match or {".", ".."} & {match["repository"], *(match["path"] or "").split("/")}:
        return None
    # The file that an organisation keeps for all of its repositories has no dot: the repository has one.
    ordinary = "release-gate.yml" if match["repository"] == ".github" else ".release-gate.yml"
    return Upstream(
        name=str(name),
        owner=match["owner"],
        repository=match["repository"],
        ref=match["ref"],
        path=match["path"] or ordinary,
    )


def whole(text: str | bytes, sets: Mapping[str, str | bytes], faults: Faults) -> Table | None:
    """The file merged with what it extends; None when it is no mapping, which is told."""
    own = _root(text, faults)
    return None if own is None else merged(_below(own, sets, faults, is_upstream=False), own, faults)


def extends(spot: Spot) -> str | None:
    """A built-in set, or a file in another repository: `owner/repo[@ref][:path]`."""
    if isinstance(spot.value, str):
        return spot.value
    spot.fault(f"{spot.name} is {spot.seen}; write the name of a built-in set such as `release`")
    return None


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
            faults.add(_START, "", f"the file is empty; {EXAMPLE}")
        case _:
            faults.add(node.at, "", f"the file is no mapping; {EXAMPLE}")
    return None


def _extended(own: Table) -> Any:  # noqa: ANN401 - what YAML can hold
    entry = own.entries.get("extends")
    return entry.node.value if entry and isinstance(entry.node, Scalar) else None


def _below(own: Table, sets: Mapping[str, str | bytes], faults: Faults, *, is_upstream: bool) -> Table:
    """What the file extends, every place in it being that of `extends`; empty when there is none to extend."""
    nothing = Table(at=own.at, entries={})
    name = _extended(own)
    if not isinstance(name, str):
        return nothing
    at = own.entries["extends"].node.at
    if is_upstream and upstream_named(name):
        faults.add(at, "extends", "a file that others extend can extend a built-in set only; copy what it needs")
        return nothing
    if name not in sets:
        faults.add(at, "extends", _missing(name, sets))
        return nothing
    inside = Faults()
    root = _root(sets[name], inside)
    # One level: only a file of another repository may itself stand on a built-in set.
    table = merged(_below(root, sets, inside, is_upstream=True), root, inside) if root else nothing
    here = Mark(line=at.line, column=at.column, inherited=name)
    for fault in inside.in_order():
        faults.add(here, "extends", f"line {fault.line}: {fault.message}")
    node: Node = moved(table, here)
    return node if isinstance(node, Table) else nothing


def _missing(name: str, sets: Mapping[str, str | bytes]) -> str:
    if upstream_named(name):
        return (
            f"the rules of {code(name, limit=80)} could not be read; see that the file is there and that the App may "
            "read it, or name a copy: `release-gate lint --upstream FILE`"
        )
    known = [known for known in sets if upstream_named(known) is None]
    hint = suggestion(name, known, "the sets are")
    return f"there is no built-in set {code(name, limit=40)}; {hint}" + (
        "; a file elsewhere is written `owner/repo@ref:path`" if "/" in name else ""
    )
