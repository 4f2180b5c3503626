"""Who may act on behalf of a role: its members, but those that it excludes."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, assert_never

from bot.gate.facts import Comment, Fact, Snapshot, Unavailable
from bot.gate.markup import code, listed
from bot.gate.needs import Questions
from bot.gate.rules import Exclude, Role


class Authority(StrEnum):
    """Whether somebody may act for a role, and if not, why."""

    GIVEN = "given"
    AUTHOR = "the author of a pull request"
    PUSHER = "who pushed last"
    COMMITTER = "who has commits in it"
    STRANGER = "a stranger"
    NOBODY = "an App or a deleted account"


EXCLUDED: Final = frozenset({Authority.AUTHOR, Authority.PUSHER, Authority.COMMITTER})
"""Members that the role excludes."""

_WORDS: Final[Mapping[Exclude, str]] = {
    Exclude.AUTHOR: "the author",
    Exclude.LAST_PUSHER: "who pushed last",
    Exclude.COMMITTERS: "who has commits in it",
}
"""Whom a role excludes, in the order of the one sentence that says so."""


SHUT_OUT: Final = {
    Exclude.AUTHOR: "the author",
    Exclude.LAST_PUSHER: "who pushed last",
    Exclude.COMMITTERS: "who has commits in it",
}
"""Whom a role excludes, in words."""


def who_may(role: Role) -> str:
    """Who can act for the role, naming teams and not their members."""
    apps = (f"{app}[bot]" for app in sorted(role.apps))
    return listed([code(name) for name in (*sorted(role.teams), *sorted(role.users), *apps)], last="or")


def authority(role: Role, comment: Comment, snapshot: Snapshot) -> Fact[Authority]:
    """Whether whoever wrote the comment may act for the role; unavailable while it can't be told."""
    if comment.author is None or (comment.is_bot and comment.app not in role.apps):
        return Authority.NOBODY
    if is_author(role, comment, snapshot):
        return Authority.AUTHOR
    allowed = is_member(role, comment, snapshot)
    if allowed is not True:
        return allowed if isinstance(allowed, Unavailable) else Authority.STRANGER
    return _excluded(role, _name(comment), snapshot)


def _name(comment: Comment) -> str:
    """Who wrote it, as REST spells it and in lower case: an App's name ends in `[bot]`, as no user's can."""
    login = (comment.author or "").lower()
    return f"{login.removesuffix('[bot]')}[bot]" if comment.app else login


def _authors(snapshot: Snapshot) -> frozenset[str]:
    """Who opened the pull request, spelt likewise; under both names while it can't be told whether an App did."""
    login = (snapshot.author or "").lower().removesuffix("[bot]")
    is_bot = snapshot.author_is_bot
    if isinstance(is_bot, Unavailable):
        return frozenset({login, f"{login}[bot]"})
    return frozenset({f"{login}[bot]" if is_bot else login})


def _excluded(role: Role, login: str, snapshot: Snapshot) -> Fact[Authority]:
    """Whether the role excludes a member for what they pushed."""
    for exclude, authority in ((Exclude.LAST_PUSHER, Authority.PUSHER), (Exclude.COMMITTERS, Authority.COMMITTER)):
        found = _excluded_by(exclude, snapshot) if exclude in role.exclude else frozenset[str]()
        if isinstance(found, Unavailable):
            return found
        if login in found:
            return authority
    return Authority.GIVEN


def _excluded_by(exclude: Exclude, snapshot: Snapshot) -> Fact[frozenset[str]]:
    """Whom it shuts out, in lower case."""
    match exclude:
        case Exclude.AUTHOR:
            return _authors(snapshot)
        case Exclude.LAST_PUSHER:
            pushers = snapshot.pushers or Unavailable("who pushed the head is not known yet")
            return pushers if isinstance(pushers, Unavailable) else _lower(pushers)
        case Exclude.COMMITTERS:
            commits = snapshot.commits
            if isinstance(commits, Unavailable):
                return commits
            return _lower(login for commit in commits for login in commit.people)
        case never:
            assert_never(never)


def is_member(role: Role, comment: Comment, snapshot: Snapshot) -> Fact[bool]:
    """Whether the role lists whoever wrote the comment, or one of its teams does."""
    login = comment.author or ""
    if comment.is_bot:
        return comment.app in role.apps
    if login.lower() in _lower(role.users):
        return True
    answers = [
        snapshot.memberships.get((team, login), Unavailable(f"whether {code(login)} is in `{team}` is not known yet"))
        for team in sorted(role.teams)
    ]
    if any(answer is True for answer in answers):
        return True
    return next((answer for answer in answers if isinstance(answer, Unavailable)), False)


def is_author(role: Role, comment: Comment, snapshot: Snapshot) -> bool:
    """Whether the role excludes this person for having opened the pull request."""
    return Exclude.AUTHOR in role.exclude and _name(comment) in _authors(snapshot)


def questions(role: Role, comment: Comment, snapshot: Snapshot) -> Questions:
    """What must be found out before `authority` can tell."""
    if comment.author is None or comment.is_bot or is_author(role, comment, snapshot):
        return Questions()
    pushers = Exclude.LAST_PUSHER in role.exclude and snapshot.pushers is None
    return questions_of_membership(role, comment, snapshot) | Questions(pushers=pushers)


def questions_of_membership(role: Role, comment: Comment, snapshot: Snapshot) -> Questions:
    """What must be found out before `is_member` can tell."""
    login = comment.author
    if login is None or comment.is_bot or login.lower() in _lower(role.users):
        return Questions()
    return Questions(memberships=frozenset((team, login) for team in role.teams) - snapshot.memberships.keys())


def why_unfilled(role: Role, snapshot: Snapshot) -> str:
    """Why no set of people can fill the role; empty when one can, or when that can't be told."""
    found = [snapshot.team_members.get(team, Unavailable("not asked")) for team in sorted(role.teams)]
    teams = [one for one in found if not isinstance(one, Unavailable)]
    if role.apps or len(teams) < len(found):
        return ""
    members = _lower(role.users).union(*(_lower(team) for team in teams))
    out = {login: why for login in members if (why := _why_out(role, login, snapshot))}
    if len(members) - len(out) >= role.count:
        return ""
    if not members:
        return "can't be filled: nobody is in it"
    if len(out) == len(members):
        reasons = listed([word for word in _WORDS.values() if word in out.values()])
        return f"can't be filled: its only {'member is' if len(members) == 1 else 'members are'} {reasons}"
    return f"can't be filled: it wants {role.count} people, and {len(members) - len(out)} of its members may sign"


def _why_out(role: Role, login: str, snapshot: Snapshot) -> str:
    """Why a member may not sign."""
    for exclude, word in _WORDS.items():
        who = _excluded_by(exclude, snapshot)
        if exclude in role.exclude and not isinstance(who, Unavailable) and login in who:
            return word
    return ""


def unfilled_questions(role: Role, snapshot: Snapshot) -> Questions:
    """What must be found out before `why_unfilled` can tell."""
    pushers = Exclude.LAST_PUSHER in role.exclude and snapshot.pushers is None
    teams = frozenset[str]() if role.apps else role.teams
    return Questions(team_members=teams - snapshot.team_members.keys(), pushers=pushers)


def _lower(logins: Iterable[str]) -> frozenset[str]:
    return frozenset(login.lower() for login in logins)
