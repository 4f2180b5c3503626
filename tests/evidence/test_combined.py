"""`all`, `any` and `not`: which state wins."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.evidence.check import Check
from bot.evidence.combined import All, Any, Not
from bot.evidence.deployment import Deployment
from bot.evidence.file import File
from bot.evidence.label import Label
from bot.evidence.paths import Paths
from bot.gate.candidate import Candidate
from bot.gate.finding import Finding, State, Wait
from bot.gate.needs import Needs
from tests.builders import NOW, a_candidate, a_change, a_check, a_file
from tests.builders import Says as Saying

TESTS = Check(name="tests", workflow="ci.yml")
MET, PENDING, UNKNOWN, UNMET = State.MET, State.PENDING, State.UNKNOWN, State.UNMET


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """Evidence that says what it is told to."""

    state: State
    minutes: int = 0

    def needs(self) -> Needs:
        """One file, named after the state."""
        return Needs(files=frozenset({self.state}))

    def judge(self, candidate: Candidate) -> Finding:  # noqa: ARG002 - it has its mind made up
        """What it was told."""
        at = NOW - timedelta(minutes=self.minutes)
        again_at = NOW + timedelta(minutes=self.minutes) if self.state is PENDING else None
        return Finding(state=self.state, seen=f"{self.state} {self.minutes}", at=at, again_at=again_at)


def _of(*states: State) -> tuple[Says, ...]:
    return tuple(Says(state=state) for state in states)


@pytest.mark.parametrize(
    ("states", "worst", "best"),
    [
        ((MET, MET), MET, MET),
        ((MET, PENDING), PENDING, MET),
        ((PENDING, UNKNOWN), UNKNOWN, PENDING),
        ((UNKNOWN, UNMET), UNMET, UNKNOWN),
        ((MET, PENDING, UNKNOWN, UNMET), UNMET, MET),
        ((UNMET,), UNMET, UNMET),
    ],
)
def test_the_worst_of_all_and_the_best_of_any(states, worst, best):
    for order in (states, tuple(reversed(states))):
        assert All(of=_of(*order)).judge(a_candidate()).state is worst
        assert Any(of=_of(*order)).judge(a_candidate()).state is best


GREEN, RED = a_check(), a_check(conclusion="failure")


@pytest.mark.parametrize(
    ("evidence", "run", "state"),
    [
        pytest.param(TESTS, GREEN, UNMET, id="it proves nothing"),
        pytest.param(TESTS, RED, UNMET, id="it still disproves"),
        pytest.param(Not(of=TESTS), RED, UNMET, id="nor does its contrary"),
        pytest.param(Not(of=TESTS), a_check("other"), UNMET, id="nor does a job that was taken out"),
        pytest.param(Not(of=TESTS), GREEN, UNMET, id="whose contrary it still disproves"),
        pytest.param(Not(of=Any(of=(Not(of=TESTS),))), GREEN, UNMET, id="nor the contrary of that"),
    ],
)
def test_a_workflow_that_the_pull_request_changes(evidence, run, state):
    candidate = a_candidate(checks=(run,), changes=(a_change(".github/workflows/ci.yml"),))
    assert evidence.judge(candidate).state is state


@pytest.mark.parametrize(("state", "swapped"), [(MET, UNMET), (UNMET, MET), (PENDING, PENDING), (UNKNOWN, UNKNOWN)])
def test_not_swaps_met_and_unmet_only(state, swapped):
    assert Not(of=Says(state=state)).judge(a_candidate()).state is swapped


def test_all_is_met_since_the_last_and_any_since_the_first():
    parts = (Says(state=MET, minutes=5), Says(state=MET, minutes=9))
    assert All(of=parts).judge(a_candidate()).at == NOW - timedelta(minutes=5)
    assert Any(of=parts).judge(a_candidate()).at == NOW - timedelta(minutes=9)


def test_all_is_met_since_nobody_knows_when_if_one_part_does_not_say():
    parts = (Says(state=MET, minutes=5), File(path="GUIDE.md"))
    candidate = a_candidate(files={"GUIDE.md": a_file("GUIDE.md")})
    assert All(of=parts).judge(candidate).at is None
    assert Any(of=parts).judge(candidate).at == NOW - timedelta(minutes=5)


def test_the_next_look_is_the_earliest_even_of_parts_that_do_not_decide():
    parts = (Says(state=UNMET), Says(state=PENDING, minutes=5), Says(state=PENDING, minutes=9))
    assert All(of=parts).judge(a_candidate()).again_at == NOW + timedelta(minutes=5)


def test_only_what_decides_is_told_and_each_once():
    finding = All(of=_of(UNMET, UNMET, MET)).judge(a_candidate())
    assert finding.seen == "unmet 0"


X, Y = File(path="x"), File(path="y")
STAGED = Deployment(environment="staging")
MAIN = Paths(changed=("src/**",))


@pytest.mark.parametrize(
    ("evidence", "wanted", "do"),
    [
        pytest.param(Any(of=(X, Y)), "`x` or `y`", "add `x` or `y`", id="one file of two is enough"),
        pytest.param(All(of=(X, Y)), "`x`; `y`", "add `x`; add `y`", id="both are wanted"),
        pytest.param(
            Any(of=(X, STAGED)),
            "`x`; or this head on `staging`",
            "add `x`; or deploy it to `staging`",
            id="one of two kinds is enough",
        ),
        pytest.param(Not(of=File(path="there")), "no `there`", "remove `there`", id="a file that must not be there"),
        pytest.param(
            Not(of=File(path="there", matches="TODO")),
            "`there` without `TODO`",
            "take what `TODO` finds out of `there`",
            id="a text that must not be there",
        ),
        pytest.param(
            Not(of=MAIN), "no change of `src/**`", "take that out of the pull request", id="paths that must stay"
        ),
        pytest.param(
            Not(of=Paths(unchanged=("docs/**",))), "a change of `docs/**`", "change it", id="paths that must not stay"
        ),
        pytest.param(
            Not(of=Paths(only=("src/**",))),
            "a change of something beside `src/**`",
            "change something else too",
            id="paths that must not be alone",
        ),
        pytest.param(
            Not(of=Paths(changed=("src/**",), only=("src/**",))),
            "not: 1 changed path is as wanted",
            "see that this holds no longer",
            id="two options at once",
        ),
        pytest.param(Not(of=Label(any=frozenset({"wip"}))), "not `wip`", "remove `wip`", id="a label too many"),
        pytest.param(Not(of=Label(none=frozenset({"ok"}))), "`ok`", "add `ok`", id="a label too few"),
        pytest.param(
            Not(of=All(of=(File(path="there"), MAIN))),
            "no `there`; or no change of `src/**`",
            "remove `there`; or take that out of the pull request",
            id="not all of them",
        ),
        pytest.param(
            Not(of=Any(of=(File(path="there"), MAIN))),
            "no `there`; no change of `src/**`",
            "remove `there`; take that out of the pull request",
            id="none of them",
        ),
        pytest.param(Not(of=Not(of=X)), "`x`", "add `x`", id="not not"),
    ],
)
def test_what_is_wanted_and_what_to_do(evidence, wanted, do):
    candidate = a_candidate(
        files={"x": None, "y": None, "there": a_file("there", "TODO")},
        changes=(a_change("src/a.py"),),
        labels=frozenset({"wip"}),
    )
    finding = evidence.judge(candidate)
    assert (finding.state, finding.wanted, finding.do) == (UNMET, wanted, do)


def test_paths_that_must_stay_say_which_changed():
    assert Not(of=MAIN).judge(a_candidate(changes=(a_change("src/a.py"),))).seen == "changes `src/a.py`"


@pytest.mark.parametrize("evidence", [All(of=_of(MET, UNMET)), Any(of=_of(MET, UNMET))])
def test_they_need_what_their_parts_need(evidence):
    assert evidence.needs() == Needs(files=frozenset({MET, UNMET}))


def test_not_needs_what_its_part_needs():
    assert Not(of=Says(state=MET)).needs() == Needs(files=frozenset({MET}))


def waiting(days: int, state: State = UNMET) -> Saying:
    return Saying(Finding(state=state, seen="x", least=Wait(timedelta(days=days), "attestation")))


@pytest.mark.parametrize(
    ("evidence", "days"),
    [
        pytest.param(All(of=(waiting(3), waiting(14), Says(state=UNMET))), 14, id="all wait for the longest"),
        pytest.param(Any(of=(waiting(3), waiting(14))), 3, id="any for the shortest"),
        pytest.param(Any(of=(waiting(3), Says(state=UNMET))), None, id="or for none"),
        pytest.param(Not(of=waiting(3)), None, id="not waits for nothing"),
    ],
)
def test_a_time_that_has_yet_to_begin(evidence, days):
    least = evidence.judge(a_candidate()).least
    assert (least and least.lasts.days) == days
