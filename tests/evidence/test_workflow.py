"""`workflow`: the newest run of a workflow file for the head succeeded, for each event."""

from datetime import timedelta

import pytest

from bot.evidence.workflow import Workflow
from bot.gate.facts import Unavailable
from bot.gate.finding import State, Who
from bot.gate.mask import of_workflow
from bot.gate.needs import Needs
from tests.builders import NOW, a_candidate, a_change, a_suite, minutes_ago

MET, UNMET, PENDING, UNKNOWN = State.MET, State.UNMET, State.PENDING, State.UNKNOWN
CI = Workflow(file="ci.yml")
BOTH = Workflow(file="ci.yml", events=frozenset({"push", "pull_request"}))
GREEN, RED = a_suite(conclusion="success"), a_suite(conclusion="failure")


@pytest.mark.parametrize(
    ("evidence", "suites", "state"),
    [
        pytest.param(CI, [GREEN], MET, id="green"),
        pytest.param(CI, [RED], UNMET, id="red"),
        pytest.param(CI, [a_suite()], PENDING, id="running"),
        pytest.param(CI, [a_suite(conclusion="skipped")], UNMET, id="skipped satisfies nothing"),
        pytest.param(
            Workflow(file="ci.yml", conclusions=frozenset({"skipped"})),
            [a_suite(conclusion="skipped")],
            MET,
            id="skipped satisfies when listed",
        ),
        pytest.param(CI, [], UNMET, id="a path filter kept it from running"),
        pytest.param(CI, [a_suite(workflow=".github/workflows/b.yml", conclusion="success")], UNMET, id="another file"),
        pytest.param(CI, [a_suite(app="evil", conclusion="success")], UNMET, id="another App"),
        pytest.param(CI, [RED, a_suite(conclusion="success", id=2)], MET, id="the newest run counts"),
        pytest.param(CI, [GREEN, a_suite(conclusion="failure", id=2)], UNMET, id="an older green run does not"),
        pytest.param(
            CI, [GREEN, a_suite(conclusion="failure", id=2, event="push")], UNMET, id="the worst of the events counts"
        ),
        pytest.param(BOTH, [GREEN], UNMET, id="one of two events is missing"),
        pytest.param(BOTH, [GREEN, a_suite(conclusion="success", id=2, event="push")], MET, id="both events"),
        pytest.param(
            Workflow(file="ci.yml", events=frozenset({"push"})),
            [RED, a_suite(conclusion="success", id=2, event="push")],
            MET,
            id="other events don't matter",
        ),
        pytest.param(
            CI,
            [GREEN, a_suite(workflow=None, conclusion="failure", id=2)],
            UNKNOWN,
            id="a run of who knows which file",
        ),
        pytest.param(
            CI, [GREEN, a_suite(app="other", workflow=None, event=None, conclusion="failure")], MET, id="no workflow"
        ),
    ],
)
def test_workflow(evidence, suites, state):
    for order in (suites, suites[::-1]):
        assert evidence.judge(a_candidate(suites=tuple(order))).state is state


def test_a_missing_run_may_still_come_for_ten_minutes():
    early = CI.judge(a_candidate(head_seen_at=minutes_ago(9)))
    assert (early.state, early.who, early.again_at) == (PENDING, Who.CI, NOW + timedelta(minutes=1))
    assert CI.judge(a_candidate(head_seen_at=minutes_ago(10))).state is UNMET


def test_a_pull_request_that_edits_the_workflow_proves_nothing():
    finding = CI.judge(a_candidate(suites=(GREEN,), changes=(a_change(".github/workflows/ci.yml"),)))
    assert (finding.state, finding.failed) == (UNMET, False)
    assert "but this pull request changes `.github/workflows/ci.yml`" in finding.seen


def test_a_run_of_an_unknown_file_is_looked_at_again():
    finding = CI.judge(a_candidate(suites=(a_suite(workflow=None),)))
    assert finding.again_at == NOW + timedelta(minutes=1)


def test_only_a_red_run_is_a_machines_no():
    assert CI.judge(a_candidate(suites=(RED,))).failed
    assert not CI.judge(a_candidate()).failed


def test_what_cannot_be_read_is_unknown():
    assert CI.judge(a_candidate(suites=Unavailable("502"))).state is UNKNOWN
    assert CI.judge(a_candidate(suites=(GREEN,), changes=Unavailable("cut off"))).state is UNKNOWN


def test_it_needs_the_changed_files():
    assert CI.needs() == Needs(changes=True, heeds=of_workflow("ci.yml"))
