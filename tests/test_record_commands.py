"""`release-gate replay` and `release-gate audit`: what they print, how they end, on a database that a server wrote."""

import asyncio
import json
import sqlite3
import tracemalloc
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from bot.audit.verifying import known_from
from bot.cli import app
from bot.record.account import account, gist
from bot.record.body import body_of, kept_in, packed
from bot.record.chain import Entry, Kind
from bot.store import decisions, open_store
from bot.store.ageing import FACTS_DAYS, forget_old
from tests.builders import HEAD, NOW, a_check, a_comment
from tests.record.test_replay import grounds_of

AT = int(NOW.timestamp())
STEPS = (
    grounds_of(),
    grounds_of(checks=(a_check(),)),
    grounds_of(checks=(a_check(),), comments=(a_comment(f"/approve security {HEAD}"),)),
)


async def fill(database: Path | str) -> None:
    """Three decisions about acme/shop#7, from blocked to ready, and one about #8; a day apart."""
    async with open_store(database, now=lambda: AT) as store:
        for pull, steps in ((7, STEPS), (8, STEPS[:1])):
            for day, grounds in enumerate(steps):
                told = account(grounds.verdict)
                body = body_of(grounds, told)
                entry = Entry(
                    subject=f"PR_{pull}",
                    kind=Kind.VERDICT,
                    at=AT + day * 86_400,
                    target=f"pull:3:acme/shop:{pull}",
                    repository="acme/shop",
                    pull=pull,
                    commit=HEAD,
                    outcome=told["outcome"],
                    title=told["title"],
                    program="0.0.9",
                    gist=gist(told, ""),
                    **body.digests,
                )
                await decisions.append(store, entry, packed(body))


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "gate.sqlite3"
    asyncio.run(fill(path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    return path


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin)


def exported(*options: str) -> list[str]:
    return run("audit", "export", *options).stdout.splitlines()


def change(database: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement, values)


def digest_of(database: Path, number: int) -> str:
    with closing(sqlite3.connect(database)) as connection:
        of_seven = "SELECT digest FROM decisions WHERE subject = 'PR_7' AND number = ?"
        ((digest,),) = connection.execute(of_seven, (number,)).fetchall()
    return str(digest)


def test_a_decision_is_made_again(database):
    result = run("replay", digest_of(database, 3)[:8])
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            f"decision 3 of acme/shop#7, 24 Nov 2026 12:00 UTC, {digest_of(database, 3)[:12]}",
            "  Ready · 0.0.1 (patch)",
            "  the same again, by release-gate 0.1.0, as by 0.0.9",
        ],
    )


@pytest.mark.parametrize(
    ("name", "number"),
    [
        pytest.param("acme/shop#7", 3, id="the newest one of a pull request"),
        pytest.param("Acme/Shop#7", 3, id="in any case"),
        pytest.param("acme/shop#7:2", 2, id="one by its number"),
    ],
)
def test_a_decision_is_named_by_its_pull_request(database, name, number):
    result = run("replay", name)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"decision {number} of acme/shop#7, ")


def test_a_decision_that_this_program_would_not_make_differs(database):
    kept = kept_in(exported("--pull-request", "acme/shop#7")[-1].encode())
    assert kept.body
    body = replace(kept.body, verdict={**kept.body.verdict, "title": "Blocked", "readiness": 0})
    line = {**orjson.loads(exported()[2]), **body.digests}
    line["body"] = {"facts": body.facts, "rules": body.rules, "verdict": body.verdict}
    result = run("replay", "--from", "-", stdin=json.dumps(line))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:] == [
        "  then: Ready · 0.0.1 (patch), by release-gate 0.0.9",
        "  now:  Ready · 0.0.1 (patch), by release-gate 0.1.0",
        "  differs: readiness: 0 → 100",
        '  differs: title: "Blocked" → "Ready · 0.0.1 (patch)"',
    ]


