"""What a pull request itself changes: the same after a clean rebase or merge, another after anything else."""

from dataclasses import replace
from typing import Any

import pytest

from bot.gate.differences import Comparison, OwnChange, OwnFile
from bot.gate.facts import Unavailable
from bot.gate.needs import Questions
from bot.gate.rules import Stale
from bot.gate.signed import why_stale
from bot.github import decode_rest
from bot.github.own_changes import MOST_FILES
from bot.sandbox.model.git import blob_oid
from tests.builders import a_snapshot
from tests.github.conftest import Desk

TEXT = "def f():\n" + "".join(f"    line {number}\n" for number in range(1, 31))
TOP, BOTTOM = TEXT.replace("line 2\n", "top\n"), TEXT.replace("line 29\n", "bottom\n")


async def _changes(desk: Desk, *shas: str) -> dict[str, Any]:
    return dict((await desk.answered(own_changes=frozenset(shas))).own_changes)


async def _of(desk: Desk, sha: str) -> OwnChange:
    found = (await _changes(desk, sha))[sha]
    assert isinstance(found, OwnChange)
    return found


async def _on_text(desk: Desk) -> str:
    """A pull request that changes the end of a long file; its head."""
    desk.sandbox.push_branch(desk.pull.repository, "main", author="rita", files={"a.py": TEXT}, message="base")
    desk.sandbox.rebase(desk.pull, by="dan")
    return desk.sandbox.push(desk.pull, author="dan", files={"a.py": BOTTOM}, message="bottom").oid


def _base_moves(desk: Desk, text: str) -> None:
    desk.sandbox.push_branch(desk.pull.repository, "main", author="rita", files={"a.py": text, "b": "1\n"}, message="x")


@pytest.mark.parametrize("way", ["rebase", "update_branch"])
@pytest.mark.parametrize(
    ("text", "extra", "same"),
    [
        pytest.param(TOP, None, True, id="the base changed another place"),
        pytest.param("# new\n# head\n" + TEXT, None, True, id="the base moved every line"),
        pytest.param(TEXT.replace("def f()", "def g()"), None, True, id="the base changed the heading above"),
        pytest.param(TEXT.replace("line 27", "other"), None, False, id="the base changed the lines around"),
        pytest.param(TOP, {"evil.py": "1\n"}, False, id="something was slipped in"),
        pytest.param(TOP, {"a.py": BOTTOM}, False, id="the base's change was taken back"),
    ],
)
async def test_bringing_a_branch_up_to_date(desk: Desk, way: str, text: str, extra, same: bool):
    signed = await _on_text(desk)
    before = await _of(desk, signed)
    _base_moves(desk, text)
    head = getattr(desk.sandbox, way)(desk.pull, by="dan", resolved=extra).oid
    changes = await _changes(desk, signed, head)
    then, now = changes[signed], changes[head]
    hunks = [{path: file.hunks for path, file in one.files.items()} for one in (before, then, now)]
    assert hunks[0] == hunks[1]
    assert (hunks[1] == hunks[2]) is same


async def test_each_kind_of_change(desk: Desk):
    repository = desk.pull.repository
    files = {"gone": "x\n", "moved": TEXT, "kept": TEXT, "image": "\0"}
    desk.sandbox.push_branch(repository, "main", author="rita", files=files, message="base")
    desk.sandbox.rebase(desk.pull, by="dan")
    changed = {"gone": None, "moved": None, "new": TEXT, "kept": None, "other": TOP, "image": "\0\0", "added": "1\n"}
    head = desk.sandbox.push(desk.pull, author="dan", files=changed, message="all kinds").oid
    change = await _of(desk, head)
    assert change.merge_base == desk.pull.base.oid
    told = {path: (one.status, one.previous, one.hunks is not None) for path, one in change.files.items()}
    moved, alike = sorted(["kept", "moved"], key=lambda name: told["new"][1] != name)
    assert told == {
        "added": ("added", None, True),
        "gone": ("removed", None, True),
        "image": ("modified", None, False),
        "new": ("renamed", moved, False),
        "other": ("renamed", alike, True),
        "src/app.py": ("added", None, True),
    }
    assert (change.files["gone"].blob, change.files["other"].blob) == (blob_oid("x\n"), blob_oid(TOP))


async def test_the_same_commit_is_asked_about_once(desk: Desk):
    await _of(desk, desk.pull.head_oid)
    before = len(desk.asked("rest"))
    await _of(desk, desk.pull.head_oid)
    assert len(desk.asked("rest")) == before


async def test_a_commit_that_is_gone_is_unavailable_and_the_others_are_not(desk: Desk):
    gone = "0" * 40
    changes = await _changes(desk, gone, desk.pull.head_oid)
    assert changes[gone] == Unavailable("GitHub no longer has the commit")
    assert isinstance(changes[desk.pull.head_oid], OwnChange)


async def test_what_may_not_be_read_is_unavailable(desk: Desk):
    snapshot = await desk.snapshot()
    desk.sandbox.grant(desk.sandbox.installation("acme"), contents="")
    asked = Questions(own_changes=frozenset({desk.pull.head_oid}))
    (found,) = (await desk.answers.to(asked, snapshot)).own_changes.values()
    assert isinstance(found, Unavailable)


