"""Who signed off for which role, whose sign-off a push took away, and which commands did not count."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.gate.commands import CLOSING, Command, Verb, commands_in
from bot.gate.facts import Closing, Comparison, Questions, Snapshot, Unavailable
from bot.gate.markup import code, some
from bot.gate.patterns import paths_match
from bot.gate.rules import Exclude, Role, Rules, Stale
from bot.gate.spelling import nearest
from bot.gate.standing import SignOff, Standing, who_may


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A command that did not count, and why."""

    command: Command
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """All that people said in comments, sorted out."""

    standings: Mapping[str, Standing]
    refusals: tuple[Refusal, ...] = ()
    closings: tuple[Closing, ...] = ()
    """Closing commands seen for the first time: to be remembered before anything is published."""


def people(rules: Rules, snapshot: Snapshot) -> People:
    """Recomputed from the comments on every pass; the snapshot's closings add what comments no longer say."""
    if isinstance(snapshot.comments, Unavailable):
        because = snapshot.comments.because
        return People(standings={id: Standing(role=role, unknown=because) for id, role in rules.roles.items()})
    commands = tuple(_addressed(rules, snapshot))
    present = {_key(closing): closing for command in commands if (closing := _closing(rules, command))}
    remembered = {_key(closing): closing for closing in snapshot.closings}
    judged = [_judge(rules, snapshot, command) for command in commands if command.verb is Verb.APPROVE]
    refusals = [answer for answer in judged if isinstance(answer, Refusal)]
    refusals += [refusal for command in commands if (refusal := _misspelt(rules, command))]
    claims = [answer for answer in judged if isinstance(answer, SignOff)]
    closings = (*remembered.values(), *present.values())
    standing_claims = [claim for claim in claims if not any(_takes_back(closing, claim) for closing in closings)]
    unknown = {answer.role: answer.because for answer in judged if isinstance(answer, _Unknown)}
    return People(
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
        closings=tuple(closing for key, closing in present.items() if key not in remembered),
    )


def questions(rules: Rules, snapshot: Snapshot) -> Questions:
    """What must be found out before `people` can tell."""
    if isinstance(snapshot.comments, Unavailable):
        return Questions()
    memberships, comparisons, pusher = set[tuple[str, str]](), set[str](), False
    for command in _addressed(rules, snapshot):
        role, login, sha = _role(rules, command), command.comment.author, _commit(snapshot, command)
        if command.verb is not Verb.APPROVE or role is None or login is None:
            continue
        if command.comment.edited_at or command.comment.is_bot or _is_author(role, login, snapshot):
            continue
        pusher = pusher or (Exclude.LAST_PUSHER in role.exclude and snapshot.pushers is None)
        if login.lower() not in _lower(role.users):
            memberships |= {(team, login) for team in role.teams} - snapshot.memberships.keys()
        if sha and sha != snapshot.head_sha and role.stale is Stale.CHANGED and sha not in snapshot.comparisons:
            comparisons.add(sha)
    return Questions(memberships=frozenset(memberships), comparisons=frozenset(comparisons), pushers=pusher)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unknown:
    role: str
    because: str


def _addressed(rules: Rules, snapshot: Snapshot) -> Iterator[Command]:
    """Commands for us: other bots share the verbs, so a bare one has to name (nearly) one of our roles."""
    assert not isinstance(snapshot.comments, Unavailable)  # noqa: S101 - both callers looked
    for comment in sorted(snapshot.comments, key=lambda comment: (comment.created_at, comment.id)):
        for command in commands_in(comment):
            if command.addressed or nearest(command.argument, rules.roles):
                yield command


def _role(rules: Rules, command: Command) -> Role | None:
    return rules.roles.get(command.argument.lower())


def _judge(rules: Rules, snapshot: Snapshot, command: Command) -> SignOff | Refusal | _Unknown:
    role, comment = _role(rules, command), command.comment
    if role is None or comment.author is None or comment.is_bot:
        return Refusal(command=command, because=_why_nobody(rules, command))
    if comment.edited_at:
        return Refusal(command=command, because="an edited comment signs nothing; write it as a new comment")
    refused = _why_not(role, comment.author, snapshot)
    if isinstance(refused, _Unknown):
        return refused
    sha = _commit(snapshot, command)
    if refused or sha is None:
        return Refusal(command=command, because=refused or _which_commit(role, snapshot, command))
    return SignOff(
        role=role.id,
        login=comment.author,
        sha=sha,
        at=comment.created_at,
        url=comment.url,
        note=command.note,
        dropped=_why_dropped(role, sha, snapshot),
    )


