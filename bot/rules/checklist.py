"""Reads the checklist: entries by id to items with their evidence."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.evidence.check import Check
from bot.evidence.combined import All, Not
from bot.evidence.combined import Any as AnyOf
from bot.gate.checklist import Evidence, Item, Tier
from bot.gate.markup import code, listed
from bot.gate.patterns import regex
from bot.gate.workflows import ACTIONS
from bot.rules import values
from bot.rules.kinds import COMBINATIONS, evidence
from bot.rules.spot import Reader, Spot, is_table, options

ITEM_LIMIT = 1_000
BLOCKING = frozenset({Tier.CRITICAL, Tier.HIGH})
"""The tiers whose items block unless they say otherwise."""

_ID = regex(r"^[A-Za-z][A-Za-z0-9_-]{0,49}$")
_EVIDENCE: Mapping[str, Reader[Evidence]] = {
    "evidence": evidence,
    "all": COMBINATIONS["all"],
    "any": COMBINATIONS["any"],
}
_ITEM: Mapping[str, Reader[Any]] = {
    "title": values.line,
    "tier": values.one_of(Tier),
    "blocking": values.flag,
    "how": values.text,
    **_EVIDENCE,
}


def checklist(spot: Spot) -> tuple[Item, ...]:
    """The section `checklist`: the items that can be read, in the order of the file."""
    if not is_table(spot, "items by id"):
        return ()
    entries = list(spot.entries())
    if len(entries) > ITEM_LIMIT:
        spot.fault(f"{spot.name} has {len(entries):,} items; {ITEM_LIMIT:,} is the limit", at_key=True)
    return tuple(item for id, entry in entries[:ITEM_LIMIT] if (item := _item(id, entry)))


def _item(id: str, spot: Spot) -> Item | None:
    if not _ID.search(id):
        spot.fault(f"{spot.name} is no item id; write letters, digits, `-` and `_`, as in `SEC-001`", at_key=True)
    read = options(spot, _ITEM, required=("title", "tier"))
    present = [key for key, _ in spot.entries() if key in _EVIDENCE]
    if len(present) != 1:
        _tell_evidence(spot, present)
        return None
    if read is None:
        return None
    tier, proof = read["tier"], read[present[0]]
    for check in _checks(proof):
        if tier is Tier.CRITICAL and check.app == ACTIONS and check.workflow is None:
            _tell_any_job(spot, check)
    return Item(
        id=id,
        title=read["title"],
        tier=tier,
        evidence=proof,
        blocking=read.get("blocking", tier in BLOCKING),
        how=read.get("how"),
    )


def _tell_evidence(spot: Spot, present: list[str]) -> None:
    if present:
        names = listed([f"`{key}:`" for key in present])
        spot.fault(f"{spot.name} has {names}; keep one and nest the others in it", at_key=True)
    elif dict(spot.entries()):
        spot.fault(f"{spot.name} has no evidence; add `evidence:`, `all:` or `any:`", at_key=True)


def _tell_any_job(spot: Spot, check: Check) -> None:
    spot.fault(
        f"any job can take the name {code(check.name, limit=40)}; name the file that runs it: `workflow: ci.yml`",
        at_key=True,
    )


def _checks(evidence: Evidence) -> Iterator[Check]:
    match evidence:
        case Check():
            yield evidence
        case All(of=parts) | AnyOf(of=parts):
            for part in parts:
                yield from _checks(part)
        case Not(of=part):
            yield from _checks(part)
        case _:
            pass
