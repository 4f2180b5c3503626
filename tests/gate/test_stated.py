"""The version that the headline of a release commit states."""

import pytest
from semver import Version

from bot.gate.stated import listed_version, release_as, stated_version

CURRENT = Version.parse("1.2.3")


@pytest.mark.parametrize(
    "headline",
    [
        "1.3.0",
        "v1.3.0",
        "Release 1.3.0",
        "Release v1.3.0 (#12)",
        "release: v1.3.0",
        "Prepare 1.3.0 release.",
        "Version 1.3.0",
        "Publish v1.3.0",
        "Bump version to 1.3.0",
        "Bump version: 1.2.3 → 1.3.0",
        "bump: version 1.2.3 -> 1.3.0",
        "chore: bump version from 1.2.3 to 1.3.0",
        "chore: 1.3.0",
        "chore(release): 1.3.0 [skip ci]",
        "chore(release): publish v1.3.0",
        "chore(release): prepare for v1.3.0",
        "chore(main): release 1.3.0 (#12)",
        "chore(1.x): release 1.3.0",
        "chore: Release web version 1.3.0",
        "docs: changelog for 1.3.0",
        "🔖 v1.3.0",
        ":bookmark: Release 1.3.0",
        "[maven-release-plugin] prepare release v1.3.0",
        "(cargo-release) version 1.3.0",
        "Merge branch 'release/1.3.0'",
        "Merge pull request #4 from acme/release-v1.3.0",
        "Merge tag 'v1.3.0' into develop",
    ],
)
def test_a_release_commit_states_its_version(headline):
    assert str(stated_version(headline, CURRENT)) == "1.3.0"


@pytest.mark.parametrize(
    "headline",
    [
        pytest.param("Release 1.2.3", id="the current version"),
        pytest.param("Release 1.2.2", id="an older one"),
        pytest.param("Release 3.0.0", id="a leap"),
        pytest.param("Bump version to 1.3.0-SNAPSHOT", id="what comes between two releases"),
        pytest.param("Bump version to 1.3.0.dev0", id="the same, as Python writes it"),
        pytest.param("Begin 1.3.0 development", id="a beginning"),
        pytest.param("Bump lodash to 1.3.0", id="another project"),
        pytest.param("Bump lodash from 1.2.3 to 1.3.0", id="another project, from one to another"),
        pytest.param("chore(deps): bump version to 1.3.0", id="the scope is about others"),
        pytest.param("chore(web): release 1.3.0", id="the scope is one of many"),
        pytest.param("feat: support HTTP 1.3.0", id="something else with a number"),
        pytest.param("release 1.3.0 and 1.4.0 and 1.5.0", id="too many"),
        pytest.param("Merge branch 'v1.3.0-fixes'", id="a merge of something else"),
        pytest.param("release 1.3", id="two numbers"),
        pytest.param("release 1.3.0.1", id="four numbers"),
        pytest.param("feat: a", id="none"),
    ],
)
def test_others_state_none(headline):
    assert stated_version(headline, CURRENT) is None


def test_a_pre_release_is_a_version():
    assert str(stated_version("Release 1.3.0rc2", CURRENT)) == "1.3.0-rc.2"


@pytest.mark.parametrize(
    ("headline", "name", "version"),
    [
        ("chore(web): release 1.3.0", "web", "1.3.0"),
        ("chore: release web 1.3.0", "web", "1.3.0"),
        ("chore: release api 1.3.0", "web", None),
        ("chore(api): release 1.3.0", "web", None),
    ],
)
def test_one_package_of_many(headline, name, version):
    found = stated_version(headline, CURRENT, name=name)
    assert (str(found) if found else None) == version


@pytest.mark.parametrize(
    ("message", "version"),
    [
        ("chore: a\n\nRelease-As: 2.0.0", "2.0.0"),
        ("chore: a\n\nrelease-as: v2.0.0\n", "2.0.0"),
        ("chore: a\n\nRelease-As: 1.0.0", None),
        ("chore: a\n\nsee Release-As: 2.0.0", None),
        ("chore: a", None),
    ],
)
def test_a_footer_asks_for_a_version(message, version):
    found = release_as(message, CURRENT)
    assert (str(found) if found else None) == version


@pytest.mark.parametrize(
    ("message", "name", "version"),
    [
        pytest.param("Publish\n\n - a@1.2.4\n - b@4.0.1", "", "1.2.4", id="the one that comes next"),
        pytest.param("chore(release): publish\n\n - @x/a@1.3.0\n - @x/b@1.3.0", "", "1.3.0", id="all the same"),
        pytest.param("RELEASING: Releasing 2 package(s)\n\nReleases:\n  a@2.0.0", "", "2.0.0", id="in other words"),
        pytest.param("Publish\n\n - a@1.2.4\n - b@1.3.0", "", None, id="two that could come next"),
        pytest.param("Publish\n\n - a@1.2.4\n - b@1.4.1", "b", "1.4.1", id="by its name"),
        pytest.param("Publish\n\n - a@1.2.3", "a", None, id="the current one"),
        pytest.param("feat: publish\n\n - a@1.2.4 is better", "", None, id="no list"),
        pytest.param("feat: sell\n\n - a@1.2.4", "", None, id="nothing is published"),
        pytest.param("Publish", "", None, id="nothing below"),
    ],
)
def test_a_list_of_packages(message, name, version):
    found = listed_version(message, CURRENT, name=name)
    assert (str(found) if found else None) == version
