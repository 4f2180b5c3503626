"""The version that a release commit states, and how certain that is."""

import pytest
from semver import Version

from bot.gate.stated import Weight, listed, release_as, stated

CURRENT = Version.parse("1.2.3")


def _said(headline: str, name: str = "") -> tuple[str, Weight] | None:
    found = stated(headline, CURRENT, name=name)
    return (str(found.version), found.weight) if found else None


@pytest.mark.parametrize(
    "headline",
    [
        "1.3.0",
        "v1.3.0",
        "Release 1.3.0",
        "Release v1.3.0 (#12)",
        "Release v1.3.0: faster",
        "Release 1.3.0 - all that was mended",
        "Automated release v1.3.0",
        "release: v1.3.0",
        "release-1.3.0",
        "Prepare 1.3.0 release.",
        "Version 1.3.0",
        "Publish v1.3.0",
        "Tagging 1.3.0",
        "Bump version to 1.3.0",
        "Bump to 1.3.0",
        "Bump version: 1.2.3 → 1.3.0",
        "Bump version and changelog to 1.3.0",
        "Release 1.3.0, update changelog",
        "Bump crate version to 1.3.0",
        "bump: version 1.2.3 -> 1.3.0",
        "chore: bump version from 1.2.3 to 1.3.0",
        "chore: bump version in package.json to 1.3.0",
        "chore: increment version to 1.3.0",
        "chore: sync versions to 1.3.0",
        "chore: 1.3.0",
        "chore(release): 1.3.0 [skip ci]",
        "chore(release): 1.3.0 … ***NO_CI***",
        "chore(release): publish v1.3.0",
        "chore(release): prepare for v1.3.0",
        "chore(main): release 1.3.0 (#12)",
        "chore(1.x): release 1.3.0",
        "fix: bump version to 1.3.0",
        "🔖 v1.3.0",
        ":bookmark: Release 1.3.0",
        "[maven-release-plugin] prepare release v1.3.0",
        "(cargo-release) version 1.3.0",
    ],
)
def test_a_release_commit_states_its_version(headline):
    assert _said(headline) == ("1.3.0", Weight.STATED)


@pytest.mark.parametrize(
    "headline",
    [
        "chore(main): release web 1.3.0",
        "chore: Release web version 1.3.0",
        "chore(web): release 1.3.0",
        "chore(release): web 1.3.0",
        "release: web@1.3.0",
        "web@1.3.0",
        "@acme/web@1.3.0",
        "web v1.3.0",
        "[maven-release-plugin] prepare release web-1.3.0",
        "Prepare for 1.3.0",
        "Merge branch 'release/1.3.0'",
        "Merge branch 'v1.3.0'",
        "Merge branch 'hotfix/1.3.0' into main",
        "Merge remote-tracking branch 'origin/release-1.3.0'",
        "Merge pull request #4 from acme/release-v1.3.0",
        "Merge tag 'v1.3.0' into develop",
    ],
)
def test_what_names_a_package_or_a_branch_is_a_guess(headline):
    assert _said(headline) == ("1.3.0", Weight.GUESSED)


@pytest.mark.parametrize(
    "headline",
    [
        pytest.param("Release 1.2.3", id="the current version"),
        pytest.param("Release 1.2.2", id="an older one"),
        pytest.param("Release 3.0.0", id="a leap"),
        pytest.param("Bump version to 1.3.0-SNAPSHOT", id="what comes between two releases"),
        pytest.param("Bump version to 1.3.0.dev0", id="the same, as Python writes it"),
        pytest.param("Bump version to 1.3.0-alpha.0", id="the first step of the next cycle"),
        pytest.param("Bump version to 1.3.0-pre", id="what leads to the next one"),
        pytest.param("Bump version to 1.3.0-next.0", id="the next one"),
        pytest.param("Bump version to 1.3.0-0", id="the next one, as npm counts"),
        pytest.param("Begin 1.3.0 development", id="a beginning"),
        pytest.param("Bump lodash to 1.3.0", id="another project"),
        pytest.param("Bump lodash from 1.2.3 to 1.3.0", id="another project, from one to another"),
        pytest.param("build: bump lib from 1.2.3 to 1.3.0", id="a library, from one to another"),
        pytest.param("chore: bump version from 1.2.0 to 1.3.0", id="from another version"),
        pytest.param("changelog for 1.3.0 and 1.2.3", id="two of a changelog"),
        pytest.param("chore: update npm to 1.3.0", id="a tool"),
        pytest.param("chore(npm): update to 1.3.0", id="a tool in the scope"),
        pytest.param("chore(lerna): upgrade to 1.3.0", id="a tool that releases"),
        pytest.param("chore(ci): bump to 1.3.0", id="what CI needs"),
        pytest.param("Update crate to 1.3.0", id="a crate"),
        pytest.param("Bump package to 1.3.0", id="a package"),
        pytest.param("Bump image tag to 1.3.0", id="an image's tag"),
        pytest.param("Update upstream release to 1.3.0", id="another project's release"),
        pytest.param("docs: update changelog 1.3.0", id="a changelog"),
        pytest.param("Update changelog for 1.3.0 release", id="a changelog of a release"),
        pytest.param("Update 1.3.0 release notes", id="release notes"),
        pytest.param("docs: update 1.3.0 release notes", id="documentation"),
        pytest.param("test: 1.3.0", id="a test"),
        pytest.param("style: 1.3.0", id="style"),
        pytest.param("feat: 1.3.0", id="a feature of that name"),
        pytest.param("set minor 1.3.0", id="something is set"),
        pytest.param("docs: prepare changelog for 1.3.0", id="what is only prepared"),
        pytest.param("chore(deps): bump version to 1.3.0", id="the scope is about others"),
        pytest.param("feat: support HTTP 1.3.0", id="something else with a number"),
        pytest.param("support v1.3.0", id="support for something"),
        pytest.param("lodash 1.3.0", id="a name and a number"),
        pytest.param("Release 1.3.0 for python", id="a release that is for others"),
        pytest.param("release 1.3.0 and 1.4.0 and 1.5.0", id="too many"),
        pytest.param("release web and api 1.3.0", id="two names"),
        pytest.param("Merge branch 'v1.3.0-fixes'", id="a merge of something else"),
        pytest.param("Merge branch 'hotfix/1.3.0-login-bug'", id="a branch that says more"),
        pytest.param("Merge branch 'release/1.3.0-prep'", id="a branch that prepares"),
        pytest.param("Merge branch 'docs/release-1.3.0'", id="a branch of documentation"),
        pytest.param("Merge pull request #1 from acme/renovate/npm-release-1.3.0", id="a bot's branch"),
        pytest.param("Merge tag 'v1.3.0' of upstream", id="another repository's tag"),
        pytest.param("Merge branch 'release/1.3.0' of example.test:fork/shop", id="another repository's branch"),
        pytest.param("Merge branch 'release/1.3.0' into hotfix/1.2.4", id="into another version's branch"),
        pytest.param("Merge branch 'release/1.2.0'", id="a merge of an older one"),
        pytest.param("release/1.3.0", id="a branch's name"),
        pytest.param("release 1.3", id="two numbers"),
        pytest.param("release 1.3.0.1", id="four numbers"),
        pytest.param("release 1.3.0 " + "really " * 50, id="more than a version"),
        pytest.param("feat: a", id="none"),
    ],
)
def test_others_state_none(headline):
    assert _said(headline) is None


