"""A pull request that changes the rules: judged by those of its base, and weaker ones need every sign-off."""

from dataclasses import replace
from typing import Any

import pytest

from bot.gate.proposal import Proposal, decide, still_asked
from bot.gate.release import When
from bot.gate.rules import BrokenRules, Fault, Mode, Rules
from bot.gate.verdict import Outcome, Preview, Verdict
from bot.report.title import title
from bot.report.words import ENGLISH
from tests.builders import a_comment, a_file, a_role, a_snapshot, an_item, rules_of

FILE = ".release-gate.yml"
DONE = {"files": {"CHANGELOG.md": a_file()}}
SIGNED = a_comment("/approve security", by="ann")
BROKEN = BrokenRules(source="x", file=FILE, faults=(Fault(line=2, column=3, path="roles", message="no"),))
STRICT = rules_of(a_role(), an_item())
OPEN = rules_of(a_role(required=False), an_item())
NO_RELEASES = When(head=("release/9",))


def decided(rules: Rules | BrokenRules, new: Rules | BrokenRules | None, **facts: Any) -> Verdict:
    """The verdict on a pull request that would bring these rules."""
    return decide(rules, a_snapshot(**(DONE | facts)), Proposal(file=FILE, rules=new))


def waits_for(verdict: Verdict) -> list[str]:
    """Who has to sign, by the blockers."""
    return [role for blocker in verdict.blockers for role in blocker.finding.roles]


@pytest.mark.parametrize(
    ("rules", "new", "roles"),
    [
        pytest.param(STRICT, OPEN, ["security"], id="the old rules ask, the new ones would not"),
        pytest.param(STRICT, None, ["security"], id="the file is deleted"),
        pytest.param(OPEN, rules_of(a_role(), a_role("devops")), ["security", "devops"], id="weaker, and asks more"),
        pytest.param(OPEN, rules_of(a_role(), an_item()), [], id="no weaker: only the old rules ask"),
        pytest.param(replace(STRICT, when=NO_RELEASES), rules_of(a_role()), ["security"], id="weaker and no release"),
        pytest.param(replace(STRICT, when=NO_RELEASES), replace(STRICT, when=NO_RELEASES), [], id="the same"),
        pytest.param(rules_of(an_item(), when=NO_RELEASES), None, [], id="there is nobody who could sign"),
    ],
)
def test_a_weakening_needs_the_sign_offs_of_the_stricter(rules, new, roles):
    assert waits_for(decided(rules, new)) == roles


def test_a_weakening_that_is_no_release_asks_nothing_but_sign_offs():
    rules = replace(STRICT, when=NO_RELEASES)
    assert decided(rules, None, files={}).items == ()
    assert decided(rules, None, files={}, comments=(SIGNED,)).outcome is Outcome.READY


def test_signed_it_may_pass():
    assert decided(STRICT, OPEN, comments=(SIGNED,)).outcome is Outcome.READY


def test_who_only_the_proposal_lists_cant_sign_for_it():
    wider = rules_of(a_role(users=frozenset({"ann", "eve"})), an_item())
    assert waits_for(decided(STRICT, wider, comments=(a_comment("/approve security", by="eve"),))) == ["security"]


def test_in_shadow_mode_everything_is_shown_and_said_to_be_so():
    verdict = decided(replace(STRICT, mode=Mode.SHADOW), None)
    assert (verdict.is_shadow, waits_for(verdict)) == (True, ["security"])


@pytest.mark.parametrize("rules", [rules_of(an_item()), rules_of(an_item(), when=NO_RELEASES)])
def test_a_proposal_with_faults_blocks(rules):
    verdict = decided(rules, BROKEN)
    assert (verdict.outcome, verdict.machine_failed) == (Outcome.BLOCKED, True)
    assert [blocker.finding.seen for blocker in verdict.blockers] == ["1 fault in `.release-gate.yml` at the head"]
    assert verdict.proposed is not None
    assert verdict.proposed.faults == BROKEN.faults


def test_a_proposal_with_faults_is_told_in_the_title():
    assert title(decided(STRICT, BROKEN), ENGLISH).startswith("Blocked: 1 fault in the proposed rules")


def test_several_faults_are_counted():
    verdict = decided(STRICT, replace(BROKEN, faults=BROKEN.faults * 2))
    assert verdict.blockers[0].finding.seen.startswith("2 faults")


def test_broken_rules_stay_an_error_whatever_would_mend_them():
    verdict = decided(BROKEN, STRICT)
    assert (verdict.outcome, verdict.faults) == (Outcome.ERROR, BROKEN.faults)
    assert verdict.proposed is not None
    assert verdict.proposed.faults == ()


def test_broken_rules_and_a_broken_proposal_are_an_error():
    assert decided(BROKEN, BROKEN).outcome is Outcome.ERROR


def test_without_a_proposal_it_is_the_plain_decision():
    verdict = decide(rules_of(an_item()), a_snapshot(**DONE), None)
    assert (verdict.outcome, verdict.proposed) == (Outcome.READY, None)


def test_it_asks_what_the_stricter_rules_need():
    devops = a_role("devops", users=frozenset(), teams=frozenset({"acme/ops"}))
    snapshot = a_snapshot(comments=(a_comment("/approve devops", by="otto"),))
    assert not still_asked(OPEN, snapshot, None).memberships
    proposal = Proposal(file=FILE, rules=rules_of(devops))
    assert still_asked(OPEN, snapshot, proposal).memberships == {("acme/ops", "otto")}


def test_what_was_tried_is_shown():
    preview = Preview(flips=(), looked_at=0, others=0)
    verdict = decide(STRICT, a_snapshot(**DONE), Proposal(file=FILE, rules=OPEN, preview=preview))
    assert verdict.proposed is not None
    assert verdict.proposed.preview == preview
