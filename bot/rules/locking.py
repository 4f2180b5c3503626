"""Tells whether an entry keeps what a locked one of the same id asks for: it may ask for more, never for less."""

from collections.abc import Mapping
from typing import Any

from bot.gate.checklist import BLOCKING, Tier
from bot.gate.risk import Level
from bot.rules.document import Listing, Node, Scalar, Table

LOCKED = "locked"
_LEVELS = ("probability", "impact", "severity")
_PROOF = ("evidence", "all", "any")


def is_locked(node: Node) -> bool:
    """Whether the entry says `locked: true`."""
    entry = node.entries.get(LOCKED) if isinstance(node, Table) else None
    return entry is not None and isinstance(entry.node, Scalar) and entry.node.value is True


def weakened(section: str, locked: Node, nearer: Node) -> str | None:
    """What the nearer entry may not do to the locked one; None when it only asks for more."""
    below, above = data(locked), data(nearer)
    if not isinstance(below, dict) or not isinstance(above, dict):
        return "it can't be replaced"
    match section:
        case "checklist":
            return _item(below, above)
        case "roles":
            return _role(below, above)
        case "risks":
            return _risk(below, above)
        case _:
            return _others(below, above)


def data(node: Node) -> Any:  # noqa: ANN401 - what YAML can hold
    """The plain value."""
    match node:
        case Scalar(value=value):
            return value
        case Listing(items=items):
            return [data(item) for item in items]
        case Table(entries=entries):
            return {key: data(entry.node) for key, entry in entries.items()}
        case _:
            return None


def _item(below: Mapping[str, Any], above: Mapping[str, Any]) -> str | None:
    parts, more = _parts(below), _parts(above)
    if more[: len(parts)] != parts:
        return "its evidence has to stay as it is; add to it at the end of `all:`"
    if _rank(above) > _rank(below):
        return f"its tier stays `{below.get('tier')}` or rises"
    if _blocks(below) and not _blocks(above):
        return "it has to go on blocking"
    return _others(below, above, "tier", "blocking", *_PROOF)


def _role(below: Mapping[str, Any], above: Mapping[str, Any]) -> str | None:
    if below.get("required") is True and above.get("required") is not True:
        return "it stays `required: true`"
    if _count(above) < _count(below):
        return f"its `count` stays {_count(below)} or rises"
    return _others(below, above, "required", "count")


def _risk(below: Mapping[str, Any], above: Mapping[str, Any]) -> str | None:
    """Its levels may rise, and more items may have to mitigate it."""
    for name in _LEVELS:
        if name in below and _level(above.get(name)) < _level(below[name]):
            return f"its `{name}` stays `{below[name]}` or rises"
    if "severity" in above and "severity" not in below:
        return "its severity goes on being told by `probability` and `impact`"
    items, more = (_list(entry.get("mitigated_by")) for entry in (below, above))
    if not items and more:
        return "no item can mitigate it"
    if any(item not in more for item in items):
        return "its `mitigated_by` keeps what it has; add to it"
    return _others(below, above, "mitigated_by", *_LEVELS)


def _level(word: Any) -> int:  # noqa: ANN401 - what YAML can hold
    levels = [str(level) for level in Level]
    return levels.index(word) if word in levels else -1


def _list(value: Any) -> list[Any]:  # noqa: ANN401
    return value if isinstance(value, list) else [] if value is None else [value]


def _others(below: Mapping[str, Any], above: Mapping[str, Any], *but: str) -> str | None:
    """All options that have no reading of their own have to be the same."""
    keys = [key for key in (*below, *above) if key not in {LOCKED, *but}]
    changed = next((key for key in keys if below.get(key) != above.get(key)), None)
    return f"its `{changed[:60]}` has to stay as it is" if changed else None


def _parts(item: Mapping[str, Any]) -> list[Any]:
    """What has to hold, all of it."""
    if "any" in item:
        return [{"any": item["any"]}]
    proof = item.get("evidence")
    parts = item.get("all", proof["all"] if isinstance(proof, dict) and list(proof) == ["all"] else proof)
    return parts if isinstance(parts, list) else [parts]


def _rank(item: Mapping[str, Any]) -> int:
    tiers = [str(tier) for tier in Tier]
    return tiers.index(item["tier"]) if item.get("tier") in tiers else len(tiers)


def _blocks(item: Mapping[str, Any]) -> bool:
    return item.get("blocking", item.get("tier") in BLOCKING) is True


def _count(role: Mapping[str, Any]) -> int:
    count = role.get("count", 1)
    return count if isinstance(count, int) else 0
