"""Which items are waived: who may set one aside, until when, and which push ends it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce

from bot.gate.checklist import Item, JudgedItem
from bot.gate.claims import Claim, Claimed, Topic, questions
from bot.gate.commands import Command, Verb
from bot.gate.facts import Snapshot
from bot.gate.finding import Finding, State
from bot.gate.markup import code, instant
from bot.gate.needs import Questions
from bot.gate.rules import Rules, Stale
from bot.gate.signed import commit_of, to_compare, why_rebased, why_stale


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """What became of the waivers of one item."""

    standing: tuple[Claim, ...] = ()
    ended: tuple[tuple[Claim, str], ...] = ()
    """With the reason why each no longer counts."""
    unknown: str = ""


def waiving(rules: Rules) -> Topic:
    """`/waive` and `/unwaive`."""
    named = {item.id: rules.who_may_waive(item) for item in rules.checklist}
    may = {id: tuple(rules.roles[role] for role in roles if role in rules.roles) for id, roles in named.items()}
    return Topic(
        opens=Verb.WAIVE,
        closes=Verb.UNWAIVE,
        doing="waive",
        what="item to waive",
        they_are="the items to waive are",
        may={id: roles for id, roles in may.items() if roles},
        why_not={item.id: _why_nobody(item) for item in rules.checklist if not may[item.id]},
        binds=True,
    )


def _why_nobody(item: Item) -> str:
    if item.is_locked:
        return f"{code(item.id)} is locked upstream: nobody can waive it"
    return f"nobody can waive {code(item.id)}, which is {item.tier}: no `waivable_by` names a role"


def waived(rules: Rules, claimed: Mapping[str, Claimed], snapshot: Snapshot) -> Mapping[str, Waived]:
    """By item: the waivers that stand, and those that ended."""
    items = {item.id: item for item in rules.checklist}
    return {id: _waived(items[id], of, snapshot) for id, of in claimed.items() if of.claims or of.unknown}


def _waived(item: Item, claimed: Claimed, snapshot: Snapshot) -> Waived:
    judged = [(claim, _why_ended(item, claim, snapshot)) for claim in claimed.claims]
    return Waived(
        standing=tuple(claim for claim, because in judged if not because),
        ended=tuple((claim, because) for claim, because in judged if because),
        unknown=claimed.unknown,
    )


def _why_ended(item: Item, claim: Claim, snapshot: Snapshot) -> str:
    if claim.until is not None and claim.until <= snapshot.taken_at:
        return f"it ended on {instant(claim.until)}"
    stale, paths = _ends_by(item)
    rebased = why_rebased(claim.at, snapshot, was="waived")
    return rebased or why_stale(stale, paths, claim.sha or "", snapshot, was="waived")


def _ends_by(item: Item) -> tuple[Stale, tuple[str, ...]]:
    """Which pushes end a waiver: those that touch what the item is about, any if it is about everything."""
    paths = item.when.paths if item.when else ()
    return (Stale.CHANGED, paths) if paths else (Stale.PUSH, ())


def waived_questions(rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...]) -> Questions:
    """What must be found out before `waived` can tell."""
    topic = waiving(rules)
    items = {item.id: item for item in rules.checklist}
    compared = (
        to_compare(*_ends_by(items[id]), commit_of(command, snapshot), snapshot)
        for command in commands
        if command.verb is Verb.WAIVE and (id := topic.id_of(command))
    )
    return reduce(Questions.__or__, compared, questions(topic, snapshot, commands))


def set_aside(judged: JudgedItem, waived: Waived) -> JudgedItem:
    """The item, waived where somebody who may has said so and something is left to do."""
    if not judged.is_open:
        return judged
    if waived.standing:
        return replace(judged, finding=_finding(waived.standing))
    why = [f"the waiver of {code(claim.login)} has ended: {because}" for claim, because in waived.ended]
    why += [f"it can't be told whether it is waived: {waived.unknown}"] if waived.unknown else []
    return replace(judged, finding=replace(judged.finding, seen="; ".join([judged.finding.seen, *why[-1:]])))


def _finding(claims: tuple[Claim, ...]) -> Finding:
    """By the waiver that lasts longest."""
    last = max(claims, key=lambda claim: (claim.until is None, claim.until or claim.at))
    until = f" until {instant(last.until)}" if last.until else ""
    seen = f"waived by {code(last.login)}{until}: {code(last.because, limit=200)}"
    return Finding(state=State.WAIVED, seen=seen, link=last.url, at=last.at, again_at=last.until)
