"""The timeline: what the clock does next, and when the release could pass at the earliest."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.gate.finding import Finding, State, Wait, Who, pending, scheduled, unmet
from bot.gate.timeline import WAITED_FOR, Moment, timeline
from tests.builders import NOW

SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(days=1)
GRACE = scheduled(seen="grace period", again_at=SOON)
SOAK = scheduled(seen="soak", again_at=LATER)
TESTS = pending(seen="running")
NOTES = unmet(seen="no notes", wanted="notes", do="write them")
ENDLESS = Finding(state=State.PENDING, seen="some day", who=Who.CLOCK)


def named(findings: list[Finding]) -> list[tuple[str, Finding]]:
    return [(str(number), finding) for number, finding in enumerate(findings)]


@pytest.mark.parametrize(
    ("blocking", "earliest", "waits_for"),
    [
        pytest.param([], None, (), id="nothing blocks"),
        pytest.param([GRACE, SOAK], LATER, (), id="the last of what time settles"),
        pytest.param([GRACE, TESTS, NOTES], SOON, ("CI", "the author"), id="not before, and who else acts"),
        pytest.param([NOTES], None, ("the author",), id="people alone"),
        pytest.param([replace(NOTES, who=Who.HOLDER)], None, ("whoever holds it",), id="a hold"),
        pytest.param([ENDLESS], None, ("time",), id="time that does not say for how long"),
        pytest.param([replace(NOTES, until=SOON)], SOON, ("the author",), id="time that people don't shorten"),
    ],
)
def test_the_earliest_release(blocking, earliest, waits_for):
    line = timeline(named(blocking), (), now=NOW, thawed=lambda at: at)
    assert (line.earliest, line.waits_for) == (earliest, waits_for)


WAIT = Wait(timedelta(days=14), "attestation")
UNTOLD = replace(NOTES, who=Who.ROLE, least=WAIT)


@pytest.mark.parametrize(
    ("blocking", "ends"),
    [
        pytest.param([NOTES], None, id="none asks for any"),
        pytest.param([UNTOLD, NOTES], NOW + timedelta(days=14), id="it begins when somebody acts"),
        pytest.param(
            [UNTOLD, replace(NOTES, least=Wait(timedelta(days=3), "x"))], NOW + timedelta(days=14), id="the longest"
        ),
        pytest.param([UNTOLD, SOAK], NOW + timedelta(days=14), id="longer than what runs already"),
        pytest.param([UNTOLD, replace(SOAK, until=NOW + timedelta(days=20))], None, id="shorter than that"),
    ],
)
def test_a_time_that_has_yet_to_begin(blocking, ends):
    line = timeline(named(blocking), (), now=NOW, thawed=lambda at: at)
    assert (line.grace and line.grace.ends) == ends
    assert line.grace is None or (line.grace.item, line.grace.wait) == ("0", WAIT)


def test_it_is_no_time_at_which_all_is_frozen():
    line = timeline(named([GRACE]), (), now=NOW, thawed=lambda at: LATER if at == SOON else at)
    assert line.earliest == LATER


def test_instants_are_in_order_and_those_that_passed_are_left_out():
    moments = [
        Moment(at=LATER, what="b"),
        Moment(at=NOW, what="over"),
        Moment(at=SOON, what="a"),
        Moment(at=SOON, what="a"),
    ]
    assert [moment.what for moment in timeline([], moments, now=NOW, thawed=lambda at: at).moments] == ["a", "b"]


def test_everybody_who_acts_has_a_name():
    assert set(WAITED_FOR) == set(Who)
