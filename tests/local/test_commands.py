"""`release-gate check`: what it prints, how it ends, on real repositories."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.architecture.sources import read
from tests.local.repository import Repository, a_release, a_repository

RULES = """\
version: 1
semver: {tag: "v{version}", files: [VERSION]}
roles:
  security: {teams: [acme/security], required: true}
areas:
  shop: {paths: ["src/**"], radius: high}
checklist:
  DOC-001:
    title: Changelog is written
    tier: critical
    how: write what users notice
    evidence: {file: CHANGELOG.md}
  TEST-001:
    title: Tests pass
    tier: critical
    all:
      - file: tests/test_shop.py
      - check: {name: tests, workflow: ci.yml}
  TEST-002:
    title: Integration tests pass
    tier: high
    evidence: {check: {name: integration, workflow: ci.yml}}
  DOC-002:
    title: Guide is written
    tier: medium
    evidence: {file: GUIDE.md}
  DOC-003:
    title: There is a readme
    tier: high
    evidence: {file: README.md}
  DB-001:
    title: Migrations are tried
    tier: high
    when: {paths: ["**/migrations/**"]}
    evidence: {file: MIGRATION.md}
"""

TEXT = """\
Blocked by DOC-001 and TEST-001 · 1.3.0 (minor)
  main BASE ← release/1.3.0 HEAD
  1 file changed, +1 −0, 1 commit, 1 contributor
  18 % ready by the rules of .release-gate.yml

Version 1.2.0 → 1.3.0 (minor)
  minor: commit HEAD `feat: sell by the dozen`

Blocks
  DOC-001 Changelog is written: no `CHANGELOG.md`
    wanted: `CHANGELOG.md`
    do: write what users notice
  TEST-001 Tests pass: no `tests/test_shop.py`
    wanted: `tests/test_shop.py`
    do: add `tests/test_shop.py`

Recommended
  DOC-002 Guide is written: no `GUIDE.md`
    wanted: `GUIDE.md`
    do: add `GUIDE.md`

Needs GitHub
  TEST-002, security

Met
  DOC-003

Does not apply
  DB-001
