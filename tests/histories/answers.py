"""What somebody of good will does about a blocker."""

from collections.abc import Callable
from dataclasses import replace

from bot.evidence.check import Check
from bot.evidence.label import Label
from bot.evidence.review import Review
from bot.gate.checklist import Item
from bot.gate.facts import ReviewState
from bot.gate.rules import Role, Rules
from bot.gate.verdict import HOLD, OF_VERSION, Blocker, Verdict
from tests.histories.expected import may_act, who
from tests.histories.world import PEOPLE, Said, World

Change = Callable[[World], World]


def to(rules: Rules, world: World, verdict: Verdict, blocker: Blocker, *, names_head: bool, waives: bool) -> Change:
    """The next step; none where nobody can help."""
    if blocker.id in rules.roles:
        return _signs(rules.roles[blocker.id], world, verdict, names_head=names_head)
    if blocker.id == HOLD:
        holder = verdict.holds[0].login
        return lambda world: world.with_remark(holder, Said(verb="unhold"))
    if blocker.id == OF_VERSION:
        devops = [rules.roles[id] for id in rules.semver.override_by]
        return _says(Said(verb="bump", argument="major"), devops, world)
    (item,) = (item for item in rules.checklist if item.id == blocker.id)
    waive = Said(verb="waive", argument=item.id, sha=world.head.sha if names_head else None)
    if waives and who(rules, waive):
        return _says(waive, who(rules, waive), world)
    return _about_item(rules, world, verdict, item, names_head=names_head)


def _about_item(rules: Rules, world: World, verdict: Verdict, item: Item, *, names_head: bool) -> Change:
    needs = item.evidence.needs()
    if needs.attesters:
        attest = Said(verb="attest", argument=item.id)
        return _says(attest, who(rules, attest), world) if blocked_by(verdict, item.id) else _waits
    match item.evidence:
        case Label():
            return lambda world: replace(world, labels=world.labels | {"qa"})
        case Check():
            return lambda world: replace(world, passes=True)
        case Review():
            return lambda world: world.with_remark("walt", review=ReviewState.APPROVED)
        case _:
            missing = [
                rules.roles[one.role.id]
                for one in verdict.standings
                if not one.is_signed and one.role.id in needs.roles
            ]
            return _signs(missing[0], world, verdict, names_head=names_head) if missing else _waits


def blocked_by(verdict: Verdict, id: str) -> bool:
    """Whether more than time is missing."""
    return any(one.id == id and not one.finding.by_clock for one in verdict.blockers)


def _waits(world: World) -> World:
    return world.later(3600)


def _signs(role: Role, world: World, verdict: Verdict, *, names_head: bool) -> Change:
    """Somebody signs for the role who has not yet."""
    signed = {one.login for standing in verdict.standings if standing.role.id == role.id for one in standing.signed}
    version = getattr(verdict.version, "next", None)
    said = Said(
        verb="approve",
        argument=role.id,
        sha=world.head.sha if names_head else None,
        version=version if names_head else None,
    )
    people = [login for login in PEOPLE if login not in signed and may_act(role, login, world)]
    if not people:
        return _waits
    return lambda world: world.with_remark(people[-1], said, review=None if names_head else ReviewState.APPROVED)


def _says(said: Said, roles: list[Role] | tuple[Role, ...], world: World) -> Change:
    people = [login for login in PEOPLE if any(may_act(role, login, world) for role in roles)]
    return lambda world: world.with_remark(people[0], said) if people else world
