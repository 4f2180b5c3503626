"""Who signed off for which role, and whose sign-off a push took away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

from bot.gate import authority as of_role
from bot.gate.addressed import Refusal, closing, key_of, no_such
from bot.gate.authority import Authority, authority
from bot.gate.commands import Command, Verb
from bot.gate.facts import Closing, Snapshot, Unavailable
from bot.gate.markup import code
from bot.gate.needs import Questions
from bot.gate.rules import Role, Rules
from bot.gate.signed import commit_of, to_compare, why_stale
from bot.gate.standing import SignOff, Standing, who_may


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffs:
    """What became of `/approve` and `/revoke`."""

    standings: Mapping[str, Standing]
    refusals: tuple[Refusal, ...]
    closings: tuple[Closing, ...]
    """Seen for the first time."""


def sign_offs(rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...]) -> SignOffs:
    """How far each role is."""
    revoked = [command for command in commands if command.verb is Verb.REVOKE]
    present = {key_of(found): found for command in revoked if (found := _closing(rules, command))}
    remembered = {key_of(known): known for known in snapshot.closings if known.verb == Verb.REVOKE}
    judged = [_judge(rules, snapshot, command) for command in commands if command.verb is Verb.APPROVE]
    refusals = [answer for answer in judged if isinstance(answer, Refusal)]
    refusals += [_why_nobody(rules, command) for command in revoked if _role(rules, command) is None]
    claims = [answer for answer in judged if isinstance(answer, SignOff)]
    closings = (*remembered.values(), *present.values())
    standing_claims = [claim for claim in claims if not any(_takes_back(closing, claim) for closing in closings)]
    unknown = {answer.role: answer.because for answer in judged if isinstance(answer, _Unknown)}
    return SignOffs(
        standings={
            id: Standing(
                role=role,
                signed=tuple(claim for claim in standing_claims if claim.role == id and not claim.dropped),
                dropped=_dropped(claim for claim in standing_claims if claim.role == id),
                unknown=unknown.get(id, ""),
            )
            for id, role in rules.roles.items()
        },
        refusals=tuple(refusals),
        closings=tuple(found for key, found in present.items() if key not in remembered),
    )


def questions(rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...]) -> Questions:
    """What must be found out before `sign_offs` can tell."""
    asked = (
        _questions(role, command, snapshot)
        for command in commands
        if command.verb is Verb.APPROVE and (role := _role(rules, command))
    )
    return reduce(Questions.__or__, asked, Questions())


def _questions(role: Role, command: Command, snapshot: Snapshot) -> Questions:
    login, sha = command.comment.author, commit_of(command, snapshot)
    if login is None or command.comment.edited_at or command.comment.is_bot or of_role.is_author(role, login, snapshot):
        return Questions()
    asked = Questions(comparisons=to_compare(role.stale, sha, snapshot))
    return of_role.questions(role, login, snapshot) | asked


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unknown:
    role: str
    because: str


def _role(rules: Rules, command: Command) -> Role | None:
    return rules.roles.get(command.argument.lower())


def _judge(rules: Rules, snapshot: Snapshot, command: Command) -> SignOff | Refusal | _Unknown:
    role, comment = _role(rules, command), command.comment
    if role is None or comment.author is None or comment.is_bot:
        return _why_nobody(rules, command)
    if comment.edited_at:
        return Refusal(command=command, because="an edited comment signs nothing; write it as a new comment")
    given = authority(role, comment.author, snapshot)
    if isinstance(given, Unavailable):
        return _Unknown(role=role.id, because=given.because)
    if given is not Authority.GIVEN:
        return Refusal(command=command, because=_why_not(role, given))
    sha = commit_of(command, snapshot)
    if sha is None:
        return Refusal(command=command, because=_which_commit(role, snapshot, command))
    return SignOff(
        role=role.id,
        login=comment.author,
        sha=sha,
        at=comment.created_at,
        url=comment.url,
        note=command.note,
        dropped=why_stale(role.stale, role.stale_paths, sha, snapshot),
    )


def _why_not(role: Role, refused: Authority) -> str:
    return {
        Authority.AUTHOR: "the author of a pull request can't sign it off",
        Authority.PUSHER: "who pushed last can't sign off what they pushed",
    }.get(refused, f"only {who_may(role)} can sign for {role.id}")


def _which_commit(role: Role, snapshot: Snapshot, command: Command) -> str:
    type_this = f"write `/approve {role.id} {snapshot.head_sha[:7]}`"
    if command.commit:
        return f"{code(command.commit[:12])} is no head of this pull request; {type_this}"
    return f"no verdict was published before this comment, so it is not clear what it signs; {type_this}"


def _dropped(claims: Iterable[SignOff]) -> tuple[SignOff, ...]:
    """One row a person: the newest of their dropped sign-offs, unless another one of theirs stands."""
    newest = {claim.login: claim for claim in sorted(claims, key=lambda claim: (not claim.dropped, claim.at))}
    return tuple(claim for claim in newest.values() if claim.dropped)


def _closing(rules: Rules, command: Command) -> Closing | None:
    role = _role(rules, command)
    return closing(command, role.id) if role else None


def _takes_back(closing: Closing, claim: SignOff) -> bool:
    return closing.argument == claim.role and closing.login.lower() == claim.login.lower() and closing.at >= claim.at


def _why_nobody(rules: Rules, command: Command) -> Refusal:
    if _role(rules, command):
        return Refusal(command=command, because="Apps and deleted accounts can't sign")
    return no_such(command, "role", tuple(rules.roles), are="the roles are")
