"""Whether what was pushed since takes a word away: by what the pull request itself changes, then and now."""

from dataclasses import replace
from typing import Any

import pytest

from bot.gate.differences import Comparison, OwnChange, OwnFile
from bot.gate.facts import Unavailable
from bot.gate.needs import Questions
from bot.gate.rules import Stale
from bot.gate.signed import to_compare, why_stale
from tests.builders import HEAD, OLD, a_change, a_snapshot

REWRITTEN = Comparison(linear=False, files=frozenset())
BUILT_ON = Comparison(linear=True, files=frozenset({"src/a"}))


def a_file(blob: str | None = "1", hunks: str | None = "h", **more: Any) -> OwnFile:
    """A modified file."""
    ordinary: dict[str, Any] = {"previous": None, "status": "modified", "blob": blob, "hunks": hunks}
    return OwnFile(**(ordinary | more))


def an_own(base: str = "m", **files: OwnFile) -> OwnChange:
    """What the pull request changes since it left that base."""
    return OwnChange(merge_base=base, files=files)


@pytest.mark.parametrize(
    ("then", "now", "changed"),
    [
        pytest.param(an_own(a=a_file()), an_own(a=a_file()), "", id="a rebase that changes nothing"),
        pytest.param(an_own(a=a_file()), an_own("n", a=a_file("2")), "", id="another base, the same lines"),
        pytest.param(an_own(a=a_file()), an_own("n", a=a_file("1", "i")), "`a`", id="another base, other lines"),
        pytest.param(an_own(a=a_file()), an_own(a=a_file("2")), "`a`", id="one base, the same lines elsewhere"),
        pytest.param(an_own(a=a_file("1", None)), an_own("n", a=a_file("1", None)), "", id="no patch, one content"),
        pytest.param(an_own(a=a_file("1", None)), an_own("n", a=a_file("2", "h")), "`a`", id="no patch, two contents"),
        pytest.param(an_own(a=a_file(None, None)), an_own("n", a=a_file(None, None)), "`a`", id="neither is known"),
        pytest.param(an_own(a=a_file()), an_own(), "`a`", id="a file is changed no more"),
        pytest.param(an_own(), an_own(a=a_file()), "`a`", id="a file is changed as well"),
        pytest.param(
            an_own(a=a_file(mode="100644")), an_own(a=a_file(mode="100755")), "`a`", id="a file is made executable"
        ),
        pytest.param(
            an_own(a=a_file(mode="100644")), an_own("n", a=a_file(mode="120000")), "`a`", id="a file is made a link"
        ),
        pytest.param(an_own(a=a_file()), an_own(a=a_file(status="removed")), "`a`", id="a file is removed instead"),
        pytest.param(
            an_own(a=a_file()), an_own(a=a_file(previous="old")), "`a` and `old`", id="a renamed one under both names"
        ),
    ],
)
def test_what_differs(then, now, changed):
    snapshot = a_snapshot(comparisons={OLD: REWRITTEN}, own_changes={OLD: then, HEAD: now})
    why = f"`aaaaaaa` was pushed after `bbbbbbb` was signed and changes {changed}"
    assert why_stale(Stale.CHANGED, (), OLD, snapshot) == (why if changed else "")


@pytest.mark.parametrize(
    ("files", "changed"),
    [
        pytest.param({"a"}, "`a`", id="though it holds what it held: it was made executable, or a link"),
        pytest.param({"b"}, "", id="which nobody touched"),
    ],
)
def test_a_file_that_was_pushed_since(files, changed):
    comparison = Comparison(linear=True, files=frozenset(files))
    own = {OLD: an_own(a=a_file()), HEAD: an_own(a=a_file())}
    why = why_stale(Stale.CHANGED, (), OLD, a_snapshot(comparisons={OLD: comparison}, own_changes=own))
    assert why == (f"`aaaaaaa` was pushed after `bbbbbbb` was signed and changes {changed}" if changed else "")


RENAMED = a_file(status="renamed", previous="src/auth/login.py")