def test_all_decisions_of_an_export_are_made_again(database, tmp_path):
    (tmp_path / "export.jsonl").write_text("\n".join(exported()))
    result = run("replay", "--from", "export.jsonl")
    assert result.exit_code == 0
    assert result.stdout.count("the same again") == 4


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("replay",), "name one decision, or an export", id="nothing named"),
        pytest.param(("replay", "acme/shop#7", "--from", "x"), "name one decision, or an export", id="both named"),
        pytest.param(("replay", "nonsense"), "`nonsense` names no decision", id="no name of a decision"),
        pytest.param(("replay", "shop#7"), "`shop#7` names no pull request", id="no name of a pull request"),
        pytest.param(("replay", "acme/shop#9"), "there is no decision about acme/shop#9", id="no such pull request"),
        pytest.param(
            ("replay", "acme/shop#7:4"), "acme/shop#7 has 3 decisions, and none is the 4.", id="no such number"
        ),
        pytest.param(("replay", "000000"), "no digest is `000000…`", id="no such digest"),
        pytest.param(("replay", "--from", "nowhere"), "No such file", id="no such file"),
        pytest.param(("audit", "verify", "nowhere"), "No such file", id="no such export"),
        pytest.param(("audit", "verify", "x", "--against", "y"), "verified by itself", id="a file and options"),
        pytest.param(("audit", "export", "--since", "monday"), "`monday` is no date", id="no date"),
        pytest.param(("audit", "export", "--pull-request", "acme/shop"), "names no pull request", id="no number"),
        pytest.param(
            ("audit", "verify", "--database", "sqlite:///nowhere.sqlite3"),
            "there is no database nowhere.sqlite3",
            id="no file",
        ),
        pytest.param(
            ("audit", "verify", "--database", "mysql://x"), "DATABASE_URL starts with 'mysql'", id="no address"
        ),
    ],
)
def test_what_can_not_be_told_is_one_line(database, arguments, told):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("release-gate: ")
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_went_with_age_can_not_be_made_again(database, monkeypatch):
    later = float(AT + (FACTS_DAYS + 2) * 86_400)

    async def age() -> None:
        async with open_store(database, now=lambda: later) as store:
            await forget_old(store)

    before = exported()
    asyncio.run(age())
    result = run("replay", "acme/shop#7:1")
    assert (result.exit_code, "went with age" in result.stderr) == (2, True)
    monkeypatch.setattr("bot.store.reading.time.time", lambda: later)
    assert run("audit", "verify").stdout == "2 chains, 4 decisions, 1 with what they were made from: whole\n"
    assert run("audit", "verify", "-", stdin="\n".join(exported())).exit_code == 0
    assert run("replay", "--from", "-", stdin=before[0]).exit_code == 0
    assert run("replay", "--from", "-", stdin=exported()[0]).stdout == ""


def test_whole_chains_are_whole(database):
    result = run("audit", "verify")
    assert (result.exit_code, result.stdout) == (
        0,
        "2 chains, 4 decisions, 4 with what they were made from: whole\n",
    )


def test_one_pull_request_may_be_verified_alone(database):
    change(database, "UPDATE decisions SET outcome = 'ready' WHERE subject = 'PR_8'")
    assert run("audit", "verify", "--pull-request", "acme/shop#7").exit_code == 0
    assert run("audit", "verify", "--pull-request", "acme/shop#8").exit_code == 1


