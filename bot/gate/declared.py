"""Which bump people declared with `/bump`: the newest one, for as long as its comment says so."""

from dataclasses import dataclass

from bot.gate import authority as of_role
from bot.gate.addressed import Refusal, closing, no_such, remembered, undone, was_seen
from bot.gate.authority import is_member, who_may
from bot.gate.commands import Command, Verb
from bot.gate.facts import Closing, Snapshot, Unavailable
from bot.gate.markup import code, instant, listed
from bot.gate.needs import Questions
from bot.gate.rules import Role, Rules
from bot.gate.version import DeclaredBump
from bot.gate.version_numbers import Bump


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredBumps:
    """What became of `/bump`."""

    declared: DeclaredBump | None = None
    doubt: str = ""
    """Why it can't be told what is declared; it blocks until somebody declares it anew."""
    refusals: tuple[Refusal, ...] = ()
    closings: tuple[Closing, ...] = ()
    """Seen for the first time. They are remembered so that deleting one brings no older one back."""


def declared_bumps(rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...]) -> DeclaredBumps:
    """What people declare."""
    said = [_said(rules, snapshot, command) for command in commands if command.verb is Verb.BUMP]
    present = [one for one in said if isinstance(one, Closing)]
    known, new = remembered(snapshot.closings, present, Verb.BUMP)
    doubts = [one for one in said if isinstance(one, str)]
    # Of two in one second the higher counts, whichever the store or GitHub lists first.
    newest = max(known, key=lambda one: (one.at, Bump(one.argument).rank, one.comment), default=None)
    stands = newest is not None and newest in present
    return DeclaredBumps(
        declared=DeclaredBump(bump=Bump(newest.argument), login=newest.login, at=newest.at, because=newest.because)
        if newest and stands
        else None,
        doubt=doubts[-1] if doubts else _gone(newest) if newest and not stands else "",
        refusals=tuple(one for one in said if isinstance(one, Refusal)),
        closings=new,
    )


def questions(rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...]) -> Questions:
    """What must be found out before `declared_bumps` can tell."""
    asked = Questions()
    for command in commands:
        if command.verb is Verb.BUMP and not undone(command.comment):
            for role in overriding(rules):
                asked |= of_role.questions_of_membership(role, command.comment, snapshot)
    return asked


def overriding(rules: Rules) -> tuple[Role, ...]:
    """The roles whose members may declare the bump."""
    return tuple(rules.roles[id] for id in rules.semver.override_by if id in rules.roles)


def _said(rules: Rules, snapshot: Snapshot, command: Command) -> Closing | Refusal | str:
    """A declaration, why there is none, or why that can't be told."""
    comment, roles = command.comment, overriding(rules)
    if command.argument.lower() not in frozenset(Bump):
        return no_such(command, "bump", tuple(Bump), are="write one of")
    if what := undone(comment):
        return Refusal(command=command, because=f"{what} declares nothing; write it as a new comment")
    found = closing(command, command.argument.lower())
    if found is None:
        return Refusal(command=command, because="Apps and deleted accounts can't declare a bump")
    if command.wrong:
        return Refusal(command=command, because=command.wrong)
    # It asks for more, never for less: whoever pushed may as well, and what stood goes on standing.
    answers = [is_member(role, comment, snapshot) for role in roles]
    if was_seen(found, snapshot.closings) or True in answers:
        return found
    if unknown := next((answer for answer in answers if isinstance(answer, Unavailable)), None):
        return unknown.because
    return Refusal(command=command, because=_why_not(roles))


def _why_not(roles: tuple[Role, ...]) -> str:
    if not roles:
        return "nobody can declare the bump: `semver: {override_by: [ROLE]}` in the rules says who may"
    return f"only {listed([who_may(role) for role in roles], last='or')} can declare the bump"


def _gone(closing: Closing) -> str:
    return (
        f"what {code(closing.login)} declared on {instant(closing.at)} (`/bump {closing.argument}`) was edited or"
        " deleted since; declare it again: `/bump major|minor|patch because …`"
    )
