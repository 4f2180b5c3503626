"""The verdict: what blocks, what waits, what passes, and the titles' numbers."""

from datetime import timedelta

import pytest

from bot.evidence.check import Check
from bot.evidence.file import File
from bot.evidence.label import Label
from bot.evidence.review import Review
from bot.gate.checklist import Tier
from bot.gate.evaluate import cannot_evaluate, evaluate, questions
from bot.gate.facts import Tag, Unavailable
from bot.gate.finding import Finding, State, Who
from bot.gate.needs import Needs, Questions
from bot.gate.release import When
from bot.gate.rules import BrokenRules, Fault
from bot.gate.verdict import Blocker, Outcome, outcome_of
from tests.builders import (
    NOW,
    a_change,
    a_check,
    a_comment,
    a_file,
    a_review,
    a_role,
    a_snapshot,
    an_item,
    minutes_ago,
    rules_of,
)

TESTS = an_item(Check(name="tests", workflow="ci.yml"), id="TEST-001")
NOTES = an_item(File(path="NOTES.md"), id="DOC-004", tier=Tier.MEDIUM, blocking=False)
RULES = rules_of(a_role(), TESTS, NOTES)
SIGNED = (a_comment("/approve security"),)
GREEN = (a_check(),)
THERE = {"NOTES.md": a_file("NOTES.md")}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        pytest.param({"checks": GREEN, "comments": SIGNED, "files": THERE}, Outcome.READY, id="nothing is open"),
        pytest.param(
            {"checks": GREEN, "comments": SIGNED, "files": {"NOTES.md": None}},
            Outcome.CONDITIONAL,
            id="notes are missing",
        ),
        pytest.param({"checks": GREEN, "comments": SIGNED}, Outcome.CONDITIONAL, id="notes are unknown"),
        pytest.param({"checks": (a_check(conclusion=None),), "comments": SIGNED}, Outcome.WAITING, id="the tests run"),
        pytest.param({"checks": (a_check(conclusion=None),)}, Outcome.BLOCKED, id="the tests run and nobody signed"),
        pytest.param({"checks": GREEN}, Outcome.BLOCKED, id="nobody signed"),
        pytest.param({"checks": (a_check(conclusion="failure"),), "comments": SIGNED}, Outcome.BLOCKED, id="red"),
        pytest.param({"checks": Unavailable("502"), "comments": SIGNED}, Outcome.BLOCKED, id="checks are unknown"),
        pytest.param({"checks": GREEN, "comments": Unavailable("502")}, Outcome.BLOCKED, id="comments are unknown"),
        pytest.param(
            {"comments": SIGNED, "head_seen_at": minutes_ago(1)}, Outcome.WAITING, id="the tests may still come"
        ),
    ],
)
def test_outcomes(facts, outcome):
    assert evaluate(RULES, a_snapshot(**facts)).outcome is outcome


def test_only_time_missing_is_scheduled():
    clock = Blocker(id="X", title="Grace", finding=Finding(state=State.PENDING, seen="", who=Who.CLOCK))
    machine = Blocker(id="Y", title="Tests", finding=Finding(state=State.PENDING, seen="", who=Who.CI))
    assert outcome_of((clock,), open_items=True) is Outcome.SCHEDULED
    assert outcome_of((clock, machine), open_items=True) is Outcome.WAITING


def test_a_merge_group_is_tested_on_its_own_commit():
    assert a_snapshot().tested_sha == a_snapshot().head_sha
    assert a_snapshot(group_sha="d" * 40).tested_sha == "d" * 40


def test_reviewers_are_asked_for_their_teams():
    rules = rules_of(an_item(Review(teams=("acme/web",))))
    reviews = (a_review(), a_review("otto", is_approval=False), a_review(None))
    assert questions(rules, a_snapshot(reviews=reviews)).memberships == {("acme/web", "rita")}
    known = {("acme/web", "rita"): False}
    assert not questions(rules, a_snapshot(reviews=reviews, memberships=known)).memberships
    assert not questions(rules, a_snapshot(reviews=Unavailable("502"))).memberships


@pytest.mark.parametrize(
    ("workflow_changes", "outcome"),
    [
        pytest.param(None, Outcome.READY, id="by default the roles that must sign"),
        pytest.param(("ops",), Outcome.BLOCKED, id="another role"),
        pytest.param((), Outcome.BLOCKED, id="nobody may"),
    ],
)
def test_who_signs_a_changed_workflow(workflow_changes, outcome):
    rules = rules_of(a_role(), a_role("ops", required=False), TESTS, workflow_changes=workflow_changes)
    changes = (a_change(".github/workflows/ci.yml"),)
    assert evaluate(rules, a_snapshot(checks=GREEN, comments=SIGNED, changes=changes)).outcome is outcome


@pytest.mark.parametrize(
    ("needs", "other", "within"),
    [
        pytest.param(Needs(), Needs(), True, id="nothing"),
        pytest.param(Needs(), Needs(reviews=True), True, id="less"),
        pytest.param(Needs(reviews=True), Needs(), False, id="more"),
        pytest.param(
            Needs(environments=frozenset({"a"})), Needs(environments=frozenset({"b"})), False, id="something else"
        ),
    ],
)
def test_what_reads_it_all(needs, other, within):
    assert needs.is_within(other) is within


