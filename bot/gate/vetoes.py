"""Who refuses on behalf of a role: `/reject` stands until the role approves after it or its author takes it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from bot.gate import authority as of_role
from bot.gate.addressed import Refusal, closing, no_such, remembered, undone, was_seen
from bot.gate.authority import is_member, who_may
from bot.gate.commands import Command, Verb
from bot.gate.facts import Closing, Comment, Snapshot, Unavailable
from bot.gate.needs import Questions
from bot.gate.persons import person, same_person
from bot.gate.rules import Role, Rules
from bot.gate.sign_offs import role_of
from bot.gate.standing import SignOff, Standing, Veto


@dataclass(frozen=True, slots=True, kw_only=True)
class Vetoes:
    """What became of `/reject`."""

    by_role: Mapping[str, tuple[Veto, ...]]
    """Those that nobody has lifted."""
    refusals: tuple[Refusal, ...]
    closings: tuple[Closing, ...]
    """Seen for the first time, by members of their role."""


def vetoes(
    rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...], standings: Mapping[str, Standing]
) -> Vetoes:
    """Who refuses for which role."""
    said = [(command, _said(rules, snapshot, command)) for command in commands if command.verb is Verb.REJECT]
    known, new = remembered(snapshot.closings, [one for _, one in said if isinstance(one, Closing)], Verb.REJECT)
    doubtful = [one for _, one in said if isinstance(one, Veto)]
    urls = {command.comment.key: command.comment.url for command, _ in said}
    found = [*(_veto(closing, urls.get(closing.comment)) for closing in known), *doubtful]
    taken_back = [command for command in commands if command.verb is Verb.REVOKE and not undone(command.comment)]
    return Vetoes(
        by_role={
            id: tuple(
                veto
                for veto in found
                if veto.role == id and not _is_lifted(veto, standings[id].signed, role, taken_back)
            )
            for id, role in rules.roles.items()
        },
        refusals=tuple(one for _, one in said if isinstance(one, Refusal)),
        closings=new,
    )


def questions(rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...]) -> Questions:
    """What must be found out before `vetoes` can tell."""
    asked = (
        of_role.questions_of_membership(role, command.comment, snapshot)
        for command in commands
        if command.verb is Verb.REJECT and (role := role_of(rules, command))
    )
    return reduce(Questions.__or__, asked, Questions())


def _said(rules: Rules, snapshot: Snapshot, command: Command) -> Closing | Veto | Refusal:
    """A veto to remember, one of somebody of whom it can't be told whether they may, or none."""
    role, comment = role_of(rules, command), command.comment
    if role is None:
        return no_such(command, "role", tuple(rules.roles), are="the roles are")
    found = closing(command, role.id)
    if found is None:
        return Refusal(command=command, because="Apps and deleted accounts can't refuse")
    if was_seen(found, snapshot.closings):
        return found
    answer = is_member(role, comment, snapshot)
    if isinstance(answer, Unavailable):
        return Veto(
            role=role.id,
            login=found.login,
            login_id=found.login_id,
            at=found.at,
            because=answer.because,
            url=comment.url,
        )
    return found if answer else Refusal(command=command, because=f"only {who_may(role)} can refuse for {role.id}")


def _veto(closing: Closing, url: str | None) -> Veto:
    return Veto(
        role=closing.argument,
        login=closing.login,
        login_id=closing.login_id,
        at=closing.at,
        because=closing.because,
        url=url,
    )


def _is_lifted(veto: Veto, signed: tuple[SignOff, ...], role: Role, taken_back: list[Command]) -> bool:
    approved = {person(sign_off.login, sign_off.login_id) for sign_off in signed if sign_off.at > veto.at}
    return len(approved) >= role.count or any(
        command.argument.lower() == veto.role and _is_by(command.comment, veto) and command.comment.created_at > veto.at
        for command in taken_back
    )


def _is_by(comment: Comment, veto: Veto) -> bool:
    is_own = same_person(comment.author or "", comment.author_id, veto.login, veto.login_id)
    return not comment.is_bot and is_own
