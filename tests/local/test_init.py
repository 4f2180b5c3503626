"""`release-gate init`: the first rules of many repositories, all of them without a fault, some of them word by word."""

import pytest
from typer.testing import CliRunner, Result

from bot import builtin
from bot.cli import app
from bot.gate.rules import BrokenRules, Rules
from bot.local.first_rules import first_rules
from bot.local.git import opened
from bot.local.inventory import Listing, found_in, inventory
from bot.rules import parse
from tests.local.repository import Repository, a_repository

CI = """\
name: CI
on: [push, pull_request]
jobs:
  lint: {name: Lint, runs-on: ubuntu-latest}
  test:
    strategy: {matrix: {python: ["3.11", "3.12"]}}
  deploy: {if: github.ref == 'refs/heads/main', runs-on: ubuntu-latest}
"""
WHOLE = {
    ".github/workflows/ci.yml": CI,
    ".github/workflows/codeql.yml": "on: pull_request\njobs: {analyze: {strategy: {matrix: '${{ fromJSON(x) }}'}}}\n",
    ".github/workflows/nightly.yml": "on: {schedule: [{cron: 0 0 * * *}]}\njobs: {slow: {}}\n",
    ".github/workflows/stale.yml": "on: pull_request\njobs: {stale: {}}\n",
    ".github/CODEOWNERS": "* @acme/web\n/db/ @acme/dba\n/solo @ann\n",
    "CHANGELOG.md": "# Changelog\n\n## [1.2.0] - 2026-01-01\n",
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1.2.0"\n',
    "frontend/package.json": '{"version": "1.2.0"}',
    "tools/package.json": '{"version": "0.0.0"}',
    "db/migrate/001.sql": "select 1;\n",
    "docs/index.md": "# Docs\n",
    "src/shop.py": "x = 1\n",
}
RULES = """\
# yaml-language-server: $schema=release-gate.schema.json
# What a release of this repository must show, written by `release-gate init` from what is here:
# Python, 4 workflows, version 1.2.0, CHANGELOG.md, code owners.
# `release-gate lint` checks this file, `release-gate check --base BRANCH` tries it without GitHub, and
# `release-gate config schema > release-gate.schema.json` lets editors complete it.

version: 1
# mode: shadow  # judges and shows everything, blocks nothing: good for the first weeks

# Pull requests into the base from one of these branches, or with the label, are releases; others pass.
release:
  when:
    base: [trunk]
    any:
      - head: ["release-*"]
      - labels: [release]

semver:
  tag: "{version}"
  files: [pyproject.toml, frontend/package.json]
  # Labels that raise the bump; the commits count without them:
  # labels: {major: ["semver:major"], minor: ["semver:minor"], patch: ["semver:patch"]}

# From CODEOWNERS. A required role signs every release, the others what an item below asks them for.
roles:
  owners:
    teams: [acme/web]
    required: true
  dba:
    teams: [acme/dba]

# Paths by how much a change of them can break; add the parts of your product.
areas:
  database: {paths: ["**/db/migrate/**"], radius: high}
  automation: {paths: [".github/**"], radius: medium}
  documentation: {paths: ["docs/**", "*.md"], radius: low}

# `critical` and `high` items block the release, `medium` ones are shown.
checklist:
  # Not asked for: `deploy` of `ci.yml` by name: may be skipped.
  # Not asked for: `nightly.yml`: it does not run for pull requests.
  # Not asked for: `stale.yml`: it looks after pull requests and proves nothing.
  SEC-001:
    title: Security checks pass
    tier: critical
    how: "see the findings in the job's log, and fix them"
    all:
      - workflow: codeql.yml
  TEST-001:
    title: Tests pass
    tier: critical
    how: "push the branch; a red job's log says what fails"
    all:
      - check: {name: "test (3.11)", workflow: ci.yml}
      - check: {name: "test (3.12)", workflow: ci.yml}
  LINT-001:
    title: Linters and type checkers are content
    tier: high
    how: run the linters before you push
    all:
      - check: {name: Lint, workflow: ci.yml}
  VER-001:
    title: The version files carry the next version
    tier: critical
    how: "set the version in `pyproject.toml` and `frontend/package.json`"
    evidence: version
  DOC-001:
    title: The changelog has a section for the release
    tier: high
    how: "write `## [1.2.0] - 2026-01-31` and what users notice"
    evidence: {changelog: CHANGELOG.md}
  DB-001:
    title: Migrations were tried before the release
    tier: critical
    how: "run the migration on a copy of production, then add the label `migration-tested`"
    when: {paths: ["**/db/migrate/**"]}
    evidence: {label: migration-tested}
  OWN-001:
    title: dba has looked at what it owns
    tier: high
    how: "ask acme/dba to comment `/approve dba`"
    when: {paths: ["/db/"]}
    evidence: {sign_off: dba}
  STOP-001:
    title: "Nobody labelled it `do-not-merge`"
    tier: critical
    how: take the label away once its reason is gone
    evidence: {label: {none: [do-not-merge]}}
"""


