"""`paths`: something is changed, nothing is, or nothing else is; a renamed file counts under both names."""

import pytest

from bot.evidence.paths import Paths
from bot.gate.facts import Unavailable
from bot.gate.finding import State
from bot.gate.needs import Needs
from tests.builders import a_candidate, a_change

MET, UNMET, UNKNOWN = State.MET, State.UNMET, State.UNKNOWN
DOCS = Paths(changed=("docs/",))
SECRETS = Paths(unchanged=("secrets/",))
ONLY_DOCS = Paths(only=("docs/", "*.md"))


@pytest.mark.parametrize(
    ("evidence", "changes", "state", "seen"),
    [
        pytest.param(DOCS, [a_change("docs/a.md")], MET, "changes `docs/a.md`", id="changed"),
        pytest.param(DOCS, [a_change("src/a.py")], UNMET, "nothing of `docs/` is changed", id="not changed"),
        pytest.param(DOCS, [], UNMET, "nothing of `docs/` is changed", id="nothing at all is changed"),
        pytest.param(SECRETS, [a_change("src/a.py")], MET, "1 changed path is as wanted", id="left alone"),
        pytest.param(SECRETS, [a_change("secrets/key")], UNMET, "changes `secrets/key`", id="touched"),
        pytest.param(
            SECRETS,
            [a_change("key", was="secrets/key")],
            UNMET,
            "changes `secrets/key`",
            id="renamed out of the folder",
        ),
        pytest.param(SECRETS, [a_change("secrets/key", was="key")], UNMET, "changes `secrets/key`", id="renamed into"),
        pytest.param(
            ONLY_DOCS,
            [a_change("docs/a.md"), a_change("CHANGELOG.md")],
            MET,
            "2 changed paths are as wanted",
            id="only",
        ),
        pytest.param(ONLY_DOCS, [a_change("docs/a.md"), a_change("a.py")], UNMET, "changes `a.py`", id="another too"),
        pytest.param(
            ONLY_DOCS, [a_change("docs/a.md", was="a.py")], UNMET, "changes `a.py`", id="renamed from elsewhere"
        ),
        pytest.param(DOCS, Unavailable("cut off"), UNKNOWN, "cut off", id="more files than GitHub lists"),
        pytest.param(DOCS, None, UNKNOWN, "the changed files were not read", id="not read"),
    ],
)
def test_paths(evidence, changes, state, seen):
    changes = tuple(changes) if isinstance(changes, list) else changes
    finding = evidence.judge(a_candidate(changes=changes))
    assert (finding.state, finding.seen) == (state, seen)


def test_every_condition_must_hold():
    both = Paths(changed=("docs/",), unchanged=("secrets/",))
    assert both.judge(a_candidate(changes=(a_change("docs/a"),))).state is MET
    assert both.judge(a_candidate(changes=(a_change("docs/a"), a_change("secrets/key")))).state is UNMET


def test_it_needs_the_changed_files():
    assert DOCS.needs() == Needs(changes=True)
