"""`measure`: a number that a check run or a commit status states is within bounds."""

from datetime import timedelta

import pytest

from bot.evidence.measure import Measure
from bot.gate.facts import Unavailable
from bot.gate.finding import State
from bot.gate.mask import Subject, Topic, of_check
from bot.gate.needs import Needs
from bot.gate.quantities import quantity
from tests.builders import NOW, a_candidate, a_change, a_check, a_status, minutes_ago

MET, UNMET, PENDING, UNKNOWN = State.MET, State.UNMET, State.PENDING, State.UNKNOWN
COVERAGE = Measure(status="coverage", creator="codecov[bot]", min=85, unit="%")
FAST = Measure(check="migrate", workflow="ci.yml", max=30, unit="s")
BETWEEN = Measure(status="coverage", min=1, max=2)


@pytest.mark.parametrize(
    ("evidence", "text", "state"),
    [
        pytest.param(COVERAGE, "86 % of lines", MET, id="above"),
        pytest.param(COVERAGE, "85%", MET, id="exactly"),
        pytest.param(COVERAGE, "84.99% (-0.3%)", UNMET, id="below"),
        pytest.param(COVERAGE, "85.5% (target 90%)", MET, id="the first number before the unit"),
        pytest.param(COVERAGE, "12 files, 90\u00a0%", MET, id="other numbers have no unit"),
        pytest.param(COVERAGE, "84,9 %", UNMET, id="a decimal comma is not read as thousands"),
        pytest.param(COVERAGE, "1,234 %", MET, id="thousands"),
        pytest.param(COVERAGE, "no idea", UNMET, id="no number"),
        pytest.param(COVERAGE, None, UNMET, id="no text"),
        pytest.param(COVERAGE, "84,9 %, target 90 %", UNMET, id="nor is the number after it taken for it"),
        pytest.param(COVERAGE, "80-90 %", UNMET, id="a range"),
        pytest.param(COVERAGE, "1 090 %", UNMET, id="what may be grouped by blanks"),
        pytest.param(BETWEEN, "1.5", MET, id="between"),
        pytest.param(BETWEEN, "1.5e3", UNMET, id="an exponent without a unit"),
        pytest.param(BETWEEN, "1m", UNMET, id="a number with another unit"),
        pytest.param(BETWEEN, "v1.5", UNMET, id="a part of a name"),
        pytest.param(BETWEEN, "3", UNMET, id="above the highest"),
        pytest.param(BETWEEN, "-1.5", UNMET, id="negative"),
        pytest.param(BETWEEN, "1,9", UNMET, id="a decimal comma without a unit"),
        pytest.param(Measure(status="coverage", max=5, unit="s"), "12 suites in 4 s", MET, id="a unit is a whole word"),
        pytest.param(Measure(status="coverage", max=5, unit="s"), "30,5 s", UNMET, id="not what follows a comma"),
        pytest.param(
            Measure(status="coverage", min=85, pattern=r"lines: (\S+)"), "branches: 99 lines: 80", UNMET, id="group"
        ),
        pytest.param(
            Measure(status="coverage", min=85, pattern=r"lines: \d+"), "branches: 1 lines: 85", MET, id="whole"
        ),
        pytest.param(Measure(status="coverage", min=85, pattern=r"lines: (\S+)"), "lines: 84,9", UNMET, id="comma"),
        pytest.param(
            Measure(status="coverage", min=85, pattern=r"lines"), "branches: 99", UNMET, id="pattern not found"
        ),
    ],
)
def test_numbers_of_a_status(evidence, text, state):
    assert evidence.judge(a_candidate(statuses=(a_status(says=text),))).state is state


@pytest.mark.parametrize(
    ("evidence", "status", "state"),
    [
        pytest.param(COVERAGE, a_status(state="pending", says="86 %"), PENDING, id="pending"),
        pytest.param(COVERAGE, a_status(state="failure", says="86 %"), UNMET, id="failed"),
        pytest.param(COVERAGE, a_status(state="error", says="86 %"), UNMET, id="error"),
        pytest.param(COVERAGE, a_status(creator="mallory", says="86 %"), UNMET, id="set by somebody else"),
        pytest.param(COVERAGE, a_status("other", says="86 %"), UNMET, id="another context"),
    ],
)
def test_which_status_counts(evidence, status, state):
    assert evidence.judge(a_candidate(statuses=(status,))).state is state


