"""Lets a person fill one role only, where a role says so: whom each sign-off counts for."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from bot.gate.markup import code
from bot.gate.persons import person
from bot.gate.standing import SignOff, Standing

MOST_WAYS: Final = 500
"""In which people can fill roles that are looked at further; ten distinct roles with people in common have more."""

Choice: TypeAlias = frozenset[str]
"""Roles that one person fills."""
_Missing: TypeAlias = tuple[int, ...]
"""How many people each role still misses, in the order of the standings."""


def distinct(standings: Mapping[str, Standing], due: tuple[frozenset[str], frozenset[str]]) -> Mapping[str, Standing]:
    """The standings where each person counts for one role that is `distinct`, or for all the others they signed for.

    `due` are the roles that have to sign and those that items name: the way that fills the most of the former is taken,
    then of the latter, then of all. So nobody is kept from filling a role by having signed for another one as well, and
    taking a sign-off away never fills those that have to sign.
    """
    chosen = _best(standings, _choices(standings), due)
    return {id: _counted(standing, id, chosen) for id, standing in standings.items()}


def _choices(standings: Mapping[str, Standing]) -> Mapping[str, list[Choice]]:
    """For each person who has to choose: what they may fill, the first signed first."""
    signed = sorted((one for standing in standings.values() for one in standing.signed), key=lambda one: one.at)
    by_person: dict[str, dict[str, None]] = {}
    for one in signed:
        by_person.setdefault(person(one.login, one.login_id), {})[one.role] = None
    found = {}
    for login, roles in by_person.items():
        alone: list[Choice] = [frozenset({role}) for role in roles if standings[role].role.distinct]
        together = frozenset(role for role in roles if not standings[role].role.distinct)
        choices = [*alone, together] if together else alone
        if len(choices) > 1:
            found[login] = sorted(choices, key=lambda choice: min(list(roles).index(role) for role in choice))
    return found


def _best(
    standings: Mapping[str, Standing],
    choices: Mapping[str, list[Choice]],
    due: tuple[frozenset[str], frozenset[str]],
) -> Mapping[str, Choice]:
    def filled(missing: _Missing) -> tuple[int, int, int]:
        ids = {id for id, count in zip(standings, missing, strict=True) if not count}
        return len(ids & due[0]), len(ids & due[1]), len(ids)

    nobody = dict.fromkeys(choices, frozenset[str]())
    start = tuple(_counted(standing, id, nobody).missing for id, standing in standings.items())
    # Of the ways that leave the same people missing one is enough, so there are few however many people sign.
    ways: dict[_Missing, Mapping[str, Choice]] = {start: {}}
    for login, options in choices.items():
        reached: dict[_Missing, Mapping[str, Choice]] = {}
        for missing, way in ways.items():
            for choice in options:
                left = tuple(max(0, count - (id in choice)) for id, count in zip(standings, missing, strict=True))
                reached.setdefault(left, {**way, login: choice})
        ways = {left: reached[left] for left in sorted(reached, key=filled, reverse=True)[:MOST_WAYS]}
    return ways[max(ways, key=filled)]


def _counted(standing: Standing, id: str, chosen: Mapping[str, Choice]) -> Standing:
    away = [one for one in standing.signed if id not in chosen.get(person(one.login, one.login_id), frozenset({id}))]
    if not away:
        return standing
    return replace(
        standing,
        signed=tuple(one for one in standing.signed if one not in away),
        dropped=(*standing.dropped, *(_elsewhere(one, chosen[person(one.login, one.login_id)]) for one in away)),
    )


def _elsewhere(sign_off: SignOff, roles: Iterable[str]) -> SignOff:
    others = " and ".join(code(role) for role in sorted(roles))
    return replace(sign_off, dropped=f"{code(sign_off.login)} fills {others}, and may not fill both")