def test_a_pre_release_is_a_version():
    assert _said("Release 1.3.0rc2") == ("1.3.0-rc.2", Weight.STATED)


def test_a_guess_of_an_older_version_tells_that_others_are_released_here():
    assert _said("release web 1.0.1") == ("1.0.1", Weight.GUESSED)


@pytest.mark.parametrize(
    ("headline", "name", "said"),
    [
        ("chore(web): release 1.3.0", "web", ("1.3.0", Weight.ASKED)),
        ("chore(web): 1.3.0", "web", ("1.3.0", Weight.ASKED)),
        ("chore: release web 1.5.0", "web", ("1.5.0", Weight.ASKED)),
        ("web@1.3.0", "web", ("1.3.0", Weight.ASKED)),
        ("chore: release 1.3.0", "web", ("1.3.0", Weight.STATED)),
        ("chore: release api 1.3.0", "web", None),
        ("chore(api): release 1.3.0", "web", None),
        ("chore(api): release web 1.3.0", "web", None),
        ("Bump web to 1.3.0", "web", None),
    ],
)
def test_one_package_of_many(headline, name, said):
    assert _said(headline, name) == said


@pytest.mark.parametrize(
    ("message", "version"),
    [
        pytest.param("chore: a\n\nRelease-As: 2.0.0", "2.0.0", id="a footer"),
        pytest.param("chore: a\n\nrelease-as: v2.0.0\n", "2.0.0", id="in small letters"),
        pytest.param("chore: a\n\nbody\n\nRefs: #1\nRelease-As: 2.0.0", "2.0.0", id="among footers"),
        pytest.param("chore: a\r\n\r\nRelease-As: 2.0.0\r\n", "2.0.0", id="lines of Windows"),
        pytest.param("chore: a\n\nRelease-As: 1.3.0\nRelease-As: 2.0.0", "1.3.0", id="the first of two"),
        pytest.param("chore: a\n\nRelease-As: 1.0.0", None, id="an older version"),
        pytest.param("chore: a\n\nsee Release-As: 2.0.0", None, id="in a sentence"),
        pytest.param("chore: a\n\nWe wrote\nRelease-As: 2.0.0\nand it failed.", None, id="in a paragraph"),
        pytest.param("chore: a\n\n```\nRelease-As: 2.0.0\n```", None, id="in code"),
        pytest.param("chore: a\n\n<!--\nRelease-As: 2.0.0\n-->", None, id="in an HTML comment"),
        pytest.param("chore: a\n\n<details>\n\nRelease-As: 2.0.0\n\n</details>", None, id="folded"),
        pytest.param("Bump x\n\nBumps [x](y) from 1 to 2.\n\nRelease-As: 2.0.0", None, id="in what a bot quotes"),
        pytest.param("chore: a", None, id="none"),
    ],
)
def test_a_footer_asks_for_a_version(message, version):
    found = release_as(message, CURRENT)
    assert (str(found.version) if found else None) == version


@pytest.mark.parametrize(
    ("message", "name", "versions"),
    [
        pytest.param("Publish\n\n - a@1.2.4\n - b@4.0.1", "", ["1.2.4", "4.0.1"], id="all of them"),
        pytest.param("RELEASING: Releasing 2 package(s)\n\nReleases:\n  a@2.0.0", "", ["2.0.0"], id="in other words"),
        pytest.param("Publish\r\n\r\n - a@1.2.4\r\n", "", ["1.2.4"], id="lines of Windows"),
        pytest.param("Publish\n\n - a@1.2.4\n - b@1.4.1", "b", ["1.4.1"], id="by its name"),
        pytest.param("Publish\n\n - a@1.2.3", "a", [], id="the current one"),
        pytest.param("feat: publish\n\n - a@1.2.4 is better", "", [], id="no list"),
        pytest.param("feat: sell\n\n - a@1.2.4", "", [], id="nothing is published"),
        pytest.param("Publish", "", [], id="nothing below"),
    ],
)
def test_a_list_of_packages(message, name, versions):
    assert [str(one.version) for one in listed(message, CURRENT, name=name)] == versions
