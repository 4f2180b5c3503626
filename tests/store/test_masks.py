"""Masks: what is left alone, what one process knows of another's, and how a mask narrows."""

import asyncio
import time

import pytest
from sqlalchemy import text

from bot.gate.mask import Mask, Subject, Topic
from bot.store import StoreRefused, looks, masks, open_store
from bot.store.masks import Masks
from bot.store.wishes import Wish

SHOP, SITE = "3:acme/shop", "3:acme/site"
DAY = 86_400.0
START = 1_000 * DAY
TEST, LINT, DOCS = ((Topic(Subject.CHECK_RUN, name),) for name in ("test", "lint", "docs"))
OTHERS = Wish(target="base:3:acme/shop:", installation=3, due_at=START + 600)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def store(database, clock):
    async with open_store(database, now=clock) as opened:
        yield opened


async def _heed(known: Masks, *topics: tuple[Topic, ...], base: str = "main", of: str = SHOP) -> bool:
    """Of rules that were read right before."""
    mask: Mask = frozenset(topic for several in topics for topic in several)
    return await known.heed(of, base, mask, since=time.monotonic(), first=[OTHERS])


async def _count(store) -> int:
    return len(await store.read(text("SELECT digest FROM masks")))


async def test_of_a_repository_that_nobody_looked_at_everything_matters(store):
    known = Masks(store)
    await _heed(known, TEST, of=SITE)
    assert await known.lets(SHOP, TEST)
    assert await known.lets(SHOP, ())


async def test_what_the_rules_of_no_base_heed_is_left_alone(store):
    known = Masks(store)
    await _heed(known, TEST)
    await _heed(known, DOCS, base="docs")
    answers = [await known.lets(SHOP, topics) for topics in (TEST, DOCS, LINT, ())]
    assert answers == [True, True, False, True]


async def test_where_there_are_no_rules_only_what_is_about_nothing_in_particular_matters(store):
    known = Masks(store)
    assert await _heed(known), "nothing that such rules heed can have been left alone"
    assert [await known.lets(SHOP, topics) for topics in (TEST, ())] == [False, True]


async def test_what_was_read_before_a_mask_was_there_is_read_again(store):
    known = Masks(store)
    before = time.monotonic()
    assert not await _heed(known, TEST)
    assert await _heed(known, TEST)
    assert not await known.heed(SHOP, "main", frozenset(TEST), since=before), "a slower pass read before the quicker"
    other_replica = Masks(store)
    assert not await _heed(other_replica, TEST), "it can't know since when"


async def test_from_the_moment_that_a_mask_is_widened_every_replica_goes_by_it(store):
    ours, theirs = Masks(store), Masks(store)
    await _heed(theirs, TEST)
    assert not await ours.lets(SHOP, LINT)
    await _heed(ours if not store.is_shared else theirs, TEST, LINT)
    assert await ours.lets(SHOP, LINT)


async def test_new_rules_do_not_narrow_the_mask_and_days_later_the_old_ones_are_gone(store, clock):
    known = Masks(store)
    await _heed(known, TEST)
    clock.now += 60
    await _heed(known, LINT)
    assert [await known.lets(SHOP, topics) for topics in (TEST, LINT)] == [True, True]
    clock.now += masks.SUPERSEDED_SECONDS + 1
    await _heed(known, LINT)
    assert await masks.forget_old(store) == 1
    fresh = Masks(store)
    assert [await fresh.lets(SHOP, topics) for topics in (TEST, LINT)] == [False, True]
    assert not await _heed(known, TEST), "rules that come back are not taken for known"


async def test_a_mask_that_is_in_use_stays_however_old(store, clock):
    known = Masks(store)
    for _ in range(10):
        await _heed(known, TEST)
        await _heed(known, DOCS, base="docs")
        clock.now += DAY
        assert await masks.forget_old(store) == 0
    assert await _heed(known, TEST)


