"""Lets a person fill one role only, where a role says so: whom each sign-off counts for."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from math import prod

from bot.gate.markup import code
from bot.gate.rules import Rules
from bot.gate.standing import SignOff, Standing

MOST_WAYS = 2_000
"""Of letting people fill roles; where there are more, each fills the first that they signed for."""

Choice = frozenset[str]
"""Roles that one person fills."""


def distinct(rules: Rules, standings: Mapping[str, Standing]) -> Mapping[str, Standing]:
    """The standings where each person counts for one role that is `distinct`, or for all the others they signed for.

    The way that fills the most roles is taken, those that are required before others: so nobody is kept from filling
    a role by having signed for another one as well, and taking a sign-off away never fills one.
    """
    chosen = _best(rules, standings, _choices(rules, standings))
    return {id: _counted(standing, id, chosen) for id, standing in standings.items()}


def _choices(rules: Rules, standings: Mapping[str, Standing]) -> Mapping[str, list[Choice]]:
    """For each person who has to choose: what they may fill, the first signed first."""
    signed = sorted((one for standing in standings.values() for one in standing.signed), key=lambda one: one.at)
    by_person: dict[str, dict[str, None]] = {}
    for one in signed:
        by_person.setdefault(one.login.lower(), {})[one.role] = None
    found = {}
    for login, roles in by_person.items():
        alone: list[Choice] = [frozenset({role}) for role in roles if rules.roles[role].distinct]
        together = frozenset(role for role in roles if not rules.roles[role].distinct)
        choices = [*alone, together] if together else alone
        if len(choices) > 1:
            found[login] = sorted(choices, key=lambda choice: min(list(roles).index(role) for role in choice))
    return found


def _best(rules: Rules, standings: Mapping[str, Standing], choices: Mapping[str, list[Choice]]) -> Mapping[str, Choice]:
    if prod(len(options) for options in choices.values()) > MOST_WAYS:
        return {login: options[0] for login, options in choices.items()}
    ways = (dict(zip(choices, way, strict=True)) for way in product(*choices.values()))
    return max(ways, key=lambda way: _filled(rules, standings, way))


def _filled(rules: Rules, standings: Mapping[str, Standing], way: Mapping[str, Choice]) -> tuple[int, int]:
    """How many required roles are filled, and how many others."""
    filled = [rules.roles[id].required for id, one in standings.items() if not _counted(one, id, way).missing]
    return sum(filled), len(filled)


def _counted(standing: Standing, id: str, chosen: Mapping[str, Choice]) -> Standing:
    away = [one for one in standing.signed if id not in chosen.get(one.login.lower(), frozenset({id}))]
    if not away:
        return standing
    return replace(
        standing,
        signed=tuple(one for one in standing.signed if one not in away),
        dropped=(*standing.dropped, *(_elsewhere(one, chosen[one.login.lower()]) for one in away)),
    )


def _elsewhere(sign_off: SignOff, roles: Iterable[str]) -> SignOff:
    others = " and ".join(code(role) for role in sorted(roles))
    return replace(sign_off, dropped=f"{code(sign_off.login)} fills {others}, and may not fill both")
