"""`file`: a file is there at the head, not empty, and says what it should."""

from dataclasses import replace

import pytest

from bot.evidence.file import File
from bot.evidence.paths import Paths
from bot.gate.deliverable import Deliverable
from bot.gate.evaluate import questions
from bot.gate.facts import Unavailable
from bot.gate.finding import State
from bot.gate.needs import Needs
from tests.builders import a_candidate, a_file, a_snapshot, a_version, an_item, rules_of

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


NOTES = File(path="RELEASE_v{version}.md")


def test_the_path_may_name_the_next_version():
    candidate = replace(a_candidate(files={"RELEASE_v1.0.0.md": a_file()}), next_version=a_version())
    assert NOTES.judge(candidate).seen == "`RELEASE_v1.0.0.md` is there"
    missing = NOTES.judge(replace(candidate, next_version=replace(a_version(), next="1.1.0")))
    assert (missing.state, missing.seen) == (State.UNKNOWN, "`RELEASE_v1.1.0.md` was not read")


def test_without_a_version_nobody_knows_which_file_is_meant():
    candidate = replace(a_candidate(), next_version=Unavailable("tags can't be read"))
    finding = NOTES.judge(candidate)
    assert (finding.state, finding.seen) == (State.UNKNOWN, "tags can't be read")
    assert finding.wanted == "`RELEASE_v{version}.md`"


def test_it_needs_its_file_once_the_version_is_known():
    assert NOTES.needs() == Needs(versioned=frozenset({"RELEASE_v{version}.md"}))


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        pytest.param({}, {"RELEASE_v0.0.1.md", "GUIDE_0.0.1.md"}, id="both"),
        pytest.param({"files": {"RELEASE_v0.0.1.md": None}}, {"GUIDE_0.0.1.md"}, id="one is answered"),
        pytest.param({"tags": Unavailable("no tags")}, set(), id="none while the version is not known"),
        pytest.param({"changes": None}, set(), id="none while more is asked"),
    ],
)
def test_which_files_are_asked_for(facts, asked):
    guide = Deliverable(id="guide", title="A guide", path="GUIDE_{version}.md")
    rules = rules_of(an_item(NOTES), an_item(Paths(changed=("a",)), id="P-1"), deliverables={"guide": guide})
    assert questions(rules, a_snapshot(**facts)).files == asked
