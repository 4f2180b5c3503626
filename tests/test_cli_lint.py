"""`release-gate lint`: what it prints, how it ends, what it loads."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

GOOD = "version: 1\nextends: minimal\nroles: {release-manager: {users: [ann, bob], required: true}}\n"
BAD = """\
version: 1
extends: minimal
roles: {release-manager: {users: [ann], requird: true}}
checklist: {A-1: {title: t, tier: high}}
"""
HEAVY = {"aiohttp", "aiosqlite", "asyncio", "cryptography", "gidgethub", "graphql", "jinja2", "sqlalchemy", "structlog"}


def _at(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, "utf-8")


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def _lint(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["lint", *arguments])


@pytest.mark.parametrize("name", [".release-gate.yml", ".github/release-gate.yml"])
def test_the_repositorys_own_file_is_found(tmp_path, name):
    _at(tmp_path, name, GOOD)
    result = _lint()
    assert (result.exit_code, result.output) == (0, "no faults: 2 items, 1 role\n")


def test_two_rules_files_are_a_fault(tmp_path):
    _at(tmp_path, ".release-gate.yml", GOOD)
    _at(tmp_path, ".github/release-gate.yml", GOOD)
    result = _lint()
    assert (result.exit_code, result.output) == (
        1,
        ".github/release-gate.yml:1:1: `.release-gate.yml` is there too; keep one of them\n",
    )


def test_no_rules_file_is_a_fault():
    result = _lint()
    assert result.exit_code == 1
    assert result.output.startswith(".release-gate.yml:1:1: there is no such file; ")


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    assert _lint("nowhere.yml").output == (
        "nowhere.yml:1:1: the file can't be read: No such file or directory; name one that can\n"
    )


def test_every_fault_has_its_place_in_text(tmp_path):
    _at(tmp_path, "rules.yml", BAD)
    result = _lint("rules.yml")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "rules.yml:3:41: there is no option `requird` in `release-manager`; did you mean `required`?",
        "rules.yml:4:13: `A-1` has no evidence; add `evidence:`, `all:` or `any:`",
    ]


def test_every_fault_is_a_row_in_json(tmp_path):
    _at(tmp_path, "rules.yml", BAD)
    rows = json.loads(_lint("rules.yml", "--format", "json").output)
    assert [(row["file"], row["line"], row["column"], row["path"]) for row in rows] == [
        ("rules.yml", 3, 41, "roles.release-manager.requird"),
        ("rules.yml", 4, 13, "checklist.A-1"),
    ]
    assert rows[0]["message"].startswith("there is no option")


def test_json_without_faults_is_an_empty_list(tmp_path):
    _at(tmp_path, "rules.yml", GOOD)
    assert json.loads(_lint("rules.yml", "--format", "json").output) == []


def test_github_gets_workflow_commands_that_nothing_breaks_out_of(tmp_path):
    _at(
        tmp_path, "a,b:c.yml", 'version: 1\n"50%": 1\nchecklist: {A-1: {title: t, tier: medium, evidence: {file: f}}}\n'
    )
    result = _lint("a,b:c.yml", "--format", "github")
    assert result.exit_code == 1
    start, _, message = result.output.partition("::there is")
    assert start == "::error file=a%2Cb%3Ac.yml,line=2,col=1"
    assert "`50%25`" in message


def test_github_gets_nothing_when_there_is_nothing_to_say(tmp_path):
    _at(tmp_path, "rules.yml", GOOD)
    result = _lint("rules.yml", "--format", "github")
    assert (result.exit_code, result.output) == (0, "")


WARNED = "version: 1\nchecklist: {A-1: {title: t, tier: high, evidence: {status: ci}}}\n"


@pytest.mark.parametrize(
    ("style", "starts"),
    [
        ("text", "rules.yml:2:52: warning: anyone with write access can set the status `ci`"),
        ("json", '[\n  {\n    "file": "rules.yml",'),
        ("github", "::warning file=rules.yml,line=2,col=52::anyone"),
    ],
)
def test_a_warning_is_told_and_ends_with_0(tmp_path, style, starts):
    _at(tmp_path, "rules.yml", WARNED)
    result = _lint("rules.yml", "--format", style)
    assert (result.exit_code, result.output.startswith(starts)) == (0, True), result.output


def test_warnings_are_counted_and_told_beside_faults(tmp_path):
    _at(tmp_path, "rules.yml", WARNED)
    assert _lint("rules.yml").output.splitlines()[-1] == "no faults: 1 item, 0 roles, 1 warning"
    _at(tmp_path, "rules.yml", WARNED + "rols: {}\n")
    rows = json.loads(_lint("rules.yml", "--format", "json").output)
    assert [(row["line"], row["severity"]) for row in rows] == [(2, "warning"), (3, "error")]


def test_a_file_elsewhere_is_read_from_a_copy(tmp_path):
    _at(tmp_path, ".release-gate.yml", "version: 1\nextends: acme/rules@v1\n")
    _at(tmp_path, "copy.yml", GOOD)
    assert _lint("--upstream", "copy.yml").output == "no faults: 2 items, 1 role\n"
    missing = _lint()
    assert missing.exit_code == 1
    assert "name a copy: `release-gate lint --upstream FILE`" in missing.output
    nowhere = _lint("--upstream", "nowhere.yml").output
    assert nowhere.startswith("nowhere.yml:1:1: the file can't be read: No such file or directory;")
    (tmp_path / "copy.yml").write_bytes(b"\xff")
    told = _lint("--upstream", "copy.yml").output
    assert told.startswith(".release-gate.yml:2:10: line 1: byte 0xff is not UTF-8; save the file as UTF-8 (inherited")


def test_a_copy_that_nothing_extends_has_to_be_there(tmp_path):
    _at(tmp_path, ".release-gate.yml", GOOD)
    result = _lint("--upstream", "nowhere.yml")
    assert (result.exit_code, result.output.startswith("nowhere.yml:1:1: the file can't be read")) == (1, True)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device")
def test_a_file_without_an_end_is_too_long():
    result = _lint("/dev/zero")
    assert result.exit_code == 1
    assert "the file has more than 256 KB, which is the limit; shorten it" in result.output


def _shown(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["config", "show", *arguments])


def test_the_rules_that_hold_are_shown_with_where_they_come_from(tmp_path):
    _at(tmp_path, ".release-gate.yml", GOOD + "mode: shadow\nchecklist: {STOP-001: off}\n")
    shown = _shown()
    assert shown.exit_code == 0
    assert "  # minimal:26\n  DOC-001:\n" in shown.output
    assert "  # .release-gate.yml:3\n  release-manager:\n" in shown.output
    assert "# .release-gate.yml:4\nmode: shadow\n" in shown.output
    assert "STOP-001" not in shown.output
    _at(tmp_path, "again.yml", shown.output)
    assert _lint("again.yml").output == "no faults: 1 item, 1 role\n"


def test_the_rules_that_hold_are_shown_in_json(tmp_path):
    _at(tmp_path, ".release-gate.yml", GOOD)
    rows = json.loads(_shown("--format", "json").output)
    assert [
        (row["section"], row["id"], row["source"], row["line"]) for row in rows if row["section"] != "checklist"
    ] == [
        ("release", "when", "minimal", 12),
        ("semver", "tag", "minimal", 19),
        ("roles", "release-manager", "", 3),
    ]
    assert rows[0]["value"]["base"] == ["main"]


def test_the_schema_is_printed():
    printed = CliRunner().invoke(app, ["config", "schema"]).output
    assert printed == (Path(__file__).parents[1] / "config" / "release-gate.schema.json").read_text("utf-8")


def test_rules_with_faults_do_not_hold(tmp_path):
    _at(tmp_path, ".release-gate.yml", BAD)
    shown = _shown()
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr.startswith(".release-gate.yml:3:41: there is no option `requird`")


def test_the_version_is_printed():
    assert CliRunner().invoke(app, ["--version"]).output.startswith("release-gate ")


def test_only_what_lint_needs_is_loaded(tmp_path):
    _at(tmp_path, ".release-gate.yml", GOOD)
    program = "import atexit, sys; from bot.cli import main; atexit.register(lambda: print(*sys.modules)); main()"
    ran = subprocess.run(
        [sys.executable, "-c", program, "lint"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert ran.stdout.startswith("no faults")
    assert HEAVY & set(ran.stdout.split()) == set()
