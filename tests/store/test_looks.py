"""Looks: raised, taken, finished, retried, dropped; none is lost and none is taken twice."""

import asyncio
import dataclasses
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.store import Store, StoreRefused, looks, open_store
from bot.store.looks import Look
from bot.store.wishes import Wish

PULL = "pull:3:acme/shop:5"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = 1_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def store(database, clock):
    async with open_store(database, now=clock) as opened:
        yield opened


def _wish(target: str = PULL, *, due_at: float = 1_000.0, **more: Any) -> Wish:
    return Wish(target=target, installation=int(target.split(":")[1]), due_at=due_at, **more)


async def _raise(store: Store, *wishes: Wish, guid: str = "guid") -> bool:
    return await store.accept(guid=guid, event="pull_request", wishes=wishes)


async def _take(store: Store, *, holder: str = "me", limit: int = 9, **without: tuple[Any, ...]) -> tuple[Look, ...]:
    return await looks.take(store, holder=holder, lease_seconds=30, limit=limit, **without)


async def _row(store: Store) -> dict[str, object]:
    async with store._begin() as connection:
        return dict((await connection.execute(text("SELECT * FROM looks"))).mappings().one())


async def test_a_wish_is_taken_when_its_time_has_come(store, clock):
    await _raise(store, _wish(due_at=1_001))
    assert await _take(store) == ()
    assert await looks.next_due(store) == 1_001
    clock.time = 1_001
    (look,) = await _take(store)
    assert look.lease.startswith("me:")
    assert look == Look(target=PULL, installation=3, lease=look.lease, seen=1, wishes=1, attempts=0, watermark=None)
    assert await looks.next_due(store) is None


async def test_the_first_wish_opens_a_window_that_later_ones_do_not_extend(store, clock):
    for due_at in (1_001, 1_002, 1_003):
        await _raise(store, _wish(due_at=due_at))
    assert await looks.next_due(store) == 1_001
    clock.time = 1_001
    (look,) = await _take(store)
    assert (look.seen, look.wishes) == (3, 3)


async def test_an_urgent_wish_closes_the_window(store):
    await _raise(store, _wish(due_at=1_001))
    await _raise(store, _wish(due_at=1_000))
    assert await looks.next_due(store) == 1_000


async def test_a_wish_during_a_pass_is_answered_by_the_next_one(store, clock):
    await _raise(store, _wish())
    (look,) = await _take(store)
    await _raise(store, _wish(due_at=1_005))
    assert await _take(store, holder="you") == ()
    assert await looks.finish(store, look)
    assert (await _row(store))["done"] == 1
    assert await _take(store) == ()
    clock.time = 1_005
    (again,) = await _take(store)
    assert (again.seen, again.wishes) == (2, 1)


async def test_a_doubled_delivery_is_stored_once_and_looked_at_twice(store):
    assert await _raise(store, _wish()) is True
    assert await _raise(store, _wish()) is False
    (look,) = await _take(store)
    assert look.seen == 2
    async with store._begin() as connection:
        stored = await connection.execute(text("SELECT guid, event, received_at FROM deliveries"))
        assert stored.all() == [("guid", "pull_request", 1_000.0)]


@pytest.mark.parametrize(
    ("meanwhile", "next_due", "due_at"),
    [
        pytest.param(None, None, None, id="nobody waits for anything"),
        pytest.param(None, 1_060, 1_060, id="only the clock"),
        pytest.param(1_005, None, 1_005, id="only a wish"),
        pytest.param(1_005, 1_060, 1_005, id="the wish comes first"),
        pytest.param(1_060, 1_005, 1_005, id="the clock comes first"),
    ],
)
async def test_the_next_look_comes_at_the_earlier_of_wish_and_clock(store, meanwhile, next_due, due_at):
    await _raise(store, _wish())
    (look,) = await _take(store)
    if meanwhile:
        await _raise(store, _wish(due_at=meanwhile))
    assert await looks.finish(store, look, next_due=next_due)
    row = await _row(store)
    assert (row["due_at"], row["leased_by"], row["lease_until"], row["attempts"]) == (due_at, None, None, 0)


async def test_the_clock_alone_makes_a_look_due_and_a_death_does_not_lose_it(store, clock):
    await _raise(store, _wish())
    (look,) = await _take(store)
    await looks.finish(store, look, next_due=1_060)
    clock.time = 1_060
    (timed,) = await _take(store, holder="dead")
    assert (timed.seen, timed.wishes) == (2, 1)
    clock.time = 1_091
    (taken_over,) = await _take(store, holder="alive")
    assert taken_over.seen == 2


