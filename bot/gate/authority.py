"""Who may act on behalf of a role: its members, but those that it excludes."""

from collections.abc import Iterable
from enum import StrEnum

from bot.gate.facts import Fact, Snapshot, Unavailable
from bot.gate.markup import code
from bot.gate.needs import Questions
from bot.gate.rules import Exclude, Role


class Authority(StrEnum):
    """Whether somebody may act for a role, and if not, why."""

    GIVEN = "given"
    AUTHOR = "author"
    PUSHER = "pusher"
    STRANGER = "stranger"


def authority(role: Role, login: str, snapshot: Snapshot) -> Fact[Authority]:
    """Whether this person may act for the role; unavailable while it can't be told."""
    if is_author(role, login, snapshot):
        return Authority.AUTHOR
    allowed = is_member(role, login, snapshot)
    if allowed is not True:
        return allowed if isinstance(allowed, Unavailable) else Authority.STRANGER
    if Exclude.LAST_PUSHER in role.exclude:
        pushers = snapshot.pushers or Unavailable("who pushed the head is not known yet")
        if isinstance(pushers, Unavailable):
            return pushers
        if login.lower() in _lower(pushers):
            return Authority.PUSHER
    return Authority.GIVEN


def is_member(role: Role, login: str, snapshot: Snapshot) -> Fact[bool]:
    """Whether the role lists this person, or one of its teams does."""
    if login.lower() in _lower(role.users):
        return True
    answers = [
        snapshot.memberships.get((team, login), Unavailable(f"whether {code(login)} is in `{team}` is not known yet"))
        for team in sorted(role.teams)
    ]
    if any(answer is True for answer in answers):
        return True
    return next((answer for answer in answers if isinstance(answer, Unavailable)), False)


def is_author(role: Role, login: str, snapshot: Snapshot) -> bool:
    """Whether the role excludes this person for having opened the pull request."""
    return Exclude.AUTHOR in role.exclude and login.lower() == (snapshot.author or "").lower()


def questions(role: Role, login: str, snapshot: Snapshot) -> Questions:
    """What must be found out before `authority` can tell."""
    if is_author(role, login, snapshot):
        return Questions()
    pushers = Exclude.LAST_PUSHER in role.exclude and snapshot.pushers is None
    return questions_of_membership(role, login, snapshot) | Questions(pushers=pushers)


def questions_of_membership(role: Role, login: str, snapshot: Snapshot) -> Questions:
    """What must be found out before `is_member` can tell."""
    teams = frozenset() if login.lower() in _lower(role.users) else role.teams
    return Questions(memberships=frozenset((team, login) for team in teams) - snapshot.memberships.keys())


def _lower(logins: Iterable[str]) -> frozenset[str]:
    return frozenset(login.lower() for login in logins)
