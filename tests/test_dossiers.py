"""What a document is made of when decisions are kept, were made by another program, or went."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot import dossiers
from bot.gate.facts import Merge
from bot.record.account import account
from bot.record.body import body_of, packed
from bot.record.chain import Kind
from bot.record.grounds import Grounds
from bot.store import Store, decisions, open_store
from tests.builders import HEAD, NOW, a_check, a_comment
from tests.record.test_chain import an_entry
from tests.record.test_replay import grounds_of

BLOCKED = grounds_of()
WAITING = grounds_of(checks=(a_check(),))
READY = grounds_of(checks=(a_check(),), comments=(a_comment(f"/approve security {HEAD}"),))
TARGET = "pull:3:acme/shop:7"


@pytest.fixture
async def store(tmp_path: Path):
    async with open_store(tmp_path / "gate.sqlite3", now=lambda: 0.0) as opened:
        yield opened


async def keep(
    store: Store, grounds: Grounds, *, target: str = TARGET, kind: Kind = Kind.VERDICT, **told: object
) -> None:
    """With `told` as another program would have told it."""
    verdict = grounds.verdict
    body = body_of(grounds, {**account(verdict), **told})
    entry = an_entry("Said", body)
    entry = replace(entry, subject="PR_7", outcome=verdict.outcome.value, commit=HEAD, target=target, kind=kind)
    await decisions.append(store, entry, packed(body))


async def outcome_before(store: Store, grounds: Grounds) -> str | None:
    dossier = await dossiers.of_open(store, TARGET, grounds, grounds.verdict)
    return dossier.previous.outcome.value if dossier.previous else None


async def test_without_decisions_nothing_is_known_of_before(store):
    assert await outcome_before(store, READY) is None


async def test_the_last_that_said_something_else_is_before(store):
    for grounds in (BLOCKED, WAITING, READY, READY):
        await keep(store, grounds)
    assert await outcome_before(store, READY) == WAITING.verdict.outcome.value
    assert len((await dossiers.of_open(store, TARGET, READY, READY.verdict)).past) == 4


async def test_a_merge_group_is_not_before_its_pull_request(store):
    await keep(store, BLOCKED)
    await keep(store, WAITING, target="group:3:acme/shop:main:x")
    await keep(store, WAITING, kind=Kind.MERGED)
    assert await outcome_before(store, READY) == "blocked"


async def test_what_another_program_decided_otherwise_is_not_known(store):
    await keep(store, BLOCKED, readiness=77)
    assert await outcome_before(store, READY) is None


async def test_what_went_is_not_known(store):
    await keep(store, BLOCKED)
    await decisions.drop_bodies(store, before=2_000)
    assert await outcome_before(store, READY) is None


async def test_what_is_damaged_is_not_known(store):
    await decisions.append(store, replace(an_entry(), subject="PR_7"), b"damaged")
    assert await outcome_before(store, READY) is None


async def test_a_closed_pull_request_is_told_by_its_last_decision(store):
    await keep(store, BLOCKED)
    await keep(store, READY)
    merged = replace(READY.snapshot, state="MERGED", merge=Merge(by="rita", at=NOW, commit="d" * 40))
    dossier = await dossiers.of_closed(store, merged)
    assert dossier
    assert (dossier.verdict, dossier.snapshot.comments) == (READY.verdict, READY.snapshot.comments)
    assert dossier.previous == BLOCKED.verdict
    assert dossier.closed
    assert (dossier.closed.merge, dossier.closed.is_despite, dossier.closed.program) == (merged.merge, False, "")


async def test_a_closed_pull_request_that_another_program_decided_says_so(store):
    await keep(store, BLOCKED, readiness=77)
    dossier = await dossiers.of_closed(store, replace(BLOCKED.snapshot, state="CLOSED"))
    assert dossier
    assert dossier.closed
    assert (dossier.closed.merge, dossier.closed.program) == (None, "1.0.0")


async def test_nothing_is_told_of_a_closed_pull_request_without_decisions(store):
    assert await dossiers.of_closed(store, replace(READY.snapshot, state="CLOSED")) is None
