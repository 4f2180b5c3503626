"""Turns: how many looks to take next, and of whom none."""

import pytest

from bot.store.looks import Look
from bot.work.turns import Turn, Turns


def a_look(installation: int, number: int = 1) -> Look:
    target = f"pull:{installation}:acme/shop:{number}"
    return Look(target=target, installation=installation, lease="me:1", seen=1, wishes=1, attempts=0, watermark=None)


def turn(limit: int, without: set[int] | None = None, without_bulk: set[int] | None = None) -> Turn:
    return Turn(limit=limit, without=frozenset(without or ()), without_bulk=frozenset(without_bulk or ()))


@pytest.mark.parametrize(
    ("passes", "running", "expected"),
    [
        pytest.param(8, {}, turn(6), id="at first one installation may have three in four"),
        pytest.param(8, {3: 5}, turn(1), id="it may have one more"),
        pytest.param(8, {3: 6}, turn(2, {3}), id="it has all it may have: the rest is for others"),
        pytest.param(8, {3: 6, 4: 2}, turn(0, {3}), id="nothing is left"),
        pytest.param(3, {3: 2}, turn(1), id="with few passes nothing is kept for others"),
        pytest.param(1, {}, turn(1), id="one pass at a time"),
    ],
)
def test_an_installation_leaves_room_for_others(passes: int, running: dict[int, int], expected: Turn):
    turns = Turns(passes=passes)
    for installation, count in running.items():
        for _ in range(count):
            turns.begin(a_look(installation))
    assert turns.next(0.0) == expected


def test_a_pass_that_ended_makes_room():
    turns = Turns(passes=8)
    for _ in range(6):
        turns.begin(a_look(3))
    turns.end(a_look(3))
    assert turns.next(0.0) == turn(1)
    for _ in range(5):
        turns.end(a_look(3))
    assert turns.running == {}


def test_a_limit_shuts_its_installation_until_it_opens():
    turns = Turns(passes=8)
    turns.put_off(a_look(3), 60.0, only_bulk=False)
    turns.put_off(a_look(3), 30.0, only_bulk=False)
    turns.put_off(a_look(4), 90.0, only_bulk=True)
    assert turns.next(59.0) == turn(6, {3}, {4})
    assert turns.next(60.0) == turn(6, set(), {4})
    assert turns.next(90.0) == turn(6)


def test_how_long_a_look_was_put_off_is_counted_from_the_first_time_and_forgotten_when_it_went():
    turns = Turns(passes=8)
    assert [turns.limited_for(a_look(3), at) for at in (100.0, 400.0)] == [0.0, 300.0]
    turns.went(a_look(3))
    assert turns.limited_for(a_look(3), 500.0) == 0.0
