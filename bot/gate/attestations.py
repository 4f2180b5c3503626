"""Who may attest which item: members of the roles that its evidence names."""

from collections.abc import Mapping
from functools import reduce

from bot.gate.claims import Topic, questions
from bot.gate.commands import Command, Verb
from bot.gate.facts import Snapshot
from bot.gate.markup import code, listed
from bot.gate.needs import Questions
from bot.gate.rules import Role, Rules, Stale
from bot.gate.signed import commit_of, to_compare


def attesters(rules: Rules) -> Mapping[str, tuple[Role, ...]]:
    """The roles whose members may attest an item, by the ids of the items that can be attested."""
    named = {item.id: item.evidence.needs().attesters for item in rules.checklist}
    return {
        id: tuple(role for role in rules.roles.values() if role.id in roles) for id, roles in named.items() if roles
    }


def attesting(rules: Rules) -> Topic:
    """`/attest` and `/unattest`."""
    may = attesters(rules)
    known = listed([code(id) for id in may]) if may else "none is"
    others = [item.id for item in rules.checklist if item.id not in may]
    return Topic(
        opens=Verb.ATTEST,
        closes=Verb.UNATTEST,
        doing="attest",
        what="item to attest",
        they_are="the items to attest are",
        may=may,
        why_not={id: f"{code(id)} is not attested, its evidence is another; to be attested: {known}" for id in others},
    )


def attested_questions(rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...]) -> Questions:
    """What must be found out before it can be told what is attested, and still is."""
    topic = attesting(rules)
    dropped = frozenset(item.id for item in rules.checklist if item.evidence.needs().attested_commits)
    compared = (
        to_compare(Stale.CHANGED, (), commit_of(command, snapshot), snapshot)
        for command in commands
        if command.verb is Verb.ATTEST and topic.id_of(command) in dropped
    )
    return reduce(Questions.__or__, compared, questions(topic, snapshot, commands))
