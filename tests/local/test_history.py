"""What git tells of a change is what git itself says, whatever the paths, the settings and the history are like."""

import os
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from bot.gate.facts import ChangedFile, Tag
from bot.local.git import NoAnswer, blobs, opened
from bot.local.history import Change, change_between, changed_files, files_at
from tests.local.repository import Repository, a_release, a_repository

ODD = [
    "a\nb.txt",
    "tab\there.txt",
    'quo"te.txt',
    "back\\slash.txt",
    " blank .txt",
    "ünïcödé.txt",
    "名前.txt",
    "-x",
    ":(top)",
]


def between(repository: Repository, base: str = "main", head: str = "HEAD") -> Change:
    return change_between(opened(repository.folder), base, head)


def gits_own(repository: Repository, span: str) -> tuple[int, int, int]:
    """Files, lines added and lines removed as `git diff` prints them."""
    words = repository.git("diff", "--shortstat", span).replace(",", "").split()
    counts = {word[:4]: int(number) for number, word in pairwise(words) if number.isdigit()}
    return counts.get("file", 0), counts.get("inse", 0), counts.get("dele", 0)


def counted(change: Change) -> tuple[int, int, int]:
    files = [row.file for row in change.files]
    return len(files), sum(file.additions for file in files), sum(file.deletions for file in files)


@pytest.fixture
def release(tmp_path) -> Repository:
    return a_release(tmp_path / "shop")


def test_odd_paths_come_through_whole(release):
    release.commit("fix: names", dict.fromkeys(ODD, "x\n"))
    paths = {row.file.path for row in between(release).files}
    assert paths == {*ODD, "src/shop.py"}
    assert counted(between(release)) == gits_own(release, "main...HEAD")


def test_a_path_that_is_no_utf8_is_counted(release):
    (release.folder / os.fsdecode(b"caf\xe9.txt")).write_text("x\n")
    release.commit("fix: names")
    assert "caf\ufffd.txt" in {row.file.path for row in between(release).files}


def test_a_renamed_file_is_one_with_both_names(release):
    release.commit("docs: more", {"docs/a.md": "".join(f"line {number}\n" for number in range(40))})
    release.branch("next")
    (release.folder / "docs/a.md").rename(release.folder / "docs/b\n.md")
    release.commit("docs: call it b", {"docs/b\n.md": "".join(f"line {number}\n" for number in range(39))})
    change = between(release, "release/1.3.0")
    assert [row.file for row in change.files] == [
        ChangedFile(path="docs/b\n.md", previous="docs/a.md", additions=0, deletions=1)
    ]
    assert counted(change) == gits_own(release, "release/1.3.0...HEAD")


def test_what_has_no_lines_counts_as_a_file(release):
    release.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor/module")
    (release.folder / "link").symlink_to("README.md")
    (release.folder / "README.md").chmod(0o755)
    release.git("add", "README.md", "link")
    (release.folder / "logo.png").write_bytes(b"\x89PNG\0\n" * 100)
    (release.folder / "empty").touch()
    release.git("add", "logo.png", "empty")
    release.git("commit", "--quiet", "--message", "chore: odds and ends")
    change = between(release)
    assert {row.file.path for row in change.files if row.is_binary} == {"logo.png"}
    assert {row.file.path for row in change.files} == {
        *("vendor/module", "link", "README.md", "logo.png", "empty", "src/shop.py")
    }
    assert counted(change) == gits_own(release, "main...HEAD")


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"diff.external": "false", "diff.renames": "false"}, id="another program makes the diff"),
        pytest.param({"color.ui": "always", "core.pager": "false", "pager.log": "true"}, id="colours and a pager"),
        pytest.param({"diff.ignoreSubmodules": "all", "diff.noprefix": "true"}, id="submodules are hidden"),
        pytest.param(
            {"log.showSignature": "true", "log.decorate": "full", "format.pretty": "short"}, id="a chatty log"
        ),
        pytest.param({"core.quotePath": "true", "i18n.logOutputEncoding": "latin1"}, id="quoting and encoding"),
        pytest.param({"diff.renameLimit": "1", "diff.algorithm": "histogram"}, id="another way to compare"),
        pytest.param({"core.fsmonitor": "false; touch owned", "core.hooksPath": "."}, id="programs to start"),
    ],
)
def test_no_setting_changes_the_answer(release, settings):
    release.git("mv", "README.md", "readme.md")
    release.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor/module")
    release.git("commit", "--quiet", "--message", "fix: größer\n\nmore")
    plain = between(release)
    for name, value in settings.items():
        release.git("config", name, value)
    assert between(release) == plain