@pytest.mark.parametrize(
    ("runs", "state"),
    [
        pytest.param([a_check("migrate", title="took 28 s")], MET, id="in the title"),
        pytest.param([a_check("migrate", title="done", summary="took 31 s")], UNMET, id="in the summary"),
        pytest.param([a_check("migrate", None, title="took 28 s")], PENDING, id="still running"),
        *(
            pytest.param(
                [a_check("migrate", conclusion, title="took 28 s")], UNMET, id=f"of a run that ended {conclusion}"
            )
            for conclusion in ("failure", "skipped", "cancelled", "timed_out")
        ),
        pytest.param(
            [a_check("migrate", title="1 s"), a_check("migrate", None, suite=2, id=2)], PENDING, id="another one runs"
        ),
        pytest.param([a_check("migrate", workflow=".github/workflows/x.yml", title="1 s")], UNMET, id="other workflow"),
        pytest.param([a_check("migrate", app="evil", title="1 s")], UNMET, id="other App"),
        pytest.param(
            [a_check("migrate", title="1 s"), a_check("migrate", suite=2, id=2, title="99 s")],
            UNMET,
            id="the worst of several suites",
        ),
        pytest.param([], UNMET, id="missing for long"),
    ],
)
def test_numbers_of_a_check(runs, state):
    assert FAST.judge(a_candidate(checks=tuple(runs))).state is state


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Migrated in 2m 30s", 150),
        ("1m30s", 90),
        ("1h 5 s", 3605),
        ("4 min 3 s", 243),
        ("1 hour, 2 minutes and 3 s", 3723),
        ("250 ms, then 3 s", 3),
        ("3s 250ms", 3.25),
        ("12 s, 40 s", 12),
        ("1.5e+03 s", 1500),
        ("12 suites in 4 s", 4),
        ("took:4 s", 4),
        ("p95 4 s", 4),
        ("5 s3 in 4 s", 4),
        ("-5 s", -5),
        ("12:30 s", None),
        ("00:02:30 s", None),
        ("1 234 s", None),
        ("1\u202f234 s", None),
        ("1'234 s", None),
        ("1.234,5 s", None),
        ("29.9.9 s", None),
        ("10-40 s", None),
        ("0x40 s", None),
        ("v2 s", None),
        ("2m -30s", None),
        ("1e999 s", None),
        ("2 min", None),
        ("5 s_per", None),
        ("", None),
    ],
)
def test_a_duration_is_read_whole_or_not_at_all(text, seconds):
    assert quantity(text, "s") == seconds


@pytest.mark.parametrize(("text", "minutes"), [("1h 30min", 90), ("4 min 30 s", 4.5), ("12 min", 12), ("RTO 0 min", 0)])
def test_a_duration_is_told_in_the_unit_that_is_asked_for(text, minutes):
    assert quantity(text, "min") == minutes


def test_a_pattern_finds_a_duration_too():
    found = Measure(check="migrate", pattern=r"took (.*)", max=30, unit="s")
    assert found.judge(a_candidate(checks=(a_check("migrate", title="took 2m 30s"),))).state is UNMET
    assert found.judge(a_candidate(checks=(a_check("migrate", title="took 30"),))).state is MET


def test_a_number_grows_too_old_by_itself():
    fresh = Measure(status="coverage", min=85, unit="%", max_age=timedelta(hours=1))
    finding = fresh.judge(a_candidate(statuses=(a_status(says="86 %"),)))
    assert (finding.state, finding.again_at) == (MET, NOW + timedelta(minutes=30))


def test_it_says_number_and_bound():
    low = COVERAGE.judge(a_candidate(statuses=(a_status(says="84 %"),)))
    assert (low.seen, low.wanted, low.do, low.failed) == ("`coverage`: 84 %", "≥ 85 %", "raise it", True)
    high = FAST.judge(a_candidate(checks=(a_check("migrate", title="31 s"),)))
    assert (high.seen, high.wanted, high.do) == ("`migrate`: 31 s", "≤ 30 s", "lower it")
    none = Measure(status="coverage", min=1, max=2, pattern="x").judge(a_candidate(statuses=(a_status(),)))
    assert (none.wanted, none.failed) == ("≥ 1 and ≤ 2", False)
    assert none.do == "have `coverage` state it so that `x` finds it"


def test_it_is_met_since_the_check_ended():
    assert FAST.judge(a_candidate(checks=(a_check("migrate", title="1 s"),))).at == minutes_ago(30)


def test_a_missing_check_may_still_come():
    early = FAST.judge(a_candidate(head_seen_at=minutes_ago(9)))
    assert (early.state, early.again_at) == (PENDING, NOW + timedelta(minutes=1))


def test_a_pull_request_that_edits_the_workflow_proves_nothing():
    run = a_check("migrate", title="1 s")
    candidate = a_candidate(checks=(run,), changes=(a_change(".github/workflows/ci.yml"),))
    assert FAST.judge(candidate).state is UNMET


def test_what_cannot_be_read_is_unknown():
    assert FAST.judge(a_candidate(checks=Unavailable("502"))).state is UNKNOWN
    assert COVERAGE.judge(a_candidate(statuses=Unavailable("502"))).state is UNKNOWN


def test_it_needs_what_checks_say():
    assert FAST.needs() == Needs(
        outputs=True, changes=True, heeds=of_check("migrate", app="github-actions", workflow="ci.yml")
    )
    assert COVERAGE.needs() == Needs(heeds=frozenset({Topic(Subject.STATUS, "coverage")}))