async def test_a_base_that_nobody_looks_into_is_forgotten_before_its_repository_is(store, clock):
    known = Masks(store)
    await _heed(known, DOCS, base="docs")
    clock.now += 1
    await _heed(known, TEST)
    clock.now += masks.BASE_SECONDS + 2
    assert await masks.forget_old(store) == 1
    assert await masks.repositories(store) == (SHOP,)
    clock.now += masks.REPOSITORY_SECONDS
    assert await masks.forget_old(store) == 1
    assert await Masks(store).lets(SHOP, LINT)


async def test_rules_that_are_read_all_the_time_cost_a_write_every_few_hours(store, clock):
    known, written = Masks(store), []
    for _ in range(49):
        await _heed(known, TEST)
        written += [row.seen_at for row in await store.read(text("SELECT seen_at FROM masks"))]
        clock.now += 1_800
    assert len(set(written)) <= 5


async def test_the_first_mask_of_a_repository_makes_all_of_it_be_looked_at(store, clock):
    known = Masks(store)
    await _heed(known, TEST)
    clock.now += 601
    (look,) = await looks.take(store, holder="me", lease_seconds=30, limit=9)
    assert look.target == OTHERS.target
    await looks.finish(store, look)
    await _heed(known, DOCS, base="docs")
    assert await looks.take(store, holder="me", lease_seconds=30, limit=9) == ()


async def test_many_questions_at_once_are_one_query(store, monkeypatch):
    known, asked = Masks(store), []
    await _heed(known, TEST)
    read = masks._select

    async def counted(store, repositories):
        asked.append(len(repositories))
        return await read(store, repositories)

    monkeypatch.setattr(masks, "_select", counted)
    assert await asyncio.gather(*(Masks.lets(known, SHOP, LINT) for _ in range(100))) == [False] * 100
    assert len(asked) <= 2


async def test_a_database_that_refuses_leaves_nothing_alone(store, monkeypatch):
    async def refuse(_store, _repositories):
        raise StoreRefused("no")

    await _heed(Masks(store), TEST)
    known = Masks(store)
    monkeypatch.setattr(masks, "_select", refuse)
    assert await known.lets(SHOP, LINT)
    monkeypatch.undo()
    assert not await known.lets(SHOP, LINT)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param('{"format": 2, "topics": []}', id="in another format"),
        pytest.param('{"format": 1, "topics": [["alert", "high"]]}', id="with a subject that we do not know"),
    ],
)
async def test_a_mask_of_another_version_heeds_everything(store, written):
    known = Masks(store)
    await _heed(known, TEST)
    async with store._begin() as connection:
        await connection.execute(text("UPDATE masks SET mask = :mask"), {"mask": written})
    assert await Masks(store).lets(SHOP, LINT)


async def test_names_of_every_script_and_length_are_kept(store):
    odd = (Topic(Subject.STATUS, "прогон 🚀 \" ' % " + "x" * 5_000),)
    await _heed(Masks(store), odd)
    known = Masks(store)
    assert [await known.lets(SHOP, topics) for topics in (odd, TEST)] == [True, False]


async def test_what_is_dropped_was_there_before_the_mask_that_heeds_it(store):
    """Who reads after `heed` said no sees all that was left alone before: events and passes, side by side."""
    reader, hearers = Masks(store), [Masks(store), Masks(store)] if store.is_shared else []
    hearers = hearers or [reader]
    state: list[object] = []  # what GitHub would show
    seen: set[object] = set()
    heard: set[object] = set()
    is_over = asyncio.Event()

    async def events(known: Masks) -> None:
        left = 20
        while left:
            left -= is_over.is_set()
            state.append(event := object())
            if await known.lets(SHOP, LINT):
                heard.add(event)
            await asyncio.sleep(0.0002)

    async def looking() -> None:
        await asyncio.sleep(0.02)
        is_whole = False
        while not is_whole:
            since = time.monotonic()
            seen.update(state)
            await asyncio.sleep(0.005)
            is_whole = await reader.heed(SHOP, "main", frozenset((*TEST, *LINT)), since=since)
        is_over.set()

    await _heed(reader, TEST)
    await asyncio.gather(looking(), *(events(known) for known in hearers))
    assert set(state) == seen | heard
    assert 20 <= len(heard) < len(state)
