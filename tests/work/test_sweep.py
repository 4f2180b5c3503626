"""The sweep: what is looked at in a round, when, and what it costs."""

import time
from dataclasses import replace

import pytest

from bot.github.open_pulls import OpenPull, open_pulls
from bot.github.targets import PullRequest, Repository, Sweep
from bot.store import Store, looks, masks, open_store
from bot.store.masks import Masks
from bot.store.wishes import Wish
from bot.work.sweep import OLD_SECONDS, ROUND_SECONDS, forget, missed, sweep
from tests.github.conftest import Desk, desk

__all__ = ["desk"]

NOW = 1_000_000.0
HOUR = 3_600.0
SHOP = Repository(installation=3, name="acme/shop")


@pytest.fixture
async def store(database):
    async with open_store(database, now=lambda: NOW) as opened:
        yield opened


def key(number: int) -> str:
    return PullRequest(repository=SHOP, number=number).key


def wish(number: int) -> Wish:
    return Wish(target=key(number), installation=3, due_at=NOW)


async def look_at(store: Store, began: dict[int, float]) -> None:
    """Passes that began then."""
    await looks.raise_all(store, [wish(number) for number in began])
    for look in await looks.take(store, holder="me", lease_seconds=30, limit=len(began)):
        await looks.finish(store, look, began=began[int(look.target.split(":")[-1])])


def is_open(number: int, *, moved: float) -> OpenPull:
    """It moved so many hours ago."""
    return OpenPull(number=number, updated_at=NOW - moved * HOUR)


@pytest.mark.parametrize(
    ("looked_at", "moved", "is_missed"),
    [
        pytest.param(None, 99, True, id="nobody ever looked at it"),
        pytest.param(2, 1, True, id="it moved since"),
        pytest.param(2, 3, False, id="it was looked at since it moved"),
        pytest.param(2, 2.01, True, id="it moved so shortly before that GitHub's clock decides"),
        pytest.param(15, 99, False, id="15 hours are not long"),
        pytest.param(16, 99, True, id="16 hours are: what moves no date may have changed"),
    ],
)
async def test_a_pull_request_is_looked_at_when_something_may_have_been_missed(store, looked_at, moved, is_missed):
    if looked_at is not None:
        await look_at(store, {1: NOW - looked_at * HOUR})
    wishes = await missed(store, SHOP, [is_open(1, moved=moved)])
    assert wishes == ([Wish(target=key(1), installation=3, due_at=NOW, is_bulk=True)] if is_missed else [])


async def test_what_is_open_no_more_is_looked_at_until_a_pass_has_seen_it_closed(store):
    await look_at(store, {1: NOW - HOUR, 2: NOW - HOUR, 11: NOW - HOUR})
    others = ("pull:3:acme/shop2:5", "pull:3:acme/shop-:6", "pull:33:acme/shop:7")
    for key_of in others:
        await looks.raise_all(store, [Wish(target=key_of, installation=3, due_at=NOW)])
    for look in await looks.take(store, holder="me", lease_seconds=30, limit=9):
        await looks.finish(store, look, began=NOW - HOUR)
    open_pulls = [is_open(2, moved=3)]
    wishes = await missed(store, SHOP, open_pulls)
    assert wishes == [
        Wish(target=key(1), installation=3, due_at=NOW, is_bulk=True),
        Wish(target=key(11), installation=3, due_at=NOW + 2, is_bulk=True),
    ]
    await looks.raise_all(store, [replace(wish, due_at=NOW) for wish in wishes])
    for look in await looks.take(store, holder="me", lease_seconds=30, limit=9):
        await looks.finish(store, look, is_over=True)
    assert await missed(store, SHOP, open_pulls) == []
    assert [one.target for one in await missed(store, SHOP, [*open_pulls, is_open(1, moved=3)])] == [key(1)]