@pytest.mark.parametrize(
    ("outcome", "passes"),
    [
        (Outcome.ERROR, False),
        (Outcome.BLOCKED, False),
        (Outcome.WAITING, False),
        (Outcome.SCHEDULED, False),
        (Outcome.CONDITIONAL, True),
        (Outcome.READY, True),
        (Outcome.NOT_A_RELEASE, True),
    ],
)
def test_which_outcomes_pass(outcome, passes):
    assert outcome.passes is passes


def test_broken_rules_are_an_error_with_every_fault():
    fault = Fault(line=1, column=2, path="x", message="y")
    verdict = evaluate(BrokenRules(source="s", file=".release-gate.yml", faults=(fault,)), a_snapshot())
    assert (verdict.outcome, verdict.faults, verdict.rules_file) == (Outcome.ERROR, (fault,), ".release-gate.yml")
    assert questions(BrokenRules(source="s", file="f", faults=(fault,)), a_snapshot()) == Questions()


def test_what_is_no_release_is_not_judged():
    rules = rules_of(a_role(), when=When(base=("production",)))
    verdict = evaluate(rules, a_snapshot())
    assert (verdict.outcome, verdict.items) == (Outcome.NOT_A_RELEASE, ())
    assert questions(rules, a_snapshot(comments=SIGNED, pushers=None)) == Questions()


def test_trouble_is_told():
    verdict = cannot_evaluate(a_snapshot(is_draft=True), "GitHub answered 502")
    assert (verdict.outcome, verdict.trouble, verdict.is_draft) == (Outcome.ERROR, "GitHub answered 502", True)


def test_every_blocker_is_there_with_what_to_do():
    item = an_item(File(path="CHANGELOG.md"), how="write it")
    verdict = evaluate(rules_of(a_role(), item), a_snapshot(files={"CHANGELOG.md": None}))
    assert [(blocker.id, blocker.tier, blocker.how) for blocker in verdict.blockers] == [
        ("DOC-001", Tier.CRITICAL, "write it"),
        ("security", None, None),
    ]


def test_a_role_that_nobody_requires_does_not_block():
    verdict = evaluate(rules_of(a_role(required=False)), a_snapshot())
    assert (verdict.outcome, verdict.standings) == (Outcome.READY, ())


def test_a_machines_no_is_told_apart():
    assert evaluate(RULES, a_snapshot(checks=(a_check(conclusion="failure"),))).machine_failed
    assert not evaluate(RULES, a_snapshot()).machine_failed


def test_recommended_items_are_those_that_are_open_and_do_not_block():
    verdict = evaluate(RULES, a_snapshot(files={"NOTES.md": None}))
    assert [judged.item.id for judged in verdict.recommended] == ["DOC-004"]
    assert [judged.item.id for judged in verdict.of_tier(Tier.CRITICAL)] == ["TEST-001"]


def test_the_gate_looks_again_when_the_first_clock_runs_out():
    late = an_item(Check(name="late", missing_after=timedelta(hours=2)), id="LATE")
    verdict = evaluate(rules_of(TESTS, late), a_snapshot(head_seen_at=minutes_ago(1)))
    assert verdict.again_at == NOW + timedelta(minutes=9)
    assert evaluate(rules_of(late), a_snapshot(checks=(a_check("late"),))).again_at is None


def test_readiness_is_weighed_by_tier_and_rounded_down():
    items = [
        an_item(Label(none=frozenset({"x"})), id="A", tier=Tier.CRITICAL),
        an_item(Label(all=frozenset({"x"})), id="B", tier=Tier.HIGH),
        an_item(Label(all=frozenset({"x"})), id="C", tier=Tier.MEDIUM),
    ]
    assert evaluate(rules_of(*items), a_snapshot()).readiness == 50
    assert evaluate(rules_of(*items[1:]), a_snapshot(labels=frozenset({"x"}))).readiness == 100
    assert evaluate(rules_of(), a_snapshot()).readiness == 100
    assert evaluate(rules_of(items[0], *items[2:], items[2]), a_snapshot()).readiness == 60


def test_the_papers_ticks_give_62_percent():
    ticked, open_ = Label(none=frozenset({"x"})), Label(all=frozenset({"x"}))
    ticks = {Tier.CRITICAL: (7, 3), Tier.HIGH: (5, 3), Tier.MEDIUM: (1, 4)}
    items = [
        an_item(evidence, id=f"{tier}-{state}-{number}", tier=tier)
        for tier, (done, left) in ticks.items()
        for state, evidence, count in (("done", ticked, done), ("open", open_, left))
        for number in range(count)
    ]
    assert evaluate(rules_of(*items), a_snapshot()).readiness == 62


def test_the_tag_is_asked_for_with_the_rest():
    tag = Tag(name="v1.0.0", sha="d" * 40)
    assert questions(rules_of(), a_snapshot(tags=(tag,))).tags == {tag}
