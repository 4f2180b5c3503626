"""`release-gate document`: the approval document and the draft of the notes of a local change."""

import json

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.local.repository import Repository, a_release

RULES = """\
version: 1
language: ru
roles:
  security: {users: [sam], required: true}
checklist:
  DOC-001: {title: A readme, tier: critical, evidence: {file: README.md}}
  TEST-001: {title: Tests pass, tier: critical, evidence: {check: {name: test, workflow: ci.yml}}}
"""


@pytest.fixture
def release(tmp_path) -> Repository:
    return a_release(tmp_path / "shop", rules=RULES)


def _document(repository: Repository, *arguments: str, base: str = "main") -> Result:
    return CliRunner().invoke(app, ["document", "--repo", str(repository.folder), "--base", base, *arguments])


def test_it_tells_what_git_knows_and_what_needs_github(release):
    printed = _document(release, "--language", "en")
    assert printed.exit_code == 0
    assert printed.output.startswith("# Release approval 1.3.0\n")
    assert "| ✅ met | **DOC-001** | A readme | yes | `README.md` is there |" in printed.output
    assert "| ❓ not known | **TEST-001** | Tests pass | yes | needs GitHub |" in printed.output
    assert "Not known: needs GitHub." in printed.output
    assert "| ☐ | **TEST-001** | Tests pass | – | only the App on the pull request can tell |" in printed.output
    assert "it waits for GitHub." in printed.output
    assert "- **Next review**: when the command is run again" in printed.output
    assert "the App read" not in printed.output
    assert "App may read" not in printed.output


def test_its_figures_are_those_of_the_check(tmp_path):
    rules = f"{RULES}metrics:\n  contributors: {{few: 0}}\n"
    repository = a_release(tmp_path / "shop", rules=rules)
    repository.commit("feat: by bob", name="Bob", email="bob@example.test")
    repository.commit("feat: by zed", name="Zed Z", email="7+zed@users.noreply.github.com")
    checked = CliRunner().invoke(app, ["check", "--repo", str(repository.folder), "--base", "main", "--format", "json"])
    many = json.loads(checked.output)["metrics"]["contributors"]
    assert many == 3
    assert f"| contributors | {many} | few |" in _document(repository, "--language", "en").output
    notes = _document(repository, "--language", "en", "--notes").output
    assert "## Contributors" in notes
    assert {"`Bob`", "`zed`"} <= set(notes.splitlines()[-1].split(", "))


def test_it_speaks_the_language_of_the_rules(release):
    printed = _document(release)
    assert printed.output.startswith("# Согласование релиза 1.3.0\n")
    assert "| ❓ неизвестно | **TEST-001** | Tests pass | да | известно только GitHub |" in printed.output


def test_rules_with_faults_are_told_in_english(tmp_path):
    printed = _document(a_release(tmp_path / "shop", rules="version: 2\n"))
    assert printed.exit_code == 0
    assert "## Faults in the rules" in printed.output


def test_the_notes_are_drafted(release):
    release.commit("fix(cart)!: count twice (#7)\n\nBREAKING CHANGE: prices change")
    release.commit("docs: say so")
    release.commit('Revert "docs: say so"')
    headlines = [line.split(" (")[0] for line in _document(release, "--notes", "--language", "en").output.splitlines()]
    assert [line for line in headlines if line] == [
        "# 2.0.0",
        "## Breaking changes",
        "- **cart**: count twice",
        "  prices change",
        "## Features",
        "- sell by the dozen",
        "## Contributors",
        "`Ann`",
    ]


@pytest.mark.parametrize(
    ("origin", "link"),
    [
        ("git@github.com:acme/shop.git", "](https://github.com/acme/shop/pull/7)"),
        ("https://example.test/acme/shop", " (#7, "),
    ],
)
def test_the_notes_have_links_where_the_clone_is_of_github(release, origin, link):
    release.git("remote", "add", "origin", origin)
    release.commit("fix: count (#7)")
    assert link in _document(release, "--notes").output


def test_no_title_breaks_out_of_its_entry(release):
    for title in ("- - a", "===", "1. b", "fix: ---"):
        release.commit(title)
    printed = _document(release, "--notes").output
    assert {line.split(" (")[0] for line in printed.splitlines()} >= {
        "- &#45; - a",
        "- &#61;==",
        "- 1&#46; b",
        "- &#45;--",
    }


def test_it_is_a_page_too(release):
    printed = _document(release, "--format", "html")
    assert printed.output.startswith('<!doctype html>\n<html lang="ru">')
    assert '<h1 id="part-0">Согласование релиза 1.3.0</h1>' in printed.output
    assert "<title>1.3.0</title>" in _document(release, "--format", "html", "--notes").output


def test_a_ref_that_is_not_there_is_wrong_usage(release):
    printed = _document(release, base="nowhere")
    assert printed.exit_code == 2
    assert "--base" in printed.output