async def test_a_round_takes_a_quarter_of_those_that_are_only_old_the_oldest_first_over_four_hours(store):
    count = 2_400
    await look_at(store, {number: NOW - (17 + number / count) * HOUR for number in range(count)})
    wishes = await missed(store, SHOP, [is_open(number, moved=99) for number in range(count)])
    assert OLD_SECONDS / ROUND_SECONDS == 4
    assert [wish.target for wish in wishes] == [key(number) for number in range(count - 1, count * 3 // 4 - 1, -1)]
    assert (wishes[0].due_at, wishes[1].due_at - wishes[0].due_at) == (NOW, 24.0)


async def test_few_are_looked_at_within_seconds(store):
    wishes = await missed(store, SHOP, [is_open(number, moved=0) for number in range(3)])
    assert [wish.due_at - NOW for wish in wishes] == [0.0, 2.0, 4.0]


async def test_many_that_moved_are_all_taken_and_spread_over_the_round(store):
    wishes = await missed(store, SHOP, [is_open(number, moved=0) for number in range(4_000)])
    assert len(wishes) == 4_000
    assert wishes[-1].due_at == pytest.approx(NOW + ROUND_SECONDS * 3_999 / 4_000)


async def test_each_repository_that_was_looked_at_is_listed_once(store):
    await look_at(store, {1: NOW, 2: NOW})
    await looks.raise_all(store, [Wish(target="pull:4:ann/toys:1", installation=4, due_at=NOW)])
    assert await sweep(store) == 2
    listed = {look.target: look for look in await looks.take(store, holder="me", lease_seconds=30, limit=9)}
    assert listed.keys() == {"pull:4:ann/toys:1", Sweep(repository=SHOP).key}
    assert listed[Sweep(repository=SHOP).key].is_bulk


async def test_a_repository_that_is_gone_is_no_longer_listed(database):
    """Its rows go, with their times; what somebody wants is left to its own pass, and another repository's stays."""
    day, now = 86_400.0, NOW

    async with open_store(database, now=lambda: now) as store:
        likeness = Repository(installation=3, name="acme/shop2")
        for repository in (SHOP, likeness):
            await Masks(store).heed(repository.key, "main", frozenset(), since=time.monotonic())
        await looks.raise_all(store, [wish(number) for number in (1, 2, 3)])
        await looks.raise_all(store, [Wish(target="pull:3:acme/shop2:1", installation=3, due_at=NOW)])
        for look in await looks.take(store, holder="me", lease_seconds=30, limit=9):
            await looks.finish(store, look, next_due=NOW + 99 * day if look.target == key(1) else None, began=NOW)
        await looks.raise_all(store, [wish(2)])
        await forget(store, SHOP)
        assert set(await looks.targets(store, kind="pull")) == {key(2), "pull:3:acme/shop2:1"}
        (left,) = await looks.take(store, holder="me", lease_seconds=30, limit=9)
        assert await looks.drop(store, left)
        assert await sweep(store) == 2, "a process may still be sure of what it wrote down"
        now += 3 * day + 1
        await forget(store, SHOP)
        assert await masks.repositories(store) == (likeness.key,)
        assert await sweep(store) == 1


async def test_a_hundred_open_pull_requests_cost_a_point(desk: Desk):
    repository = desk.pull.repository
    for number in range(150):
        desk.sandbox.open_pull_request(repository, author="dan", head=f"topic/{number}", files={f"{number}": "1\n"})
    closed = desk.sandbox.open_pull_request(repository, author="dan", head="old", files={"x": "1\n"})
    desk.sandbox.close(closed, by="dan")
    desk.sandbox.requests.clear()
    found = await open_pulls(desk.client, desk.ref.repository)
    assert [one.number for one in found] == [pull.number for pull in desk.sandbox.pulls_of(repository)[:-1]]
    assert {one.updated_at for one in found} == {
        pull.updated_at.timestamp() for pull in desk.sandbox.pulls_of(repository)[:-1]
    }
    assert [one.cost for one in desk.asked()] == [1, 1]
