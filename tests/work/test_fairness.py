"""Fairness: nobody waits for another installation, and people wait for nothing that nobody waits for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.github.errors import RateLimited
from bot.github.limits import Urgency, urgency
from bot.github.targets import Base, PullRequest, Repository
from bot.metrics import Wait
from bot.store import Store, looks, open_store, schema
from bot.store.wishes import Wish
from bot.work import Worker

SHOP = Repository(installation=3, name="acme/shop")
TOYS = PullRequest(repository=Repository(installation=4, name="ann/toys"), number=1)
MAIN = Base(repository=SHOP, branch="main")


def pull(number: int) -> PullRequest:
    return PullRequest(repository=SHOP, number=number)


@pytest.fixture
async def store(tmp_path):
    async with open_store(tmp_path / "gate.sqlite3") as opened:
        yield opened


@asynccontextmanager
async def working(store: Store, reconcile: Callable[..., Awaitable[float | None]], **more: Any) -> AsyncIterator[None]:
    async def nothing(_target: Any) -> tuple[()]:
        return ()

    worker = Worker(store, reconcile=reconcile, **{"resolve": nothing, **more})
    worker.start()
    try:
        yield
    finally:
        await worker.stop(limit=1)


async def want(store: Store, *targets: Any, **more: Any) -> None:
    now = store.now()
    await looks.raise_all(
        store,
        [Wish(target=one.key, installation=one.repository.installation, due_at=now, **more) for one in targets],
    )
    store.acceptor.on_commit(now)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.002)


async def test_passes_of_one_installation_that_hang_leave_room_for_another(store):
    began: list[Any] = []
    let_go = asyncio.Event()

    async def reconcile(target, watermark):
        began.append(target)
        if target.repository == SHOP:
            await let_go.wait()

    async with working(store, reconcile):
        await want(store, *(pull(number) for number in range(30)))
        await until(lambda: len(began) == 6)
        await want(store, TOYS)
        await until(lambda: TOYS in began)
        assert len(began) == 7
        let_go.set()
        await until(lambda: len(began) == 31)


async def test_what_people_wait_for_comes_before_what_came_earlier_and_nobody_waits_for(store):
    order: list[tuple[int, Urgency]] = []

    async def reconcile(target, watermark):
        order.append((target.number, urgency()))

    await want(store, *(pull(number) for number in range(5)), is_bulk=True)
    await want(store, pull(9))
    async with working(store, reconcile, passes=1):
        await until(lambda: len(order) == 6)
    assert order[0] == (9, Urgency.PEOPLE)
    assert {how for _, how in order[1:]} == {Urgency.BULK}


async def test_a_limit_of_what_nobody_waits_for_holds_only_that(store):
    order: list[int] = []

    async def reconcile(target, watermark):
        order.append(target.number)
        if urgency() is Urgency.BULK:
            raise RateLimited("three quarters are used up", retry_after=60, wait=Wait.GRAPHQL_HOUR)

    async with working(store, reconcile, passes=1):
        await want(store, *(pull(number) for number in range(5)), is_bulk=True)
        await until(lambda: len(order) == 1)
        await want(store, pull(9))
        await until(lambda: len(order) == 2)
        await asyncio.sleep(0.05)
    assert order[1:] == [9]


@pytest.mark.parametrize(
    ("wait", "others"),
    [
        pytest.param(Wait.CONTENT_HOUR, [9], id="what can't be written holds up nothing that may be red"),
        pytest.param(Wait.CONTENT_MINUTE, [9], id="nor does it within a minute"),
        pytest.param(Wait.GRAPHQL_HOUR, [], id="what can't be read holds up all"),
    ],
)
async def test_a_limit_of_contents_holds_only_the_look_that_met_it(store, wait, others):
    order: list[int] = []

    async def reconcile(target, watermark):
        order.append(target.number)
        if target.number == 1:
            raise RateLimited("used up", retry_after=60, wait=wait)

    async with working(store, reconcile, passes=1):
        await want(store, pull(1))
        await until(lambda: len(order) == 1)
        await asyncio.sleep(0.05)
        await want(store, pull(9))
        if others:
            await until(lambda: len(order) == 2)
        else:
            await asyncio.sleep(0.2)
    assert order[1:] == others


async def test_what_github_asks_for_holds_for_all_of_the_installation(store):
    order: list[Any] = []

    async def reconcile(target, watermark):
        order.append(target)
        if urgency() is Urgency.BULK:
            raise RateLimited("slow down", retry_after=60)

    async with working(store, reconcile, passes=1):
        await want(store, pull(1), is_bulk=True)
        await until(lambda: len(order) == 1)
        await want(store, pull(9), TOYS)
        await until(lambda: len(order) == 2)
        await asyncio.sleep(0.05)
    assert order[1:] == [TOYS]


async def test_many_pull_requests_of_one_push_are_looked_at_behind_what_else_people_wait_for(store):
    how: dict[int, Urgency] = {}

    async def reconcile(target, watermark):
        how[target.number] = urgency()

    async def resolve(target):
        return [pull(number) for number in range(21 if target == MAIN else 20)]

    async with working(store, reconcile, resolve=resolve):
        await want(store, MAIN)
        await until(lambda: len(how) == 21)
        assert {*how.values()} == {Urgency.BULK}
        how.clear()
        await want(store, Base(repository=SHOP, branch="small"))
        await until(lambda: len(how) == 20)
        assert {*how.values()} == {Urgency.PEOPLE}


@pytest.mark.parametrize(
    ("retry_after", "is_bulk", "told"),
    [
        pytest.param(599.0, False, [], id="nine minutes are nobody's trouble"),
        pytest.param(600.0, False, ["an hour is used up"], id="ten minutes are told"),
        pytest.param(600.0, True, [], id="unless nobody waits"),
    ],
)
async def test_a_limit_that_lasts_is_told_and_is_no_failure(store, retry_after, is_bulk, told):
    said: list[tuple[str, Urgency]] = []

    async def reconcile(target, watermark):
        raise RateLimited("an hour is used up", retry_after=retry_after, wait=Wait.REST_HOUR)

    async def on_trouble(target, because, next_try_at):
        said.append((because, urgency()))

    with capture_logs() as logged:
        async with working(store, reconcile, on_trouble=on_trouble):
            await want(store, pull(1), is_bulk=is_bulk)
            await until(lambda: any(line["event"] == "pass.limited" for line in logged))
    assert said == [(text, Urgency.TELLING) for text in told]
    assert await looks.next_due(store) > store.now() + 500
    (left,) = await store.read(schema.looks.select())
    assert left.attempts == 0
