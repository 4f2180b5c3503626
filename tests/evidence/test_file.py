"""`file`: a file is there at the head, not empty, and says what it should."""

import pytest

from bot.evidence.file import File
from bot.gate.facts import Unavailable
from bot.gate.finding import State
from bot.gate.needs import Needs
from tests.builders import a_candidate, a_file

THERE = File(path="CHANGELOG.md")
DATED = File(path="CHANGELOG.md", matches=r"(?m)^## \[1\.0\.0\]")


@pytest.mark.parametrize(
    ("evidence", "file", "state", "seen"),
    [
        pytest.param(THERE, a_file(), State.MET, "`CHANGELOG.md` is there", id="there"),
        pytest.param(THERE, None, State.UNMET, "no `CHANGELOG.md`", id="not there"),
        pytest.param(THERE, a_file(text=""), State.UNMET, "`CHANGELOG.md` is empty", id="empty"),
        pytest.param(THERE, a_file(text=None, size=9), State.MET, "`CHANGELOG.md` is there", id="binary, but there"),
        pytest.param(DATED, a_file(text="# Log\n## [1.0.0]\n"), State.MET, "`CHANGELOG.md` matches", id="matches"),
        pytest.param(DATED, a_file(text="# Log\n"), State.UNMET, "`CHANGELOG.md` does not match", id="does not match"),
        pytest.param(
            DATED,
            a_file(text=None, size=9),
            State.UNKNOWN,
            "`CHANGELOG.md` is binary or too large to read",
            id="binary",
        ),
        pytest.param(THERE, Unavailable("GitHub answered 502"), State.UNKNOWN, "GitHub answered 502", id="unreadable"),
    ],
)
def test_file(evidence, file, state, seen):
    finding = evidence.judge(a_candidate(files={"CHANGELOG.md": file}))
    assert (finding.state, finding.seen) == (state, seen)


def test_a_file_that_was_not_read_is_unknown():
    assert THERE.judge(a_candidate()).state is State.UNKNOWN


def test_it_needs_its_file():
    assert THERE.needs() == Needs(files=frozenset({"CHANGELOG.md"}))
