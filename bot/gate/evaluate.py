"""Decides: rules and a snapshot in, a verdict with every reason out."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.gate import blockers as blocking
from bot.gate.acceptances import accepted
from bot.gate.addressed import edited_by_others
from bot.gate.answers import answers, unanswered
from bot.gate.candidate import Candidate
from bot.gate.check_name import gives_fixed_name
from bot.gate.checklist import Item, JudgedItem, readiness
from bot.gate.declared import DeclaredBumps
from bot.gate.facts import Fact, Snapshot, Unavailable
from bot.gate.finding import Finding, State
from bot.gate.needs import Needs, Questions
from bot.gate.outlook import blockers_of, outlook, timeline_of
from bot.gate.owner_reviews import questions as about_owners
from bot.gate.package_blockers import of_packages, without_problems
from bot.gate.packages import PackageVersion, leading, versions
from bot.gate.packages import questions as about_packages
from bot.gate.people import People, bumps, closing_questions, closings, commands_for_us, people
from bot.gate.people import questions as about_people
from bot.gate.reactions import reactions
from bot.gate.rules import BrokenRules, Mode, Rules
from bot.gate.verdict import Blocker, Outcome, Verdict, outcome_of
from bot.gate.version import NextVersion, next_version
from bot.gate.version_tags import questions as about_tags
from bot.gate.versioned import filled
from bot.gate.waivers import Waived, set_aside

UNKNOWN_FOR = timedelta(minutes=10)
"""After which what is unknown is asked again."""


def evaluate(rules: Rules | BrokenRules, snapshot: Snapshot) -> Verdict:
    """The one decision. Pure: the same rules and snapshot always give the same verdict."""
    verdict = cannot_evaluate(snapshot, "", is_fixed=gives_fixed_name(rules, snapshot.published))
    verdict = replace(verdict, language=rules.language)
    if isinstance(rules, BrokenRules):
        return replace(verdict, faults=rules.faults, rules_file=rules.file)
    if not rules.when.holds(snapshot):
        return replace(verdict, outcome=Outcome.NOT_A_RELEASE, closings=closings(rules, snapshot))
    commands = commands_for_us(rules, snapshot)
    declared = bumps(rules, snapshot, commands)
    parts, version = _versions(rules, snapshot, declared)
    said = _with_answers(rules, people(rules, snapshot, commands, version, declared, parts))
    candidate = Candidate(
        snapshot=snapshot,
        standings=said.standings,
        attested=said.attested,
        next_version=version,
        packages=parts,
        version_files=rules.semver.files,
        workflow_roles=rules.workflow_roles,
        items={item.id: item.evidence for item in rules.checklist},
    )
    moot = (item.id for item in rules.checklist if item.when and not item.when.holds(candidate, rules.areas))
    candidate = replace(candidate, inapplicable=frozenset(moot))
    items = tuple(set_aside(_judged(item, candidate), said.waived.get(item.id, Waived())) for item in rules.checklist)
    ahead = outlook(rules, candidate, items, accepted(said.accepted, snapshot.taken_at))
    blockers = (
        *blocking.of_holds(said),
        *blocking.of_items(items),
        *blocking.of_version(rules, without_problems(version), declared),
        *of_packages(parts),
        *blocking.of_roles(rules, said, candidate),
        *blockers_of(ahead, rules),
    )
    again = [at for judged in items for at in (judged.finding.again_at, _enforced_at(judged)) if at]
    again += [hold.until for hold in said.holds if hold.until]
    again += ahead.again
    return replace(
        verdict,
        is_shadow=rules.mode is Mode.SHADOW,
        rules_file=rules.file,
        outcome=outcome_of(blockers, open_items=any(judged.is_open for judged in items)),
        items=items,
        standings=blocking.shown(rules, said, candidate),
        holds=said.holds,
        answers=answers(rules, said, items, ahead.risks, snapshot.head_sha),
        deletions=() if isinstance(snapshot.deletions, Unavailable) else snapshot.deletions,
        edits=edited_by_others(snapshot),
        reactions=reactions(said),
        blockers=blockers,
        refusals=said.refusals,
        version=version,
        packages=parts,
        readiness=readiness(items),
        outlook=ahead,
        timeline=timeline_of(ahead, items, blockers, rules, snapshot),
        again_at=min([*again, *_unknown_again(items, blockers, snapshot)], default=None),
        closings=said.closings,
    )


def questions(rules: Rules | BrokenRules, snapshot: Snapshot) -> Questions:
    """What a look at the snapshot leaves open; falsy once `evaluate` has all it can get."""
    if isinstance(rules, BrokenRules):
        return Questions()
    if not rules.when.holds(snapshot):
        return closing_questions(rules, snapshot)
    needs, said = rules.needs(), about_people(rules, snapshot)
    said |= about_owners(snapshot) if needs.code_owners else Questions()
    said |= about_tags(rules.semver.tag, snapshot) | about_packages(rules.packages, snapshot)
    said = replace(
        said,
        memberships=said.memberships | _reviewers(needs, snapshot) - snapshot.memberships.keys(),
        changes=(needs.changes or said.changes) and snapshot.changes is None,
    )
    # What is asked already may decide which version comes next.
    return said or Questions(files=versioned_files(rules, snapshot) - snapshot.files.keys())


def versioned_files(rules: Rules, snapshot: Snapshot) -> frozenset[str]:
    """Paths at the head that are told by the next version, once that is known."""
    asked = rules.needs().versioned
    if not asked:
        return frozenset()
    _, version = _versions(rules, snapshot, bumps(rules, snapshot, commands_for_us(rules, snapshot)))
    return frozenset(path for one in asked if isinstance(path := filled(one, version), str))


def _versions(
    rules: Rules, snapshot: Snapshot, declared: DeclaredBumps
) -> tuple[Fact[tuple[PackageVersion, ...]], Fact[NextVersion]]:
    """The touched packages' versions, and the one that the release goes by."""
    parts = versions(rules.packages, rules.semver, snapshot, declared.declared)
    whole = next_version(rules.semver, snapshot, declared.declared)
    return parts, leading(whole, parts, rules.semver, snapshot)


