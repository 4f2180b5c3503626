"""`version`: the version files at the head carry the next version."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.evidence.version import Version
from bot.gate.facts import Fact, File, Unavailable
from bot.gate.finding import Finding, State, Who
from bot.gate.needs import Needs
from bot.gate.version import NextVersion
from tests.builders import a_candidate, a_file, a_version

MET, UNMET, UNKNOWN = State.MET, State.UNMET, State.UNKNOWN
FILE = Version(files=("package.json",))


def _judged(
    evidence: Version,
    files: Mapping[str, Fact[File | None]],
    *,
    version: Fact[NextVersion] | None = None,
    named: tuple[str, ...] = (),
) -> Finding:
    candidate = a_candidate(files=files)
    return evidence.judge(replace(candidate, next_version=version or a_version(), version_files=named))


@pytest.mark.parametrize(
    ("text", "state", "seen"),
    [
        pytest.param('{"version": "1.0.0"}', MET, "`package.json` says `1.0.0`", id="the next version"),
        pytest.param('{"version": "0.9.0"}', UNMET, "`package.json` says `0.9.0`", id="the current one"),
        pytest.param("{}", UNMET, "no version in `package.json`", id="none"),
        pytest.param(None, UNKNOWN, "`package.json` is binary or too large to read", id="unreadable"),
    ],
)
def test_version(text, state, seen):
    finding = _judged(FILE, {"package.json": a_file("package.json", text, size=9)})
    assert (finding.state, finding.seen) == (state, seen)


def test_a_missing_file_is_unmet_and_an_unreadable_one_unknown():
    assert _judged(FILE, {"package.json": None}).seen == "no `package.json`"
    assert _judged(FILE, {"package.json": Unavailable("502")}).state is UNKNOWN


def test_every_file_must_agree():
    files = {"a/VERSION": a_file("a/VERSION", "1.0.0"), "b/VERSION": a_file("b/VERSION", "0.9.0")}
    finding = _judged(Version(files=("a/VERSION", "b/VERSION")), files)
    assert (finding.state, finding.do) == (UNMET, "set `1.0.0` in `b/VERSION`")


def test_python_writes_pre_releases_its_own_way():
    files = {"pyproject.toml": a_file("pyproject.toml", '[project]\nversion = "1.0.0rc2"')}
    finding = _judged(Version(files=("pyproject.toml",)), files, version=a_version("1.0.0-rc.2"))
    assert finding.state is MET


def test_without_files_those_of_semver_count():
    files = {"VERSION": a_file("VERSION", "1.0.0")}
    assert _judged(Version(), files, named=("VERSION",)).state is MET
    assert Version().needs() == Needs(version_files=True)
    assert FILE.needs() == Needs(files=frozenset({"package.json"}))


def test_without_any_file_nothing_is_met():
    finding = _judged(Version(), {})
    assert (finding.state, finding.who, finding.seen) == (UNKNOWN, Who.ADMIN, "the rules name no version files")


def test_an_unknown_version_is_unknown():
    assert _judged(FILE, {"package.json": a_file()}, version=Unavailable("no tags")).seen == "no tags"
