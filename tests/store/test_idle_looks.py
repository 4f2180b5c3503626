"""Idle looks are forgotten, wishes never are; and what is kept does not grow for ever."""

import asyncio
import time

import pytest
from sqlalchemy import func, or_, select

from bot.gate.mask import Subject, Topic
from bot.store import Store, ageing, heads, looks, open_store, schema
from bot.store.heads import Head
from bot.store.masks import Masks
from bot.store.wishes import Wish

DAY = 86_400.0
IDLE = 7 * DAY


class Clock:
    def __init__(self) -> None:
        self.now = 1_000 * DAY

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def store(database, clock):
    async with open_store(database, now=clock) as opened:
        yield opened


def _wish(number: int, *, due_at: float = 0.0) -> Wish:
    return Wish(target=f"pull:3:acme/shop:{number}", installation=3, due_at=due_at)


async def _pass(store: Store, *, next_due: float | None = None) -> int:
    taken = await looks.take(store, holder="me", lease_seconds=30, limit=1_000)
    for look in taken:
        await looks.finish(store, look, next_due=next_due, began=store.now())
    return len(taken)


async def _targets(store: Store) -> set[str]:
    return set(await looks.targets(store, kind="pull"))


async def test_what_nobody_wanted_for_long_is_forgotten(store, clock):
    await store.accept(guid="a", event="x", wishes=[_wish(1)])
    await _pass(store)
    assert await looks.forget_idle(store, idle_seconds=IDLE) == 0
    clock.now += IDLE + 1
    assert await looks.forget_idle(store, idle_seconds=IDLE) == 1
    assert await _targets(store) == set()
    await store.accept(guid="b", event="x", wishes=[_wish(1)])
    assert await _pass(store) == 1


async def test_what_is_wanted_or_taken_or_has_a_time_stays_however_old(store, clock):
    await store.accept(guid="a", event="x", wishes=[_wish(1), _wish(2)])
    await _pass(store)
    await store.accept(guid="b", event="x", wishes=[_wish(3)])
    await _pass(store, next_due=clock.now + 40 * DAY)
    clock.now += 20 * DAY
    await store.accept(guid="c", event="x", wishes=[_wish(1, due_at=clock.now + 9), _wish(2)])
    (taken,) = await looks.take(store, holder="me", lease_seconds=30, limit=9)
    assert await looks.forget_idle(store, idle_seconds=IDLE) == 0
    assert taken.target == _wish(2).target
    assert await _targets(store) == {_wish(number).target for number in (1, 2, 3)}


async def test_a_long_list_is_forgotten_bit_by_bit(store, clock, monkeypatch):
    monkeypatch.setattr(looks, "_AT_ONCE", 2)
    await store.accept(guid="a", event="x", wishes=[_wish(number) for number in range(5)])
    await _pass(store)
    clock.now += IDLE + 1
    assert await looks.forget_idle(store, idle_seconds=IDLE) == 5


async def test_every_wish_is_answered_while_rows_are_forgotten_as_soon_as_they_are_idle(store):  # noqa: C901  three at once
    """The last wish for each target is followed by a pass that began after it, whoever deletes meanwhile."""
    asked: dict[str, float] = {}
    began: dict[str, float] = {}
    is_over = asyncio.Event()

    async def work() -> None:
        while not is_over.is_set():
            for look in await looks.take(store, holder="me", lease_seconds=30, limit=3):
                at = time.monotonic()
                await looks.finish(store, look, began=store.now())
                began[look.target] = at

    async def ask(offset: int) -> None:
        for number in range(60):
            wish = _wish((number + offset) % 4)
            asked[wish.target] = time.monotonic()
            await store.accept(guid=f"{offset}-{number}", event="x", wishes=[wish])

    async def forget() -> None:
        while not is_over.is_set():
            await looks.forget_idle(store, idle_seconds=-1)  # sooner than any pass ends: nothing may depend on that
            await asyncio.sleep(0)

    others = [asyncio.create_task(work()), asyncio.create_task(forget())]
    await asyncio.gather(ask(0), ask(1), ask(2))
    async with asyncio.timeout(60):
        while await _is_at_work(store):
            await asyncio.sleep(0.01)
    is_over.set()
    await asyncio.gather(*others)
    assert all(began[target] >= at for target, at in asked.items())


async def _is_at_work(store: Store) -> bool:
    is_busy = or_(schema.is_open, schema.looks.c.leased_by.is_not(None))
    return bool(await store.read(select(schema.looks.c.target).where(is_busy)))


async def _live(store: Store, clock: Clock, day: int) -> None:
    """Five pull requests are opened, pushed to and decided; one of three bases has other rules by now."""
    masks = Masks(store)
    for number in range(5):
        one = day * 5 + number
        await store.accept(guid=f"{one}", event="x", wishes=[_wish(one)])
        head = Head(sha=f"{one:040}", shown_at=clock.now)
        await heads.record(store, subject=f"PR_{one}", target=_wish(one).target, head=head)
    await _pass(store)
    heeded = frozenset({Topic(Subject.CHECK_RUN, f"test-{day}")})
    for number in range(3):
        await masks.heed("3:acme/shop", f"release/{day - number}", heeded, since=time.monotonic())
    clock.now += DAY
    await ageing.forget_old(store)


async def test_tables_stop_growing(store, clock):
    """Sixty days alike; of pull requests that are long closed only what was shown and decided stays."""
    counts: list[dict[str, int]] = []
    for day in range(60):
        await _live(store, clock, day)
        counts.append({name: await _count(store, name) for name in ("deliveries", "looks", "masks", "heads")})
    middle, last = counts[44], counts[59]
    assert last["looks"] == middle["looks"] <= 5 * 8
    assert last["deliveries"] == middle["deliveries"] <= 5 * 31
    assert last["masks"] == middle["masks"] <= 3 * 40
    assert last["heads"] == 5 * 60, "for 400 days"


async def _count(store: Store, table: str) -> int:
    (row,) = await store.read(select(func.count().label("number")).select_from(schema.metadata.tables[table]))
    return int(row.number)