def _whole(tmp_path) -> Repository:
    repository = a_repository(tmp_path / "shop", branch="trunk")
    repository.commit("chore: begin", WHOLE)
    for tag in ("1.1.0", "1.2.0", "v0.1.0", "nightly"):
        repository.git("tag", tag)
    repository.git("branch", "release-1.1")
    return repository


def _init(repository: Repository, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["init", "--repo", str(repository.folder), "--offline", *arguments])


def _parsed(text: str) -> Rules | BrokenRules:
    return parse(text, file=".release-gate.yml", source="", sets=builtin.sets())


def test_a_repository_with_everything(tmp_path):
    repository = _whole(tmp_path)
    result = _init(repository)
    file = repository.folder / ".release-gate.yml"
    assert (result.exit_code, result.output) == (0, f"wrote {file}; read it, then commit it to the default branch\n")
    assert file.read_text("utf-8") == RULES
    linted = CliRunner().invoke(app, ["lint", str(file)])
    assert (linted.exit_code, linted.output) == (0, "no faults: 8 items, 2 roles\n")


def test_an_empty_repository_asks_for_little_and_is_valid(tmp_path):
    result = _init(a_repository(tmp_path / "shop"), "--stdout")
    assert result.exit_code == 0
    assert not (tmp_path / "shop/.release-gate.yml").exists()
    rules = _parsed(result.output)
    assert isinstance(rules, Rules)
    assert [item.id for item in rules.checklist] == ["STOP-001"]
    assert "#   release-manager: {teams: [ORGANISATION/release], required: true}\n" in result.output


def test_the_first_rules_judge_the_next_change(tmp_path):
    repository = _whole(tmp_path)
    _init(repository)
    repository.commit("chore: add the gate")
    repository.branch("release-1.3")
    repository.commit("feat: more", {"src/more.py": "y = 2\n"})
    answer = CliRunner().invoke(app, ["check", "--repo", str(repository.folder), "--base", "trunk"])
    assert answer.exit_code == 1
    assert answer.output.startswith("Blocked by VER-001 and DOC-001 · 1.3.0 (minor)\n")


@pytest.mark.parametrize("place", [".release-gate.yml", ".github/release-gate.yml"])
def test_it_does_not_overwrite(tmp_path, place):
    repository = a_repository(tmp_path)
    repository.commit("chore: begin", {place: "version: 1\nextends: minimal\n"})
    result = _init(repository)
    because = "is there already; type --force to overwrite it, or --stdout to see the other one"
    assert (result.exit_code, result.stderr) == (2, f"release-gate: {tmp_path / place} {because}\n")
    assert (tmp_path / place).read_text() == "version: 1\nextends: minimal\n"
    assert _init(repository, "--force").exit_code == 0
    assert (tmp_path / place).read_text().startswith("# yaml-language-server")
    assert len(list(tmp_path.rglob("*release-gate.yml"))) == 1


def test_it_follows_no_link(tmp_path):
    repository = a_repository(tmp_path / "shop")
    (tmp_path / "precious").write_text("mine")
    (repository.folder / ".release-gate.yml").symlink_to(tmp_path / "precious")
    result = _init(repository, "--force")
    assert (result.exit_code, (tmp_path / "precious").read_text()) == (2, "mine")
    assert result.stderr.endswith("is no ordinary file; remove it first\n")


def test_two_rules_files_are_one_too_many(tmp_path):
    repository = a_repository(tmp_path)
    repository.commit("chore: both", {".release-gate.yml": "a", ".github/release-gate.yml": "b"})
    assert "keep one of them" in _init(repository, "--force").stderr


def test_a_folder_that_takes_no_file(tmp_path):
    repository = a_repository(tmp_path)
    (tmp_path / ".release-gate.yml").mkdir()
    assert _init(repository, "--force").exit_code == 2


def test_a_bare_repository_has_nothing_to_read(tmp_path):
    Repository(tmp_path).git("init", "--quiet", "--bare")
    result = _init(Repository(tmp_path))
    assert (result.exit_code, result.stderr) == (
        2,
        f"release-gate: {tmp_path} has no working tree; name one: --repo PATH\n",
    )


