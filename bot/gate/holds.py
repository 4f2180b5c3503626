"""Who holds the release back: whoever may write; it ends at its date, or when the holder or an admin releases it."""

from dataclasses import dataclass
from datetime import datetime

from bot.gate.addressed import Refusal, closing, remembered, undone, was_seen
from bot.gate.commands import Command, Verb
from bot.gate.facts import Closing, Fact, Permission, Snapshot, Unavailable
from bot.gate.markup import code
from bot.gate.needs import Questions
from bot.gate.persons import same_person


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Somebody holds the release back."""

    login: str
    login_id: int | None = None
    """Of the account."""
    at: datetime
    until: datetime | None
    because: str
    url: str | None = None
    """Where it was said, while that is still there."""
    doubt: str = ""
    """Why it can't be told whether they may; it holds until that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """What became of `/hold` and `/unhold`."""

    standing: tuple[Hold, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    closings: tuple[Closing, ...] = ()
    """Seen for the first time, by somebody who may."""


def holds(snapshot: Snapshot, commands: tuple[Command, ...]) -> Holds:
    """Who holds the release back now."""
    said = [(command, _said(command, snapshot)) for command in commands if command.verb is Verb.HOLD]
    released = [(command, _released(command, snapshot)) for command in commands if command.verb is Verb.UNHOLD]
    known, new = remembered(snapshot.closings, [one for _, one in said if isinstance(one, Closing)], Verb.HOLD)
    urls = {command.comment.key: command.comment.url for command, _ in said}
    found = [
        *(_hold(closing, urls.get(closing.comment)) for closing in known),
        *(one for _, one in said if isinstance(one, Hold)),
    ]
    releases = [(command, answer) for command, answer in released if isinstance(answer, Permission)]
    standing = tuple(
        hold
        for hold in found
        if not (hold.until and hold.until <= snapshot.taken_at)
        and not any(_releases(command, permission, hold) for command, permission in releases)
    )
    return Holds(
        standing=standing,
        refusals=(
            *(one for _, one in said if isinstance(one, Refusal)),
            *(one for _, one in released if isinstance(one, Refusal)),
            *(
                _foreign(command, standing)
                for command, permission in releases
                if not any(_releases(command, permission, hold) for hold in found)
                and any(hold.at < command.comment.created_at for hold in standing)
            ),
        ),
        closings=new,
    )


def questions(snapshot: Snapshot, commands: tuple[Command, ...]) -> Questions:
    """What must be found out before `holds` can tell."""
    logins = frozenset(
        command.comment.author
        for command in commands
        if command.verb in {Verb.HOLD, Verb.UNHOLD} and command.comment.author and not command.comment.is_bot
    )
    return Questions(permissions=logins - snapshot.permissions.keys())


def _permission(command: Command, snapshot: Snapshot) -> Fact[Permission]:
    login = command.comment.author or ""
    return snapshot.permissions.get(login, Unavailable(f"what {code(login)} may do here is not known yet"))


def _said(command: Command, snapshot: Snapshot) -> Closing | Hold | Refusal:
    """A hold to remember, one of somebody of whom it can't be told whether they may, or none."""
    found = closing(command, command.until.isoformat() if command.until else "")
    if found is None:
        return Refusal(command=command, because="Apps and deleted accounts can't hold a release")
    if was_seen(found, snapshot.closings):
        return found
    permission = _permission(command, snapshot)
    if isinstance(permission, Unavailable):
        return _hold(found, command.comment.url, doubt=permission.because)
    if permission.may_write:
        return found
    return Refusal(command=command, because="only people with write access can hold a release")


def _released(command: Command, snapshot: Snapshot) -> Permission | Refusal:
    """What whoever releases holds may do here, for what they may release depends on it."""
    comment = command.comment
    if comment.author is None or comment.is_bot:
        return Refusal(command=command, because="Apps and deleted accounts can't release a hold")
    if what := undone(comment):
        return Refusal(command=command, because=f"{what} releases nothing; write it as a new comment")
    permission = _permission(command, snapshot)
    # Whoever holds may release that, whatever became of their access; more than that has to be known.
    return Permission.NONE if isinstance(permission, Unavailable) else permission


def _hold(closing: Closing, url: str | None, *, doubt: str = "") -> Hold:
    until = datetime.fromisoformat(closing.argument) if closing.argument else None
    return Hold(
        login=closing.login,
        login_id=closing.login_id,
        at=closing.at,
        until=until,
        because=closing.because,
        url=url,
        doubt=doubt,
    )


def _releases(command: Command, permission: Permission, hold: Hold) -> bool:
    comment = command.comment
    is_own = same_person(comment.author or "", comment.author_id, hold.login, hold.login_id)
    return (is_own or permission is Permission.ADMIN) and comment.created_at > hold.at


def _foreign(command: Command, standing: tuple[Hold, ...]) -> Refusal:
    """The answer to what means to release something and releases nothing."""
    last = max((hold for hold in standing if hold.at < command.comment.created_at), key=lambda hold: hold.at)
    return Refusal(command=command, because=f"only {code(last.login)} or an admin can release this hold")
