"""Reads the checklist: entries by id to items with their evidence."""

from collections.abc import Mapping
from typing import Any

from bot.gate.applies import Author, ItemWhen
from bot.gate.blast_radius import Radius
from bot.gate.checklist import BLOCKING, Evidence, Item, Tier
from bot.gate.markup import listed
from bot.gate.patterns import regex
from bot.gate.version import Bump
from bot.rules import values
from bot.rules.kinds import COMBINATIONS, evidence
from bot.rules.locking import LOCKED
from bot.rules.packages import package_id
from bot.rules.spot import Reader, Spot, is_table, many, options

ITEM_LIMIT = 1_000
WORDS = frozenset({"because", "until", "for"})
"""Words of the commands that no entry can be called."""

ID = r"^[A-Za-z][A-Za-z0-9_-]{0,49}$"


def checklist(spot: Spot) -> tuple[Item, ...]:
    """What must be met, by id; the items that can be read, in the order of the file."""
    if not is_table(spot, "items by id"):
        return ()
    entries = list(spot.entries())
    if len(entries) > ITEM_LIMIT:
        spot.fault(f"{spot.name} has {len(entries):,} items; {ITEM_LIMIT:,} is the limit", at_key=True)
    return tuple(item for id, entry in entries[:ITEM_LIMIT] if (item := _item(id, entry)))


def _item(id: str, spot: Spot) -> Item | None:
    if not regex(ID).search(id):
        spot.fault(f"{spot.name} is no item id; write letters, digits, `-` and `_`, as in `SEC-001`", at_key=True)
    look_at_word(id, spot)
    written = dict(spot.entries())
    tier = written["tier"].value if "tier" in written else None
    read = options(spot.within(item=id, tier=tier), ITEM, required=("title", "tier"))
    present = [key for key in written if key in PROOF]
    if len(present) != 1:
        _tell_evidence(spot, present)
        return None
    if read is None:
        return None
    if read.get(LOCKED) and "waivable_by" in read:
        spot.fault(f"{spot.name} is locked, so nobody can waive it; remove `waivable_by` or `locked`", at_key=True)
    return Item(
        id=id,
        title=read["title"],
        tier=read["tier"],
        evidence=read[present[0]],
        blocking=read.get("blocking", read["tier"] in BLOCKING),
        how=read.get("how"),
        when=read.get("when"),
        enforce_from=read.get("enforce_from"),
        waivable_by=read.get("waivable_by"),
        is_locked=read.get(LOCKED) or False,
    )


def look_at_word(id: str, spot: Spot) -> None:
    """Whether commands could name it: what comes after such a word is read as something else."""
    if id.lower() in WORDS:
        spot.fault(f"{spot.name} is a word of the commands, which could not name it; choose another id", at_key=True)


def _tell_evidence(spot: Spot, present: list[str]) -> None:
    if present:
        names = listed([f"`{key}:`" for key in present])
        spot.fault(f"{spot.name} has {names}; keep one and nest the others in it", at_key=True)
    elif dict(spot.entries()):
        spot.fault(f"{spot.name} has no evidence; add `evidence:`, `all:` or `any:`", at_key=True)


def when(spot: Spot) -> ItemWhen | None:
    """To which changes an item applies."""
    return read_when(spot, WHEN)


def read_when(spot: Spot, known: Mapping[str, Reader[Any]]) -> ItemWhen | None:
    """Conditions on the change, those of them that can be given here."""
    read = options(spot, known)
    if read is None:
        return None
    if "radius" in read and not spot.context.areas:
        spot.fault("`radius` is that of an area and there is none; add paths under `areas:`", at_key=True)
    return ItemWhen(**read)


PROOF: Mapping[str, Reader[Evidence]] = {
    "evidence": evidence,
    "all": COMBINATIONS["all"],
    "any": COMBINATIONS["any"],
}
WHEN: Mapping[str, Reader[Any]] = {
    "paths": many(values.path_glob),
    "labels": many(values.line, frozenset),
    "base": many(values.branch_glob),
    "bump": many(values.OneOf(Bump), frozenset),
    "radius": many(values.OneOf(Radius), frozenset),
    "author": many(values.OneOf(Author), frozenset),
    "package": many(package_id, frozenset),
}
ITEM: Mapping[str, Reader[Any]] = {
    "title": values.line,
    "tier": values.OneOf(Tier),
    "blocking": values.flag,
    "how": values.text,
    "when": when,
    "enforce_from": values.instant,
    "waivable_by": many(values.role_id),
    **PROOF,
    LOCKED: values.flag,
}
