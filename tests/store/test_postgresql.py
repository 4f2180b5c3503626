"""PostgreSQL alone: acceptances together, one clock for all, and a clear word when it cannot be used."""

import asyncio
import builtins
import dataclasses
import time

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.store import StoreRefused, StoreUnusable, looks, open_store
from bot.store import postgresql as opening
from bot.store.replica_clock import ReplicaClock
from bot.store.wishes import Wish

WISH = Wish(target="pull:3:acme/shop:5", installation=3, due_at=0)


@pytest.fixture
async def store(shared_database):
    async with open_store(shared_database) as opened:
        yield opened


async def _opened(address: str) -> None:
    async with open_store(address):
        pass


async def test_what_is_told_accepted_is_on_the_disk_whatever_the_server_s_own_settings(store, postgresql):
    await postgresql.tell("ALTER SYSTEM SET synchronous_commit = off")
    await postgresql.tell("SELECT pg_reload_conf()")
    try:
        async with store._begin() as connection:
            assert (await connection.execute(text("SHOW synchronous_commit"))).scalar_one() == "on"
            assert (await connection.execute(text("SHOW fsync"))).scalar_one() == "on"
    finally:
        await postgresql.tell("ALTER SYSTEM RESET synchronous_commit")
        await postgresql.tell("SELECT pg_reload_conf()")


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("pull:3:acme/shop:\0", id="refused by the server"),
        pytest.param("pull:3:acme/shop:\ud800", id="refused by the driver"),
    ],
)
async def test_one_that_the_database_refuses_does_not_spoil_those_beside_it(store, target):
    bad = dataclasses.replace(WISH, target=target)
    accepted = await asyncio.gather(
        *(store.accept(guid=f"g{n}", event="push", wishes=[bad if n == 7 else WISH]) for n in range(20)),
        return_exceptions=True,
    )
    assert [number for number, outcome in enumerate(accepted) if outcome is not True] == [7]
    assert isinstance(accepted[7], StoreRefused)


async def test_a_guid_twice_in_one_commit_is_new_once_and_wanted_twice(store):
    new = await asyncio.gather(*(store.accept(guid="g", event="push", wishes=[WISH]) for _ in range(2)))
    assert sorted(new) == [False, True]
    (look,) = await looks.take(store, holder="me", lease_seconds=30, limit=9)
    assert look.seen == 2


async def test_leases_of_others_are_left_alone_at_the_start(store, shared_database):
    await store.accept(guid="g", event="push", wishes=[WISH])
    await looks.take(store, holder="alive", lease_seconds=30, limit=1)
    async with open_store(shared_database) as other:
        assert await looks.take(other, holder="new", lease_seconds=30, limit=1) == ()


async def test_looks_are_locked_in_the_order_of_acceptances_whatever_the_language(store, postgresql):
    """Where `a` comes before `B`, a replica that renews would wait for who accepts, and that one for the replica."""
    await store.write(text('ALTER TABLE looks ALTER COLUMN target TYPE text COLLATE "en-x-icu"'))
    wishes = [dataclasses.replace(WISH, target=f"pull:3:{name}:5") for name in ("B/shop", "a/shop")]
    await store.accept(guid="g", event="push", wishes=wishes)
    taken = await looks.take(store, holder="me", lease_seconds=30, limit=9)
    assert len(taken) == 2
    lock = "SELECT target FROM looks WHERE target LIKE '%{}' FOR UPDATE {}"
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    try:
        for write in (looks.renew(store, taken, lease_seconds=30), looks.give_back(store, holder="me")):
            async with store.engine.begin() as other:
                await other.execute(text(lock.format("B/shop:5", "")))
                writing = asyncio.create_task(write)
                async with asyncio.timeout(10), store.engine.connect() as watch:
                    while not (await watch.execute(text(waits))).scalar_one():
                        await watch.rollback()
                        await asyncio.sleep(0.01)
                assert len((await other.execute(text(lock.format("a/shop:5", "SKIP LOCKED")))).all()) == 1
            await writing
    finally:
        await store.write(text('ALTER TABLE looks ALTER COLUMN target TYPE text COLLATE "default"'))


async def test_a_replica_paused_inside_a_transaction_does_not_stop_the_others(store, shared_database, monkeypatch):
    monkeypatch.setitem(opening._SESSION, "idle_in_transaction_session_timeout", "200ms")
    async with open_store(shared_database) as paused:
        await store.accept(guid="g", event="push", wishes=[WISH])

        async def work(connection):
            await connection.execute(text("UPDATE looks SET wanted = wanted + 1"))
            await asyncio.sleep(1)

        pausing = asyncio.create_task(paused.transact(work))
        await asyncio.sleep(0.1)
        assert await store.accept(guid="h", event="push", wishes=[WISH])
        assert not pausing.done()
        with pytest.raises(StoreRefused):
            await pausing


async def test_time_is_the_database_s(store, monkeypatch):
    assert store.now() == pytest.approx(time.time(), abs=2)
    monkeypatch.setattr(time, "time", lambda: 0.0)  # this machine's clock is off
    await store.accept(guid="g", event="push", wishes=[dataclasses.replace(WISH, due_at=store.now())])
    (look,) = await looks.take(store, holder="me", lease_seconds=30, limit=1)
    assert look.target == WISH.target


async def test_a_clock_goes_on_from_what_the_database_showed():
    class Connection:
        async def fetchval(self, _question):
            return 5_000.0

    clock = ReplicaClock()
    await clock.set_by(Connection())
    assert clock() == pytest.approx(5_000, abs=1)


async def test_a_lost_ear_is_replaced_and_what_was_told_meanwhile_is_found(shared_database, postgresql, monkeypatch):
    monkeypatch.setattr("bot.store.postgresql._LISTEN_SECONDS", 0.05)
    monkeypatch.setattr("bot.store.postgresql._REST_AFTER_LOSS", 0.05)
    heard: list[float] = []
    with capture_logs() as logged:
        async with open_store(shared_database) as store:
            store.on_commit(heard.append)
            await postgresql.tell(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
                " OR query LIKE '%clock_timestamp%' AND pid <> pg_backend_pid()"
            )
            async with asyncio.timeout(5):
                while 0.0 not in heard:
                    await asyncio.sleep(0.02)
    assert [line["event"] for line in logged] == ["replicas.unheard"]


async def test_a_server_that_is_not_there_is_told_without_the_password():
    with pytest.raises(StoreUnusable, match="start the server, or correct DATABASE_URL") as told:
        await _opened("postgresql://gate:hush@127.0.0.1:1/gate")
    assert "hush" not in str(told.value)


async def test_a_database_that_is_not_there_is_named(postgresql):
    with pytest.raises(StoreUnusable, match='database "nowhere" does not exist; start the server, or correct'):
        await _opened(postgresql.address("nowhere"))


async def test_an_old_server_is_named(postgresql, monkeypatch):
    monkeypatch.setattr("bot.store.postgresql._OLDEST", 990000)
    with pytest.raises(StoreUnusable, match="is too old; wanted 99 or newer"):
        await _opened(postgresql.address("postgres"))


async def test_a_driver_that_is_not_installed_is_told_with_what_to_type(monkeypatch):
    real = builtins.__import__

    def without(name, *more, **options):
        if name == "asyncpg":
            raise ImportError(name)
        return real(name, *more, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StoreUnusable, match=r"type pip install 'release-gate\[postgres\]'"):
        await _opened("postgresql:///gate")


async def test_a_closed_store_accepts_nothing(shared_database):
    async with open_store(shared_database) as store:
        assert await store.why_not_writable() is None
    assert await store.why_not_writable() == "the store is closed"