TAMPERED = [
    pytest.param(
        "UPDATE decisions SET outcome = 'ready' WHERE subject = 'PR_7' AND number = 2",
        "acme/shop#7: decision 2 was changed: its digest is not that of what it says",
        id="an outcome was changed",
    ),
    pytest.param(
        "UPDATE decisions SET at = at + 1 WHERE subject = 'PR_7' AND number = 2",
        "acme/shop#7: decision 2 was changed: its digest is not that of what it says",
        id="a time was changed",
    ),
    pytest.param(
        "DELETE FROM decisions WHERE subject = 'PR_7' AND number = 2",
        "acme/shop#7: decision 2 is missing",
        id="one was removed",
    ),
    pytest.param(
        "UPDATE decisions SET body = (SELECT body FROM decisions WHERE number = 3) WHERE number = 2",
        "acme/shop#7: decision 2 was changed: its facts are not those that it was made with",
        id="facts were exchanged",
    ),
    pytest.param(
        "UPDATE decisions SET body = x'00' WHERE subject = 'PR_7' AND number = 2",
        "decision 2: the body of a decision is damaged",
        id="damaged",
    ),
    pytest.param(
        "UPDATE decisions SET kind = 'x' WHERE subject = 'PR_7' AND number = 2",
        "PR_7: decision 2 of acme/shop#7 can't be read: no Decision: 'x' is not a valid Kind",
        id="of a kind that we know nothing of",
    ),
    pytest.param(
        "UPDATE decisions SET title = x'ff' WHERE subject = 'PR_7' AND number = 2",
        "PR_7: decision 2 of acme/shop#7 can't be read: no Decision: b'\\xff' where a str is wanted",
        id="bytes in place of a text",
    ),
    pytest.param(
        "UPDATE decisions SET title = CAST(x'ff' AS TEXT) WHERE subject = 'PR_7' AND number = 2",
        "PR_7: decision 2 of acme/shop#7 can't be read: no Decision: b'\\xff' where a str is wanted",
        id="a text that is none",
    ),
    pytest.param(
        "UPDATE decisions SET at = 'abc' WHERE subject = 'PR_7' AND number = 2",
        "PR_7: decision 2 of acme/shop#7 can't be read: no Decision: 'abc' where a int is wanted",
        id="a text in place of a time",
    ),
    pytest.param(
        "UPDATE decisions SET body = NULL WHERE subject = 'PR_7' AND number = 2",
        "acme/shop#7: what decision 2 was made from is gone before its time (KEEP_FACTS_DAYS)",
        id="facts were removed before they were old",
    ),
]


@pytest.mark.parametrize(("statement", "told"), TAMPERED)
def test_a_change_in_the_database_is_found_and_named(database, statement, told):
    change(database, statement)
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert told in result.stdout.splitlines()[0]
    assert result.stdout.splitlines()[-1].endswith(": 1 broken")


def test_what_went_with_age_is_no_change(database, monkeypatch):
    change(database, "UPDATE decisions SET body = NULL, at = 0 WHERE subject = 'PR_8'")
    assert "acme/shop#8: decision 1 was changed" in run("audit", "verify").stdout  # its time was
    change(database, "UPDATE decisions SET body = NULL WHERE subject = 'PR_7'")
    monkeypatch.setattr("bot.store.reading.time.time", lambda: AT + 40 * 86_400.0)
    verify = ("audit", "verify", "--pull-request", "acme/shop#7")
    assert "decision 1 was made from is gone before its time" in run(*verify).stdout
    monkeypatch.setenv("KEEP_FACTS_DAYS", "30")
    assert run(*verify).exit_code == 0
    monkeypatch.setenv("KEEP_FACTS_DAYS", "0")
    assert (run(*verify).exit_code, "KEEP_FACTS_DAYS is '0'; wanted" in run(*verify).stderr) == (2, True)


def test_a_decision_that_can_not_be_read_is_refused_in_one_line(database):
    change(database, "UPDATE decisions SET kind = 'x' WHERE subject = 'PR_7' AND number = 2")
    for command in (("audit", "export"), ("replay", "acme/shop#7"), ("audit", "bundle", "acme/shop#7", "--out", "new")):
        result = run(*command)
        assert (result.exit_code, "decision 2 of acme/shop#7 can't be read" in result.stderr) == (2, True)


def test_two_that_changed_places_are_found(database):
    for becomes, was in ((9, 2), (2, 3), (3, 9)):
        change(database, "UPDATE decisions SET number = ? WHERE subject = 'PR_7' AND number = ?", becomes, was)
    result = run("audit", "verify")
    assert (result.exit_code, "decision 2 does not follow the one before it" in result.stdout) == (1, True)


def test_a_tail_that_was_cut_is_missed_by_whoever_has_an_export(database, tmp_path):
    (tmp_path / "export.jsonl").write_text("\n".join(exported()))
    assert run("audit", "verify", "--against", "export.jsonl").exit_code == 0
    change(database, "DELETE FROM decisions WHERE subject = 'PR_7' AND number = 3")
    assert run("audit", "verify").exit_code == 0
    result = run("audit", "verify", "--against", "export.jsonl")
    assert (result.exit_code, "decision 3 is gone" in result.stdout) == (1, True)


