"""What members of roles claim of an entry by its id (attested, waived, accepted), and what was taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce

from bot.gate import authority as of_role
from bot.gate.addressed import Refusal, closing, no_such, remembered, undone, was_seen
from bot.gate.authority import Authority, authority, is_member, who_may
from bot.gate.commands import Command, Verb
from bot.gate.facts import Closing, Fact, Snapshot, Unavailable
from bot.gate.markup import code, listed
from bot.gate.needs import Questions
from bot.gate.rules import Role
from bot.gate.signed import commit_of, short


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One kind of claim: the commands that make it and take it back, and who may."""

    opens: Verb
    closes: Verb | None = None
    doing: str
    """What one does with the entry: `attest`."""
    what: str
    """What an entry is called in answers, and how they list those that there are."""
    they_are: str
    may: Mapping[str, tuple[Role, ...]]
    """Whose members may, by the ids of the entries."""
    why_not: Mapping[str, str] = field(default_factory=dict)
    """Entries of which nobody may claim it, and why."""
    binds: bool = False
    """It is said of one commit, which has to be clear."""

    def id_of(self, command: Command) -> str | None:
        """The entry that a command names."""
        return next((id for id in self.may if id.lower() == command.argument.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A person's word."""

    id: str
    """Of the entry that it is about."""
    login: str
    roles: frozenset[str]
    """The roles that they may say it for."""
    sha: str | None
    """The head that they could see or named; None when that is not clear."""
    at: datetime
    url: str
    """Where they said so."""
    proof: str | None = None
    """The link that they gave."""
    until: datetime | None = None
    because: str = ""
    comment: str = ""
    """The key of the comment that it stands in."""
    is_retracted: bool = False
    """The same comment takes it back further down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """All that was claimed of one entry."""

    claims: tuple[Claim, ...] = ()
    unknown: str = ""
    """Why it can't be told whether a claim counts; empty when it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What became of the commands of one topic."""

    claimed: Mapping[str, Claimed] = field(default_factory=dict)
    """By entry, for all that can be claimed."""
    refusals: tuple[Refusal, ...] = ()
    closings: tuple[Closing, ...] = ()
    """Seen for the first time, and not by somebody who may not."""


def claims(topic: Topic, snapshot: Snapshot, commands: tuple[Command, ...]) -> Claims:
    """What stands of what people claimed."""
    judged = [_judge(topic, snapshot, command) for command in commands if command.verb is topic.opens]
    closed = [_close(topic, snapshot, command) for command in commands if command.verb and command.verb is topic.closes]
    taken_back, new = remembered(
        snapshot.closings, [one for one in closed if isinstance(one, Closing)], topic.closes or topic.opens
    )
    standing = [
        claim
        for claim in judged
        if isinstance(claim, Claim) and not any(_takes_back(closing, claim) for closing in taken_back)
    ]
    unknown = {answer.id: answer.because for answer in judged if isinstance(answer, _Unknown)}
    return Claims(
        claimed={
            id: Claimed(claims=tuple(claim for claim in standing if claim.id == id), unknown=unknown.get(id, ""))
            for id in topic.may
        },
        refusals=tuple(answer for answer in (*judged, *closed) if isinstance(answer, Refusal)),
        closings=new,
    )


def questions(topic: Topic, snapshot: Snapshot, commands: tuple[Command, ...]) -> Questions:
    """What must be found out before `claims` can tell."""
    return reduce(Questions.__or__, (_questions(topic, command, snapshot) for command in commands), Questions())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unknown:
    id: str
    because: str


def _questions(topic: Topic, command: Command, snapshot: Snapshot) -> Questions:
    id = topic.id_of(command)
    if id is None or command.verb is None or command.verb not in {topic.opens, topic.closes}:
        return Questions()
    ask = of_role.questions if command.verb is topic.opens else of_role.questions_of_membership
    return reduce(Questions.__or__, (ask(role, command.comment, snapshot) for role in topic.may[id]), Questions())


def _judge(topic: Topic, snapshot: Snapshot, command: Command) -> Claim | Refusal | _Unknown:
    id, comment = topic.id_of(command), command.comment
    if id is None or comment.author is None:
        return _why_nobody(topic, command)
    if what := undone(comment):
        said = f"{what} can't {topic.doing} anything; write it as a new comment"
        return Refusal(command=command, because=said)
    answers = {role.id: authority(role, comment, snapshot) for role in topic.may[id]}
    given = frozenset(id for id, answer in answers.items() if answer is Authority.GIVEN)
    unknown = [answer.because for answer in answers.values() if isinstance(answer, Unavailable)]
    if not given and unknown:
        return _Unknown(id=id, because=unknown[0])
    sha = commit_of(command, snapshot)
    because = command.wrong if given else _why_not(topic, id, answers)
    if not because and topic.binds and sha is None:
        typed = f"/{topic.opens} {id} {short(snapshot.head_sha, snapshot)} because …"
        because = f"it is not clear of which commit; write `{typed}`"
    if because:
        return Refusal(command=command, because=because)
    return Claim(
        id=id,
        login=comment.author,
        roles=given,
        sha=sha,
        at=comment.created_at,
        url=comment.url,
        proof=command.url,
        until=command.until,
        because=command.because,
        comment=comment.key,
        is_retracted=(topic.closes, id.lower()) in command.below,
    )


def _why_not(topic: Topic, id: str, answers: Mapping[str, Fact[Authority]]) -> str:
    refused = [answer for answer in Authority if answer in answers.values()]
    for answer in refused:
        if answer in of_role.EXCLUDED:
            return f"{answer} can't {topic.doing} {code(id)}"
    if refused == [Authority.NOBODY]:
        return f"Apps and deleted accounts can't {topic.doing}"
    return f"only {_who_may(topic.may[id])} can {topic.doing} {code(id)}"


def _close(topic: Topic, snapshot: Snapshot, command: Command) -> Closing | Refusal:
    """What is taken back, unless it is known that whoever did may not."""
    id = topic.id_of(command)
    found = closing(command, id) if id else None
    if id is None or found is None:
        return _why_nobody(topic, command)
    if was_seen(found, snapshot.closings):
        return found
    roles = topic.may[id]
    if all(is_member(role, command.comment, snapshot) is False for role in roles):
        return Refusal(command=command, because=f"only {_who_may(roles)} can take back what was said of {code(id)}")
    return found


def _takes_back(closing: Closing, claim: Claim) -> bool:
    """Within one comment the order of the lines tells, else the time."""
    is_later = claim.is_retracted if closing.comment == claim.comment else closing.at >= claim.at
    return closing.argument == claim.id and is_later


def _who_may(roles: tuple[Role, ...]) -> str:
    return listed(list(dict.fromkeys(who_may(role) for role in roles)), last="or")


def _why_nobody(topic: Topic, command: Command) -> Refusal:
    if topic.id_of(command):
        return Refusal(command=command, because=f"Apps and deleted accounts can't {topic.doing}")
    for id, because in topic.why_not.items():
        if id.lower() == command.argument.lower():
            return Refusal(command=command, because=because)
    return no_such(command, topic.what, tuple(topic.may), are=topic.they_are)
