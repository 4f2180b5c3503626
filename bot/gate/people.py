"""All that people said in comments, sorted out: what stands, what does not count, what to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.gate import attestations as of_items
from bot.gate import sign_offs as of_roles
from bot.gate.addressed import Refusal, addressed, unread
from bot.gate.attestations import Attested, attestations, attesters
from bot.gate.facts import Closing, Snapshot, Unavailable
from bot.gate.needs import Questions
from bot.gate.rules import Rules
from bot.gate.sign_offs import sign_offs
from bot.gate.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What their commands come to."""

    standings: Mapping[str, Standing]
    """By role."""
    attested: Mapping[str, Attested] = field(default_factory=dict)
    """By item, for those that can be attested."""
    refusals: tuple[Refusal, ...] = ()
    closings: tuple[Closing, ...] = ()
    """Closing commands seen for the first time: to be remembered before anything is published."""


def people(rules: Rules, snapshot: Snapshot) -> People:
    """Recomputed from the comments on every pass; the snapshot's closings add what comments no longer say."""
    if isinstance(snapshot.comments, Unavailable):
        because = snapshot.comments.because
        return People(
            standings={id: Standing(role=role, unknown=because) for id, role in rules.roles.items()},
            attested={id: Attested(unknown=because) for id in attesters(rules)},
        )
    commands = tuple(addressed(rules, snapshot.comments))
    signed, attested = sign_offs(rules, snapshot, commands), attestations(rules, snapshot, commands)
    return People(
        standings=signed.standings,
        attested=attested.attested,
        refusals=(*signed.refusals, *attested.refusals, *unread(snapshot.comments)),
        closings=(*signed.closings, *attested.closings),
    )


def questions(rules: Rules, snapshot: Snapshot) -> Questions:
    """What must be found out before `people` can tell."""
    if isinstance(snapshot.comments, Unavailable):
        return Questions()
    commands = tuple(addressed(rules, snapshot.comments))
    return of_roles.questions(rules, snapshot, commands) | of_items.questions(rules, snapshot, commands)
