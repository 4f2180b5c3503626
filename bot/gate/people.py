"""All that people said in comments and reviews, sorted out: what stands, what does not count, what to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

from bot.gate import declared as of_bumps
from bot.gate import holds as of_holds
from bot.gate import sign_offs as of_roles
from bot.gate import vetoes as of_vetoes
from bot.gate.acceptances import accepting
from bot.gate.addressed import Refusal, addressed, misspelt, unread
from bot.gate.attestations import attested_questions, attesters, attesting
from bot.gate.authority import unfilled_questions, why_unfilled
from bot.gate.candidate import Candidate
from bot.gate.claims import Claimed, claims
from bot.gate.claims import questions as claim_questions
from bot.gate.commands import Command, Verb
from bot.gate.declared import DeclaredBumps, declared_bumps, overriding
from bot.gate.distinct import distinct
from bot.gate.due import due
from bot.gate.facts import Closing, Fact, Snapshot, Unavailable
from bot.gate.holds import Hold, holds
from bot.gate.needs import Questions
from bot.gate.packages import PackageVersion
from bot.gate.rules import Rules
from bot.gate.sign_offs import sign_offs
from bot.gate.standing import Standing
from bot.gate.version import NextVersion
from bot.gate.vetoes import vetoes
from bot.gate.waivers import Waived, waived, waived_questions, waiving

ASKING = frozenset({Verb.RECHECK, Verb.EXPLAIN, Verb.STATUS, Verb.HELP})
"""Commands that ask and change nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What their commands come to."""

    standings: Mapping[str, Standing]
    """By role."""
    attested: Mapping[str, Claimed] = field(default_factory=dict)
    """By item, for those that can be attested."""
    waived: Mapping[str, Waived] = field(default_factory=dict)
    """By item, for those that somebody waived."""
    accepted: Mapping[str, Claimed] = field(default_factory=dict)
    """By risk, for those that can be accepted."""
    holds: tuple[Hold, ...] = ()
    unknown: str = ""
    """Why it can't be told what they said; empty when it can."""
    asked: tuple[Command, ...] = ()
    """What they want to know, the oldest first."""
    commands: tuple[Command, ...] = ()
    """All that are for us."""
    refusals: tuple[Refusal, ...] = ()
    closings: tuple[Closing, ...] = ()
    """Closing commands seen for the first time: to be remembered before anything is published."""


def commands_for_us(rules: Rules, snapshot: Snapshot) -> Fact[tuple[Command, ...]]:
    """What people say to us, the oldest first."""
    comments = snapshot.comments
    return comments if isinstance(comments, Unavailable) else addressed(rules, comments)


def bumps(rules: Rules, snapshot: Snapshot, commands: Fact[tuple[Command, ...]]) -> DeclaredBumps:
    """What people declare about the version, which the rest of what they say may depend on."""
    if isinstance(commands, Unavailable):
        return DeclaredBumps(doubt=commands.because if overriding(rules) else "")
    return declared_bumps(rules, snapshot, commands)


def people(
    rules: Rules,
    snapshot: Snapshot,
    commands: Fact[tuple[Command, ...]],
    version: Fact[NextVersion],
    declared: DeclaredBumps,
    packages: Fact[tuple[PackageVersion, ...]] = (),
) -> People:
    """Recomputed from the comments on every pass; the snapshot's closings add what comments no longer say."""
    if isinstance(commands, Unavailable) or isinstance(snapshot.comments, Unavailable):
        because = next(one.because for one in (commands, snapshot.comments) if isinstance(one, Unavailable))
        return People(
            standings={id: Standing(role=role, unknown=because) for id, role in rules.roles.items()},
            attested={id: Claimed(unknown=because) for id in attesters(rules)},
            unknown=because,
        )
    signed = sign_offs(rules, snapshot, commands, version)
    refused = vetoes(rules, snapshot, commands, signed.standings)
    attested = claims(attesting(rules), snapshot, commands)
    set_aside, held = claims(waiving(rules), snapshot, commands), holds(snapshot, commands)
    risks = claims(accepting(rules), snapshot, commands)
    parts = (signed, refused, attested, set_aside, risks, held, declared)
    return People(
        standings=_standings(
            rules,
            Candidate(snapshot=snapshot, standings={}, next_version=version, packages=packages),
            signed,
            refused,
        ),
        attested=attested.claimed,
        waived=waived(rules, set_aside.claimed, snapshot),
        accepted=risks.claimed,
        holds=held.standing,
        asked=tuple(command for command in commands if command.verb in ASKING),
        commands=commands,
        refusals=(
            *(refusal for part in parts for refusal in part.refusals),
            *misspelt(commands),
            *unread(snapshot.comments),
        ),
        closings=tuple(closing for part in parts for closing in part.closings),
    )


def _standings(
    rules: Rules, candidate: Candidate, signed: of_roles.SignOffs, refused: of_vetoes.Vetoes
) -> Mapping[str, Standing]:
    return {
        id: replace(
            standing,
            vetoes=refused.by_role[id],
            unfilled=why_unfilled(standing.role, candidate.snapshot) if standing.missing else "",
        )
        for id, standing in distinct(signed.standings, due(rules, candidate)).items()
    }


CLOSING = frozenset({Verb.REVOKE, Verb.REJECT, Verb.UNATTEST, Verb.UNWAIVE, Verb.HOLD})
"""Commands that stand once seen."""


def closings(rules: Rules, snapshot: Snapshot) -> tuple[Closing, ...]:
    """What to remember of a pull request that is no release now, and may be one again."""
    nothing = Unavailable("it is no release")
    return people(rules, snapshot, commands_for_us(rules, snapshot), nothing, DeclaredBumps()).closings


def closing_questions(rules: Rules, snapshot: Snapshot) -> Questions:
    """What must be found out before `closings` can tell."""
    commands = commands_for_us(rules, snapshot)
    if isinstance(commands, Unavailable):
        return Questions()
    closing = tuple(command for command in commands if command.verb in CLOSING)
    return reduce(
        Questions.__or__,
        (
            of_vetoes.questions(rules, snapshot, closing),
            of_holds.questions(snapshot, closing),
            claim_questions(attesting(rules), snapshot, closing),
            claim_questions(waiving(rules), snapshot, closing),
        ),
    )


def questions(rules: Rules, snapshot: Snapshot) -> Questions:
    """What must be found out before `people` can tell."""
    commands = commands_for_us(rules, snapshot)
    if isinstance(commands, Unavailable):
        return Questions()
    return reduce(
        Questions.__or__,
        (
            of_roles.questions(rules, snapshot, commands),
            of_vetoes.questions(rules, snapshot, commands),
            of_holds.questions(snapshot, commands),
            of_bumps.questions(rules, snapshot, commands),
            attested_questions(rules, snapshot, commands),
            waived_questions(rules, snapshot, commands),
            claim_questions(accepting(rules), snapshot, commands),
            *(unfilled_questions(role, snapshot) for role in rules.roles.values() if role.required),
        ),
    )