def _many(count: int) -> dict[str, str | None]:
    return {f"many/f{number}.py": f"{number}\n" for number in range(count)}


async def test_where_one_comparison_is_cut_off_all_are_told_by_trees(desk: Desk):
    """The commit that was signed changed few files: told by its hunks, it could not be compared with the head."""
    signed = desk.pull.head_oid
    first = await desk.answered(own_changes=frozenset({signed}))
    desk.sandbox.push_branch(desk.pull.repository, "main", author="rita", files={"README.md": "new\n"}, message="x")
    head = desk.sandbox.push(desk.pull, author="dan", files={**_many(300), "src/old.py": None}, message="many").oid
    snapshot = replace(await desk.snapshot(), own_changes=first.own_changes)
    desk.sandbox.requests.clear()
    snapshot = await desk.answers.to(Questions(own_changes=frozenset({head})), snapshot)
    then, now = snapshot.own_changes[signed], snapshot.own_changes[head]
    assert isinstance(then, OwnChange)
    assert isinstance(now, OwnChange)
    app = OwnFile(previous=None, status="added", blob=blob_oid("1\n"), hunks=None, mode="100644")
    assert then.files == {"src/app.py": app}
    assert len(now.files) == 302
    assert now.files["src/app.py"] == app
    assert now.files["src/old.py"] == OwnFile(previous=None, status="removed", blob=blob_oid("1\n"), hunks=None)
    trees = [one for one in desk.asked("rest") if "/git/trees/" in one.path]
    assert len(trees) == 3, "the merge base's tree serves both"
    await desk.answers.to(Questions(own_changes=frozenset({signed, head})), await desk.snapshot())
    assert len([one for one in desk.asked("rest") if "/git/trees/" in one.path]) == 3


TREE: dict[str, Any] = {
    "truncated": False,
    "tree": [
        {"path": "src", "mode": "040000", "type": "tree", "sha": "1"},
        {"path": "src/a", "mode": "100644", "type": "blob", "sha": "2"},
        {"path": "lib", "mode": "160000", "type": "commit", "sha": "3"},
    ],
}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(TREE, {"src/a": ("100644", "2"), "lib": ("160000", "3")}, id="files and submodules"),
        pytest.param({**TREE, "truncated": True}, Unavailable("there are more files than GitHub lists"), id="cut off"),
        pytest.param(None, Unavailable("GitHub no longer has the commit"), id="gone"),
    ],
)
def test_tree(data, expected):
    assert decode_rest.tree(data) == expected


def test_a_file_made_executable_is_changed():
    (change,) = decode_rest.between({"a": ("100644", "1")}, {"a": ("100755", "1")}).values()
    assert change.status == "modified"


async def test_trees_that_are_cut_off_are_unavailable(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.sandbox.rest.git_routes.MOST_ENTRIES", 50)
    head = desk.sandbox.push(desk.pull, author="dan", files=_many(300), message="many").oid
    assert await _changes(desk, head) == {head: Unavailable("there are more files than GitHub lists")}
    desk.sandbox.requests.clear()
    await _changes(desk, head)
    assert any("/git/trees/" in one.path for one in desk.asked("rest")), "a refusal is not kept"


async def test_no_more_is_kept_than_there_is_room_for(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.github.own_changes.MOST_FILES", 100)
    assert MOST_FILES == 25_000
    head = desk.sandbox.push(desk.pull, author="dan", files=_many(300), message="many").oid
    assert len((await _of(desk, head)).files) == 301
    assert len(desk.caches.own_changes.trees) == 0


REPEATED = "".join(f"{place}:\n  - one\n  - two\n  - three\n\n" for place in ("staging", "test", "production"))


def _admin(place: str) -> str:
    return REPEATED.replace(f"{place}:\n  - one\n  - two\n", f"{place}:\n  - one\n  - two\n  - admin\n")


@pytest.mark.parametrize(
    ("base", "extra", "stands"),
    [
        pytest.param({"docs/x.md": "x\n"}, None, True, id="the base brought another file"),
        pytest.param({"docs/x.md": "x\n"}, {"deploy.yml": _admin("production")}, False, id="the lines were moved"),
        pytest.param({"deploy.yml": "# new\n" + REPEATED}, None, True, id="the base moved the lines"),
    ],
)
async def test_equal_lines_elsewhere_are_another_change(desk: Desk, base, extra, stands):
    desk.sandbox.push_branch(desk.pull.repository, "main", author="rita", files={"deploy.yml": REPEATED}, message="x")
    desk.sandbox.rebase(desk.pull, by="dan")
    signed = desk.sandbox.push(desk.pull, author="dan", files={"deploy.yml": _admin("staging")}, message="admin").oid
    desk.sandbox.push_branch(desk.pull.repository, "main", author="rita", files=base, message="base")
    head = desk.sandbox.update_branch(desk.pull, by="dan", resolved=extra).oid
    changes = await _changes(desk, signed, head)
    snapshot = a_snapshot(
        head_sha=head,
        comparisons={signed: Comparison(linear=True, files=frozenset({*base, *(extra or {})}))},
        own_changes=changes,
    )
    assert (why_stale(Stale.CHANGED, (), signed, snapshot) == "") is stands