async def test_what_people_wait_for_is_taken_before_what_nobody_waits_for(store):
    await _raise(store, *(_wish(f"{PULL}{number}", due_at=900, is_bulk=True) for number in range(3)))
    await _raise(store, _wish(due_at=1_000), guid="people")
    await _raise(store, _wish(f"{PULL}1", due_at=1_000), guid="and people")
    taken = [look for _ in range(4) for look in await _take(store, limit=1)]
    assert [(look.target, look.is_bulk) for look in taken] == [
        (f"{PULL}1", False),
        (PULL, False),
        (f"{PULL}0", True),
        (f"{PULL}2", True),
    ]


async def test_bulk_can_be_left_out_of_an_installation(store):
    await _raise(store, _wish(due_at=900, is_bulk=True), _wish(f"{PULL}1", due_at=950))
    assert [look.target for look in await _take(store, without_bulk=(3,))] == [f"{PULL}1"]
    assert await looks.next_due(store, without_bulk=(3,)) is None
    assert await looks.next_due(store) == 900


async def test_who_asks_during_a_pass_that_nobody_waited_for_is_waited_for(store):
    await _raise(store, _wish(is_bulk=True))
    (look,) = await _take(store)
    await _raise(store, _wish(), guid="people")
    await looks.finish(store, look)
    (again,) = await _take(store)
    assert (look.is_bulk, again.is_bulk) == (True, False)
    await looks.finish(store, again)
    await _raise(store, _wish(is_bulk=True), guid="sweep")
    (last,) = await _take(store)
    assert last.is_bulk


async def test_what_comes_at_its_time_alone_is_waited_for(store, clock):
    await _raise(store, _wish(is_bulk=True))
    (look,) = await _take(store)
    await looks.finish(store, look, next_due=1_060)
    clock.time = 1_060
    (timed,) = await _take(store)
    assert not timed.is_bulk


async def test_a_look_that_is_put_off_has_not_failed_and_who_asks_is_heard(store, clock):
    await _raise(store, _wish(is_bulk=True))
    (look,) = await _take(store)
    assert await looks.put_off(store, look, due_at=4_600)
    assert await looks.next_due(store) == 4_600
    await _raise(store, _wish(due_at=1_001), guid="people")
    clock.time = 1_001
    (again,) = await _take(store)
    assert (again.attempts, again.wishes, again.is_bulk) == (0, 2, False)


async def test_who_asked_while_it_was_put_off_is_heard_too(store):
    await _raise(store, _wish(is_bulk=True))
    (look,) = await _take(store)
    await _raise(store, _wish(due_at=1_001), guid="people")
    await looks.put_off(store, look, due_at=4_600)
    assert await looks.next_due(store) == 1_001


async def test_when_the_last_good_pass_began_is_kept(store):
    await _raise(store, _wish())
    (look,) = await _take(store)
    await looks.finish(store, look, began=999.5)
    assert (await _row(store))["looked_at"] == 999.5


async def test_a_look_that_backs_off_keeps_its_time_whoever_asks(store, clock):
    await _raise(store, _wish())
    (look,) = await _take(store)
    await _raise(store, _wish(due_at=1_001))
    assert await looks.retry(store, look, due_at=1_064)
    await _raise(store, _wish(due_at=1_002))
    assert await looks.next_due(store) == 1_064
    clock.time = 1_064
    (again,) = await _take(store)
    assert (again.attempts, again.wishes) == (1, 3)
    await _raise(store, _wish(due_at=1_065))
    await looks.finish(store, again)
    assert await looks.next_due(store) == 1_065


async def test_a_dropped_look_is_forgotten(store):
    await _raise(store, _wish())
    (look,) = await _take(store)
    assert await looks.drop(store, look)
    async with store._begin() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM looks"))).scalar_one() == 0


async def test_a_dropped_look_that_somebody_asked_for_meanwhile_comes_again(store):
    await _raise(store, _wish())
    (look,) = await _take(store)
    await _raise(store, _wish())
    assert await looks.drop(store, look)
    (again,) = await _take(store)
    assert again.seen == 2


