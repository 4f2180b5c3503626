"""Tells what a change of rules adds, removes and weakens: rules and proposed rules in, sentences out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from bot.gate.blast_radius import Radius
from bot.gate.markup import code, listed, some
from bot.gate.release import When
from bot.gate.risk import Level, Status
from bot.gate.rules import Mode, Quote, Role, Rules, Stale
from bot.gate.version import Bump, Zero


class Effect(StrEnum):
    """What a change does to the gate."""

    REMOVES = "removes"
    WEAKENS = "weakens"
    ADDS = "adds"
    CHANGES = "changes"
    """Neither: it asks for more, or only words differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One difference between two rules."""

    effect: Effect
    said: str
    """Half a sentence that goes on after the effect, in Markdown."""

    @property
    def is_weaker(self) -> bool:
        """Something could pass with it that could not pass before."""
        return self.effect in {Effect.REMOVES, Effect.WEAKENS}


Weaker = Callable[[Any, Any], str]
"""An old and a new value of a field that differ → how the new one is weaker; empty when it is not."""


def rule_changes(old: Rules, new: Rules | None) -> tuple[RuleChange, ...]:
    """Every difference, the weaker first; None: nothing would be asked any more.

    It fails closed: what is not known to be as strict as before is weaker.
    """
    if new is None:
        return (RuleChange(effect=Effect.REMOVES, said="the whole gate: no rules would be left"),)
    found = [
        *_of_fields("the gate", old, new, _RULES),
        *_of_fields("the version", old.semver, new.semver, _SEMVER),
        *_by_id("the package", {one.id: one for one in old.packages}, {one.id: one for one in new.packages}, _PACKAGE),
        *_by_id("the role", old.roles, new.roles, _ROLE),
        *_by_id("", {item.id: item for item in old.checklist}, {item.id: item for item in new.checklist}, _ITEM),
        *_by_id("the area", {area.id: area for area in old.areas}, {area.id: area for area in new.areas}, _AREA),
        *_by_id("the risk", old.risks, new.risks, _RISK),
        *_by_id("the freeze", old.freezes, new.freezes, _FREEZE),
        *_let_go(old, new),
        *_split_off(old, new),
        *_waives_more(old, new),
    ]
    return tuple(sorted(found, key=lambda change: tuple(Effect).index(change.effect)))


def _let_go(old: Rules, new: Rules) -> Iterator[RuleChange]:
    """What asks only of small changes asks nothing of those that the new rules take for greater ones."""
    whens = {role.id: role.when for role in old.roles.values()} | {item.id: item.when for item in old.checklist}
    known = {area.id for area in old.areas}
    for id, when in ((id, when) for id, when in whens.items() if when):
        for area in (area for area in new.areas if area.id not in known):
            if area.radius not in when.radius and _has_lower(when.radius, area.radius):
                said = f"{code(id)} asks nothing of changes that the new area {code(area.id)} makes `{area.radius}`"
                yield RuleChange(effect=Effect.WEAKENS, said=said)
        raised = [name for name in ("files", "zero") if getattr(old.semver, name) != getattr(new.semver, name)]
        if raised and any(bump not in when.bump and _has_lower(when.bump, bump) for bump in _BUMPS):
            of = listed([f"`{name}`" for name in raised])
            said = f"{code(id)} asks nothing of the greater bumps that {of} of the version may make"
            yield RuleChange(effect=Effect.WEAKENS, said=said)


def _waives_more(old: Rules, new: Rules) -> Iterator[RuleChange]:
    """Who may waive is said by an item, by its tier, or by which roles are required: only what comes of it compares."""
    before = {item.id: old.who_may_waive(item) for item in old.checklist}
    by_role: dict[str, list[str]] = {}
    for item in new.checklist:
        for role in new.who_may_waive(item):
            if item.id in before and role not in before[item.id]:
                by_role.setdefault(role, []).append(item.id)
    for ids in dict.fromkeys(tuple(ids) for ids in by_role.values()):
        roles = listed([code(role) for role, its in by_role.items() if tuple(its) == ids])
        yield RuleChange(effect=Effect.WEAKENS, said=f"{some(ids)} may be waived by {roles}")


def _split_off(old: Rules, new: Rules) -> Iterator[RuleChange]:
    """What commits say of a new package counts for it alone."""
    known = {package.id for package in old.packages}
    for package in new.packages:
        if package.id not in known:
            said = f"the bump: what commits say of the new package {code(package.id)} counts for it alone"
            yield RuleChange(effect=Effect.WEAKENS, said=said)


_BUMPS = (Bump.MAJOR, Bump.MINOR, Bump.PATCH)
"""The greatest first, as the radii are."""


def _has_lower(words: frozenset[Any], than: Bump | Radius) -> bool:
    order: tuple[Any, ...] = tuple(Radius) if isinstance(than, Radius) else _BUMPS
    return any(order.index(word) > order.index(than) for word in words)


def stricter(old: Rules, new: Rules) -> Rules:
    """The old rules with every sign-off that the new ones ask for beyond them."""
    asked = {role.id: role for role in new.signing_roles()}
    roles = {id: _stricter(role, asked.pop(id)) if id in asked else role for id, role in old.roles.items()}
    return replace(old, roles={**roles, **{id: replace(role, required=True) for id, role in asked.items()}})


def signed_anew(rules: Rules, files: tuple[str, ...]) -> Rules:
    """The same, but whoever signed before these files changed has not seen what they say now."""
    paths = tuple(f"/{file}" for file in files)
    return replace(rules, roles={id: _dropped_by(role, paths) for id, role in rules.roles.items()})


def _dropped_by(role: Role, paths: tuple[str, ...]) -> Role:
    match role.stale:
        case Stale.NEVER:
            return replace(role, stale=Stale.CHANGED, stale_paths=paths)
        case Stale.CHANGED if role.stale_paths:
            return replace(role, stale_paths=(*role.stale_paths, *paths))
        case _:
            return role


def _stricter(old: Role, new: Role) -> Role:
    """Who may sign stays as it was: that a proposal lists more people does not let them sign for it."""
    return replace(
        old,
        required=True,
        when=old.when if old.when == new.when else None,
        count=max(old.count, new.count),
        exclude=old.exclude | new.exclude,
    )


def _by_id(
    kind: str, old: Mapping[str, Any], new: Mapping[str, Any], weaker: Mapping[str, Weaker]
) -> Iterator[RuleChange]:
    def named(id: str) -> str:
        return f"{kind} {code(id)}".strip()

    for id, entry in old.items():
        if id not in new:
            yield RuleChange(effect=Effect.REMOVES, said=named(id))
        else:
            yield from _of_fields(named(id), entry, new[id], weaker)
    yield from (RuleChange(effect=Effect.ADDS, said=named(id)) for id in new if id not in old)


def _of_fields(name: str, old: Any, new: Any, weaker: Mapping[str, Weaker]) -> Iterator[RuleChange]:  # noqa: ANN401
    """Differences of two values of one dataclass; a field that the table does not know is weaker when it differs."""
    changed = [field.name for field in fields(old) if getattr(old, field.name) != getattr(new, field.name)]
    said = {field: weaker.get(field, _differs(field))(getattr(old, field), getattr(new, field)) for field in changed}
    yield from (RuleChange(effect=Effect.WEAKENS, said=f"{name} {text}") for text in said.values() if text)
    elsewhere = _TOLD_ELSEWHERE if isinstance(old, Rules) else ()
    harmless = [field for field, text in said.items() if not text and field not in elsewhere]
    if harmless:
        of = listed([f"`{field}`" for field in harmless])
        yield RuleChange(effect=Effect.CHANGES, said=f"{of} of {name}")


_TOLD_ELSEWHERE = frozenset(
    {"source", "warnings", "semver", "packages", "roles", "checklist", "areas", "risks", "freezes", "id"}
)
_TOLD_ONLY = ("metrics", "deliverables", "contacts", "links", "references")
"""What the rules only tell, and nothing waits for."""


def _differs(field: str) -> Weaker:
    return lambda _old, _new: f"has another `{field}`"


def _never(_old: object, _new: object) -> str:
    return ""


def _is_narrower(old: When, new: When) -> str:
    return "" if _covers(new, old) else "looks at fewer pull requests, or at others"


_ALTERNATIVES = ("base", "head", "labels", "paths", "any")
"""Conditions of which one has to hold, if there are any."""


def _covers(wide: When, narrow: When) -> bool:
    """Whether all that fits the one surely fits the other as well."""
    lists = [(getattr(wide, name), getattr(narrow, name)) for name in _ALTERNATIVES]
    others = [field.name for field in fields(wide) if field.name not in _ALTERNATIVES]
    return all(not new or (bool(old) and set(old) <= set(new)) for new, old in lists) and all(
        not getattr(wide, field) or getattr(wide, field) == getattr(narrow, field) for field in others
    )


def _asks_fewer_workflow_roles(old: tuple[str, ...] | None, new: tuple[str, ...] | None) -> str:
    """One of them is enough, so more of them is weaker."""
    asks_no_more_people = old is not None and new is not None and set(new) <= set(old)
    return "" if asks_no_more_people else "lets others sign changes of workflows"


def _reaches_other_bases(_old: bool, new: bool) -> str:  # noqa: FBT001 - both sides of a field
    """Either way some base is judged by other rules than before, which nobody compares."""
    if new:
        return "sets the rules of all other bases aside: `check: {fixed: true}`"
    return "leaves all other bases to their own rules, without `check: {fixed: true}`"


def _blocks_less(old: Level | None, new: Level | None) -> str:
    if old is None or (new is not None and new.rank <= old.rank):
        return ""
    return f"blocks for risks from {new} on only: `risk: {{block_at: {new}}}`" if new else "blocks for no risk any more"


_RULES: Mapping[str, Weaker] = {
    **dict.fromkeys((*_TOLD_ELSEWHERE, *_TOLD_ONLY, "file"), _never),
    "when": _is_narrower,
    "mode": lambda _, new: "would block nothing: `mode: shadow`" if new is Mode.SHADOW else "",
    "is_fixed": _reaches_other_bases,
    "waivable_by": _never,
    "block_at": _blocks_less,
    "workflow_changes": _asks_fewer_workflow_roles,
}

_SEMVER: Mapping[str, Weaker] = {
    "override_by": lambda old, new: "lets others declare the bump" if set(new) - set(old) else "",
    "files": lambda old, new: "" if set(old) <= set(new) else "is looked for in fewer files",
    "zero": lambda _, new: "grows less before 1.0.0" if new is Zero.MINOR else "",
}


def _widens(old: frozenset[str], new: frozenset[str]) -> str:
    more = [code(one) for one in sorted(new - old)]
    return f"may be signed by {listed(more)} too" if more else ""


def _excludes_fewer(old: frozenset[Any], new: frozenset[Any]) -> str:
    fewer = [code(str(one)) for one in sorted(old - new)]
    return f"no longer excludes {listed(fewer)}" if fewer else ""


def _names_less(old: Quote, new: Quote) -> str:
    order = tuple(Quote)
    return f"names the version less often: `quote_version: {new}`" if order.index(new) < order.index(old) else ""


def _survives_more(old: Stale, new: Stale) -> str:
    order = (Stale.PUSH, Stale.CHANGED, Stale.NEVER)
    return f"keeps its sign-offs over more pushes: `stale: {new}`" if order.index(new) > order.index(old) else ""


def _watches_less(old: tuple[str, ...], new: tuple[str, ...]) -> str:
    """No paths means all paths."""
    return "" if not new or (old and set(old) <= set(new)) else "keeps its sign-offs when other paths change"


_ROLE: Mapping[str, Weaker] = {
    "apps": _widens,
    "when": lambda _, new: "need not sign the same changes any more" if new is not None else "",
    "via": lambda old, new: f"signs by {listed([code(way) for way in sorted(new - old)])} too" if new - old else "",
    "distinct": lambda _, new: "" if new else "may be filled by who fills another one",
    "quote_version": _names_less,
    "users": _widens,
    "teams": _widens,
    "required": lambda _, new: "" if new else "need not sign any more",
    "count": lambda old, new: f"wants {new} instead of {old} people" if new < old else "",
    "exclude": _excludes_fewer,
    "stale": _survives_more,
    "stale_paths": _watches_less,
}


_ITEM: Mapping[str, Weaker] = {
    "title": _never,
    "how": _never,
    "tier": lambda old, new: f"is {new} instead of {old}" if new.weight < old.weight else "",
    "blocking": lambda _, new: "" if new else "no longer blocks",
    "evidence": lambda *_: "is shown by other evidence",
    "when": lambda _, new: "does not apply to the same changes any more" if new is not None else "",
    "waivable_by": _never,
    "is_locked": lambda _, new: "" if new else "is no longer locked",
    "enforce_from": lambda old, new: "blocks only later" if new and (old is None or new > old) else "",
}


def _asks_fewer(old: tuple[str, ...], new: tuple[str, ...]) -> str:
    fewer = [code(one) for one in old if one not in new]
    return f"no longer asks for {listed(fewer)}" if fewer else ""


def _is_less(old: Level | None, new: Level | None) -> str:
    """Without a level another field decides, which may say anything."""
    if old and new and new.rank >= old.rank:
        return ""
    return f"is {new} instead of {old}" if old and new else "is rated otherwise"


def _may_be_accepted_by(old: tuple[str, ...], new: tuple[str, ...]) -> str:
    more = [code(one) for one in new if one not in old]
    return f"may be accepted by {listed(more)} too" if more else ""


_PACKAGE: Mapping[str, Weaker] = {
    "files": lambda old, new: "" if set(old) <= set(new) else "is looked for in fewer files",
}

_AREA: Mapping[str, Weaker] = {
    "rollback": _never,
    "watch": _never,
    "depends_on": _never,
    "roles": _asks_fewer,
}

_RISK: Mapping[str, Weaker] = {
    "title": _never,
    "mitigation": _never,
    "probability": _is_less,
    "impact": _is_less,
    "stated": _is_less,
    "mitigated_by": lambda old, new: "" if old and set(old) <= set(new) else "is mitigated by other items",
    "status": lambda _, new: "" if new is Status.OPEN else f"is {new} by the rules",
    "owners": _may_be_accepted_by,
    "when": lambda _, new: "does not apply to the same changes any more" if new is not None else "",
}

_FREEZE: Mapping[str, Weaker] = {
    "reason": _never,
    "labels": lambda old, new: "" if set(new) <= set(old) else "excepts other labels",
    "head": lambda old, new: "" if set(new) <= set(old) else "excepts other branches",
}
