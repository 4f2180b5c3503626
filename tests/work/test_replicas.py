"""Several workers on one PostgreSQL: a look is one's, nothing is lost with any of them, who is late writes nothing."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import text, update
from structlog.testing import capture_logs

from bot.github.targets import PullRequest, Repository
from bot.store import Store, StoreRefused, looks, open_store, postgresql
from bot.store.schema import looks as rows
from bot.store.wishes import Wish
from bot.work import Chore, LeaseLost, Worker, ensure_held
from tests.work.test_kill import deliver, doomed, said

SHOP = Repository(installation=3, name="acme/shop")
PULL = PullRequest(repository=SHOP, number=5)
KEY = PULL.key


async def _nothing(_target: Any) -> tuple[()]:
    return ()


async def _never(_target: Any, _watermark: Any) -> float | None:
    raise AssertionError


@asynccontextmanager
async def _replicas(address: str, count: int, reconcile: Any, **more: Any) -> AsyncIterator[list[Store]]:
    async with AsyncExitStack() as stack:
        stores = []
        for number in range(count):
            store = await stack.enter_async_context(open_store(address))
            worker = Worker(store, reconcile=_of(number, reconcile), resolve=_nothing, **more)
            worker.start()
            stack.push_async_callback(worker.stop, limit=1)
            stores.append(store)
        yield stores


def _of(number: int, reconcile: Any) -> Any:
    async def of_this_replica(target: Any, watermark: Any) -> Any:
        return await reconcile(number, target)

    return of_this_replica


async def _want(store: Store, *numbers: int, settle: float = 0.0) -> None:
    wishes = [
        Wish(target=PullRequest(repository=SHOP, number=number).key, installation=3, due_at=store.now() + settle)
        for number in numbers
    ]
    await store.accept(guid=f"guid-{time.monotonic_ns()}", event="push", wishes=wishes)


async def _until(condition: Any, *, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


async def test_one_pass_at_a_time_and_the_last_event_is_followed_by_one_that_began_after_it(shared_database):
    running: set[int] = set()
    began: dict[int, float] = {}
    asked: dict[int, float] = {}
    by: set[int] = set()

    async def reconcile(replica: int, target: PullRequest) -> None:
        assert target.number not in running
        running.add(target.number)
        by.add(replica)
        began[target.number] = time.monotonic()
        await asyncio.sleep(0.01)
        running.discard(target.number)

    with capture_logs() as logged:
        async with _replicas(shared_database, 3, reconcile, passes=2) as stores:
            for turn in range(60):
                numbers = (turn % 7 + 1, turn % 5 + 1)
                await _want(stores[turn % 3], *set(numbers), settle=turn % 3 * 0.01)
                asked |= dict.fromkeys(numbers, time.monotonic())
            await _until(lambda: all(began.get(number, 0) > at for number, at in asked.items()))
    assert by == {0, 1, 2}
    assert {line["log_level"] for line in logged} <= {"info"}


async def test_acceptances_that_want_the_same_looks_never_wait_in_a_ring(shared_database):
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(open_store(shared_database)) for _ in range(3)]
        numbers = list(range(1, 30))
        await asyncio.gather(
            *(_want(store, *(numbers if turn % 2 else reversed(numbers))) for store in stores for turn in range(20))
        )
        (count,) = await stores[0].read(text("SELECT sum(wanted) AS wanted FROM looks"))  # type: ignore[arg-type]
        assert count.wanted == 29 * 60


async def test_what_one_accepts_another_looks_at_without_waiting_for_its_poll(shared_database):
    done: list[int] = []

    async def reconcile(_replica: int, target: PullRequest) -> None:
        done.append(target.number)

    async with open_store(shared_database) as accepting, _replicas(shared_database, 1, reconcile, poll=60):
        await asyncio.sleep(0.2)
        await _want(accepting, 5)
        await _until(lambda: done == [5], seconds=3)


async def test_who_can_t_hear_the_others_looks_now_and_then(shared_database, monkeypatch):
    done: list[int] = []

    async def reconcile(_replica: int, target: PullRequest) -> None:
        done.append(target.number)

    async with open_store(shared_database) as accepting, _replicas(shared_database, 1, reconcile, poll=0.3):
        monkeypatch.setattr("bot.store.group_commit.CHANNEL", "another")
        await _want(accepting, 5)
        await _until(lambda: done == [5], seconds=5)


async def test_a_replica_that_stops_hands_over_what_it_could_not_finish(shared_database):
    began: list[int] = []

    async def reconcile(replica: int, _target: PullRequest) -> None:
        began.append(replica)
        if len(began) == 1:
            await asyncio.sleep(60)

    async with _replicas(shared_database, 1, reconcile, poll=0.2) as (store,):
        await _want(store, 5)
        await _until(lambda: len(began) == 1)
    async with _replicas(shared_database, 1, reconcile, poll=0.2):
        await _until(lambda: len(began) == 2, seconds=3)


async def test_a_replica_that_is_killed_is_replaced(shared_database, tmp_path):
    async with doomed(shared_database, settle_seconds=0) as (killed, port), ClientSession() as session:
        assert await deliver(session, port, 5) == 202
        assert await said(killed) == f"pass {KEY}"
        async with doomed(shared_database, settle_seconds=0) as (other, _port):
            killed.kill()
            began = time.monotonic()
            assert await said(other) == f"pass {KEY}"
            assert time.monotonic() - began < 3  # a lease of one second, a poll of a quarter


async def test_a_replica_that_was_paused_and_wakes_up_late_writes_nothing(shared_database, tmp_path):
    gate = tmp_path / "gate"
    async with (
        doomed(shared_database, settle_seconds=0, gate=gate) as (paused, port),
        ClientSession() as session,
    ):
        assert await deliver(session, port, 5) == 202
        assert await said(paused) == f"pass {KEY}"
        os.kill(paused.pid, signal.SIGSTOP)
        async with doomed(shared_database, settle_seconds=0, gate=gate) as (other, _port):
            assert await said(other) == f"pass {KEY}"
            gate.touch()
            assert await said(other) == f"wrote {KEY}"
            os.kill(paused.pid, signal.SIGCONT)
            assert await said(paused) == f"overtaken {KEY}"
    async with open_store(shared_database) as store:
        assert await looks.next_due(store) is None


async def test_a_pass_whose_lease_is_lost_tells_nobody_and_leaves_the_look_alone(shared_database):
    began = asyncio.Event()
    told: list[Any] = []

    async def reconcile(_replica: int, _target: PullRequest) -> None:
        began.set()
        await _until(lambda: taken)
        with pytest.raises(LeaseLost):
            await ensure_held()
        await ensure_held()

    async def on_trouble(*trouble: Any) -> None:
        told.append(trouble)

    taken: tuple[Any, ...] = ()
    with capture_logs() as logged:
        async with _replicas(shared_database, 1, reconcile, lease_seconds=9, on_trouble=on_trouble) as (store,):
            await _want(store, 5)
            await began.wait()
            await store.write(update(rows).values(leased_by="other"))
            taken = ("other",)
            await _until(lambda: any(line["event"] == "pass.overtaken" for line in logged))
            (row,) = await store.read(text("SELECT leased_by, done, attempts FROM looks"))  # type: ignore[arg-type]
    assert (row.leased_by, row.done, row.attempts) == ("other", 0, 0)
    assert told == []


async def test_outside_a_pass_there_is_no_lease_to_lose():
    await ensure_held()


async def test_a_chore_is_done_by_one_of_all_replicas_again_and_again(shared_database):
    times: list[float] = []

    async def work() -> None:
        times.append(time.monotonic())

    chore = Chore(name="count", every=0.4, work=work)
    async with _replicas(shared_database, 3, _never, chores=[chore], poll=0.05):
        await _until(lambda: len(times) == 4)
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.35


async def test_a_chore_is_not_done_anew_for_a_restart(shared_database):
    times: list[float] = []

    async def work() -> None:
        times.append(time.monotonic())

    for _ in range(2):
        async with _replicas(
            shared_database, 1, _never, chores=[Chore(name="count", every=60, work=work)], poll=0.05
        ) as (store,):
            await _until(lambda: len(times) == 1)
            await asyncio.sleep(0.1)
            assert await looks.next_due(store) == pytest.approx(store.now() + 60, abs=5)
    assert len(times) == 1


async def test_a_chore_of_another_version_is_left_for_a_replica_of_that_version(shared_database):
    async with _replicas(shared_database, 1, _never, poll=0.05) as (store,):
        await looks.schedule(store, target="chore:later", due_at=store.now())
        await asyncio.sleep(0.3)
        due = await looks.next_due(store)
        assert due is not None
        assert due > store.now() + 60


async def test_a_server_that_goes_away_loses_nothing_and_is_found_again(postgresql_alone, monkeypatch):
    monkeypatch.setattr(postgresql, "_LISTEN_SECONDS", 0.1)
    monkeypatch.setattr(postgresql, "_REST_AFTER_LOSS", 0.1)
    monkeypatch.setattr("bot.work.worker.REST_AFTER_REFUSAL", 0.1)
    monkeypatch.setattr("bot.work.surviving.REST_AFTER_REFUSAL", 0.1)
    done: list[int] = []
    began = asyncio.Event()

    async def reconcile(_replica: int, target: PullRequest) -> None:
        began.set()
        await asyncio.sleep(0.2)
        done.append(target.number)

    async with _replicas(postgresql_alone.address("postgres"), 1, reconcile, poll=0.2) as (store,):
        await _want(store, 5)
        await began.wait()
        await asyncio.to_thread(postgresql_alone.stop, "immediate")
        with pytest.raises(StoreRefused, match="the database refused to write"):
            await _want(store, 6)
        assert await store.why_not_writable() is not None
        await asyncio.sleep(0.4)
        await asyncio.to_thread(postgresql_alone.start)
        await _want(store, 7)
        await _until(lambda: {5, 7} <= set(done), seconds=15)
        assert await store.why_not_writable() is None
    assert 6 not in done
