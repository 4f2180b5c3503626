"""`release-gate audit bundle`: the evidence of a release in a folder, to be verified without us."""

import asyncio
import hashlib
import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.audit.bundling import _rules
from bot.cli import app
from bot.gate.facts import Merge
from bot.record.body import packed
from bot.record.merging import ending, merged_entry
from bot.store import decisions, open_store
from tests.builders import NOW
from tests.record.test_replay import TEXT
from tests.test_record_commands import AT, STEPS, change, exported, fill


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "gate.sqlite3"
    asyncio.run(fill(path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    return path


async def merge(database: Path, number: int) -> None:
    """Rita merges acme/shop#7 on one of its decisions."""
    async with open_store(database, now=lambda: AT) as store:
        on = await decisions.with_body(store, (await decisions.chain(store, subject="PR_7"))[number - 1])
        merged = Merge(by="rita", at=NOW, commit="d" * 40)
        snapshot = replace(STEPS[number - 1].snapshot, merge=merged, repository="acme/shop")
        entry, body = merged_entry(ending(merged, on, snapshot), snapshot)
        await decisions.append(store, replace(entry, subject="PR_7"), packed(body))


def bundled(out: str = "evidence", name: str = "acme/shop#7") -> Result:
    return CliRunner().invoke(app, ["audit", "bundle", name, "--out", out])


def contents(folder: str = "evidence") -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def test_what_is_in_a_bundle(database):
    result = bundled()
    assert (result.exit_code, result.stdout) == (
        0,
        "wrote 9 files into evidence; verify them there: sha256sum -c SHA256SUMS\n",
    )
    files = contents()
    assert sorted(files) == [
        "SHA256SUMS",
        "decision.json",
        "decisions.jsonl",
        "document.md",
        "facts.json",
        "release-notes.md",
        "rules.json",
        "rules/release-gate.yml",
        "verdict.json",
    ]
    assert files["document.md"].startswith(b"# Release approval 0.0.1\n")
    assert files["rules/release-gate.yml"].decode() == TEXT
    assert files["decisions.jsonl"].decode().splitlines() == exported("--pull-request", "acme/shop#7")


def test_texts_of_rules_whose_names_are_alike_are_files_of_their_own(database):
    names = ("a/b.yml", "a_b.yml", "A_B", "a_b-2", ".release-gate.yml")
    rules = {"rules": {"file": ".release-gate.yml", "text": "own", "sets": {name: name for name in names}}}
    files = dict(_rules(rules))
    assert {text.decode() for text in files.values()} == {"own", *names}
    assert len({name.lower() for name in files}) == 6
    assert files["rules/release-gate.yml"] == b"own"
    assert files["rules/release-gate-2.yml"] == b".release-gate.yml"


def test_the_sums_of_the_parts_are_those_that_the_decision_names(database):
    bundled()
    files = contents()
    decision = json.loads(files["decision.json"])
    assert (decision["number"], decision["outcome"]) == (3, "ready")
    for part in ("facts", "rules", "verdict"):
        assert hashlib.sha256(files[f"{part}.json"]).hexdigest() == decision[part]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs coreutils")
def test_sha256sum_takes_the_sums_and_finds_a_change(database, tmp_path):
    bundled()
    verify = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
    assert subprocess.run(verify, cwd=tmp_path / "evidence", check=False, capture_output=True).returncode == 0
    (tmp_path / "evidence" / "facts.json").write_text("{}")
    assert subprocess.run(verify, cwd=tmp_path / "evidence", check=False, capture_output=True).returncode == 1


def test_the_same_record_gives_the_same_bytes(database):
    bundled("one")
    bundled("two")
    assert contents("one") == contents("two")


def test_a_bundle_of_a_merge_is_of_what_was_merged(database):
    asyncio.run(merge(database, 1))
    bundled()
    files = contents()
    assert json.loads(files["decision.json"])["number"] == 1
    text = files["document.md"].decode()
    assert "Merged by `rita`, 2026-11-22 12:00 UTC, as `ddddddd`." in text
    assert "**Merged despite what stands below.**" in text
    assert "| 4 | 2026-11-22 12:00 | `ddddddd` | merged |" in text


def test_a_bundle_stays_when_only_the_facts_of_the_merge_went(database):
    asyncio.run(merge(database, 3))
    change(database, "UPDATE decisions SET body = NULL WHERE number = 4")
    assert bundled().exit_code == 0
    assert "Merged by" not in contents()["document.md"].decode()


def test_of_two_pull_requests_of_one_name_the_newer_is_meant(database):
    change(database, "UPDATE decisions SET pull = 7 WHERE subject = 'PR_8'")
    result = bundled()
    assert result.exit_code == 0
    assert json.loads(contents()["decision.json"])["subject"] == "PR_7"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        pytest.param(
            "UPDATE decisions SET outcome = 'x' WHERE number = 2", "decision 2 was changed", id="a changed link"
        ),
        pytest.param("UPDATE decisions SET body = x'00' WHERE number = 2", "is damaged", id="a damaged body"),
        pytest.param("UPDATE decisions SET body = NULL", "went with age", id="no body left"),
        pytest.param(
            "UPDATE decisions SET body = (SELECT body FROM decisions WHERE number = 3) WHERE number = 2",
            "its facts are not those",
            id="exchanged facts",
        ),
    ],
)
def test_what_does_not_hold_is_no_evidence(database, statement, told):
    change(database, statement)
    result = bundled()
    assert (result.exit_code, told in result.stderr, Path("evidence").exists()) == (2, True, False)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("acme/shop#7:3", "leave the number of the decision out", id="one decision"),
        pytest.param("acme/shop#9", "there is no decision about acme/shop#9", id="another pull request"),
    ],
)
def test_what_is_no_pull_request_is_told(database, name, told):
    result = bundled(name=name)
    assert (result.exit_code, told in result.stderr) == (2, True)


def test_nothing_is_written_over(database):
    bundled()
    result = bundled()
    assert (result.exit_code, "evidence is not empty" in result.stderr) == (2, True)


def test_facts_that_this_program_can_not_read_need_the_one_that_wrote_them(database, monkeypatch):
    async def unread(*_args: object) -> None:
        return None

    monkeypatch.setattr("bot.audit.bundling.of_decision", unread)
    result = bundled()
    assert (result.exit_code, "can't be read by this program; take 0.0.9" in result.stderr) == (2, True)


def test_the_database_is_left_as_it_was(database):
    with closing(sqlite3.connect(database)) as connection:
        before = connection.execute("SELECT * FROM decisions ORDER BY subject, number").fetchall()
        bundled()
        assert connection.execute("SELECT * FROM decisions ORDER BY subject, number").fetchall() == before