def _why_not(role: Role, login: str, snapshot: Snapshot) -> "str | _Unknown":
    """Why this person may not sign for the role; empty when they may."""
    if _is_author(role, login, snapshot):
        return "the author of a pull request can't sign it off"
    allowed = _is_member(role, login, snapshot)
    if allowed is not True:
        return allowed if isinstance(allowed, _Unknown) else f"only {who_may(role)} can sign for {role.id}"
    if Exclude.LAST_PUSHER in role.exclude:
        pushers = snapshot.pushers or Unavailable("who pushed the head is not known yet")
        if isinstance(pushers, Unavailable):
            return _Unknown(role=role.id, because=pushers.because)
        if login.lower() in _lower(pushers):
            return "who pushed last can't sign off what they pushed"
    return ""


def _is_member(role: Role, login: str, snapshot: Snapshot) -> "bool | _Unknown":
    if login.lower() in _lower(role.users):
        return True
    answers = [
        snapshot.memberships.get((team, login), Unavailable(f"whether {code(login)} is in `{team}` is not known yet"))
        for team in sorted(role.teams)
    ]
    if any(answer is True for answer in answers):
        return True
    unknown = [answer.because for answer in answers if isinstance(answer, Unavailable)]
    return _Unknown(role=role.id, because=unknown[0]) if unknown else False


def _commit(snapshot: Snapshot, command: Command) -> str | None:
    """The commit that a command signs: the one it names, else the head that was published before it was written."""
    if command.commit:
        heads = {snapshot.head_sha} | {head.sha for head in snapshot.heads}
        named = [sha for sha in heads if sha.startswith(command.commit)]
        return named[0] if len(named) == 1 else None
    before = [head for head in snapshot.heads if head.at < command.comment.created_at]
    return max(before, key=lambda head: head.at).sha if before else None


def _which_commit(role: Role, snapshot: Snapshot, command: Command) -> str:
    type_this = f"write `/approve {role.id} {snapshot.head_sha[:7]}`"
    if command.commit:
        return f"{code(command.commit[:12])} is no head of this pull request; {type_this}"
    return f"no verdict was published before this comment, so it is not clear what it signs; {type_this}"


def _why_dropped(role: Role, sha: str, snapshot: Snapshot) -> str:
    """Why a push took the sign-off away; empty when it stands."""
    if sha == snapshot.head_sha or role.stale is Stale.NEVER:
        return ""
    since = f"`{snapshot.head_sha[:7]}` was pushed after `{sha[:7]}` was signed"
    if role.stale is Stale.PUSH:
        return since
    match snapshot.comparisons.get(sha):
        case Comparison(linear=True, files=files) if not files:
            return ""
        case Comparison(linear=True, files=files):
            touched = sorted(path for path in files if not role.stale_paths or paths_match(role.stale_paths, (path,)))
            return f"{since} and changes {some(touched)}" if touched else ""
        case Comparison():
            return f"the branch was rewritten after `{sha[:7]}` was signed"
        case _:
            return f"{since} and the two can't be compared"


def _dropped(claims: Iterable[SignOff]) -> tuple[SignOff, ...]:
    """One row a person: the newest of their dropped sign-offs, unless another one of theirs stands."""
    newest = {claim.login: claim for claim in sorted(claims, key=lambda claim: (not claim.dropped, claim.at))}
    return tuple(claim for claim in newest.values() if claim.dropped)


def _closing(rules: Rules, command: Command) -> Closing | None:
    role, comment = _role(rules, command), command.comment
    if command.verb not in CLOSING or role is None or comment.author is None or comment.is_bot:
        return None
    at = comment.edited_at or comment.created_at
    return Closing(comment=comment.id, verb=command.verb, argument=role.id, login=comment.author, at=at)


def _key(closing: Closing) -> tuple[int, str, str, datetime]:
    return (closing.comment, closing.verb, closing.argument, closing.at)


def _takes_back(closing: Closing, claim: SignOff) -> bool:
    return closing.argument == claim.role and closing.login.lower() == claim.login.lower() and closing.at >= claim.at


def _misspelt(rules: Rules, command: Command) -> Refusal | None:
    """Closing commands have no say about who may use them, but the role must exist."""
    if command.verb not in CLOSING or _role(rules, command):
        return None
    return Refusal(command=command, because=_why_nobody(rules, command))


def _why_nobody(rules: Rules, command: Command) -> str:
    if _role(rules, command):
        return "Apps and deleted accounts can't sign"
    meant = nearest(command.argument, rules.roles)
    known = ", ".join(f"`{id}`" for id in rules.roles) or "none"
    seen = f"there is no role {code(command.argument, limit=40)}" if command.argument else "it names no role"
    return f"{seen}; " + (f"did you mean `/{command.verb} {meant}`?" if meant else f"the roles are {known}")


def _is_author(role: Role, login: str, snapshot: Snapshot) -> bool:
    return Exclude.AUTHOR in role.exclude and login.lower() == (snapshot.author or "").lower()


def _lower(logins: Iterable[str]) -> frozenset[str]:
    return frozenset(login.lower() for login in logins)