def test_no_repository(tmp_path):
    assert _init(Repository(tmp_path)).exit_code == 2


def test_a_subfolder_stands_for_its_repository(tmp_path):
    repository = _whole(tmp_path)
    assert inventory(opened(repository.folder / "src")) == inventory(opened(repository.folder))


def test_the_remotes_default_branch_and_its_owner_are_known(tmp_path):
    repository = _whole(tmp_path)
    repository.git("remote", "add", "origin", "git@github.com:acme/shop.git")
    repository.git("update-ref", "refs/remotes/origin/stable", "HEAD")
    repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/stable")
    found = inventory(opened(repository.folder))
    assert (found.branch, found.organisation) == ("stable", "acme")


def _found(**files: str) -> str:
    contents = {name.replace("__", "/").replace("_dot_", "."): text for name, text in files.items()}
    return first_rules(found_in(Listing(paths=tuple(contents)), contents.__getitem__))


@pytest.mark.parametrize(
    ("files", "line"),
    [
        pytest.param(
            {"VERSION": "0.4.0\n"}, '  initial: "0.4.0"  # the current version until there is a tag', id="no tag yet"
        ),
        pytest.param({"VERSION": "0.0.0\n"}, '  tag: "v{version}"', id="a version that nobody keeps"),
        pytest.param(
            {"CHANGES_dot_md": "We changed things."},
            '    evidence: {paths: {changed: ["/CHANGES.md"]}}',
            id="a changelog without versions",
        ),
        pytest.param({"CODEOWNERS": "* @ann\n"}, "# roles:", id="one person alone"),
        pytest.param({"CODEOWNERS": "* @acme/null\n/x @acme/true\n"}, '  "true":', id="a team called true"),
    ],
)
def test_what_is_found_shows(files, line):
    text = _found(**files)
    assert line in text.splitlines()
    assert isinstance(_parsed(text), Rules)


@pytest.mark.parametrize(
    ("jobs", "proofs"),
    [
        pytest.param(
            "{lint: {name: 'Lint on ubuntu-latest'}, test-passed: {if: always()}}",
            {"LINT-001": ["check: {name: Lint on ubuntu-latest, workflow: ci.yml}"], "TEST-001": ["workflow: ci.yml"]},
            id="tests that may be skipped: the workflow is asked for, and `latest` is no test",
        ),
        pytest.param(
            "{test: {}, deploy: {if: github.ref}}",
            {"TEST-001": ["check: {name: test, workflow: ci.yml}"]},
            id="a deployment that may be skipped",
        ),
        pytest.param(
            "{lint: {}, integration: {uses: ./x.yml}}",
            {"TEST-001": ["workflow: ci.yml"]},
            id="a workflow that is called",
        ),
        pytest.param(
            "{docker: {}, scan: {}, go: {}}",
            {
                "SEC-001": ["check: {name: scan, workflow: ci.yml}"],
                "BUILD-001": ["check: {name: docker, workflow: ci.yml}"],
                "CI-001": ["check: {name: go, workflow: ci.yml}"],
            },
            id="jobs by what they are about",
        ),
    ],
)
def test_what_is_asked_of_workflows(jobs, proofs):
    text = first_rules(
        found_in(Listing(paths=(".github/workflows/ci.yml",)), lambda _: f"name: CI\non: pull_request\njobs: {jobs}\n")
    )
    asked: dict[str, list[str]] = {}
    for line in text.partition("checklist:")[2].splitlines():
        if line.startswith("  ") and line[2] not in " #":
            current = asked.setdefault(line.strip(" :"), [])
        elif line.startswith("      - "):
            current.append(line.removeprefix("      - "))
    assert {id: rows for id, rows in asked.items() if rows} == proofs
    assert isinstance(_parsed(text), Rules)


def test_a_link_and_a_large_file_are_not_read(tmp_path):
    repository = a_repository(tmp_path / "shop")
    (tmp_path / "elsewhere").write_text("9.9.9\n")
    (repository.folder / "VERSION").symlink_to(tmp_path / "elsewhere")
    (repository.folder / "version.txt").write_text("8.8.8\n" + " " * 1_000_000)
    assert inventory(opened(repository.folder)).version is None


def test_no_program_that_a_repository_names_is_started(tmp_path):
    repository = a_repository(tmp_path / "shop")
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    repository.commit("chore: begin", {"VERSION": "1.0.0\n"})
    repository.git("config", "core.fsmonitor", str(program))
    assert inventory(opened(repository.folder)).version == "1.0.0"
    assert not (tmp_path / "started").exists()
