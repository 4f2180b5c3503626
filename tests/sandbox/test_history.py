"""Branches brought up to date, and diffs as git shows them."""

import pytest

from bot.sandbox import App, Clock, Sandbox
from bot.sandbox.model.git import changes
from bot.sandbox.model.pulls import PullRequest
from bot.sandbox.world import Refused

TEXT = "".join(f"line {number}\n" for number in range(1, 31))
TOP, BOTTOM = TEXT.replace("line 2\n", "top\n"), TEXT.replace("line 29\n", "bottom\n")
BOTH = TOP.replace("line 29\n", "bottom\n")


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(app=App(database_id=1, slug="gate"), clock=Clock())


def _diverged(sandbox: Sandbox, ours: dict[str, str | None], theirs: dict[str, str | None]) -> PullRequest:
    repository = sandbox.repository("acme/shop", files={"a": TEXT, "gone": "x\n"})
    pull = sandbox.open_pull_request(repository, author="dev", head="x", files=ours)
    sandbox.push_branch(repository, "main", author="ann", files=theirs, message="main moved")
    return pull


@pytest.mark.parametrize("way", ["update_branch", "rebase"])
@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        pytest.param({"b": "1\n"}, {"c": "2\n"}, {"a": TEXT, "b": "1\n", "c": "2\n", "gone": "x\n"}, id="other files"),
        pytest.param({"a": TOP}, {"a": BOTTOM}, {"a": BOTH, "gone": "x\n"}, id="other lines of one file"),
        pytest.param({"a": TOP}, {"a": TOP, "gone": None}, {"a": TOP}, id="the same lines in the same way"),
        pytest.param({"a": None}, {"b": "1\n"}, {"b": "1\n", "gone": "x\n"}, id="a file that the head deleted"),
    ],
)
def test_a_head_takes_in_its_base(sandbox: Sandbox, way: str, ours, theirs, expected):
    pull = _diverged(sandbox, ours, theirs)
    made = getattr(sandbox, way)(pull, by="dev")
    assert made.tree == expected
    assert pull.head is made
    assert pull.base in made.ancestry()


@pytest.mark.parametrize("way", ["update_branch", "rebase"])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param({"a": TOP}, {"a": TEXT.replace("line 2\n", "other\n")}, id="the same line"),
        pytest.param({"a": TOP}, {"a": TEXT.replace("line 3\n", "other\n")}, id="the next line"),
        pytest.param({"a": TOP}, {"a": None}, id="one deleted what the other changed"),
        pytest.param({"b": "1\n"}, {"b": "2\n"}, id="both added it"),
    ],
)
def test_a_conflict_is_somebodys_to_resolve(sandbox: Sandbox, way: str, ours, theirs):
    pull = _diverged(sandbox, ours, theirs)
    before = pull.head
    with pytest.raises(Refused, match=f"conflict between base and head in {next(iter(ours))}"):
        getattr(sandbox, way)(pull, by="dev")
    assert pull.head is before
    path = next(iter(ours))
    made = getattr(sandbox, way)(pull, by="dev", resolved={path: "by hand\n"})
    assert made.tree[path] == "by hand\n"


def test_a_merge_may_smuggle_content_in(sandbox: Sandbox):
    pull = _diverged(sandbox, {"b": "1\n"}, {"c": "2\n"})
    sandbox.update_branch(pull, by="dev", resolved={"evil": "3\n"})
    assert [one.path for one in sandbox.changes(pull)] == ["b", "evil"]


def test_a_rebase_leaves_merges_of_the_base_out(sandbox: Sandbox):
    pull = _diverged(sandbox, {"b": "1\n"}, {"c": "2\n"})
    sandbox.update_branch(pull, by="dev")
    sandbox.push(pull, author="ann", files={"d": "3\n"}, message="more")
    made = sandbox.rebase(pull, by="dev")
    assert [(one.message, one.author.name, one.committer.name) for one in made.ancestry()][:2] == [
        ("more", "ann", "dev"),
        ("x", "dev", "dev"),
    ]
    assert made.tree == {"a": TEXT, "b": "1\n", "c": "2\n", "d": "3\n", "gone": "x\n"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            {"a": "def f():\n" + "    x\n" * 9},
            {"a": "def f():\n" + "    x\n" * 8 + "    y\n"},
            "@@ -7,4 +7,4 @@ def f():\n     x\n     x\n     x\n-    x\n+    y",
            id="a hunk names the heading above it",
        ),
        pytest.param({"a": "1\n"}, {"a": "2\n"}, "@@ -1 +1 @@\n-1\n+2", id="nothing is above the first line"),
        pytest.param({"a": "1\n"}, {"a": "1\n\0"}, "", id="a binary file has no patch"),
        pytest.param({}, {"a": "x\ny\n"}, "@@ -0,0 +1,2 @@\n+x\n+y", id="a new file"),
    ],
)
def test_a_patch_is_as_git_shows_it(before, after, expected):
    (change,) = changes(before, after)
    assert change.patch == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({"a": TEXT}, {"b": TEXT}, [("b", "renamed", "a")], id="moved"),
        pytest.param({"a": TEXT}, {"b": TOP}, [("b", "renamed", "a")], id="moved and changed a little"),
        pytest.param({"a": "1\n"}, {"b": "2\n"}, [("a", "removed", None), ("b", "added", None)], id="another file"),
        pytest.param(
            {"a": TEXT, "b": TOP}, {"c": TOP}, [("a", "removed", None), ("c", "renamed", "b")], id="the same text first"
        ),
        pytest.param({"a": ""}, {"b": ""}, [("a", "removed", None), ("b", "added", None)], id="empty files"),
    ],
)
def test_renames_are_told_by_likeness(before, after, expected):
    assert [(one.path, one.status, one.previous_path) for one in changes(before, after)] == expected
