"""`release-gate bump`: on a repository, and on releases that come as JSON, one a line."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semver import Version
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.gate.signals import Signal
from bot.gate.version import Bump, Semver, Zero, decide
from bot.local.bump import lines
from bot.local.releases import ORDINARY, answers
from tests.local.repository import Repository, a_release

RULES = """\
version: 1
semver: {tag: "v{version}", files: [VERSION]}
checklist: {DOC-001: {title: Readme, tier: high, evidence: {file: README.md}}}
"""


@pytest.fixture
def release(tmp_path) -> Repository:
    return a_release(tmp_path / "shop")


def _bump(repository: Repository, *arguments: str, first: str = "v1.2.0") -> Result:
    return CliRunner().invoke(app, ["bump", "--repo", str(repository.folder), "--from", first, *arguments])


def _lines(*releases: Any, arguments: tuple[str, ...] = ()) -> Result:
    text = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in releases)
    return CliRunner().invoke(app, ["bump", "--stdin", *arguments], input=text)


def _commits(*messages: str) -> list[dict[str, str]]:
    return [{"sha": f"{number:040x}", "message": message} for number, message in enumerate(messages)]


def test_the_text_says_why(release):
    sha = release.git("rev-parse", "--short=7", "HEAD")
    assert _bump(release).output == f"1.2.0 → 1.3.0 (minor)\n  minor: commit {sha} `feat: sell by the dozen`\n"


def test_the_json_has_it_all(release):
    sha = release.git("rev-parse", "--short=7", "HEAD")
    assert json.loads(_bump(release, "--format", "json").output) == {
        "current": "1.2.0",
        "bump": "minor",
        "next": "1.3.0",
        "signals": [{"source": "commit", "bump": "minor", "because": f"{sha} `feat: sell by the dozen`"}],
        "disagreement": [],
        "declared": [],
        "problems": [],
    }


def test_what_was_declared_and_what_is_wrong_is_told(tmp_path):
    release = a_release(tmp_path / "shop", {"VERSION": "1.2.1\n"}, rules=RULES)
    sha = release.git("rev-parse", "--short=7", "HEAD")
    needed = f"the changes need `1.3.0` because of the commit {sha} `feat: sell by the dozen`"
    assert _bump(release).output.splitlines() == [
        "1.2.0 → 1.2.1 (patch)",
        "  declared: 1.2.1 by file `VERSION`",
        f"  minor: commit {sha} `feat: sell by the dozen`",
        f"  wrong: `VERSION` declares `1.2.1`, {needed}; set `1.3.0` in `VERSION`",
    ]


def test_where_nothing_has_changed_there_is_no_patch(release):
    assert _bump(release, "--to", "v1.2.0").output == "1.2.0: nothing has changed\n"


def test_signals_that_disagree_are_told():
    line = b'{"current": "1.2.3", "commits": [{"message": "fix: a"}], "title": "feat: b"}'
    [answer] = answers([line], ORDINARY)
    assert answer["disagreement"] == [{"source": "title", "bump": "minor"}, {"source": "commit", "bump": "patch"}]


def test_in_text_too():
    signals = [
        Signal(source="commit", bump=Bump.PATCH, because="`a`"),
        Signal(source="label", bump=Bump.MINOR, because="`b`"),
    ]
    told = list(lines(decide(Zero.MINOR, Version.parse("1.2.3"), signals)))
    assert told[-1] == "  signals disagree: label says minor, commit says patch; the highest counts"


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        pytest.param("1.2.3", "1.2.3 → 1.3.0 (minor)", id="a bare version"),
        pytest.param("release-1.2.3", "1.2.3 → 1.3.0 (minor)", id="a word in front"),
        pytest.param("foo@1.2.3", "1.2.3 → 1.3.0 (minor)", id="a package in front"),
    ],
)
def test_without_rules_the_tag_of_the_older_end_tells_the_version(tmp_path, tag, told):
    release = a_release(tmp_path / "shop")
    release.git("tag", tag, "v1.2.0")
    release.git("tag", "--delete", "v1.2.0")
    assert _bump(release, first=tag).output.splitlines()[0] == told


def test_without_rules_and_tags_a_version_file_of_the_older_end_tells_the_version(tmp_path):
    release = a_release(tmp_path / "shop")
    release.git("tag", "--delete", "v1.2.0")
    release.commit("chore: start", {"package.json": '{"version": "2.1.0"}'})
    release.commit("fix: mend", {"a.txt": "1"})
    assert _bump(release, first="HEAD~1").output.splitlines()[0] == "2.1.0 → 2.1.1 (patch)"


def test_without_anything_that_tells_the_version_there_is_no_answer(tmp_path):
    release = a_release(tmp_path / "shop")
    release.git("tag", "--delete", "v1.2.0")
    result = _bump(release, first="HEAD~1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nothing tells the version at HEAD~1" in result.stderr


def test_rules_that_only_tell_versions_are_enough(tmp_path):
    release = a_release(tmp_path / "shop")
    release.git("tag", "shop/1.2.3", "v1.2.0")
    rules = tmp_path / "rules.yml"
    rules.write_text('version: 1\nsemver: {tag: "shop/{version}"}\n', "utf-8")
    assert _bump(release, "--config", str(rules)).output.splitlines()[0] == "1.2.3 → 1.3.0 (minor)"


def test_other_rules_can_be_named(release, tmp_path):
    rules = tmp_path / "rules.yml"
    rules.write_text(RULES.replace("v{version}", "web-{version}"), "utf-8")
    assert _bump(release, "--config", str(rules)).output.startswith("0.0.0 → 0.0.1 (patch)\n")


def test_without_a_tag_the_version_file_tells_what_was_released(tmp_path):
    release = a_release(tmp_path / "shop", rules=RULES)
    release.git("tag", "--delete", "v1.2.0")
    release.commit("chore: start", {"VERSION": "2.1.0"})
    release.commit("fix: mend", {"VERSION": "2.1.1"})
    assert _bump(release, first="HEAD~1").output.splitlines()[0] == "2.1.0 → 2.1.1 (patch)"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--from", "v9"], "'v9' names no commit in ", id="no such ref"),
        pytest.param(["--from", "v1.2.0", "--to", "v9"], "a branch, a tag or a hash: --to REF", id="no such end"),
        pytest.param([], "nothing says since when", id="no beginning"),
        pytest.param(
            ["--stdin", "--from", "v1.2.0"], "leave --from, --package and --format out", id="both ways at once"
        ),
        pytest.param(
            ["--stdin", "--format", "text"], "leave --from, --package and --format out", id="a stream of text"
        ),
        pytest.param(["--from", "v1.2.0", "--config", "none.yml"], "none.yml can't be read", id="no rules"),
        pytest.param(["--from", "v1.2.0", "--config", "README.md"], "see them all: release-gate lint", id="bad rules"),
    ],
)
def test_wrong_usage(release, monkeypatch, arguments, said):
    monkeypatch.chdir(release.folder)
    result = CliRunner().invoke(app, ["bump", *arguments])
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_two_rules_files_are_one_too_many(tmp_path):
    release = a_release(tmp_path / "shop", rules=RULES)
    release.commit("ci: once more", {".github/release-gate.yml": RULES})
    assert "there are both" in _bump(release, first="HEAD").stderr


def test_one_answer_for_each_release_in_their_order():
    result = _lines(
        {"current": "1.2.3", "commits": _commits("feat: a")},
        {"current": "v0.2.3", "commits": _commits("feat: a"), "title": None, "labels": None},
        {"current": "1.2.3", "commits": _commits("fix: a"), "labels": ["semver:major"]},
        {"current": "1.2.3", "commits": [], "title": "chore(main): release 1.3.0"},
        {"current": None, "commits": _commits("fix: a")},
        {"current": "1.2.3", "commits": _commits("feat: a", 'Revert "feat: a"'), "more": "is left alone"},
        {"current": "1.2.3", "commits": []},
        {"current": "1.2.3", "commits": [], "title": "fix: a"},
        {"current": "1.2.3", "commits": _commits("feat: a"), "labels": ["semver:major"]},
    )
    assert result.exit_code == 0
    found = [json.loads(line) for line in result.output.splitlines()]
    assert [(one["bump"], one["next"]) for one in found] == [
        ("minor", "1.3.0"),
        ("patch", "0.2.4"),
        ("major", "2.0.0"),
        ("minor", "1.3.0"),
        ("patch", "0.0.1"),
        ("patch", "1.2.4"),
        ("patch", "1.2.4"),
        ("patch", "1.2.4"),
        ("major", "2.0.0"),
    ]
    assert found[-1]["disagreement"] == [{"source": "label", "bump": "major"}, {"source": "commit", "bump": "minor"}]
    assert found[0]["signals"] == [{"source": "commit", "bump": "minor", "because": "0000000 `feat: a`"}]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        pytest.param("{", "this is no JSON object", id="no JSON"),
        pytest.param("[]", "this is no JSON object", id="no object"),
        pytest.param("[" * 100_000, "this is no JSON object", id="no end of brackets"),
        pytest.param({"current": "one", "commits": []}, "`current` is no version", id="no version"),
        pytest.param({"current": 1, "commits": []}, "`current` is no version", id="a number"),
        pytest.param({"current": 0, "commits": []}, "`current` is no version", id="nought"),
        pytest.param({"current": "", "commits": []}, "`current` is no version", id="an empty version"),
        pytest.param({"current": False, "commits": []}, "`current` is no version", id="no"),
        pytest.param({"current": "1.2.3"}, "`commits` is no list of commits", id="no commits"),
        pytest.param({"current": "1.2.3", "commits": ["a"]}, "`commits` is no list of commits", id="no commit"),
        pytest.param({"current": "1.2.3", "commits": [{}]}, "`commits` is no list of commits", id="no message"),
        pytest.param({"current": "1.2.3", "commits": [], "title": 1}, "`title` is no text", id="no title"),
        pytest.param({"current": "1.2.3", "commits": [], "labels": "a"}, "`labels` is no list", id="no labels"),
    ],
)
def test_a_bad_line_is_told_and_the_next_is_read(line, error):
    result = _lines(line, "", {"current": "1.2.3", "commits": []})
    first, second = (json.loads(answer) for answer in result.output.splitlines())
    assert first["error"].startswith(f"line 1: {error}")
    assert (second["next"], result.exit_code) == ("1.2.4", 1)


def test_rules_hold_for_a_stream_too(tmp_path):
    rules = tmp_path / "rules.yml"
    rules.write_text(RULES.replace("files: [VERSION]", "zero: strict"), "utf-8")
    result = _lines({"current": "0.2.3", "commits": _commits("feat: a")}, arguments=("--config", str(rules)))
    assert json.loads(result.output)["next"] == "0.3.0"


def test_a_title_that_a_squash_merge_keeps_replaces_the_commits():
    line = json.dumps({"current": "1.2.3", "commits": _commits("feat: a"), "title": "fix: b"}).encode()
    [answer] = answers([line], Semver(squash=True))
    assert answer["bump"] == "patch"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["1.2.3", "feat!: a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["sha", "message"]), inner, max_size=2),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["current", "commits", "title", "labels"]), JSON) | JSON)
def test_any_line_has_an_answer(line):
    [answer] = answers([json.dumps(line).encode()], ORDINARY)
    assert json.dumps(answer)
    assert ("error" in answer) is not ("next" in answer)


def test_a_stream_imports_little():
    program = "import atexit, sys; from bot.cli import main; atexit.register(lambda: print(*sys.modules)); main()"
    ran = subprocess.run([sys.executable, "-c", program, "bump", "--stdin"], input=b"", capture_output=True, check=True)
    loaded = ran.stdout.decode().split()
    assert not {"aiohttp", "sqlalchemy", "yaml", "markdown_it"} & set(loaded)


PACKAGES = """\
version: 1
packages:
  web: {paths: [web/], files: [web/VERSION]}
  api: {paths: [api/], tag: "{package}-v{version}", scopes: [server]}
