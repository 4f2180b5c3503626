"""Version texts, and the step from one to another."""

import pytest
from semver import Version

from bot.gate.version_numbers import Bump, parse_version, step


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1.2.3", "1.2.3"),
        (" v1.2.3 ", "1.2.3"),
        ("1.2.3-rc.1+linux", "1.2.3-rc.1+linux"),
        ("1.2", "1.2.0"),
        ("1.2.3rc1", "1.2.3-rc.1"),
        ("1.2.3a1.dev4", "1.2.3-alpha.1.dev.4"),
        ("1.2.3.0", "1.2.3"),
        ("1.2.3.4", None),
        ("1.2.3.post1", None),
        ("1!1.2.3", None),
        ("${version}", None),
        ("", None),
        pytest.param("1.2." + "3" * 200, None, id="too long"),
    ],
)
def test_versions(text, version):
    found = parse_version(text)
    assert (str(found) if found else None) == version


@pytest.mark.parametrize(
    ("following", "bump"),
    [("1.2.4", Bump.PATCH), ("1.3.0", Bump.MINOR), ("2.0.0", Bump.MAJOR), ("1.2.3-rc.1", Bump.PATCH)],
)
def test_steps(following, bump):
    assert step(Version.parse("1.2.3"), Version.parse(following)) is bump