async def test_an_expired_lease_is_taken_over_and_its_late_holder_writes_nothing(store, clock):
    await _raise(store, _wish())
    (late,) = await _take(store, holder="late")
    clock.time = 1_029
    assert await _take(store, holder="new") == ()
    clock.time = 1_030
    (look,) = await _take(store, holder="new")
    assert not await looks.finish(store, late, next_due=5)
    assert not await looks.retry(store, late, due_at=5)
    assert not await looks.drop(store, late)
    assert (await _row(store))["leased_by"] == look.lease
    assert await looks.finish(store, look)


async def _writes(store: Store, look: Look) -> list[bool]:
    """What comes of each write that a pass over the look may try."""
    return [
        await looks.keep_lease(store, look, lease_seconds=30),
        await looks.put_off(store, look, due_at=5),
        await looks.retry(store, look, due_at=5),
        await looks.finish(store, look, next_due=5),
        await looks.drop(store, look),
    ]


async def test_who_lost_a_look_and_took_it_again_writes_nothing_for_the_first_take(store, clock):
    await _raise(store, _wish())
    (first,) = await _take(store, holder="me")
    clock.time = 1_030
    (other,) = await _take(store, holder="you")
    assert await looks.finish(store, other)
    assert await _writes(store, first) == [False] * 5
    await _raise(store, _wish(), guid="again")
    (second,) = await _take(store, holder="me")
    before = await _row(store)
    clock.time = 1_031
    await looks.renew(store, [first], lease_seconds=30)
    assert await _writes(store, first) == [False] * 5
    assert await _row(store) == before
    assert await looks.finish(store, second)
    assert await _writes(store, second) == [False] * 5


async def test_a_look_that_was_lost_without_another_holder_is_written_by_the_last_take_alone(store, clock):
    await _raise(store, _wish())
    (first,) = await _take(store)
    clock.time = 1_030
    (second,) = await _take(store)
    assert not await looks.finish(store, first)
    assert await looks.finish(store, second)


async def test_what_the_holder_makes_a_pass_over_is_not_taken_however_late_it_renews(store, clock):
    await _raise(store, _wish(), _wish(f"{PULL}1"))
    await _take(store)
    clock.time = 9_999
    assert await looks.next_due(store, running=(PULL, f"{PULL}1")) is None
    assert await looks.next_due(store, running=(PULL,)) == 0
    assert [look.target for look in await _take(store, running=(PULL,))] == [f"{PULL}1"]


async def test_a_renewed_lease_stays(store, clock):
    await _raise(store, _wish())
    taken = await _take(store)
    clock.time = 1_029
    await looks.renew(store, taken, lease_seconds=30)
    await looks.renew(store, [], lease_seconds=1)
    clock.time = 1_058
    assert await _take(store, holder="you") == ()


async def test_a_lease_given_back_is_due_at_once(store):
    await _raise(store, _wish())
    await _take(store)
    assert await looks.give_back(store, holder="m") == 0
    assert await looks.give_back(store, holder="me") == 1
    assert await looks.next_due(store) == 0
    assert len(await _take(store, holder="you")) == 1


async def test_those_that_waited_longest_come_first_and_limited_installations_not_at_all(store):
    await _raise(
        store, _wish("pull:1:a/b:1", due_at=900), _wish("pull:2:a/b:1", due_at=800), _wish("pull:3:a/b:1", due_at=850)
    )
    assert [look.target for look in await _take(store, limit=1, without=(2,))] == ["pull:3:a/b:1"]
    assert await looks.next_due(store, without=(2,)) == 900
    assert await looks.next_due(store, without=(1, 2)) is None
    assert {look.installation for look in await _take(store)} == {1, 2}


async def test_other_looks_are_raised_with_the_end_of_one(store):
    head = "head:3:acme/shop:" + "ab" * 20
    await _raise(store, _wish(head, watermark={"status:1": {"id": 1}}))
    (look,) = await _take(store)
    await looks.finish(store, look, raising=[_wish(watermark=look.watermark), _wish("pull:3:acme/shop:6")])
    raised = {one.target: one.watermark for one in await _take(store)}
    assert raised == {PULL: {"status:1": {"id": 1}}, "pull:3:acme/shop:6": None}