checklist: {DOC-001: {title: Readme, tier: high, evidence: {file: README.md}}}
"""


@pytest.fixture
def monorepo(tmp_path) -> Repository:
    """Two packages, released as web 1.2.0 and api 0.3.0; since then each has changed, and both at once."""
    repository = a_release(tmp_path / "shop", {"web/VERSION": "1.2.0\n", "api/a b.py": "1\n"}, rules=PACKAGES)
    repository.git("tag", "web@1.2.0")
    repository.git("tag", "api-v0.3.0")
    repository.commit("feat: wider", {"web/a.ts": "1\n"})
    repository.commit("fix(web): not about the web", {"api/a b.py": "2\n"})
    repository.git("mv", "api/a b.py", "api/b.py")
    repository.commit("feat!: rename", {"README.md": "2"})
    return repository


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        pytest.param("web", ["1.2.0 → 1.3.0 (minor)", "feat: wider"], id="what changes its files"),
        pytest.param(
            "api", ["0.3.0 → 0.4.0 (minor)", "feat!: rename", "fix(web): not about the web"], id="not its scope"
        ),
    ],
)
def test_the_version_of_a_package(monorepo, package, expected):
    result = _bump(monorepo, "--package", package, first="web@1.2.0")
    assert result.exit_code == 0, result.output
    first, *others = result.output.splitlines()
    assert [first, *(line.split("`")[1] for line in others)] == expected


def test_a_package_that_is_not_touched_keeps_its_version(monorepo):
    monorepo.git("tag", "api-v0.4.0")
    monorepo.commit("feat: deeper", {"web/b.ts": "1\n"})
    assert _bump(monorepo, "--package", "api", first="api-v0.4.0").output == "api 0.4.0: not touched\n"
    told = json.loads(_bump(monorepo, "--package", "api", "--format", "json", first="api-v0.4.0").output)
    assert (told["current"], told["next"], told["bump"], told["signals"]) == ("0.4.0", "0.4.0", "none", [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--package", "wep"], "the rules have no package 'wep'; the packages are web, api", id="no such"),
        pytest.param(
            ["--package", "web", "--config", "OTHER"],
            "the rules have no package 'web'; add it to the rules, under `packages:`",
            id="none at all",
        ),
    ],
)
def test_a_package_has_to_be_in_the_rules(monorepo, tmp_path, arguments, said):
    (tmp_path / "other.yml").write_text(RULES)
    arguments = [str(tmp_path / "other.yml") if one == "OTHER" else one for one in arguments]
    result = _bump(monorepo, *arguments, first="web@1.2.0")
    assert result.exit_code == 2
    assert said in result.output


def test_packages_are_not_for_the_stream():
    result = _lines(arguments=("--package", "web"))
    assert result.exit_code == 2
    assert "leave --from, --package and --format out" in result.output


def test_a_check_tells_every_touched_package(monorepo):
    arguments = ["check", "--repo", str(monorepo.folder), "--base", "web@1.2.0"]
    text = CliRunner().invoke(app, arguments).output
    assert "  package web: 1.2.0 → 1.3.0 (minor)" in text
    assert "  package api: 0.3.0 → 0.4.0 (minor)" in text
    told = json.loads(CliRunner().invoke(app, [*arguments, "--format", "json"]).output)
    assert told["packages"] == [
        {"id": "web", "current": "1.2.0", "next": "1.3.0", "bump": "minor"},
        {"id": "api", "current": "0.3.0", "next": "0.4.0", "bump": "minor"},
    ]