def test_a_chain_that_is_gone_is_missed_as_well(database, tmp_path):
    (tmp_path / "export.jsonl").write_text("\n".join(exported()))
    change(database, "DELETE FROM decisions WHERE subject = 'PR_8'")
    result = run("audit", "verify", "--against", "export.jsonl")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (1, "acme/shop#8: the whole chain is gone")


def test_an_export_is_verified_by_itself(database, tmp_path, monkeypatch):
    (tmp_path / "export.jsonl").write_text("\n".join(exported()))
    monkeypatch.delenv("DATABASE_URL")
    database.unlink()
    assert run("audit", "verify", "export.jsonl").stdout.endswith("whole\n")
    assert run("replay", "--from", "export.jsonl").exit_code == 0


def test_a_changed_export_is_found(database):
    lines = [line.replace('"TEST-001"', '"TEST-002"') for line in exported()]
    result = run("audit", "verify", "-", stdin="\n".join(lines))
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 3
    assert "its rules are not those" in result.stdout or "its verdict are not those" in result.stdout


def test_a_decision_that_was_cut_out_of_lines_that_were_mixed_is_missed(database):
    one, _two, three, other = exported()
    mixed = run("audit", "verify", "-", stdin=f"{one}\n{other}\n{three}")
    assert mixed.exit_code == 1
    assert mixed.stdout.splitlines()[0] == "acme/shop#7: decision 2 is missing, the next one is 3"


def test_lines_of_several_chains_may_be_mixed(database):
    one, two, three, other = exported()
    mixed = run("audit", "verify", "-", stdin=f"{one}\n{other}\n{two}\n{three}")
    assert (mixed.exit_code, mixed.stdout.splitlines()[-1].endswith("whole")) == (0, True)
    assert mixed.stdout.startswith("2 chains, 4 decisions, 4 with")


def test_of_an_export_to_compare_with_only_digests_are_held(database):
    line = json.loads(exported()[0])
    line["body"]["facts"]["long"] = "x" * 100_000
    lines = (orjson.dumps({**line, "number": number}) for number in range(1, 201))
    tracemalloc.start()
    try:
        known = known_from(kept_in(one) for one in lines)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(known["PR_7"].digests) == 200
    assert most < 60 * 100_000  # of 200


def test_what_is_no_export_is_refused(database):
    result = run("audit", "verify", "-", stdin="{}\n")
    assert (result.exit_code, "line 1: " in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        pytest.param((), [1, 2, 3, 1], id="all"),
        pytest.param(("--pull-request", "acme/shop#8"), [1], id="one pull request"),
        pytest.param(("--since", "2026-11-23"), [2, 3], id="since a day"),
        pytest.param(("--since", "2026-11-24T12:00:00+00:00"), [3], id="since an instant"),
    ],
)
def test_what_is_exported(database, options, numbers):
    lines = exported(*options)
    assert [json.loads(line)["number"] for line in lines] == numbers
    assert run("audit", "verify", "-", stdin="\n".join(lines)).exit_code == 0


async def test_the_record_is_read_beside_the_server_that_owns_the_database(database):
    async with open_store(database, now=lambda: AT):
        result = await asyncio.to_thread(run, "audit", "verify")
    assert result.exit_code == 0


async def test_the_record_is_read_on_postgresql(shared_database, monkeypatch):
    await fill(shared_database)
    monkeypatch.setenv("DATABASE_URL", shared_database)
    for command in (("audit", "verify"), ("audit", "export"), ("replay", "acme/shop#7")):
        result = await asyncio.to_thread(run, *command)
        assert (result.exit_code, result.stderr) == (0, "")
        assert "acme/shop" in result.stdout or "whole" in result.stdout


def test_a_database_from_before_decisions_is_told(database):
    change(database, "PRAGMA user_version = 3")
    result = run("audit", "verify")
    assert (result.exit_code, "start this version's server once" in result.stderr) == (2, True)