def test_attributes_start_no_program(release):
    release.git("config", "diff.odd.textconv", "false")
    release.git("config", "diff.odd.command", "false")
    release.commit("chore: attributes", {".gitattributes": "*.py diff=odd\n", "src/more.py": "1\n2\n"})
    added = {row.file.path: row.file.additions for row in between(release).files}
    assert added == {".gitattributes": 1, "src/more.py": 2, "src/shop.py": 1}


def test_attributes_of_the_machine_hide_no_lines(release, tmp_path):
    attributes = tmp_path / "attributes"
    attributes.write_text("*.py -diff\n")
    release.git("config", "core.attributesFile", str(attributes))
    assert [counted.is_binary for counted in between(release).files] == [False]


def test_the_callers_variables_point_nowhere_else(release, tmp_path, monkeypatch):
    elsewhere = a_repository(tmp_path / "elsewhere")
    monkeypatch.setenv("GIT_DIR", str(elsewhere.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(elsewhere.folder))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "no-index"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert [row.file.path for row in between(release).files] == ["src/shop.py"]


def test_the_change_begins_where_the_two_parted(release):
    release.git("checkout", "--quiet", "main")
    release.commit("fix: on main only", {"main.txt": "x\n"})
    change = between(release, "main", "release/1.3.0")
    assert [row.file.path for row in change.files] == ["src/shop.py"]
    assert [row.commit.message.strip() for row in change.commits] == ["feat: sell by the dozen"]
    assert change.common == release.git("rev-parse", "v1.2.0")


def test_a_merge_brings_its_commits_oldest_first(release):
    release.branch("topic", "main")
    release.commit("fix: on a topic\n\nBREAKING CHANGE: gone", {"topic.txt": "x\n"}, email="Bob@Example.test")
    release.git("checkout", "--quiet", "release/1.3.0")
    release.git("merge", "--quiet", "--no-ff", "--message", "Merge topic", "topic")
    change = between(release)
    messages = [row.commit.message.strip() for row in change.commits]
    assert set(messages) == {"feat: sell by the dozen", "fix: on a topic\n\nBREAKING CHANGE: gone", "Merge topic"}
    assert messages[-1] == "Merge topic"
    assert {row.author for row in change.commits} == {"ann@example.test", "bob@example.test"}
    assert counted(change) == gits_own(release, "main...HEAD")


def test_a_mailmap_joins_a_persons_addresses(release):
    release.commit("fix: twice", {".mailmap": "Ann <ann@example.test> <ann@old.test>\n"}, email="ann@old.test")
    assert {row.author for row in between(release).commits} == {"ann@example.test"}


def test_no_common_commit_compares_the_trees(release):
    release.git("checkout", "--quiet", "--orphan", "again")
    release.git("rm", "--quiet", "-r", "--cached", ".")
    release.commit("feat: all anew", {"new.txt": "1\n2\n"})
    change = between(release, "main", "again")
    assert change.common is None
    assert counted(change) == gits_own(release, "main..again")
    assert len(change.commits) == 1


def test_tags_on_both_sides_are_told_apart(release):
    release.git("tag", "--annotate", "--message", "no", "v1.3.0-rc.1")
    release.git("tag", "tree", "HEAD^{tree}")
    release.git("tag", "--annotate", "--message", "old", "v1.1.0", "v1.2.0")
    change = between(release)
    first, head = release.git("rev-parse", "main"), release.git("rev-parse", "HEAD")
    assert change.merged_tags >= {"v1.2.0", "v1.1.0"}
    assert not change.merged_tags & {"v1.3.0-rc.1", "tree"}
    assert {Tag(name="v1.1.0", sha=first), Tag(name="v1.2.0", sha=first), Tag(name="v1.3.0-rc.1", sha=head)} <= set(
        change.tags
    )


@pytest.mark.parametrize(
    ("ref", "branch"),
    [
        ("main", "main"),
        ("release/1.3.0", "release/1.3.0"),
        ("HEAD", "release/1.3.0"),
        ("refs/heads/main", "main"),
        ("origin/release/1.3.0", "release/1.3.0"),
        ("v1.2.0", None),
        ("HEAD~1", None),
    ],
)
def test_a_branch_is_known_by_its_name(release, ref, branch):
    release.git("update-ref", "refs/remotes/origin/release/1.3.0", "HEAD")
    assert between(release, "main", ref).head.branch == branch


def test_files_are_read_at_the_commit_and_not_from_the_folder(release):
    (release.folder / "link").symlink_to("src/shop.py")
    release.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    release.git("add", "link")
    release.git("commit", "--quiet", "--message", "chore: more")
    release.commit("chore: bytes", {"logo.png": b"\x89PNG\0", "empty": "", "odd\n.txt": "odd", "sp ace/ü.txt": "ü"})
    (release.folder / "src/shop.py").write_text("changed and not committed")
    head = release.git("rev-parse", "HEAD")
    asked = [
        "src/shop.py",
        "src",
        "module",
        "link",
        "logo.png",
        "empty",
        "odd\n.txt",
        "sp ace/ü.txt",
        "nowhere",
        "src/",
    ]
    files = files_at(opened(release.folder), head, asked)
    assert {path: file and (file.size, file.text) for path, file in files.items()} == {
        "src/shop.py": (11, "dozen = 12\n"),
        "src": None,
        "src/": None,
        "module": None,
        "link": (11, "src/shop.py"),
        "logo.png": (5, None),
        "empty": (0, ""),
        "odd\n.txt": (3, "odd"),
        "sp ace/ü.txt": (2, "ü"),
        "nowhere": None,
    }


def test_a_subfolder_and_a_bare_repository_do_as_well(release, tmp_path):
    whole = between(release)
    release.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    bare = change_between(opened(tmp_path / "bare.git"), "main", "release/1.3.0")
    inside = change_between(opened(release.folder / "src"), "main", "HEAD")
    assert bare.files == inside.files == whole.files


def test_nothing_differs(release):
    change = between(release, "main", "main")
    assert (change.files, change.commits) == ((), ())


@pytest.mark.parametrize(
    "ref",
    [
        pytest.param("mian", id="a ref that is not there"),
        pytest.param("-x", id="one that looks like an option"),
        pytest.param("", id="an empty one"),
        pytest.param("main..HEAD", id="a range"),
        pytest.param("HEAD:src", id="a folder"),
        pytest.param("a\0b", id="a NUL"),
    ],
)
def test_a_ref_without_a_commit_is_told(release, ref):
    with pytest.raises(NoAnswer) as told:
        between(release, ref)
    wanted = f"{ref!r} names no commit in {release.folder}; name a branch, a tag or a hash: --base REF"
    assert str(told.value) == wanted


def test_an_empty_repository_is_told(tmp_path):
    with pytest.raises(NoAnswer) as told:
        between(a_repository(tmp_path))
    assert str(told.value) == f"{tmp_path} has no commits yet; make one first"


def test_a_shallow_clone_is_told(release):
    release.git("clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{release.folder}", "shallow")
    with pytest.raises(NoAnswer, match=r"^this clone is shallow, its history is cut off; type: git fetch --unshallow"):
        between(Repository(release.folder / "shallow"), "origin/main")


def test_a_folder_that_is_no_repository(tmp_path):
    with pytest.raises(NoAnswer, match="is no git repository; name one: --repo PATH"):
        opened(tmp_path)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(NoAnswer, match=r"there is no folder .*nowhere; name a git repository: --repo PATH"):
        opened(tmp_path / "nowhere")


def test_a_machine_without_git(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoAnswer, match="there is no `git` on this machine, or none on the PATH; install it"):
        opened(tmp_path)


def test_an_object_that_is_missing_is_told(release):
    blob = release.git("rev-parse", "HEAD:src/shop.py")
    (release.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(NoAnswer, match=r"'src/shop.py' is not in this repository although HEAD has it; type: git fsck"):
        files_at(opened(release.folder), "HEAD", ["src/shop.py"])


def test_a_thousand_files_between_unrelated_histories_are_gits_own_count(tmp_path):
    repository = a_repository(tmp_path / "large")
    repository.commit("one", {f"old/{n}.txt": f"{n}\n" * (n % 7) for n in range(700)})
    repository.git("checkout", "--quiet", "--orphan", "again")
    repository.git("rm", "--quiet", "-rf", ".")
    repository.commit("two", {f"new/{n}.txt": f"{n}\n" * (n % 5) for n in range(741)})
    began = datetime.now(UTC)
    change = between(repository, "main", "again")
    assert (datetime.now(UTC) - began).total_seconds() < 60  # hangs are found, speed is the benchmark's
    assert counted(change) == gits_own(repository, "main..again")


def test_a_tree_is_compared_from_commit_to_commit(release):
    git = opened(release.folder)
    assert (
        changed_files(git, release.git("rev-parse", "main"), release.git("rev-parse", "HEAD")) == between(release).files
    )


def test_an_object_that_git_does_not_have_is_told(release):
    with pytest.raises(NoAnswer, match=r"the object 111111111111 is not in this repository; type: git fetch --refetch"):
        list(blobs(opened(release.folder), ["1" * 40]))


def test_a_command_that_git_refuses_is_told_in_one_line(release):
    with pytest.raises(NoAnswer, match=r"^ambiguous argument 'nowhere': unknown revision or path"):
        opened(release.folder).ask("log", "nowhere")