@pytest.mark.parametrize(
    ("files", "changes", "own", "why"),
    [
        pytest.param({"src/x"}, (), {}, "", id="nothing under the paths"),
        pytest.param(
            {"src/login.py"},
            (a_change("src/login.py", was="src/auth/login.py"),),
            {
                OLD: an_own("m", **{"src/login.py": RENAMED}),
                HEAD: an_own("m", **{"src/login.py": replace(RENAMED, blob="2")}),
            },
            "changes `src/auth/login.py`",
            id="a file that was under them before the pull request renamed it",
        ),
        pytest.param(
            {"src/login.py"},
            (replace(a_change("src/auth/login.py"), additions=0), a_change("src/login.py")),
            {
                OLD: an_own("m", **{"src/login.py": RENAMED}),
                HEAD: an_own(
                    "m", **{"src/login.py": a_file(status="added"), "src/auth/login.py": a_file(status="removed")}
                ),
            },
            "changes `src/auth/login.py`",
            id="one that is changed so much that GitHub shows no rename any more",
        ),
        pytest.param(
            {"README.md"},
            (a_change("src/login.py", was="src/auth/login.py"),),
            {OLD: an_own("m", **{"src/login.py": RENAMED}), HEAD: an_own("m", **{"src/login.py": RENAMED})},
            "",
            id="another file than the one that was renamed",
        ),
        pytest.param(
            {"src/login.py"},
            (a_change("src/login.py", was="src/auth/login.py"),),
            {OLD: Unavailable("gone")},
            "the two can't be compared",
            id="one that was renamed, where nothing more is known",
        ),
        pytest.param(
            {"src/login.py"},
            Unavailable("cut"),
            {},
            "the two can't be compared",
            id="where it can't be told what is renamed",
        ),
        pytest.param({"src/auth"}, (), {}, "changes `src/auth`", id="a submodule in place of the folder"),
    ],
)
def test_what_is_under_the_paths(files, changes, own, why):
    comparison = Comparison(linear=True, files=frozenset(files))
    snapshot = a_snapshot(changes=changes, comparisons={OLD: comparison}, own_changes=own)
    assert why_stale(Stale.CHANGED, ("**/auth/**",), OLD, snapshot).endswith(why)
    assert bool(why_stale(Stale.CHANGED, ("**/auth/**",), OLD, snapshot)) is bool(why)


def test_only_paths_that_matter_count():
    snapshot = a_snapshot(comparisons={OLD: REWRITTEN}, own_changes={OLD: an_own(a=a_file()), HEAD: an_own()})
    assert why_stale(Stale.CHANGED, ("b",), OLD, snapshot) == ""
    assert why_stale(Stale.CHANGED, ("a",), OLD, snapshot) != ""


@pytest.mark.parametrize(
    ("stale", "sha", "facts", "asked"),
    [
        pytest.param(Stale.PUSH, OLD, {}, Questions(), id="any push matters"),
        pytest.param(Stale.NEVER, OLD, {}, Questions(), id="no push matters"),
        pytest.param(Stale.CHANGED, HEAD, {}, Questions(), id="nothing was pushed"),
        pytest.param(Stale.CHANGED, None, {}, Questions(), id="of no commit"),
        pytest.param(Stale.CHANGED, OLD, {}, Questions(comparisons=frozenset({OLD})), id="how they differ"),
        pytest.param(
            Stale.CHANGED,
            OLD,
            {"comparisons": {OLD: REWRITTEN}},
            Questions(own_changes=frozenset({OLD, HEAD})),
            id="what is changed at both",
        ),
        pytest.param(
            Stale.CHANGED,
            OLD,
            {"comparisons": {OLD: BUILT_ON}, "own_changes": {HEAD: an_own()}},
            Questions(own_changes=frozenset({OLD})),
            id="what is changed at the one that is not known",
        ),
    ],
)
def test_what_is_asked(stale, sha, facts, asked):
    assert to_compare(stale, (), sha, a_snapshot(**facts)) == asked


def test_nothing_is_asked_where_no_path_that_matters_was_touched():
    assert to_compare(Stale.CHANGED, ("docs/",), OLD, a_snapshot(comparisons={OLD: BUILT_ON})) == Questions()


def test_what_is_renamed_is_asked_where_paths_matter():
    snapshot = a_snapshot(changes=None, comparisons={OLD: BUILT_ON})
    assert to_compare(Stale.CHANGED, ("docs/",), OLD, snapshot) == Questions(changes=True)
