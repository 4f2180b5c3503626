"""`check`: the right name from the right App and workflow, concluded as listed."""

from datetime import timedelta

import pytest

from bot.evidence.check import Check
from bot.gate.facts import Unavailable
from bot.gate.finding import State, Who
from tests.builders import NOW, a_candidate, a_check, a_suite, minutes_ago

TESTS = Check(name="tests", workflow="ci.yml")
BY_NAME = Check(name="tests")
OTHER_WORKFLOW = ".github/workflows/other.yml"


@pytest.mark.parametrize(
    ("check", "runs", "state"),
    [
        pytest.param(TESTS, [a_check()], State.MET, id="green"),
        pytest.param(TESTS, [a_check(conclusion="failure")], State.UNMET, id="red"),
        pytest.param(TESTS, [a_check(conclusion=None)], State.PENDING, id="running"),
        pytest.param(TESTS, [a_check(conclusion=None, status="queued")], State.PENDING, id="queued"),
        pytest.param(TESTS, [a_check(conclusion="skipped")], State.UNMET, id="skipped satisfies nothing"),
        pytest.param(TESTS, [a_check(conclusion="neutral")], State.UNMET, id="neutral satisfies nothing"),
        pytest.param(
            Check(name="tests", conclusions=frozenset({"success", "neutral"})),
            [a_check(conclusion="neutral")],
            State.MET,
            id="neutral satisfies when listed",
        ),
        pytest.param(
            TESTS,
            [a_check(conclusion="failure", id=1), a_check(id=2)],
            State.MET,
            id="the newest run of a suite counts",
        ),
        pytest.param(
            TESTS, [a_check(conclusion="failure", id=2), a_check(id=1)], State.UNMET, id="an older green run doesn't"
        ),
        pytest.param(
            TESTS,
            [a_check(), a_check(conclusion="failure", suite=2, id=2)],
            State.UNMET,
            id="the worst of several suites counts",
        ),
        pytest.param(TESTS, [a_check(app="evil")], State.UNMET, id="another App may take the name"),
        pytest.param(TESTS, [a_check(workflow=OTHER_WORKFLOW)], State.UNMET, id="another workflow may take the name"),
        pytest.param(BY_NAME, [a_check(workflow=OTHER_WORKFLOW)], State.MET, id="any workflow when none is asked for"),
        pytest.param(TESTS, [a_check("lint")], State.UNMET, id="another name"),
        pytest.param(
            Check(name="tests", workflow=".github/workflows/ci.yml"),
            [a_check()],
            State.MET,
            id="the workflow's whole path",
        ),
        pytest.param(
            Check(name="tests", events=frozenset({"push"})),
            [a_check(event="pull_request")],
            State.UNMET,
            id="other event",
        ),
        pytest.param(
            TESTS, [a_check(workflow=Unavailable("no access"))], State.UNKNOWN, id="a workflow that can't be told"
        ),
        pytest.param(
            Check(name="tests", events=frozenset({"push"})),
            [a_check(workflow=Unavailable("no access"))],
            State.UNKNOWN,
            id="an event that can't be told",
        ),
        pytest.param(TESTS, [], State.UNMET, id="missing for long"),
    ],
)
def test_check(check, runs, state):
    assert check.judge(a_candidate(checks=tuple(runs))).state is state


def test_a_missing_check_may_still_come_for_ten_minutes():
    early = TESTS.judge(a_candidate(head_seen_at=minutes_ago(9)))
    assert (early.state, early.who, early.again_at) == (State.PENDING, Who.CI, NOW + timedelta(minutes=1))
    assert TESTS.judge(a_candidate(head_seen_at=minutes_ago(10))).state is State.UNMET


def test_a_missing_check_may_still_come_while_its_suite_runs():
    assert TESTS.judge(a_candidate(suites=(a_suite(),))).state is State.PENDING
    assert TESTS.judge(a_candidate(suites=(a_suite(workflow=OTHER_WORKFLOW),))).state is State.UNMET
    assert BY_NAME.judge(a_candidate(suites=(a_suite(workflow=OTHER_WORKFLOW),))).state is State.PENDING


@pytest.mark.parametrize(
    "candidate",
    [
        pytest.param(a_candidate(checks=Unavailable("GitHub answered 502")), id="checks"),
        pytest.param(a_candidate(suites=Unavailable("GitHub answered 502")), id="suites"),
    ],
)
def test_what_cannot_be_read_is_unknown(candidate):
    finding = TESTS.judge(candidate)
    assert (finding.state, finding.who, finding.seen) == (State.UNKNOWN, Who.ADMIN, "GitHub answered 502")


@pytest.mark.parametrize(
    ("check", "run", "seen"),
    [
        pytest.param(TESTS, a_check(app="evil"), "`tests` only by `evil`", id="by another App"),
        pytest.param(
            TESTS,
            a_check(workflow=OTHER_WORKFLOW),
            "`tests` only from `.github/workflows/other.yml (pull_request)`",
            id="from another workflow",
        ),
        pytest.param(TESTS, a_check("lint"), "no `tests`", id="not at all"),
    ],
)
def test_a_check_from_the_wrong_place_is_named(check, run, seen):
    assert check.judge(a_candidate(checks=(run,))).seen == seen


def test_only_a_red_check_is_a_machines_no():
    assert TESTS.judge(a_candidate(checks=(a_check(conclusion="failure"),))).failed
    assert not TESTS.judge(a_candidate()).failed


def test_it_needs_nothing_special():
    assert not TESTS.needs().files
