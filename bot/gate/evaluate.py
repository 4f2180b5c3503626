"""Decides: rules and a snapshot in, a verdict with every reason out."""

from dataclasses import replace

from bot.gate.candidate import Candidate
from bot.gate.checklist import JudgedItem, readiness
from bot.gate.facts import Questions, Snapshot
from bot.gate.rules import BrokenRules, Rules
from bot.gate.sign_offs import people
from bot.gate.sign_offs import questions as about_people
from bot.gate.standing import Standing, finding
from bot.gate.verdict import Blocker, Outcome, Verdict, outcome_of
from bot.gate.version import highest_open_tag, next_version


def evaluate(rules: Rules | BrokenRules, snapshot: Snapshot) -> Verdict:
    """The one decision. Pure: the same rules and snapshot always give the same verdict."""
    verdict = cannot_evaluate(snapshot, "")
    if isinstance(rules, BrokenRules):
        return replace(verdict, faults=rules.faults, rules_file=rules.file)
    if not rules.when.holds(snapshot):
        return replace(verdict, outcome=Outcome.NOT_A_RELEASE)
    said = people(rules, snapshot)
    candidate = Candidate(snapshot=snapshot, standings=said.standings)
    items = tuple(JudgedItem(item=item, finding=item.evidence.judge(candidate)) for item in rules.checklist)
    blockers = (
        *(_item_blocker(judged) for judged in items if judged.blocks),
        *(_role_blocker(standing, snapshot) for standing in said.standings.values() if standing.blocks),
    )
    again = [judged.finding.again_at for judged in items if judged.finding.again_at]
    return replace(
        verdict,
        rules_file=rules.file,
        outcome=outcome_of(blockers, open_items=any(not judged.is_met for judged in items)),
        items=items,
        standings=tuple(said.standings[role.id] for role in rules.signing_roles()),
        blockers=blockers,
        refusals=said.refusals,
        version=next_version(rules.semver, snapshot),
        readiness=readiness(items),
        again_at=min(again) if again else None,
        closings=said.closings,
    )


def questions(rules: Rules | BrokenRules, snapshot: Snapshot) -> Questions:
    """What a look at the snapshot leaves open; falsy once `evaluate` has all it can get."""
    if isinstance(rules, BrokenRules) or not rules.when.holds(snapshot):
        return Questions()
    return replace(about_people(rules, snapshot), tag=highest_open_tag(rules.semver, snapshot))


def cannot_evaluate(snapshot: Snapshot, because: str) -> Verdict:
    """The verdict when facts could not be had for too long: shut, with the reason."""
    return Verdict(
        outcome=Outcome.ERROR,
        repository=snapshot.repository,
        number=snapshot.number,
        base_ref=snapshot.base_ref,
        head_sha=snapshot.head_sha,
        is_draft=snapshot.is_draft,
        trouble=because,
    )


def _item_blocker(judged: JudgedItem) -> Blocker:
    item = judged.item
    return Blocker(id=item.id, title=item.title, finding=judged.finding, tier=item.tier, how=item.how)


def _role_blocker(standing: Standing, snapshot: Snapshot) -> Blocker:
    return Blocker(id=standing.role.id, title="Sign-off", finding=finding(standing, snapshot.head_sha))
