"""Packages: which are touched, which commits count for which, and what each comes to."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence.changelog import Changelog
from bot.evidence.version import Version
from bot.gate.applies import ItemWhen
from bot.gate.evaluate import evaluate, questions
from bot.gate.facts import Commit, Fact, Snapshot, Tag, Unavailable
from bot.gate.finding import State
from bot.gate.needs import Needs, Questions
from bot.gate.packages import Package, PackageVersion, highest_bump, leading, touched, versions
from bot.gate.rules import Rules
from bot.gate.verdict import Outcome, Verdict
from bot.gate.version import Bump, DeclaredBump, NextVersion, Semver, next_version
from tests.builders import a_change, a_file, a_role, a_snapshot, an_item, minutes_ago, rules_of

WEB = Package(id="web", paths=("packages/web/**",), files=("packages/web/package.json",), scopes=("Frontend",))
API = Package(id="api", paths=("packages/api/**",), tag="@acme/api@{version}")
CLI = Package(id="cli", paths=("packages/cli/**",), tag="{package}-v{version}")
PACKAGES = (WEB, API, CLI)
TAGS = ("web@1.2.0", "@acme/api@3.0.0", "cli-v0.1.0")


def _commits(*said: str | tuple[str, str]) -> tuple[Commit, ...]:
    """Messages, some with the path that they change."""
    pairs = [(one, "") if isinstance(one, str) else one for one in said]
    return tuple(
        Commit(sha=f"{number:040x}", message=message, people=frozenset(), paths=frozenset({path} if path else ()))
        for number, (message, path) in enumerate(pairs)
    )


def _changed(*said: str | tuple[str, str], touching: str = "web api", **facts: Any) -> Snapshot:
    """Commits that touch these packages, all of which have a merged tag."""
    known: dict[str, Any] = {
        "title": "Release",
        "commits": _commits(*said),
        "changes": tuple(a_change(f"packages/{id}/a.ts") for id in touching.split()),
        "tags": tuple(Tag(name=name, sha="d" * 40) for name in TAGS),
        "merged_tags": dict.fromkeys(TAGS, True),
        "files": {"packages/web/package.json": a_file("packages/web/package.json", '{"version": "1.2.0"}')},
    }
    return a_snapshot(**known | facts)


def _told(snapshot: Snapshot, semver: Semver | None = None, command: DeclaredBump | None = None) -> dict[str, str]:
    """The next version of each touched package."""
    parts = versions(PACKAGES, semver or Semver(), snapshot, command)
    assert isinstance(parts, tuple)
    return {part.package.id: _said(part.version) for part in parts}


def _said(version: Fact[NextVersion]) -> str:
    return version.because if isinstance(version, Unavailable) else f"{version.next} ({version.bump})"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param((), [], id="nothing"),
        pytest.param((a_change("README.md"),), [], id="what belongs to none"),
        pytest.param((a_change("packages/web/a.ts"),), ["web"], id="one"),
        pytest.param(
            (a_change("packages/cli/a"), a_change("packages/web/a")), ["web", "cli"], id="in the rules' order"
        ),
        pytest.param((a_change("b", was="packages/api/a"),), ["api"], id="by the old name of a file"),
    ],
)
def test_a_package_is_touched_by_what_lies_below_its_paths(changes, expected):
    found = touched(PACKAGES, a_snapshot(changes=changes))
    assert isinstance(found, tuple)
    assert [package.id for package in found] == expected


@pytest.mark.parametrize(
    ("package", "names"),
    [
        pytest.param(WEB, ("web", "frontend"), id="its id and its scopes, in lower case"),
        pytest.param(API, ("api", "@acme/api"), id="what stands before the version in its tags"),
        pytest.param(CLI, ("cli",), id="but only before an @"),
        pytest.param(Package(id="a", paths=("a",), tag="@{version}"), ("a",), id="if anything does"),
    ],
)
def test_what_a_package_is_called(package, names):
    assert package.names == names


def test_without_packages_nobody_asks_what_is_changed():
    assert touched((), a_snapshot(changes=Unavailable("502"))) == ()
    assert versions(PACKAGES, Semver(), a_snapshot(changes=Unavailable("502"))) == Unavailable("502")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(["fix(web): a"], {"web": "1.2.1 (patch)", "api": "3.0.1 (patch)"}, id="every touched one grows"),
        pytest.param(["feat(web): a"], {"web": "1.3.0 (minor)", "api": "3.0.1 (patch)"}, id="by its id"),
        pytest.param(["feat(WEB)!: a"], {"web": "2.0.0 (major)", "api": "3.0.1 (patch)"}, id="in whatever case"),
        pytest.param(["feat(frontend): a"], {"web": "1.3.0 (minor)", "api": "3.0.1 (patch)"}, id="by another name"),
        pytest.param(["feat(@acme/api): a"], {"web": "1.2.1 (patch)", "api": "3.1.0 (minor)"}, id="by its tags' name"),
        pytest.param(["feat(web, api): a"], {"web": "1.3.0 (minor)", "api": "3.1.0 (minor)"}, id="two at once"),
        pytest.param(["feat: a"], {"web": "1.3.0 (minor)", "api": "3.1.0 (minor)"}, id="no scope: all"),
        pytest.param(["feat(auth): a"], {"web": "1.3.0 (minor)", "api": "3.1.0 (minor)"}, id="another scope: all"),
        pytest.param(["feat(cli): a"], {"web": "1.3.0 (minor)", "api": "3.1.0 (minor)"}, id="an untouched one: all"),
        pytest.param(
            [("feat(api): a", "packages/web/a.ts")],
            {"web": "1.3.0 (minor)", "api": "3.0.1 (patch)"},
            id="its files, where they are known, come before its scope",
        ),
        pytest.param(
            [("feat: a", "README.md")], {"web": "1.2.1 (patch)", "api": "3.0.1 (patch)"}, id="files of none of them"
        ),
        pytest.param(
            ["feat(web): a", 'Revert "feat(web): a"'],
            {"web": "1.2.1 (patch)", "api": "3.0.1 (patch)"},
            id="a revert takes back",
        ),
        pytest.param(
            ["feat(web): a", "chore(web): release 1.2.5"],
            {"web": "1.2.5 (patch)", "api": "3.0.1 (patch)"},
            id="a release commit declares the one that it names",
        ),
        pytest.param(
            ["chore(release): 3.4.0"],
            {"web": "1.2.1 (patch)", "api": "3.0.1 (patch)"},
            id="one that names none does not",
        ),
        pytest.param(
            ["fix(web): a\n\nRelease-As: 1.5.0"],
            {"web": "1.5.0 (minor)", "api": "3.0.1 (patch)"},
            id="a footer declares the one that the commit names",
        ),
        pytest.param(
            ["Publish\n\n - web@1.4.0\n - @acme/api@3.2.0"],
            {"web": "1.4.0 (minor)", "api": "3.2.0 (minor)"},
            id="a list declares those in it",
        ),
    ],
)
def test_a_commit_counts_for_the_packages_that_it_speaks_of(said, expected):
    assert _told(_changed(*said)) == expected


@pytest.mark.parametrize(
    ("facts", "semver", "expected"),
    [
        pytest.param({"title": "feat(web): a"}, Semver(), {"web": "1.3.0 (minor)", "api": "3.0.1 (patch)"}, id="title"),
        pytest.param(
            {"title": "feat: a", "commits": _commits(("feat: a", "packages/web/a.ts"))},
            Semver(),
            {"web": "1.3.0 (minor)", "api": "3.0.1 (patch)"},
            id="a title that repeats a commit",
        ),
        pytest.param(
            {"title": "feat(api)!: a"},
            Semver(squash=True),
            {"web": "1.2.1 (patch)", "api": "4.0.0 (major)"},
            id="the title alone, when squashed",
        ),
        pytest.param(
            {"title": "Release web 1.4.0"},
            Semver(squash=True),
            {"web": "1.4.0 (minor)", "api": "3.0.1 (patch)"},
            id="a title that states the version of one",
        ),
        pytest.param(
            {"title": "Release 3.4.0"},
            Semver(squash=True),
            {"web": "1.2.1 (patch)", "api": "3.0.1 (patch)"},
            id="a title that states a version, but not of which",
        ),
        pytest.param(
            {"labels": frozenset({"big"})},
            Semver(labels={Bump.MAJOR: ("big",)}),
            {"web": "2.0.0 (major)", "api": "4.0.0 (major)"},
            id="a label counts for all",
        ),
        pytest.param(
            {"commits": Unavailable("502")}, Semver(), {"web": "502", "api": "502"}, id="commits that are not known"
        ),
        pytest.param(
            {"touching": "api"}, Semver(), {"api": "3.0.1 (patch)"}, id="what is not touched has no next version"
        ),
        pytest.param(
            {"merged_tags": dict.fromkeys(TAGS, False), "base_files": {"packages/web/package.json": None}},
            Semver(initial="0.5.0"),
            {"web": "1.2.0 (major)", "api": "0.5.1 (patch)"},
            id="no tag yet: initial, and what the version file declares",
        ),
    ],
)
def test_what_else_counts(facts, semver, expected):
    assert _told(_changed("chore: a", **facts), semver) == expected


def test_alone_a_package_is_what_a_release_commit_speaks_of():
    assert _told(_changed("chore(release): 3.1.0", touching="api")) == {"api": "3.1.0 (minor)"}


def test_a_bump_by_command_is_one_of_all_that_are_touched():
    command = DeclaredBump(bump=Bump.MINOR, login="ann", at=minutes_ago(5), because="new")
    assert _told(_changed("fix: a"), command=command) == {"web": "1.3.0 (minor)", "api": "3.1.0 (minor)"}


@given(st.permutations(["feat(web): a", "fix: b", "feat(api)!: c", "chore(cli): d"]), st.integers(0, 3))
def test_one_more_commit_never_lowers_a_bump(said, count):
    def ranks(messages: list[str]) -> list[int]:
        parts = versions(PACKAGES, Semver(), _changed(*messages))
        assert isinstance(parts, tuple)
        return [part.version.bump.rank for part in parts if isinstance(part.version, NextVersion)]

    assert all(less <= more for less, more in zip(ranks(said[:count]), ranks(said), strict=True))


def _rules(*parts: Any, semver: Semver | None = None, **more: Any) -> Rules:
    return rules_of(*parts, packages=PACKAGES, semver=semver or Semver(), **more)


def _leading(snapshot: Snapshot, semver: Semver | None = None) -> str:
    semver = semver or Semver()
    whole = next_version(semver, snapshot)
    found = leading(whole, versions(PACKAGES, semver, snapshot), semver, snapshot)
    return found.because if isinstance(found, Unavailable) else str(found)


OWN: dict[str, Any] = {
    "tags": tuple(Tag(name=name, sha="d" * 40) for name in ("v7.0.0", *TAGS)),
    "merged_tags": {"v7.0.0": True, **dict.fromkeys(TAGS, True)},
}


@pytest.mark.parametrize(
    ("snapshot", "semver", "expected"),
    [
        pytest.param(_changed("fix: a", "feat(api): b"), None, "api 3.1.0 (minor)", id="the greatest bump leads"),
        pytest.param(_changed("fix: a", touching="docs"), None, "0.0.1 (patch)", id="nothing touched: the repository"),
        pytest.param(_changed("feat: a", **OWN), None, "7.1.0 (minor)", id="its own tag: the repository"),
        pytest.param(
            _changed("feat: a", files={"A": None, "packages/web/package.json": None}, base_files={"A": None}),
            Semver(files=("A",)),
            "0.0.1 (patch)",
            id="its own version file: the repository",
        ),
        pytest.param(_changed("a", tags=Unavailable("502")), None, "502", id="tags that are not known"),
        pytest.param(_changed("a", changes=Unavailable("cut")), None, "cut", id="changed files that are not known"),
        pytest.param(
            _changed("a", merged_tags={"web@1.2.0": True}),
            None,
            "whether `@acme/api@3.0.0` is merged is not known",
            id="one of them that is not known",
        ),
    ],
)
def test_the_version_that_people_speak_of(snapshot, semver, expected):
    assert _leading(snapshot, semver) == expected


MAJOR = NextVersion(current="1.0.0", next="2.0.0", bump=Bump.MAJOR)
PATCH = NextVersion(current="1.0.0", next="1.0.1", bump=Bump.PATCH)


@pytest.mark.parametrize(
    ("whole", "parts", "expected"),
    [
        pytest.param(PATCH, (), Bump.PATCH, id="none: the repository's"),
        pytest.param(PATCH, (PackageVersion(package=WEB, version=MAJOR),), Bump.MAJOR, id="a package's"),
        pytest.param(MAJOR, (PackageVersion(package=WEB, version=PATCH),), Bump.MAJOR, id="the repository's"),
        pytest.param(PATCH, Unavailable("a"), Unavailable("a"), id="packages that are not known"),
        pytest.param(
            MAJOR,
            (PackageVersion(package=WEB, version=Unavailable("b")),),
            Unavailable("b"),
            id="one that is not known",
        ),
    ],
)
def test_the_greatest_bump(whole, parts, expected):
    assert highest_bump(whole, parts) == expected


def _verdict(snapshot: Snapshot, *parts: Any) -> Verdict:
    return evaluate(_rules(*parts), snapshot)


def test_what_is_wrong_with_a_package_blocks_under_its_name():
    snapshot = _changed(
        "feat(web): a", files={"packages/web/package.json": a_file("packages/web/package.json", '{"version": "1.2.1"}')}
    )
    verdict = _verdict(snapshot)
    assert verdict.outcome is Outcome.BLOCKED
    (blocker,) = verdict.blockers
    assert (blocker.id, blocker.title) == ("version", "web")
    assert blocker.finding.seen.startswith("`packages/web/package.json` declares `1.2.1`, the changes need `1.3.0`")


@pytest.mark.parametrize(
    ("facts", "title", "seen"),
    [
        pytest.param({"changes": Unavailable("cut")}, "", "cut", id="which are touched"),
        pytest.param(
            {"merged_tags": {"web@1.2.0": True}},
            "api",
            "whether `@acme/api@3.0.0` is merged is not known",
            id="what is current",
        ),
    ],
)
def test_what_is_not_known_of_packages_blocks(facts, title, seen):
    blockers = _verdict(_changed("fix: a", **facts)).blockers
    assert [(one.title, one.finding.state, one.finding.seen) for one in blockers] == [(title, State.UNKNOWN, seen)]


def test_what_holds_for_the_repository_s_own_version_still_blocks():
    snapshot = _changed("feat: a", files={"A": a_file("A", "7.0.1"), "packages/web/package.json": None}, **OWN)
    blockers = evaluate(_rules(semver=Semver(files=("A",))), snapshot).blockers
    assert [(one.id, one.title) for one in blockers] == [("version", "")]


@pytest.mark.parametrize(
    ("when", "facts", "applies"),
    [
        pytest.param(ItemWhen(package=frozenset({"web"})), {}, True, id="a touched package"),
        pytest.param(ItemWhen(package=frozenset({"cli"})), {}, False, id="another one"),
        pytest.param(ItemWhen(package=frozenset({"cli"})), {"changes": Unavailable("cut")}, True, id="not known"),
        pytest.param(ItemWhen(bump=frozenset({Bump.MINOR})), {}, True, id="the greatest bump of the packages"),
        pytest.param(ItemWhen(bump=frozenset({Bump.PATCH})), {}, False, id="not a smaller one"),
        pytest.param(ItemWhen(bump=frozenset({Bump.PATCH})), {"changes": Unavailable("cut")}, True, id="no bump known"),
    ],
)
def test_an_item_may_ask_of_packages(when, facts, applies):
    verdict = _verdict(_changed("feat(api): a", **facts), an_item(Changelog(), when=when))
    assert verdict.items[0].is_applicable is applies


def test_a_role_may_ask_by_the_bump_of_a_package():
    role = a_role(when=ItemWhen(bump=frozenset({Bump.MAJOR})))
    assert [one.id for one in _verdict(_changed("feat(web)!: a"), role).blockers] == ["security"]
    assert _verdict(_changed("feat(web): a"), role).blockers == ()


@pytest.mark.parametrize(
    ("evidence", "facts", "state", "seen"),
    [
        pytest.param(Version(package="web"), {}, State.UNMET, "`packages/web/package.json` says `1.2.0`", id="behind"),
        pytest.param(
            Version(package="web"),
            {"files": {"packages/web/package.json": a_file("packages/web/package.json", '{"version": "1.3.0"}')}},
            State.MET,
            "`packages/web/package.json` says `1.3.0`",
            id="as it should be",
        ),
        pytest.param(
            Version(package="api", files=("A",)),
            {"files": {"A": a_file("A", "3.0.1"), "packages/web/package.json": None}},
            State.MET,
            "`A` says `3.0.1`",
            id="other files",
        ),
        pytest.param(Version(package="api"), {}, State.UNKNOWN, "the rules name no version files", id="no files"),
        pytest.param(
            Version(package="cli"), {}, State.MET, "`cli` is not touched, and keeps its version", id="untouched"
        ),
        pytest.param(Version(package="web"), {"changes": Unavailable("cut")}, State.UNKNOWN, "cut", id="not known"),
        pytest.param(Version(package="web"), {"commits": Unavailable("x")}, State.UNKNOWN, "x", id="no version known"),
        pytest.param(
            Changelog(package="web"),
            {
                "files": {
                    "CHANGELOG.md": a_file(text="## [1.3.0] - 2025-10-01\n\n- a\n"),
                    "packages/web/package.json": None,
                }
            },
            State.MET,
            "`CHANGELOG.md` has `[1.3.0] - 2025-10-01`",
            id="its changelog",
        ),
        pytest.param(
            Changelog(package="cli"),
            {"files": {}},
            State.MET,
            "`cli` is not touched, and keeps its version",
            id="no section",
        ),
        pytest.param(
            Changelog(package="web"),
            {"files": {"CHANGELOG.md": a_file()}, "changes": Unavailable("cut")},
            State.UNKNOWN,
            "cut",
            id="a changelog of what is not known",
        ),
    ],
)
def test_evidence_of_a_package(evidence, facts, state, seen):
    finding = _verdict(_changed("feat(web): a", **facts), an_item(evidence)).items[0].finding
    assert (finding.state, finding.seen) == (state, seen)


def test_what_has_to_be_read_for_packages():
    needs = _rules().needs()
    assert needs == Needs(
        files=frozenset({"packages/web/package.json"}),
        base_files=frozenset({"packages/web/package.json"}),
        changes=True,
    )
    assert Version(package="web").needs() == Needs()


def test_only_the_tags_of_touched_packages_are_asked_about():
    snapshot = _changed("a", merged_tags={})
    assert {tag.name for tag in questions(_rules(), snapshot).tags} == {"web@1.2.0", "@acme/api@3.0.0"}
    many = _changed("a", touching="cli", tag_count=300)
    assert questions(_rules(), many) == Questions(tags_of=frozenset({"v", "cli-v"}))
    assert questions(_rules(), _changed("a", changes=Unavailable("cut"))) == Questions()
