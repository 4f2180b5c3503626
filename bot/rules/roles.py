"""Reads who signs off and who may waive: the sections `roles` and `tiers`."""

from collections.abc import Mapping
from typing import Any

from bot.gate.applies import ItemWhen
from bot.gate.checklist import Tier
from bot.gate.patterns import regex
from bot.gate.rules import Exclude, Quote, Role, Stale, Via
from bot.rules import values
from bot.rules.checklist import WHEN as ITEM_WHEN
from bot.rules.checklist import look_at_word, read_when
from bot.rules.document import Table
from bot.rules.locking import LOCKED
from bot.rules.sections import ID
from bot.rules.spot import Reader, Spot, is_table, many, options


def tiers(spot: Spot) -> Mapping[Tier, tuple[str, ...]] | None:
    """Who may waive the items of a tier."""
    read = options(spot, TIERS)
    return {Tier(tier): roles for tier, roles in read.items()} if read is not None else None


def tier(spot: Spot) -> tuple[str, ...] | None:
    """What holds for all items of a tier that do not say otherwise."""
    read = options(spot, TIER, required=("waivable_by",))
    return read["waivable_by"] if read is not None else None


TIER: Mapping[str, Reader[Any]] = {"waivable_by": many(values.role_id)}
TIERS: Mapping[str, Reader[Any]] = {str(one): tier for one in Tier}


def roles(spot: Spot) -> Mapping[str, Role]:
    """Who signs off, by id; those that can be read."""
    if not is_table(spot, "roles by id"):
        return {}
    return {id: role for id, entry in spot.entries() if (role := _role(id, entry))}


def _role(id: str, spot: Spot) -> Role | None:
    if not regex(ID).search(id):
        spot.fault(f"{spot.name} is no role id; write lower-case letters, digits and hyphens", at_key=True)
    look_at_word(id, spot)
    read = options(spot, ROLE)
    if read is None:
        return None
    read.pop(LOCKED, None)
    stale, paths = read.pop("stale", (Stale.CHANGED, ()))
    role = Role(id=id, stale=stale, stale_paths=paths, **read)
    if role.via == {Via.REVIEW} and role.quote_version is not Quote.NEVER:
        said = "a review can't name a version; add `comment` to `via`, or remove `quote_version`"
        spot.fault(f"{spot.name} can't be filled: {said}", at_key=True)
    listed = {user.lower() for user in role.users} | role.apps
    if listed and not role.teams and len(listed) < role.count:
        spot.fault(f"{spot.name} lists fewer people than the {role.count} who must sign; add some", at_key=True)
    return role


def when(spot: Spot) -> ItemWhen | None:
    """To which changes a required role has to say something."""
    return read_when(spot, WHEN)


WHEN: Mapping[str, Reader[Any]] = {option: ITEM_WHEN[option] for option in ("bump", "paths", "radius")}


def stale(spot: Spot) -> tuple[Stale, tuple[str, ...]] | None:
    """When a push takes a sign-off away: a word, or the paths that count."""
    if not isinstance(spot.node, Table):
        word = STALE_WORD(spot)
        return (word, ()) if word else None
    read = options(spot, STALE, required=("paths",))
    return (Stale.CHANGED, read["paths"]) if read is not None else None


STALE_WORD = values.OneOf(Stale)
STALE: Mapping[str, Reader[Any]] = {"paths": many(values.path_glob)}
ROLE: Mapping[str, Reader[Any]] = {
    "users": many(values.login, frozenset),
    "teams": many(values.team, frozenset),
    "apps": many(values.app, frozenset),
    "required": values.flag,
    "count": values.count,
    "when": when,
    "via": many(values.OneOf(Via), frozenset),
    "exclude": many(values.OneOf(Exclude), frozenset, may_be_empty=True),
    "distinct": values.flag,
    "quote_version": values.OneOf(Quote),
    "stale": stale,
    LOCKED: values.flag,
}