def cannot_evaluate(snapshot: Snapshot, because: str, *, is_fixed: bool = False) -> Verdict:
    """The verdict when facts could not be had for too long: shut, with the reason."""
    return Verdict(
        outcome=Outcome.ERROR,
        repository=snapshot.repository,
        number=snapshot.number,
        base_ref=snapshot.base_ref,
        head_sha=snapshot.head_sha,
        group_sha=snapshot.group_sha,
        is_draft=snapshot.is_draft,
        is_fixed=is_fixed,
        trouble=because,
    )


def _reviewers(needs: Needs, snapshot: Snapshot) -> frozenset[tuple[str, str]]:
    """Whose teams decide whether their approval counts."""
    if isinstance(snapshot.reviews, Unavailable):
        return frozenset()
    approving = {review.author for review in snapshot.reviews if review.is_approval and review.author}
    return frozenset((team, login) for team in needs.review_teams for login in approving)


def _judged(item: Item, candidate: Candidate) -> JudgedItem:
    if item.id in candidate.inapplicable:
        return JudgedItem(item=item, finding=Finding(state=State.NOT_APPLICABLE, seen="does not apply to this change"))
    enforced = item.enforce_from is None or item.enforce_from <= candidate.now
    finding = item.evidence.judge(replace(candidate, item=item.id))
    doubt = item.when.doubt(candidate) if item.when and finding.state is not State.MET else ""
    if doubt:
        finding = replace(
            finding, seen=f"{finding.seen}; it may not apply to this change, but that is not known: {doubt}"
        )
    return JudgedItem(item=item, finding=finding, is_enforced=enforced)


def _with_answers(rules: Rules, said: People) -> People:
    return replace(said, refusals=(*said.refusals, *unanswered(rules, said.asked)))


def _enforced_at(judged: JudgedItem) -> datetime | None:
    """When the item begins to block, while that lies ahead."""
    return None if judged.is_enforced or not judged.is_open else judged.item.enforce_from


def _unknown_again(
    items: tuple[JudgedItem, ...], blockers: tuple[Blocker, ...], snapshot: Snapshot
) -> tuple[datetime, ...]:
    """GitHub sends no event when what it did not tell can be told again, a permission granted for one."""
    findings = (*(judged.finding for judged in items), *(blocker.finding for blocker in blockers))
    is_unknown = any(finding.state is State.UNKNOWN for finding in findings)
    return (snapshot.taken_at + UNKNOWN_FOR,) if is_unknown else ()
