"""Which pull requests are releases."""

import pytest

from bot.gate.facts import ChangedFile, Unavailable
from bot.gate.release import When
from tests.builders import a_snapshot, rules_of

A_CHANGE = ChangedFile(path="src/a.py", previous="old/a.py", additions=1, deletions=0)
EITHER = When(base=("main",), any=(When(head=("release/**",)), When(labels=("release",))))


@pytest.mark.parametrize(
    ("when", "facts", "holds"),
    [
        pytest.param(When(), {}, True, id="no conditions: all are"),
        pytest.param(When(base=("main",)), {}, True, id="base"),
        pytest.param(When(base=("master", "ma*")), {}, True, id="one of several bases"),
        pytest.param(When(base=("master",)), {}, False, id="another base"),
        pytest.param(When(head=("release/*",)), {"head_ref": "release/1.0"}, True, id="head"),
        pytest.param(When(head=("release/*",)), {"head_ref": "release/1.0/fix"}, False, id="a star stops at a slash"),
        pytest.param(When(head=("release/**",)), {"head_ref": "release/1.0/fix"}, True, id="two stars don't"),
        pytest.param(When(head=("v?",)), {"head_ref": "v1"}, True, id="one character"),
        pytest.param(When(head=("v1.0",)), {"head_ref": "v1x0"}, False, id="a dot is a dot"),
        pytest.param(When(labels=("a", "b")), {"labels": frozenset({"b"})}, True, id="one of the labels"),
        pytest.param(When(labels=("a",)), {"labels": frozenset({"A"})}, True, id="a label in capitals"),
        pytest.param(When(labels=("a",)), {}, False, id="none of the labels"),
        pytest.param(When(labels=("a",)), {"labels": Unavailable("502")}, True, id="unreadable labels count as there"),
        pytest.param(When(title="^Release "), {}, True, id="title"),
        pytest.param(When(title="^release "), {}, False, id="another title"),
        pytest.param(When(paths=("src/",)), {"changes": (A_CHANGE,)}, True, id="a changed path"),
        pytest.param(When(paths=("old/",)), {"changes": (A_CHANGE,)}, True, id="the old name of a renamed file"),
        pytest.param(When(paths=("docs/",)), {"changes": (A_CHANGE,)}, False, id="other paths"),
        pytest.param(When(paths=("docs/",)), {"changes": None}, True, id="changes that were not read yet"),
        pytest.param(When(paths=("docs/",)), {"changes": Unavailable("502")}, True, id="unreadable changes"),
        pytest.param(EITHER, {}, True, id="one alternative"),
        pytest.param(EITHER, {"head_ref": "x", "labels": frozenset({"release"})}, True, id="the other alternative"),
        pytest.param(EITHER, {"head_ref": "x"}, False, id="no alternative"),
        pytest.param(EITHER, {"base_ref": "next"}, False, id="an alternative, but another base"),
    ],
)
def test_when(when, facts, holds):
    assert when.holds(a_snapshot(**facts)) is holds


@pytest.mark.parametrize(
    ("when", "needed"),
    [
        pytest.param(When(), False, id="no conditions"),
        pytest.param(When(paths=("a",)), True, id="paths"),
        pytest.param(When(any=(When(), When(paths=("a",)))), True, id="paths in an alternative"),
    ],
)
def test_the_changed_files_are_read_where_paths_decide(when, needed):
    assert rules_of(when=when).needs().changes is needed
