"""`status`: the commit status of a context, by its creator."""

from datetime import timedelta

import pytest

from bot.evidence.status import Status
from bot.gate.facts import Unavailable
from bot.gate.finding import State
from bot.gate.mask import Subject, Topic
from bot.gate.needs import Needs
from tests.builders import NOW, a_candidate, a_status, minutes_ago

COVERAGE = Status(context="coverage", creator="codecov[bot]")


@pytest.mark.parametrize(
    ("status", "statuses", "state"),
    [
        pytest.param(COVERAGE, [a_status()], State.MET, id="succeeded"),
        pytest.param(COVERAGE, [a_status(state="pending")], State.PENDING, id="pending"),
        pytest.param(COVERAGE, [a_status(state="expected")], State.PENDING, id="expected"),
        pytest.param(COVERAGE, [a_status(state="failure")], State.UNMET, id="failed"),
        pytest.param(COVERAGE, [a_status(state="error")], State.UNMET, id="error"),
        pytest.param(COVERAGE, [a_status(creator="codecov")], State.UNMET, id="a user with the bot's name"),
        pytest.param(COVERAGE, [a_status(creator="CodeCov[bot]")], State.MET, id="logins have no case"),
        pytest.param(Status(context="coverage", creator="sam"), [a_status(creator="Sam")], State.MET, id="a user"),
        pytest.param(
            Status(context="coverage", creator="sam"), [a_status(creator="sam[bot]")], State.UNMET, id="an App"
        ),
        pytest.param(COVERAGE, [a_status(creator="mallory")], State.UNMET, id="set by somebody else"),
        pytest.param(COVERAGE, [a_status(creator=None)], State.UNMET, id="set by nobody known"),
        pytest.param(Status(context="coverage"), [a_status(creator="mallory")], State.MET, id="anybody may set it"),
        pytest.param(COVERAGE, [a_status("lint")], State.UNMET, id="another context"),
        pytest.param(
            Status(context="coverage", max_age=timedelta(minutes=30)), [a_status()], State.UNMET, id="too long ago"
        ),
        pytest.param(Status(context="coverage", max_age=timedelta(hours=1)), [a_status()], State.MET, id="not too old"),
    ],
)
def test_status(status, statuses, state):
    assert status.judge(a_candidate(statuses=tuple(statuses))).state is state


def test_a_missing_status_may_still_come_for_ten_minutes():
    early = COVERAGE.judge(a_candidate(head_seen_at=minutes_ago(9)))
    assert (early.state, early.again_at) == (State.PENDING, NOW + timedelta(minutes=1))
    others = COVERAGE.judge(a_candidate(head_seen_at=minutes_ago(9), statuses=(a_status(creator="mallory"),)))
    assert (others.state, others.seen) == (State.PENDING, "`coverage` set by `mallory`")
    late = Status(context="coverage").judge(a_candidate())
    assert (late.state, late.do) == (State.UNMET, "have CI set `coverage` on this head")


def test_a_status_by_somebody_else_is_named():
    finding = COVERAGE.judge(a_candidate(statuses=(a_status(creator="mallory"),)))
    assert (finding.seen, finding.wanted) == ("`coverage` set by `mallory`", "`coverage` by `codecov[bot]`")


def test_statuses_that_cannot_be_read_are_unknown():
    assert COVERAGE.judge(a_candidate(statuses=Unavailable("no access"))).state is State.UNKNOWN


def test_it_needs_nothing_but_to_hear_of_it():
    assert COVERAGE.needs() == Needs(heeds=frozenset({Topic(Subject.STATUS, "coverage")}))
