"""`task_list`: the boxes under a heading of the description are ticked."""

import pytest

from bot.evidence.task_list import TaskList
from bot.gate.facts import Unavailable
from bot.gate.finding import State
from bot.gate.mask import Subject, Topic
from bot.gate.needs import Needs
from tests.builders import a_candidate

MET, UNMET = State.MET, State.UNMET
DONE = TaskList(heading="Before release")
DATABASE = TaskList(heading="Before release", matches="(?i)database")


@pytest.mark.parametrize(
    ("evidence", "body", "state", "seen"),
    [
        pytest.param(
            DONE,
            "## Before release\n- [x] a\n- [X] b",
            MET,
            "2 boxes under `Before release` are ticked",
            id="all ticked",
        ),
        pytest.param(
            DONE, "## before  release:\n1. [x] a", MET, "1 box under `Before release` is ticked", id="one box"
        ),
        pytest.param(DONE, "## Before release\n- [x] a\n- [ ] b", UNMET, "open: `b`", id="one is open"),
        pytest.param(DONE, "- [x] a", UNMET, "no such task list", id="another place"),
        pytest.param(DONE, "## Before release\nnothing", UNMET, "no such task list", id="no boxes"),
        pytest.param(DONE, "", UNMET, "no such task list", id="no description"),
        pytest.param(DONE, Unavailable("no access"), State.UNKNOWN, "no access", id="a description that is not known"),
        pytest.param(
            DONE,
            "## Before release\n<!--\n- [x] a\n-->\n```\n- [x] b\n```",
            UNMET,
            "no such task list",
            id="hidden boxes",
        ),
        pytest.param(
            DATABASE,
            "## Before release\n- [x] Database\n- [ ] b",
            MET,
            "1 box under `Before release` is ticked",
            id="the box that matches",
        ),
        pytest.param(DATABASE, "## Before release\n- [x] b", UNMET, "no such task list", id="no box matches"),
    ],
)
def test_task_list(evidence, body, state, seen):
    finding = evidence.judge(a_candidate(body=body))
    assert (finding.state, finding.seen) == (state, seen)


def test_it_says_which_boxes_it_looks_for():
    assert DATABASE.judge(a_candidate()).wanted == "a task list matching `(?i)database` under `Before release`"


def test_it_needs_nothing_but_to_hear_of_it():
    assert DONE.needs() == Needs(heeds=frozenset({Topic(Subject.DESCRIPTION)}))
