"""What the headings of a changelog's new section ask for."""

import pytest
from semver import Version

from bot.gate.changelog import of_changelog
from bot.gate.facts import Unavailable
from bot.gate.version import NextVersion, Semver, Zero, next_version
from tests.builders import a_file, a_snapshot

CURRENT = Version.parse("1.2.3")


@pytest.mark.parametrize(
    ("text", "bumps"),
    [
        pytest.param("# Changelog\n\n## [Unreleased]\n\n### Added\n\n- a", ["minor"], id="unreleased"),
        pytest.param("## [1.3.0] - 2026-11-22\n### Fixed\n- a\n### Security\n- b", ["patch", "patch"], id="a new one"),
        pytest.param("## v2.0.0\n### Removed\n- a\n### Changed\n- b", ["major", "minor"], id="the other headings"),
        pytest.param("## 2.0.0\n### ⚠ BREAKING CHANGES\n- a\n### Deprecated:\n- b", ["major", "minor"], id="breaking"),
        pytest.param("## 1.3.0\n### Added\n## 1.2.3\n### Removed\n- a", [], id="nothing below it"),
        pytest.param("## 1.3.0\n### Fixed\n- a\n## 1.2.3\n### Removed\n- a", ["patch"], id="older ones were released"),
        pytest.param("## 1.3.0\n### Fixed\n- a\n# Notes\n### Removed\n- a", ["patch"], id="another chapter"),
        pytest.param("## 1.3.0\n### Thanks\n- a\n", [], id="another heading"),
        pytest.param("## News\n### Added\n- a", [], id="no release"),
        pytest.param("```\n## 1.3.0\n### Added\n- a\n```", [], id="in code"),
    ],
)
def test_headings(text, bumps):
    assert [signal.bump for signal in of_changelog("CHANGELOG.md", text, CURRENT)] == bumps


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        pytest.param(a_file(text="## Unreleased\n### Added\n- a"), "0.1.0 (minor)", id="read"),
        pytest.param(a_file(text=None), "0.0.1 (patch)", id="binary"),
        pytest.param(None, "0.0.1 (patch)", id="missing"),
        pytest.param(Unavailable("502"), "502", id="hidden"),
    ],
)
def test_a_changelog_that_the_rules_name(file, expected):
    snapshot = a_snapshot(files={"CHANGELOG.md": file})
    version = next_version(Semver(changelog="CHANGELOG.md", zero=Zero.STRICT), snapshot)
    assert (str(version) if isinstance(version, NextVersion) else version.because) == expected