async def test_watermarks_merge_until_a_pass_has_honoured_them(store):
    await _raise(store, _wish(watermark={"status:1": {"id": 1}, "status:2": {"id": 2}}))
    await _raise(store, _wish(watermark={"status:2": {"id": 2, "state": "x"}}))
    await _raise(store, _wish())
    (look,) = await _take(store)
    assert look.watermark == {"status:1": {"id": 1}, "status:2": {"id": 2, "state": "x"}}
    await _raise(store, _wish(watermark={"status:3": {"id": 3}}))
    await looks.finish(store, look)
    (second,) = await _take(store)
    assert second.watermark == {"status:3": {"id": 3}}
    await looks.finish(store, second)
    await _raise(store, _wish())
    (third,) = await _take(store)
    assert third.watermark is None


async def test_marks_that_are_too_many_become_one_that_is_honoured_only_once(store):
    async def raise_many() -> None:
        for n in range(400):
            await _raise(store, _wish(watermark={f"status:{n}": {"id": n, "context": "x" * 40}}), guid=f"{n}")

    await raise_many()
    (look,) = await _take(store)
    assert look.watermark is not None
    assert "full" in look.watermark
    assert "status:399" in look.watermark
    assert len(look.watermark) < 300
    await raise_many()
    await looks.finish(store, look)
    (second,) = await _take(store)
    assert second.watermark is not None
    assert "full" in second.watermark


async def test_a_failed_pass_keeps_its_watermark(store):
    await _raise(store, _wish(watermark={"status:1": {"id": 1}}))
    (look,) = await _take(store)
    await looks.retry(store, look, due_at=1_000)
    (again,) = await _take(store)
    assert again.watermark == look.watermark


@pytest.mark.parametrize("database", ["SQLite"], indirect=True)
async def test_idle_looks_cost_nothing_to_pass_over(store):
    """What the statements themselves ask for is served by the index that holds no idle row."""
    said: list[tuple[str, tuple[object, ...]]] = []

    @event.listens_for(store.engine.sync_engine, "before_cursor_execute")
    def _hear(_connection, _cursor, statement, parameters, _context, _many):
        said.append((statement, parameters))

    await _take(store, without=(7,))
    await looks.next_due(store, without=(7,))
    (take, next_due) = said
    async with store._begin() as connection:
        for statement, parameters in (take, next_due):
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            details = " ".join(row.detail for row in plan)
            assert "USING INDEX looks_open" in details
            # Only what is due is put in an order: first what people wait for.
            assert ("TEMP B-TREE" in details) is (statement == take[0])


async def test_many_at_once_share_a_commit(store):
    woken: list[float] = []
    store.on_commit(woken.append)
    await asyncio.gather(*(_raise(store, _wish(f"pull:3:a/b:{n}", due_at=1_000 + n), guid=f"g{n}") for n in range(200)))
    assert len(woken) < 50
    assert min(woken) == 1_000
    assert len(await _take(store, limit=500)) == 1


async def test_a_request_that_went_away_does_not_disturb_the_others(store):
    gone = asyncio.ensure_future(_raise(store, _wish(), guid="gone"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await _raise(store, _wish(), guid="here")
    assert (await _take(store))[0].seen == 2


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"installation": 1 << 70}, id="a number that no column holds"),
        pytest.param({"target": "pull:3:acme/\udc80:5"}, id="half a character"),
        pytest.param({"target": "pull:3:acme/\x00:5"}, id="a NUL, at which SQLite would end the text"),
        pytest.param({"target": None}, id="what was never thought of"),
    ],
)
async def test_one_that_can_not_be_kept_spoils_no_other_in_its_batch(store, bad):
    wishes = (_wish(), dataclasses.replace(_wish(), **bad), _wish("pull:3:acme/shop:6"))
    said = await asyncio.gather(
        *(_raise(store, wish, _wish(f"pull:3:acme/shop:{n}"), guid=f"g{n}") for n, wish in enumerate(wishes)),
        return_exceptions=True,
    )
    assert [type(one) for one in said] == [bool, StoreRefused, bool]
    assert await _raise(store, _wish(), guid="later") is True


async def test_what_the_database_refuses_is_said_and_leaves_nothing_behind(store):
    bad = dataclasses.replace(_wish(), installation=1 << 70)
    with pytest.raises(StoreRefused, match="refused to write"):
        await _raise(store, bad)
    assert await _raise(store, _wish()) is True
    async with store._begin() as connection:
        await connection.execute(text("DROP TABLE looks"))
    with pytest.raises(StoreRefused, match=r'no such table: looks|"looks" does not exist'):
        await _raise(store, _wish(), guid="next")
    with pytest.raises(StoreRefused, match=r'no such table: looks|"looks" does not exist'):
        await _take(store)
