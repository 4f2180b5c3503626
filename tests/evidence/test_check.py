"""`check`: the right name from the right App and workflow, concluded as listed."""

from datetime import timedelta

import pytest

from bot.evidence.check import Check
from bot.gate.facts import Unavailable
from bot.gate.finding import State, Who
from tests.builders import NOW, a_candidate, a_change, a_check, a_suite, minutes_ago

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
        pytest.param(
            Check(name="tests", max_age=timedelta(minutes=30)), [a_check()], State.UNMET, id="as old as it may not be"
        ),
        pytest.param(
            Check(name="tests", max_age=timedelta(hours=1)), [a_check(completed_at=None)], State.UNKNOWN, id="no age"
        ),
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


PUSHED = Check(name="tests", workflow="ci.yml", events=frozenset({"push"}))


@pytest.mark.parametrize(
    ("check", "suite", "state"),
    [
        pytest.param(TESTS, a_suite(id=2), State.PENDING, id="of its workflow"),
        pytest.param(BY_NAME, a_suite(id=2), State.PENDING, id="of the workflow that it came from"),
        pytest.param(TESTS, a_suite(id=2, workflow=None), State.PENDING, id="of who knows which workflow"),
        pytest.param(TESTS, a_suite(), State.MET, id="which it has appeared in"),
        pytest.param(TESTS, a_suite(id=2, conclusion="success"), State.MET, id="which has ended without it"),
        pytest.param(TESTS, a_suite(id=2, workflow=OTHER_WORKFLOW), State.MET, id="of another workflow"),
        pytest.param(BY_NAME, a_suite(id=2, workflow=OTHER_WORKFLOW), State.MET, id="of one that it did not come from"),
        pytest.param(TESTS, a_suite("other", None, id=2), State.MET, id="of another App"),
        pytest.param(PUSHED, a_suite(id=2, event="push"), State.PENDING, id="of an event that counts"),
        pytest.param(PUSHED, a_suite(id=2), State.MET, id="of an event that does not count"),
    ],
)
def test_a_green_check_waits_while_a_suite_runs(check, suite, state):
    candidate = a_candidate(checks=(a_check(event="push"),), suites=(suite,))
    assert check.judge(candidate).state is state


def test_a_check_grows_too_old_by_itself():
    check = Check(name="tests", max_age=timedelta(hours=1))
    assert check.judge(a_candidate(checks=(a_check(),))).again_at == NOW + timedelta(minutes=30)
    old = check.judge(a_candidate(checks=(a_check(completed_at=minutes_ago(60)),)))
    assert (old.seen, old.do) == (
        "`tests`: success at 22 Nov 2026 11:00 UTC, which is too long ago",
        "run it again",
    )


@pytest.mark.parametrize(
    "path", [".github/workflows/ci.yml", ".github/workflows/called.yml", ".github/actions/setup/action.yml"]
)
@pytest.mark.parametrize("check", [TESTS, BY_NAME], ids=["that is named", "that is not named"])
def test_a_pull_request_that_edits_how_workflows_run_proves_nothing(check, path):
    finding = check.judge(a_candidate(checks=(a_check(),), changes=(a_change(path),)))
    assert (finding.state, finding.failed) == (State.UNMET, False)
    assert f"but this pull request changes `{path}`" in finding.seen
    assert check.judge(a_candidate(checks=(a_check(),), changes=Unavailable("too many files"))).state is State.UNKNOWN


def test_another_apps_check_is_not_the_pull_requests():
    check = Check(name="tests", app="codecov")
    run = a_check(app="codecov", workflow=None, event=None)
    assert check.judge(a_candidate(checks=(run,), changes=(a_change(".github/workflows/ci.yml"),))).state is State.MET
    assert not check.needs().changes


@pytest.mark.parametrize(
    "candidate",
    [
        pytest.param(
            a_candidate(checks=(a_check(),), suites=Unavailable("GitHub answered 502")), id="suites beside a green run"
        ),
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
        pytest.param(
            TESTS,
            a_check(workflow=None, event=None),
            "`tests` only from `github-actions`",
            id="from nobody knows which workflow",
        ),
        pytest.param(TESTS, a_check("lint"), "no `tests`", id="not at all"),
    ],
)
def test_a_check_from_the_wrong_place_is_named(check, run, seen):
    assert check.judge(a_candidate(checks=(run,))).seen == seen


@pytest.mark.parametrize(
    ("check", "wanted", "do"),
    [
        pytest.param(TESTS, "`tests` from `ci.yml`", "have `ci.yml` report `tests` for this head", id="workflow"),
        pytest.param(
            Check(name="tests", app="codecov"),
            "`tests` by `codecov`",
            "have `codecov` report `tests` for this head",
            id="App",
        ),
        pytest.param(
            PUSHED,
            "`tests` from `ci.yml` on `push`",
            "have `ci.yml` report `tests` for this head on `push`",
            id="events",
        ),
    ],
)
def test_what_has_to_report_a_missing_check(check, wanted, do):
    finding = check.judge(a_candidate())
    assert (finding.wanted, finding.do) == (wanted, do)


def test_only_a_red_check_is_a_machines_no():
    assert TESTS.judge(a_candidate(checks=(a_check(conclusion="failure"),))).failed
    assert not TESTS.judge(a_candidate()).failed


def test_it_needs_nothing_special():
    assert not TESTS.needs().files
