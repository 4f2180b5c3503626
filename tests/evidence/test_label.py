"""`label`: labels are there, or are not."""

import pytest

from bot.evidence.label import Label
from bot.gate.facts import Unavailable
from bot.gate.finding import State
from bot.gate.mask import Subject, Topic
from bot.gate.needs import Needs
from tests.builders import a_candidate

ANY = Label(any=frozenset({"qa", "beta"}))
ALL = Label(all=frozenset({"qa", "beta"}))
NONE = Label(none=frozenset({"wip"}))


@pytest.mark.parametrize(
    ("label", "labels", "state", "do"),
    [
        pytest.param(ANY, {"qa"}, State.MET, "", id="one of any"),
        pytest.param(ANY, {"QA"}, State.MET, "", id="one of any, in capitals"),
        pytest.param(ALL, {"Qa", "beta"}, State.MET, "", id="all, in other letters"),
        pytest.param(NONE, {"WIP"}, State.UNMET, "remove `wip`", id="one too many, in capitals"),
        pytest.param(ANY, {"x"}, State.UNMET, "add `beta` or `qa`", id="none of any"),
        pytest.param(ALL, {"qa", "beta", "x"}, State.MET, "", id="all"),
        pytest.param(ALL, {"qa"}, State.UNMET, "add `beta`", id="one missing"),
        pytest.param(NONE, {"x"}, State.MET, "", id="none of none"),
        pytest.param(NONE, {"wip"}, State.UNMET, "remove `wip`", id="one too many"),
        pytest.param(NONE, set(), State.MET, "", id="no labels at all"),
    ],
)
def test_label(label, labels, state, do):
    finding = label.judge(a_candidate(labels=frozenset(labels)))
    assert (finding.state, finding.do) == (state, do)


def test_it_says_everything_that_is_wanted():
    label = Label(any=frozenset({"a", "b"}), all=frozenset({"c"}), none=frozenset({"d"}))
    assert label.judge(a_candidate()).wanted == "one of `a` or `b`, `c` and not `d`"


def test_labels_that_cannot_be_read_are_unknown():
    assert NONE.judge(a_candidate(labels=Unavailable("no access"))).state is State.UNKNOWN


def test_it_needs_nothing_but_to_hear_of_it():
    assert NONE.needs() == Needs(heeds=frozenset({Topic(Subject.LABEL, "wip")}))
