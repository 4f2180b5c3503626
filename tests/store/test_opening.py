"""Opening the store: one owner, one schema, durable settings, and a clear word when it cannot be."""

import asyncio
import sqlite3
import time

import pytest
from sqlalchemy import text

from bot.store import StoreRefused, StoreUnusable, looks, open_store, sqlite
from bot.store.schema import VERSION
from bot.store.steady_clock import steady
from bot.store.wishes import Wish

WISH = Wish(target="pull:3:acme/shop:5", installation=3, due_at=0)


async def test_a_new_store_is_made_with_its_directory_and_writes_for_good(tmp_path):
    path = tmp_path / "data" / "gate.sqlite3"
    async with open_store(path) as store, store._begin() as connection:
        settings = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "user_version")
        ]
    assert settings == ["wal", 2, VERSION]


async def test_what_was_taken_by_the_dead_is_free_at_the_next_start(tmp_path):
    async with open_store(tmp_path / "gate.sqlite3") as store:
        assert await store.accept(guid="g", event="push", wishes=[WISH])
        await looks.take(store, holder="dead", lease_seconds=1e12, limit=1)
    async with open_store(tmp_path / "gate.sqlite3") as store:
        assert len(await looks.take(store, holder="new", lease_seconds=1e12, limit=1)) == 1


async def test_a_second_owner_of_the_same_file_is_told_what_to_do(tmp_path):
    path = tmp_path / "gate.sqlite3"
    async with open_store(path):
        with pytest.raises(StoreUnusable, match="stop the other release-gate that uses it"):
            async with open_store(path):
                pass
    async with open_store(path):
        pass


async def test_a_file_of_another_schema_is_left_alone(tmp_path):
    path = tmp_path / "gate.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(
        StoreUnusable, match=f"has schema 99, this version knows {VERSION}; start the version that wrote it"
    ):
        async with open_store(path):
            pass


async def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "gate.sqlite3"
    path.write_text("not a database, but long enough to be looked at\n" * 99)
    with pytest.raises(StoreUnusable, match="cannot be used: file is not a database"):
        async with open_store(path):
            pass


@pytest.mark.parametrize(
    ("code", "told"),
    [
        pytest.param(sqlite3.SQLITE_FULL, "make room on its disk", id="a full disk wants room"),
        pytest.param(sqlite3.SQLITE_BUSY, "stop the other release-gate", id="an owner wants to be stopped"),
        pytest.param(sqlite3.SQLITE_READONLY, "writable", id="a file that may only be read wants to be writable"),
        pytest.param(sqlite3.SQLITE_NOTADB, "type another DATABASE_URL", id="what is no database is left alone"),
    ],
)
def test_what_to_do_depends_on_what_is_wrong(code, told):
    error = sqlite3.OperationalError("wrong")
    error.sqlite_errorcode = code
    assert told in sqlite._what_to_do(error)


@pytest.mark.parametrize(
    ("times", "waits"),
    [
        pytest.param((1e9, 1e9 - 2e5), 60.0, id="set back by days, a look waits as long as it would have"),
        pytest.param((1e9, 1e9 + 30.0), 30.0, id="half of its time has passed"),
    ],
)
async def test_a_clock_that_was_set_back_keeps_no_look_waiting(tmp_path, times, waits):
    before, after = times
    wish = Wish(target="pull:3:acme/shop:5", installation=3, due_at=before + 60.0)
    async with open_store(tmp_path / "gate.sqlite3", now=lambda: before) as store:
        await store.accept(guid="g", event="push", wishes=[wish])
    for _ in range(2):  # the second start moves nothing any more
        async with open_store(tmp_path / "gate.sqlite3", now=lambda: after) as store:
            due_at = await looks.next_due(store)
            assert due_at is not None
            assert due_at - after == waits


def test_a_clock_that_is_set_is_not_followed(monkeypatch):
    now = steady()
    assert now() == pytest.approx(time.time(), abs=5.0)
    began = now()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert 0.0 <= now() - began < 5.0


async def test_a_place_that_is_no_directory_is_named(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreUnusable, match="cannot be made"):
        async with open_store(tmp_path / "data" / "gate.sqlite3"):
            pass
    (tmp_path / "gate.sqlite3.lock").mkdir()
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        async with open_store(tmp_path / "gate.sqlite3"):
            pass


async def test_an_old_sqlite_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "_OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(StoreUnusable, match=r"is too old; wanted 99\.0\.0 or newer"):
        async with open_store(tmp_path / "gate.sqlite3"):
            pass


async def test_a_closed_store_accepts_nothing(tmp_path):
    async with open_store(tmp_path / "gate.sqlite3") as store:
        assert await store.why_not_writable() is None
    with pytest.raises(StoreRefused, match="closed"):
        await store.accept(guid="g", event="push", wishes=[WISH])
    assert await store.why_not_writable() == "the store is closed"


async def test_a_caller_cancelled_in_the_middle_of_a_statement_leaves_no_lock_behind(tmp_path):
    async with open_store(tmp_path / "gate.sqlite3", busy_seconds=5.0) as store:
        for turn in range(60):
            await store.accept(guid=f"g{turn}", event="push", wishes=[WISH])
            taking = asyncio.create_task(looks.take(store, holder=f"h{turn}", lease_seconds=0.0, limit=1))
            await asyncio.sleep(turn * 0.0001)
            taking.cancel()
        assert await store.why_not_writable() is None
        cut_off = asyncio.create_task(looks.take(store, holder="last", lease_seconds=0.0, limit=1))
        await asyncio.sleep(0)
        cut_off.cancel()
    async with open_store(tmp_path / "gate.sqlite3") as store:
        assert await looks.next_due(store) == 0
