"""The version: current from tags, bump from commits and labels."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from semver import Version as SemanticVersion

from bot.gate.declarations import Declaration
from bot.gate.facts import Snapshot, Tag, Unavailable
from bot.gate.needs import Questions
from bot.gate.signals import Signal, changes_of, declared_by, of_changes
from bot.gate.version import Bump, NextVersion, Semver, Zero, decide, next_version
from bot.gate.version_tags import questions
from tests.builders import HEAD, a_commit, a_file, a_snapshot

LABELS = {Bump.MAJOR: ("semver:major",), Bump.MINOR: ("semver:minor",)}


def _tags(*names: str) -> tuple[Tag, ...]:
    return tuple(Tag(name=name, sha="d" * 40) for name in names)


@pytest.mark.parametrize(
    ("tags", "merged", "current"),
    [
        pytest.param([], {}, "0.0.0", id="none: initial"),
        pytest.param(["v1.2.0", "v1.10.0"], {"v1.10.0": True}, "1.10.0", id="the highest, by number"),
        pytest.param(["v1.2.0", "v2.0.0"], {"v2.0.0": False, "v1.2.0": True}, "1.2.0", id="the highest that is merged"),
        pytest.param(["v1.2.0"], {"v1.2.0": False}, "0.0.0", id="none is merged"),
        pytest.param(["v1.2.0", "v2.0.0-rc.1"], {"v1.2.0": True}, "1.2.0", id="pre-releases are ignored"),
        pytest.param(["1.2.0", "vx", "release", "v1.2"], {}, "0.0.0", id="other tags are ignored"),
    ],
)
def test_the_current_version(tags, merged, current):
    version = next_version(Semver(), a_snapshot(tags=_tags(*tags), merged_tags=merged))
    assert isinstance(version, NextVersion)
    assert version.current == current


@pytest.mark.parametrize(
    ("files", "facts", "current"),
    [
        pytest.param({"A": "1.2.0"}, {}, "1.2.0", id="the file at the base"),
        pytest.param({"A": None, "B": "0.4.0rc1", "C": "9.9.9"}, {}, "0.4.0-rc.1", id="the first that carries one"),
        pytest.param({"A": "none"}, {}, "0.1.0", id="none that does: initial"),
        pytest.param({"A": "9.9.9"}, {"tags": _tags("v1.0.0"), "merged_tags": {"v1.0.0": True}}, "1.0.0", id="a tag"),
    ],
)
def test_the_current_version_without_a_tag(files, facts, current):
    found = {path: a_file(path, text) if text else None for path, text in files.items()}
    snapshot = a_snapshot(files=dict.fromkeys(files), base_files=found, **facts)
    version = next_version(Semver(files=tuple(files), initial="0.1.0"), snapshot)
    assert isinstance(version, NextVersion)
    assert version.current == current


def test_a_version_file_at_the_base_has_to_be_known():
    snapshot = a_snapshot(files={"A": None}, base_files={"A": Unavailable("502")})
    assert next_version(Semver(files=("A",)), snapshot) == Unavailable("502")
    assert next_version(Semver(files=("A",)), a_snapshot()) == Unavailable("`A` at the base was not read")


def test_a_tag_pattern_has_a_start_and_an_end():
    semver = Semver(tag="web-{version}-final")
    snapshot = a_snapshot(tags=_tags("web-1.2.3-final", "web-9.9.9"), merged_tags={"web-1.2.3-final": True})
    assert str(next_version(semver, snapshot)) == "1.2.4 (patch)"


@pytest.mark.parametrize(
    ("messages", "labels", "expected"),
    [
        pytest.param([], [], "1.2.4 (patch)", id="nothing speaks"),
        pytest.param(["update docs"], [], "1.2.4 (patch)", id="no convention"),
        pytest.param(["fix: a"], [], "1.2.4 (patch)", id="fix"),
        pytest.param(["perf: a"], [], "1.2.4 (patch)", id="perf"),
        pytest.param(["feat: a", "fix: b"], [], "1.3.0 (minor)", id="the highest wins"),
        pytest.param(["feat(api)!: a"], [], "2.0.0 (major)", id="breaking, in the header"),
        pytest.param(["fix: a\n\nBREAKING CHANGE: b"], [], "2.0.0 (major)", id="breaking, in the footer"),
        pytest.param(["fix: a"], ["semver:minor"], "1.3.0 (minor)", id="a label"),
        pytest.param(["fix: a"], ["SemVer:Minor"], "1.3.0 (minor)", id="a label in other letters"),
        pytest.param(["fix: a"], ["other"], "1.2.4 (patch)", id="a label that means nothing"),
    ],
)
def test_the_next_version(messages, labels, expected):
    snapshot = a_snapshot(
        tags=_tags("v1.2.3"),
        merged_tags={"v1.2.3": True},
        commits=tuple(a_commit(message) for message in messages),
        labels=frozenset(labels),
    )
    assert str(next_version(Semver(labels=LABELS), snapshot)) == expected


@pytest.mark.parametrize(
    ("zero", "message", "expected"),
    [
        (Zero.MINOR, "feat!: a", "0.4.0 (minor)"),
        (Zero.MINOR, "feat: a", "0.3.1 (patch)"),
        (Zero.MINOR, "fix: a", "0.3.1 (patch)"),
        (Zero.STRICT, "feat!: a", "1.0.0 (major)"),
        (Zero.STRICT, "feat: a", "0.4.0 (minor)"),
    ],
)
def test_before_1_0_0(zero, message, expected):
    snapshot = a_snapshot(tags=_tags("v0.3.0"), merged_tags={"v0.3.0": True}, commits=(a_commit(message),))
    assert str(next_version(Semver(zero=zero), snapshot)) == expected


def test_what_the_changes_alone_ask_for_stays_known():
    declared = Declaration(source="file", version=SemanticVersion.parse("2.0.0"), because="`VERSION`")
    signals = [Signal(source="commit", bump=Bump.MINOR, because="a")]
    assert decide(Zero.MINOR, SemanticVersion.parse("1.2.3"), signals, [declared]).computed is Bump.MINOR
    assert decide(Zero.MINOR, SemanticVersion.parse("0.2.3"), signals, [declared]).computed is Bump.PATCH


def test_of_several_release_commits_the_highest_counts_whatever_else_they_say():
    def told(version: str, because: str) -> Declaration:
        return Declaration(source="commit", version=SemanticVersion.parse(version), because=because)

    said = [told("1.3.0", "z"), told("1.10.0", "a"), told("1.4.0", "m")]
    assert decide(Zero.MINOR, SemanticVersion.parse("1.2.3"), (), said).next == "1.10.0"


def test_every_signal_says_why():
    snapshot = a_snapshot(commits=(a_commit("feat: log in\n\nmore"),), labels=frozenset({"semver:major"}))
    version = next_version(Semver(labels=LABELS), snapshot)
    assert isinstance(version, NextVersion)
    assert [(signal.source, signal.bump, signal.because) for signal in version.signals] == [
        ("commit", Bump.MINOR, "aaaaaaa `feat: log in`"),
        ("label", Bump.MAJOR, "`semver:major`"),
    ]


@pytest.mark.parametrize(
    ("snapshot", "because"),
    [
        pytest.param(a_snapshot(tags=Unavailable("no tags")), "no tags", id="tags"),
        pytest.param(a_snapshot(commits=Unavailable("no commits")), "no commits", id="commits"),
        pytest.param(a_snapshot(labels=Unavailable("no labels")), "no labels", id="labels"),
        pytest.param(
            a_snapshot(tags=_tags("v1.0.0"), merged_tags={"v1.0.0": Unavailable("502")}), "502", id="merged or not"
        ),
        pytest.param(
            a_snapshot(tags=_tags("v1.0.0")),
            "whether `v1.0.0` is merged is not known",
            id="merged or not, not asked yet",
        ),
    ],
)
def test_what_is_not_known_makes_no_version(snapshot, because):
    assert next_version(Semver(labels=LABELS), snapshot) == Unavailable(because)


def test_labels_that_mean_nothing_need_not_be_known():
    assert str(next_version(Semver(), a_snapshot(labels=Unavailable("no labels")))) == "0.0.1 (patch)"


@pytest.mark.parametrize(
    ("tags", "merged", "asked"),
    [
        ([], {}, set()),
        (["v1.0.0", "v2.0.0"], {}, {"v2.0.0"}),
        (["v1.0.0", "v2.0.0"], {"v2.0.0": False}, {"v1.0.0"}),
        (["v1.0.0", "v2.0.0"], {"v2.0.0": True}, set()),
        (["v1.0.0", "v2.0.0"], {"v2.0.0": Unavailable("502")}, set()),
        (["v1.0.0"], {"v1.0.0": False}, set()),
    ],
)
def test_which_tag_to_ask_about(tags, merged, asked):
    found = questions("v{version}", a_snapshot(tags=_tags(*tags), merged_tags=merged))
    assert {tag.name for tag in found.tags} == asked


def test_no_tag_is_asked_about_when_tags_are_unknown():
    assert not questions("v{version}", a_snapshot(tags=Unavailable("502"), tag_count=300))


MANY = _tags(*(f"v1.{minor}.0" for minor in range(80)))


def test_unmerged_tags_are_asked_about_in_few_turns_and_never_without_end():
    snapshot, turns = a_snapshot(tags=MANY), []
    while asked := questions("v{version}", snapshot):
        turns.append({tag.name for tag in asked.tags})
        snapshot = replace(snapshot, merged_tags={**snapshot.merged_tags, **dict.fromkeys(turns[-1], False)})
    assert [len(turn) for turn in turns] == [1, 4, 15, 30]
    assert turns[:2] == [{"v1.79.0"}, {"v1.78.0", "v1.77.0", "v1.76.0", "v1.75.0"}]
    because = "50 higher tags are not merged into the base, and more are not asked about"
    assert next_version(Semver(), snapshot) == Unavailable(f"whether `v1.29.0` is merged is not known: {because}")
    everything = {f"v1.{minor}.0": minor < 10 for minor in range(80)}
    assert str(next_version(Semver(), replace(snapshot, merged_tags=everything))) == "1.9.1 (patch)"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({}, Unavailable("of 2 tags only the newest were read"), id="not read yet"),
        pytest.param({"tags_of": {"v": Unavailable("502")}}, Unavailable("502"), id="can't be told"),
        pytest.param({"tags_of": {"v": _tags("v1.2.0", "v1.3.0-rc.1")}}, "1.2.1 (patch)", id="all that fit were read"),
        pytest.param({"tags_of": {"v": ()}}, "0.0.1 (patch)", id="none fits"),
        pytest.param(
            {"tags_of": {"": _tags("v1.2.0")}}, Unavailable("of 2 tags only the newest were read"), id="other"
        ),
    ],
)
def test_tags_beyond_the_newest_hundred_count(facts, expected):
    version = next_version(
        Semver(), a_snapshot(tags=_tags("nightly"), tag_count=2, merged_tags={"v1.2.0": True}, **facts)
    )
    assert (version if isinstance(version, Unavailable) else str(version)) == expected


@pytest.mark.parametrize(
    ("pattern", "facts", "asked"),
    [
        pytest.param("v{version}", {}, {"v"}, id="what tags begin with"),
        pytest.param("{version}-web", {}, {""}, id="all, when they begin with the version"),
        pytest.param("v{version}", {"tag_count": 1}, set(), id="nothing, when all were read"),
        pytest.param("v{version}", {"tags_of": {"v": ()}}, set(), id="nothing twice"),
        pytest.param(
            "v{version}", {"tags_of": {"v": Unavailable("502")}}, set(), id="nothing twice, not even after 502"
        ),
    ],
)
def test_which_older_tags_to_ask_for(pattern, facts, asked):
    snapshot = a_snapshot(**{"tags": _tags("nightly"), "tag_count": 2} | facts)
    assert questions(pattern, snapshot) == Questions(tags_of=frozenset(asked))


def test_a_version_that_an_old_tag_has_was_released():
    snapshot = _released(
        "fix: a", tag_count=300, tags_of={"v": _tags("v1.2.3", "v1.2.4")}, merged_tags={"v1.2.3": True, "v1.2.4": False}
    )
    (problem,) = _told(snapshot).problems
    assert problem.seen == "the tag `v1.2.4` exists, at `ddddddd`"


def _released(*messages: str, files: Mapping[str, str | None] | None = None, **facts: Any) -> Snapshot:
    """Commits since v1.2.3, and what the version files hold."""
    found = {path: None if text is None else a_file(path, text) for path, text in (files or {}).items()}
    ordinary: dict[str, Any] = {
        "tags": _tags("v1.2.3"),
        "merged_tags": {"v1.2.3": True},
        "commits": tuple(a_commit(message) for message in messages),
        "files": found,
    }
    return a_snapshot(**(ordinary | facts))


def _told(snapshot: Snapshot, **options: Any) -> NextVersion:
    version = next_version(Semver(**options), snapshot)
    assert isinstance(version, NextVersion)
    return version


TOO_LOW = (
    "the commit aaaaaaa `chore: 1.2.4` declares `1.2.4`, "
    "the changes need `1.3.0` because of the commit aaaaaaa `feat: a`"
)


@pytest.mark.parametrize(
    ("messages", "files", "expected", "problems"),
    [
        pytest.param(["fix: a"], {"A": "1.2.3"}, "1.2.4 (patch)", [], id="not set yet"),
        pytest.param(["fix: a"], {"A": "1.2.4"}, "1.2.4 (patch)", [], id="as the changes ask"),
        pytest.param(["fix: a"], {"A": "2.0.0"}, "2.0.0 (major)", [], id="more than the changes ask"),
        pytest.param(["fix: a"], {"A": "1.3.0rc1"}, "1.3.0-rc.1 (minor)", [], id="a pre-release, as Python writes it"),
        pytest.param(["fix: a"], {"A": "1.2.4", "B": "1.2.4"}, "1.2.4 (patch)", [], id="files that agree"),
        pytest.param(["fix: a"], {"A": None}, "1.2.4 (patch)", [], id="no file, before and after"),
        pytest.param(["fix: a"], {"A": "none"}, "1.2.4 (patch)", ["no version found in `A`"], id="no version"),
        pytest.param(
            ["fix: a"],
            {"A": "1.2.3.4"},
            "1.2.4 (patch)",
            ["`A` says `1.2.3.4`, which is no version"],
            id="four numbers",
        ),
        pytest.param(["chore(release): 1.3.0"], {}, "1.3.0 (minor)", [], id="a release commit"),
        pytest.param(["chore(release): 1.3.0"], {"A": "1.2.4"}, "1.2.4 (patch)", [], id="files before release commits"),
        pytest.param(["chore: 1.2.4", "chore: 1.3.0"], {}, "1.3.0 (minor)", [], id="the highest of two"),
        pytest.param(
            ["feat: a", "chore: 1.2.4"],
            {},
            "1.2.4 (patch)",
            [TOO_LOW],
            id="a release commit that says too little",
        ),
        pytest.param(
            ["feat!: a"],
            {"A": "1.2.4"},
            "1.2.4 (patch)",
            ["`A` declares `1.2.4`, the changes need `2.0.0` because of the commit aaaaaaa `feat!: a`"],
            id="a file that says too little",
        ),
        pytest.param(
            ["feat!: 1.2.4"], {}, "2.0.0 (major)", [], id="a breaking change declares nothing that is too little"
        ),
        pytest.param(
            ["fix: a"],
            {"A": "1.2.4", "B": "1.2.3"},
            "1.2.4 (patch)",
            ["`A` says `1.2.4` and `B` says `1.2.3`"],
            id="files that disagree",
        ),
        pytest.param(
            ["fix: a"],
            {"A": "1.2.0"},
            "1.2.4 (patch)",
            ["`A` says `1.2.0`, which is before `1.2.3`"],
            id="a version that goes back",
        ),
    ],
)
def test_declared_versions(messages, files, expected, problems):
    version = _told(_released(*messages, files=files), files=tuple(files))
    assert (str(version), [problem.seen for problem in version.problems]) == (expected, problems)


@pytest.mark.parametrize(
    ("file", "seen"),
    [
        pytest.param(None, "`A` is gone at the head", id="deleted"),
        pytest.param(replace(a_file("A", ""), text=None), "`A` is binary or too large to read", id="unreadable"),
    ],
)
def test_a_version_file_that_says_nothing_any_more_blocks(file, seen):
    [problem] = _told(
        replace(_released("feat: a"), files={"A": file}, base_files={"A": a_file("A", "1.2.3")}), files=("A",)
    ).problems
    assert (problem.seen, problem.wanted) == (seen, "`A` with `1.3.0`")
    assert problem.do == "set `1.3.0` in `A`, or take it out of the rules' version files"


def test_all_that_is_wrong_with_a_version_is_mended_by_one():
    version = _told(_released("feat: a", files={"A": "1.2.4", "B": "1.2.3", "C": "1.2.0"}), files=("A", "B", "C"))
    assert (version.next, version.needed) == ("1.2.4", "1.3.0")
    assert [problem.do for problem in version.problems] == [
        "set `1.3.0` in `A`",
        "set `1.3.0` in `A`, `B` and `C`",
        "set `1.3.0` in `C`",
    ]


@pytest.mark.parametrize(
    ("sha", "problems"),
    [
        ("d" * 40, ["the tag `v1.2.4` exists, at `ddddddd`"]),
        pytest.param(HEAD, [], id="at this very head"),
    ],
)
def test_a_version_is_released_once(sha, problems):
    tags = (*_tags("v1.2.3"), Tag(name="v1.2.4", sha=sha))
    version = _told(_released("fix: a", tags=tags, merged_tags={"v1.2.3": True, "v1.2.4": False}))
    assert [problem.seen for problem in version.problems] == problems


@pytest.mark.parametrize(
    ("declared", "do"),
    [
        pytest.param({"files": {"A": "1.2.4"}}, "set `1.3.0` in `A`", id="a file"),
        pytest.param({"title": "Release 1.2.4"}, "write `1.3.0` into the title", id="the title"),
        pytest.param({}, "add a commit that says `chore(release): 1.3.0`", id="a commit"),
    ],
)
def test_what_is_to_be_done_about_a_version_that_is_too_low(declared, do):
    squash = "title" in declared
    facts = {"body": "feat: a", "labels": frozenset({"semver:minor"})} | declared
    messages = ["feat: a"] if "files" in declared else ["feat: a", "chore: 1.2.4"]
    options = {"squash": squash, "files": tuple(declared.get("files", ())), "labels": LABELS}
    [problem] = _told(_released(*messages, **facts), **options).problems
    assert problem.do == do


@pytest.mark.parametrize(
    ("title", "facts", "options", "signals"),
    [
        pytest.param("feat: b", {}, {}, ["commit", "title"], id="beside the commits"),
        pytest.param("fix: a", {}, {}, ["commit"], id="the one commit's name"),
        pytest.param("Release", {}, {}, ["commit"], id="without an opinion"),
        pytest.param("feat: b", {}, {"squash": True}, ["title"], id="instead of the commits"),
        pytest.param("Release", {"body": "BREAKING CHANGE: b"}, {"squash": True}, ["title"], id="with the description"),
        pytest.param("Release", {"body": "BREAKING CHANGE: b"}, {}, ["commit"], id="which no commit keeps otherwise"),
        pytest.param(
            "Bump",
            {"body": "BREAKING CHANGE: b", "author_is_bot": True},
            {"squash": True},
            [],
            id="a bot's description",
        ),
    ],
)
def test_the_title(title, facts, options, signals):
    version = _told(_released("fix: a", title=title, **facts), **options)
    assert [signal.source for signal in version.signals] == signals


def test_a_title_that_takes_something_back_declares_nothing():
    version = _told(_released("fix: a", title="Revert v2.0.0"), squash=True)
    assert (str(version), version.declared) == ("1.2.4 (patch)", ())


def test_a_description_that_a_squash_merge_keeps_has_to_be_known():
    snapshot = _released("fix: a", body=Unavailable("hidden"))
    assert next_version(Semver(squash=True), snapshot) == Unavailable("hidden")


def test_a_version_file_has_to_be_known():
    assert next_version(Semver(files=("A",)), _released()) == Unavailable("`A` was not read")


def test_a_command_that_says_too_little_is_told_so():
    signals = (Signal(source="commit", bump=Bump.MAJOR, because="`feat!: a`"),)
    command = Declaration(source="command", version=SemanticVersion.parse("1.2.4"), because="`/bump patch` by `ann`")
    [problem] = decide(Zero.MINOR, SemanticVersion.parse("1.2.3"), signals, (command,)).problems
    assert problem.do == "`/bump` as much as `2.0.0` is, or take the command away"


def test_a_command_declares_before_all_others():
    file, command = (
        Declaration(source=source, version=SemanticVersion.parse(version), because=source)
        for source, version in (("file", "2.0.0"), ("command", "1.3.0"))
    )
    version = decide(Zero.MINOR, SemanticVersion.parse("1.2.3"), (), (file, command))
    assert (str(version), version.declared) == ("1.3.0 (minor)", (command, file))


@pytest.mark.parametrize(
    ("current", "messages", "expected"),
    [
        ("1.3.0-rc.1", ["fix: a"], "1.3.0 (patch)"),
        ("1.3.0-rc.1", ["feat: a"], "1.3.0 (patch)"),
        ("1.3.0-rc.1", ["feat!: a"], "2.0.0 (major)"),
        ("1.3.0-rc.1", ["chore: release 1.3.0-rc.2"], "1.3.0-rc.2 (patch)"),
        ("1.2.3", ["chore: release 1.3.0-rc.1", "feat: a"], "1.3.0-rc.1 (minor)"),
    ],
)
def test_pre_releases(current, messages, expected):
    at = SemanticVersion.parse(current)
    changes = changes_of(a_commit(message) for message in messages)
    version = decide(Zero.MINOR, at, of_changes(changes), declared_by(changes, at))
    assert (str(version), version.problems) == (expected, ())


LONG = 100_000


@pytest.mark.parametrize(
    "piece",
    [
        *(" (#1)", "1.2.4 ", "Revert ", 'Revert "', "feat(", "a@1.2.4\n", "BREAKING CHANGE:\n", "refs: 1234567 ", "\n"),
        *(
            "<details>",
            "<!--",
            "```\n",
            "[x] ",
            "Merge release/1.2.4",
            ":a: ",
            "chore(release): ",
            "> ",
            "\u200b",
            "(((",
        ),
    ],
)
@pytest.mark.parametrize("head", ["", "Revert ", "Publish\n\n", "feat: a\n\n", "Merge ", "release "])
def test_no_message_of_100_kb_takes_long(head, piece):
    message = head + piece * (LONG // len(piece)) + "x"
    at = SemanticVersion.parse("1.2.3")
    changes = changes_of(a_commit(text) for text in (message, "Revert a", "feat: b"))
    assert decide(Zero.MINOR, at, of_changes(changes), declared_by(changes, at)).next in {"1.2.4", "1.3.0", "2.0.0"}
