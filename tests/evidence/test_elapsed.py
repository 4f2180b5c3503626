"""`elapsed`: so much time has passed since other evidence became true."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.evidence.check import Check
from bot.evidence.combined import All
from bot.evidence.combined import Any as AnyOf
from bot.evidence.deployment import Deployment
from bot.evidence.elapsed import Elapsed
from bot.evidence.file import File
from bot.gate.checklist import Evidence
from bot.gate.facts import Unavailable
from bot.gate.finding import Finding, State, Who
from bot.gate.needs import Needs
from tests.builders import NOW, a_candidate, a_check, a_deployment, a_file, minutes_ago

MET, UNMET, PENDING, UNKNOWN = State.MET, State.UNMET, State.PENDING, State.UNKNOWN
HOUR = timedelta(hours=1)
TESTS = Check(name="tests")
BESIDE = All(of=(TESTS, Elapsed(since="check", for_=HOUR)))
OF_ITEM = Elapsed(since="TEST-001", for_=HOUR)


def _judged(evidence: Evidence, *, items: Mapping[str, Evidence] | None = None, **facts: Any) -> Finding:
    return evidence.judge(replace(a_candidate(**facts), items=items or {}))


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        pytest.param({"checks": (a_check(completed_at=minutes_ago(60)),)}, MET, id="to the minute"),
        pytest.param({"checks": (a_check(completed_at=minutes_ago(59)),)}, PENDING, id="a minute is missing"),
        pytest.param({"checks": (a_check(conclusion="failure"),)}, UNMET, id="it is not met"),
        pytest.param({"checks": (a_check(conclusion=None),)}, PENDING, id="it is pending"),
        pytest.param({"checks": Unavailable("502")}, UNKNOWN, id="it is unknown"),
        pytest.param({"checks": (a_check(completed_at=None),)}, UNKNOWN, id="it does not say since when"),
    ],
)
def test_since_what_stands_beside_it_or_an_item(facts, state):
    assert _judged(BESIDE, **facts).state is state
    assert _judged(OF_ITEM, items={"TEST-001": TESTS}, **facts).state is state


def test_the_clock_ends_it():
    finding = _judged(OF_ITEM, items={"TEST-001": TESTS}, checks=(a_check(completed_at=minutes_ago(15)),))
    assert (finding.who, finding.again_at) == (Who.CLOCK, NOW + timedelta(minutes=45))
    assert finding.seen == "1 hour since 22 Nov 2026 11:45 UTC: until 22 Nov 2026 12:45 UTC"


def test_what_it_waits_for_decides_who_acts():
    finding = _judged(OF_ITEM, items={"TEST-001": TESTS}, checks=(a_check(conclusion="failure"),))
    assert (finding.seen, finding.wanted) == ("`TEST-001` is unmet", "1 hour after `TEST-001`")
    soaking = Deployment(environment="staging", soak=HOUR)
    waits = _judged(OF_ITEM, items={"TEST-001": soaking}, deployments=(a_deployment(ago=30),))
    assert (waits.who, waits.again_at) == (Who.CLOCK, NOW + timedelta(minutes=30))


def test_evidence_without_an_instant_is_no_start():
    finding = _judged(OF_ITEM, items={"TEST-001": File(path="a")}, files={"a": a_file("a")})
    assert (finding.state, finding.who) == (UNKNOWN, Who.ADMIN)


def test_it_counts_from_the_last_of_several_of_a_kind():
    both = All(of=(TESTS, Check(name="lint"), Elapsed(since="check", for_=HOUR)))
    old, new = a_check(completed_at=minutes_ago(90)), a_check("lint", id=2, completed_at=minutes_ago(59))
    assert _judged(both, checks=(old, new)).state is PENDING
    assert _judged(both, checks=(old, replace(new, completed_at=minutes_ago(60)))).state is MET


def test_a_file_that_was_pushed_just_now_does_not_end_a_grace_period():
    told = All(of=(TESTS, File(path="GUIDE.md")))
    finding = _judged(
        OF_ITEM,
        items={"TEST-001": told},
        checks=(a_check(completed_at=minutes_ago(90)),),
        files={"GUIDE.md": a_file("GUIDE.md")},
    )
    assert (finding.state, finding.seen) == (UNKNOWN, "`TEST-001` is met, but GitHub does not say since when")


def test_an_item_that_does_not_apply_has_not_to_be_waited_for():
    candidate = replace(a_candidate(), items={"TEST-001": TESTS}, inapplicable=frozenset({"TEST-001", "check"}))
    assert OF_ITEM.judge(candidate).state is MET
    assert OF_ITEM.judge(candidate).at == candidate.missing_since
    assert BESIDE.judge(candidate).state is UNMET


def test_it_chains_through_items():
    later = Elapsed(since="GRACE", for_=HOUR)
    items: dict[str, Evidence] = {"TEST-001": TESTS, "GRACE": OF_ITEM}
    assert _judged(later, items=items, checks=(a_check(completed_at=minutes_ago(120)),)).state is MET
    assert _judged(later, items=items, checks=(a_check(completed_at=minutes_ago(119)),)).state is PENDING


@pytest.mark.parametrize(
    "items",
    [
        pytest.param({}, id="nothing has that name"),
        pytest.param({"TEST-001": OF_ITEM}, id="an item that waits for itself"),
        pytest.param(
            {"TEST-001": Elapsed(since="B", for_=HOUR), "B": OF_ITEM}, id="two items that wait for each other"
        ),
    ],
)
def test_what_is_not_there_is_unknown(items):
    assert _judged(OF_ITEM, items=items).state is UNKNOWN


def test_only_the_same_list_is_beside_it():
    nested = All(of=(TESTS, AnyOf(of=(Elapsed(since="check", for_=HOUR),))))
    assert _judged(nested, checks=(a_check(completed_at=minutes_ago(90)),)).state is UNKNOWN


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(days=14), "14 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(seconds=61), "61 seconds"),
        (timedelta(0), "0 seconds"),
    ],
)
def test_spans_in_words(span, words):
    assert _judged(Elapsed(since="X", for_=span), items={"X": TESTS}).wanted == f"{words} after `X`"


def test_it_is_met_since_the_time_passed():
    finding = _judged(OF_ITEM, items={"TEST-001": TESTS}, checks=(a_check(completed_at=minutes_ago(90)),))
    assert finding.at == minutes_ago(30)


def test_it_needs_nothing_of_its_own():
    assert OF_ITEM.needs() == Needs()
