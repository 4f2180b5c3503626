"""What is forgotten with age, and what never is."""

import pytest
from sqlalchemy import text

from bot.store import ageing, commands, heads, open_store
from bot.store.commands import ClosingCommand
from bot.store.heads import Head

NOW = 1_000 * 86_400.0
DAY = 86_400.0


@pytest.fixture
async def store(database):
    async with open_store(database, now=lambda: NOW) as opened:
        yield opened


async def _accept(store, guid: str, *, days_ago: float) -> None:
    await store.accept(guid=guid, event="push", wishes=[])
    async with store._begin() as connection:
        await connection.execute(
            text("UPDATE deliveries SET received_at = :at WHERE guid = :guid"),
            {"at": NOW - days_ago * DAY, "guid": guid},
        )


async def test_deliveries_go_after_thirty_days_however_many(store, monkeypatch):
    monkeypatch.setattr(ageing, "_AT_ONCE", 2)
    for number in range(5):
        await _accept(store, f"old-{number}", days_ago=31)
    await _accept(store, "new", days_ago=29)
    assert await ageing.forget_old(store) == 5
    assert [row.guid for row in await store.read(text("SELECT guid FROM deliveries"))] == ["new"]
    assert await ageing.forget_old(store) == 0


async def test_heads_go_together_400_days_after_the_newest_of_their_pull_request(store):
    for subject, days_ago in (("PR_old", 500), ("PR_old", 401), ("PR_alive", 500), ("PR_alive", 399)):
        head = Head(sha=f"{days_ago}", shown_at=NOW - days_ago * DAY)
        await heads.record(store, subject=subject, target="pull:3:acme/shop:5", head=head)
    assert await ageing.forget_old(store) == 2
    assert await heads.shown(store, subject="PR_old") == ()
    assert len(await heads.shown(store, subject="PR_alive")) == 2


async def test_closing_commands_stay(store):
    hold = ClosingCommand(comment_id="IC_1", verb="hold", argument="", login="ann", because="x", at=1.0)
    await commands.record(store, subject="PR_5", commands=[hold])
    await ageing.forget_old(store)
    assert await commands.seen(store, subject="PR_5") == (hold,)