"""


@pytest.fixture
def release(tmp_path) -> Repository:
    return a_release(tmp_path / "shop", rules=RULES)


def _check(repository: Repository, *arguments: str, base: str = "main", head: str = "release/1.3.0") -> Result:
    places = ["--repo", str(repository.folder), "--base", base, "--head", head]
    return CliRunner().invoke(app, ["check", *places, *arguments])


def _answer(repository: Repository, *arguments: str, **refs: str) -> dict[str, Any]:
    answer = json.loads(_check(repository, "--format", "json", *arguments, **refs).output)
    assert isinstance(answer, dict)
    return answer


def test_the_text_says_what_blocks_and_what_needs_github(release):
    result = _check(release)
    base, head = release.git("rev-parse", "--short=7", "main"), release.git("rev-parse", "--short=7", "HEAD")
    assert result.output == TEXT.replace("BASE", base).replace("HEAD", head)
    assert result.exit_code == 1


def test_the_json_has_it_all(release):
    answer = _answer(release)
    assert answer["verdict"] == "blocked"
    assert answer["readiness"] == 18
    assert answer["undecided"] == ["TEST-002", "security"]
    assert [(item["id"], item["state"], item["because"]) for item in answer["items"]] == [
        ("DOC-001", "unmet", "no `CHANGELOG.md`"),
        ("TEST-001", "unmet", "no `tests/test_shop.py`"),
        ("TEST-002", "unknown", "needs GitHub"),
        ("DOC-002", "unmet", "no `GUIDE.md`"),
        ("DOC-003", "met", "`README.md` is there"),
        ("DB-001", "not_applicable", "does not apply to this change"),
    ]
    assert answer["items"][0]["tier"] == "critical"
    head = release.git("rev-parse", "HEAD")
    assert answer["version"] == {
        "current": "1.2.0",
        "bump": "minor",
        "next": "1.3.0",
        "signals": [{"source": "commit", "bump": "minor", "because": f"{head[:7]} `feat: sell by the dozen`"}],
    }
    assert answer["areas"] == [{"id": "shop", "radius": "high", "files": 1, "lines_added": 1, "lines_removed": 0}]
    assert answer["metrics"] == {
        "files": 1,
        "lines_added": 1,
        "lines_removed": 0,
        "binary_files": 0,
        "renamed_files": 0,
        "commits": 1,
        "contributors": 1,
    }
    assert answer["merge_base"] == release.git("rev-parse", "main")


def test_the_markdown_is_the_comment_and_what_git_knows_beside_it(release):
    output = _check(release, "--format", "markdown").output
    assert output.startswith("## 🟥 Blocked by DOC-001 and TEST-001 · 1.3.0 (minor)\n")
    assert "### Needs GitHub\n\n`TEST-002` and `security`\n" in output
    assert "| shop | high | 1 | +1 −0 |" in output


def test_what_git_can_tell_is_done(release):
    release.commit("docs: all", {"CHANGELOG.md": "x\n", "tests/test_shop.py": "x\n"})
    result = _check(release)
    assert result.output.startswith("Nothing that git can tell blocks, 3 things undecided · 1.3.0 (minor)\n")
    assert result.exit_code == 0
    assert _check(release, "--strict").exit_code == 1


def test_the_rules_are_those_of_the_base(release):
    release.commit("chore: relax", {".release-gate.yml": "version: 1\nextends: minimal\n"})
    assert _answer(release)["verdict"] == "blocked"


def test_other_rules_may_be_tried(release, tmp_path):
    rules = tmp_path / "other.yml"
    rules.write_text("version: 1\nchecklist: {A-1: {title: t, tier: critical, evidence: {file: README.md}}}\n")
    result = _check(release, "--config", str(rules))
    assert result.exit_code == 0
    assert result.output.startswith("Ready · 1.3.0 (minor)\n")
    assert f"by the rules of {rules}\n" in result.output


def test_rules_that_stand_elsewhere_are_given_as_a_copy(release, tmp_path):
    rules, copy = tmp_path / "own.yml", tmp_path / "copy.yml"
    rules.write_text("version: 1\nextends: acme/rules\n")
    copy.write_text("version: 1\nchecklist: {A-1: {title: t, tier: critical, evidence: {file: README.md}}}\n")
    assert _check(release, "--config", str(rules)).exit_code == 4
    assert _check(release, "--config", str(rules), "--upstream", str(copy)).exit_code == 0


def test_faults_are_told_with_their_place(release):
    release.git("checkout", "--quiet", "main")
    release.commit("chore: break it", {".release-gate.yml": "version: 2\nchecklist: {}\n"})
    result = _check(release)
    assert result.exit_code == 4
    assert "\n  .release-gate.yml:1:10: `version` is `2`; write `version: 1`\n" in result.output
    [fault, *_] = _answer(release)["faults"]
    assert (fault["line"], fault["column"], fault["path"]) == (1, 10, "version")


def test_what_is_no_release_passes(release, tmp_path):
    rules = tmp_path / "rules.yml"
    rules.write_text(RULES + "release: {when: {base: [stable]}}\n")
    result = _check(release, "--config", str(rules))
    assert (result.exit_code, result.output.partition("\n")[0]) == (0, "Not a release")


def test_unrelated_histories_say_so(release):
    release.git("checkout", "--quiet", "--orphan", "anew")
    release.commit("feat: anew", {"new.txt": "x\n"})
    result = _check(release, head="anew")
    assert "  note: base and head have no common commit: their trees are compared as they are\n" in result.output
    assert _answer(release, head="anew")["merge_base"] is None


def test_what_others_wrote_moves_no_cursor(release):
    release.commit("fix!: \x1b[2J\u202ehidden\r", {"a": "b"})
    output = _check(release).output
    assert "fix!:" in output
    assert [letter for letter in output if not letter.isprintable() and letter != "\n"] == []


@pytest.mark.parametrize(
    ("arguments", "because"),
    [
        pytest.param(
            {"base": "mian"}, "'mian' names no commit in {}; name a branch, a tag or a hash: --base REF", id="the base"
        ),
        pytest.param(
            {"head": "1.4"}, "'1.4' names no commit in {}; name a branch, a tag or a hash: --head REF", id="the head"
        ),
        pytest.param(
            {"base": "empty", "head": "empty"},
            "there is neither .release-gate.yml nor .github/release-gate.yml at empty; "
            "write one: release-gate init, or --config FILE",
            id="no rules",
        ),
        pytest.param(
            {"base": "both"},
            "there are both .release-gate.yml and .github/release-gate.yml at both; "
            "keep one, or name a file: --config FILE",
            id="two rules files",
        ),
    ],
)
def test_a_mistake_is_one_line_and_ends_with_2(release, arguments, because):
    release.branch("both", "main")
    release.commit("chore: twice", {".github/release-gate.yml": RULES})
    release.branch("empty", "main")
    release.git("rm", "--quiet", ".release-gate.yml")
    release.commit("chore: none")
    result = _check(release, **arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"release-gate: {because.format(release.folder)}\n"


def test_rules_that_can_not_be_read_end_with_2(release, tmp_path):
    result = _check(release, "--config", str(tmp_path / "nowhere.yml"))
    assert result.exit_code == 2
    assert result.stderr == (
        f"release-gate: {tmp_path}/nowhere.yml can't be read: No such file or directory; "
        "name a rules file: --config FILE\n"
    )


def test_no_repository_ends_with_2(tmp_path):
    result = _check(Repository(tmp_path))
    assert (result.exit_code, result.stderr) == (
        2,
        f"release-gate: {tmp_path} is no git repository; name one: --repo PATH\n",
    )


def test_no_commits_yet_end_with_2(tmp_path):
    result = _check(a_repository(tmp_path))
    assert (result.exit_code, result.stderr) == (2, f"release-gate: {tmp_path} has no commits yet; make one first\n")


def test_a_missing_option_ends_with_2():
    assert CliRunner().invoke(app, ["check"]).exit_code == 2


def test_the_server_is_not_loaded(release):
    program = "import atexit, sys; from bot.cli import main; atexit.register(lambda: print(*sys.modules)); main()"
    arguments = ["check", "--repo", str(release.folder), "--base", "main", "--format", "json"]
    ran = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert {"aiohttp", "asyncio", "gidgethub", "jinja2", "sqlalchemy", "structlog"} & set(ran.stdout.split()) == set()


def test_many_signals_are_cut_and_waiting_is_no_blocking(release):
    for number in range(12):
        release.commit(f"fix: number {number}")
    output = _check(release).output
    assert "\n  minor: commit " in output
    assert output.count("\n  patch: commit ") == 9
    assert "\n  and 3 more signals\n" in output


@pytest.mark.parametrize("command", ["check", "init"])
def test_the_page_describes_every_option(command):
    options = {option for parameter in _commands()[command].params for option in parameter.opts}
    assert options - _described() == set()


def test_the_page_describes_every_command():
    assert {name for name in _commands() if f"`release-gate {name}" not in read("docs/cli.md")} == set()


def test_the_page_describes_every_key(release):
    answer = _answer(release)
    keys = {*answer, *answer["items"][0], *answer["roles"][0], *answer["areas"][0], *answer["metrics"]}
    assert keys - _described() == set()


def _described() -> set[str]:
    return set(re.findall(r"`([a-z_]+|--[a-z-]+)`", read("docs/cli.md")))


def _commands() -> Mapping[str, Any]:
    commands: Mapping[str, Any] = get_command(app).commands  # type: ignore[attr-defined]
    return commands
