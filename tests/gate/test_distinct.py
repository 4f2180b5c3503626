"""Whom each sign-off counts for, where a person may fill one role only."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence.sign_off import SignOff as Signed
from bot.gate.applies import ItemWhen
from bot.gate.distinct import MOST_WAYS, distinct
from bot.gate.evaluate import evaluate
from bot.gate.rules import Role, Rules
from bot.gate.standing import SignOff, Standing
from bot.gate.verdict import Outcome
from tests.builders import HEAD, a_comment, a_role, a_snapshot, an_item, minutes_ago, rules_of

ALL = frozenset("abcdef")


def a_standing(id: str, *logins: str, distinct: bool = True, count: int = 1, ago: float = 9) -> Standing:
    """A role that people signed for, one after the other."""
    signed = (
        SignOff(role=id, login=login, sha=HEAD, at=minutes_ago(ago - later), url="")
        for later, login in enumerate(logins)
    )
    return Standing(role=a_role(id, distinct=distinct, count=count), signed=tuple(signed))


def _filled(*standings: Standing, must: frozenset[str] = ALL, named: frozenset[str] = frozenset()) -> dict[str, str]:
    """Who counts for which role."""
    found = distinct({one.role.id: one for one in standings}, (must, named))
    return {id: "+".join(one.login for one in standing.signed) for id, standing in found.items()}


@pytest.mark.parametrize(
    ("standings", "filled"),
    [
        pytest.param([a_standing("a", "mia"), a_standing("b", "bob")], {"a": "mia", "b": "bob"}, id="one role each"),
        pytest.param(
            [a_standing("a", "mia", distinct=False), a_standing("b", "mia", distinct=False)],
            {"a": "mia", "b": "mia"},
            id="nobody minds that one person fills both",
        ),
        pytest.param(
            [a_standing("a", "mia"), a_standing("b", "mia", distinct=False, ago=8)],
            {"a": "mia", "b": ""},
            id="one of two is distinct: what was signed first",
        ),
        pytest.param(
            [a_standing("a", "mia", ago=7), a_standing("b", "mia", distinct=False, ago=8)],
            {"a": "", "b": "mia"},
            id="the other one was signed first",
        ),
        pytest.param(
            [
                a_standing("a", "mia"),
                a_standing("b", "mia", distinct=False, ago=8),
                a_standing("c", "mia", distinct=False, ago=7),
            ],
            {"a": "", "b": "mia", "c": "mia"},
            id="two that are not distinct are more than one that is",
        ),
        pytest.param(
            [a_standing("a", "mia", "bob"), a_standing("b", "mia", ago=5)],
            {"a": "bob", "b": "mia"},
            id="whoever has a deputy goes where there is none",
        ),
        pytest.param(
            [a_standing("a", "mia", "bob", count=2), a_standing("b", "mia", "eve", ago=5)],
            {"a": "mia+bob", "b": "eve"},
            id="a quorum needs both",
        ),
        pytest.param(
            [a_standing("a", "MIA"), a_standing("b", "mia", ago=8)], {"a": "MIA", "b": ""}, id="logins have no case"
        ),
        pytest.param(
            [a_standing("a", "mia", "mia"), a_standing("b", "mia", ago=3)],
            {"a": "mia+mia", "b": ""},
            id="who signs twice is one person",
        ),
        pytest.param(
            [a_standing("a", "x", "y"), a_standing("b", "y", "z"), a_standing("c", "z", "x")],
            {"a": "x", "b": "y", "c": "z"},
            id="three people who could fill two roles each fill three",
        ),
    ],
)
def test_the_most_roles_are_filled(standings, filled):
    assert _filled(*standings) == filled


@pytest.mark.parametrize(
    ("must", "named", "filled"),
    [
        pytest.param("ab", "", {"a": "mia", "b": ""}, id="both have to sign: the first that was signed"),
        pytest.param("b", "", {"a": "", "b": "mia"}, id="the one that has to sign"),
        pytest.param("b", "a", {"a": "", "b": "mia"}, id="the one that has to sign before the one that an item names"),
        pytest.param("", "b", {"a": "", "b": "mia"}, id="the one that an item names before the one nobody needs"),
    ],
)
def test_roles_that_are_due_go_first(must, named, filled):
    standings = [a_standing("a", "mia"), a_standing("b", "mia", ago=8)]
    assert _filled(*standings, must=frozenset(must), named=frozenset(named)) == filled


def test_it_says_where_a_sign_off_went():
    found = distinct({"a": a_standing("a", "mia"), "b": a_standing("b", "mia", ago=8)}, (ALL, frozenset()))
    assert [one.dropped for one in found["b"].dropped] == ["`mia` fills `a`, and may not fill both"]


ONE_OF_TWO = "/approve a\n/approve b"
WHEN_MAIN, WHEN_NEXT = ItemWhen(base=("main",)), ItemWhen(base=("next",))


def _role(id: str, **options: Any) -> Role:
    return a_role(id, users=frozenset({"mia"}), **options)


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(
            rules_of(_role("a", distinct=True, when=WHEN_NEXT), _role("b", when=WHEN_MAIN)),
            id="a required role that has nothing to say of this change",
        ),
        pytest.param(
            rules_of(
                _role("a", distinct=True, required=False),
                _role("b", required=False),
                an_item(Signed(roles=("b",))),
            ),
            id="a role that nobody asks for",
        ),
        pytest.param(
            rules_of(
                _role("a", distinct=True, required=False),
                _role("b", required=False),
                an_item(Signed(roles=("a",)), id="A", when=WHEN_NEXT),
                an_item(Signed(roles=("b",)), id="B", when=WHEN_MAIN),
            ),
            id="a role that is named by an item which does not apply",
        ),
        pytest.param(
            rules_of(
                _role("a", distinct=True, required=False),
                _role("b", required=False),
                an_item(Signed(roles=("a",)), id="A", blocking=False),
                an_item(Signed(roles=("b",)), id="B"),
            ),
            id="a role that is named by an item which blocks nothing",
        ),
    ],
)
def test_signing_for_what_is_not_due_keeps_nobody_from_what_is(rules: Rules):
    assert evaluate(rules, a_snapshot(comments=(a_comment("/approve b", by="mia"),))).outcome is not Outcome.BLOCKED
    assert evaluate(rules, a_snapshot(comments=(a_comment(ONE_OF_TWO, by="mia"),))).outcome is not Outcome.BLOCKED


LOGINS = st.sampled_from(["ann", "bob", "eve", "mia", "zed"])
STANDINGS = st.fixed_dictionaries(
    {
        id: st.builds(
            lambda logins, distinct, count, ago, id=id: a_standing(
                id, *logins, distinct=distinct, count=count, ago=ago
            ),
            st.lists(LOGINS, max_size=4),
            st.booleans(),
            st.integers(1, 2),
            st.integers(10, 15),
        )
        for id in "abcd"
    }
)
SOME = st.frozensets(st.sampled_from("abcd"))


@given(STANDINGS, SOME, SOME)
def test_taking_a_sign_off_away_never_fills_what_has_to_sign(standings, must, named):
    def count(given: dict[str, Standing]) -> int:
        found = distinct(given, (must, named))
        return sum(not found[id].missing for id in must)

    before = count(standings)
    for id, standing in standings.items():
        for lost in standing.signed:
            left = tuple(one for one in standing.signed if one is not lost)
            assert count({**standings, id: replace(standing, signed=left)}) <= before


@given(STANDINGS, SOME, SOME)
def test_nobody_fills_a_distinct_role_and_another_one(standings, must, named):
    found = distinct(standings, (must, named))
    for id, standing in found.items():
        others = {one.login for other, that in found.items() if other != id for one in that.signed}
        assert not standing.role.distinct or not others & {one.login for one in standing.signed}
        before = {(one.login, one.at) for one in standings[id].signed}
        assert {(one.login, one.at) for one in (*standing.signed, *standing.dropped)} == before


def test_a_hundred_people_with_two_roles_each_are_few_ways():
    people = [f"p{number}" for number in range(100)]
    found = _filled(a_standing("a", *people, count=50), a_standing("b", *people, count=50))
    assert [found[id].count("+") for id in "ab"] == [49, 49]


def test_where_there_are_too_many_ways_the_best_so_far_are_followed():
    ids = [f"r{number}" for number in range(12)]
    everybody = [a_standing(id, *(f"p{number}" for number in range(12)), count=2) for id in ids]
    found = _filled(*everybody, must=frozenset(ids))
    assert 2 ** len(ids) > MOST_WAYS
    assert sum(1 for names in found.values() if "+" in names) == len(ids) // 2
