"""Who attested which item, and who took that back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from bot.gate import authority as of_role
from bot.gate.addressed import Refusal, closing, key_of, no_such
from bot.gate.authority import Authority, authority, is_member
from bot.gate.commands import Command, Verb
from bot.gate.facts import Closing, Snapshot, Unavailable
from bot.gate.markup import code, listed
from bot.gate.needs import Questions
from bot.gate.rules import Role, Rules, Stale
from bot.gate.signed import commit_of, to_compare
from bot.gate.standing import who_may


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """A person's word that an item is done."""

    item: str
    login: str
    roles: frozenset[str]
    """The roles that they may attest it for."""
    sha: str | None
    """The head that they could see; None when none was published before they spoke."""
    at: datetime
    url: str
    """Where they said so."""
    proof: str | None
    """The link that they gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """All that was attested of one item."""

    claims: tuple[Attestation, ...] = ()
    unknown: str = ""
    """Why it can't be told whether a claim counts; empty when it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestations:
    """What became of `/attest` and `/unattest`."""

    attested: Mapping[str, Attested]
    """By item, for those that can be attested."""
    refusals: tuple[Refusal, ...]
    closings: tuple[Closing, ...]
    """Seen for the first time, and not by somebody who may not."""


def attestations(rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...]) -> Attestations:
    """What stands of what people attested."""
    judged = [_judge(rules, snapshot, command) for command in commands if command.verb is Verb.ATTEST]
    taken_back = [_close(rules, snapshot, command) for command in commands if command.verb is Verb.UNATTEST]
    present = {key_of(found): found for found in taken_back if isinstance(found, Closing)}
    remembered = {key_of(known): known for known in snapshot.closings if known.verb == Verb.UNATTEST}
    closings = (*remembered.values(), *present.values())
    claims = [
        claim
        for claim in judged
        if isinstance(claim, Attestation) and not any(_takes_back(closing, claim) for closing in closings)
    ]
    unknown = {answer.item: answer.because for answer in judged if isinstance(answer, _Unknown)}
    return Attestations(
        attested={
            id: Attested(claims=tuple(claim for claim in claims if claim.item == id), unknown=unknown.get(id, ""))
            for id in attesters(rules)
        },
        refusals=tuple(answer for answer in (*judged, *taken_back) if isinstance(answer, Refusal)),
        closings=tuple(found for key, found in present.items() if key not in remembered),
    )


def questions(rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...]) -> Questions:
    """What must be found out before `attestations` can tell."""
    asked = (_questions(rules, command, snapshot) for command in commands)
    return reduce(Questions.__or__, asked, Questions())


def attesters(rules: Rules) -> Mapping[str, tuple[Role, ...]]:
    """The roles whose members may attest an item, by the ids of the items that can be attested."""
    named = {item.id: item.evidence.needs().attesters for item in rules.checklist}
    return {
        id: tuple(role for role in rules.roles.values() if role.id in roles) for id, roles in named.items() if roles
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unknown:
    item: str
    because: str


def _questions(rules: Rules, command: Command, snapshot: Snapshot) -> Questions:
    login, item = command.comment.author, _item(rules, command)
    if command.verb not in {Verb.ATTEST, Verb.UNATTEST} or item is None or login is None or command.comment.is_bot:
        return Questions()
    ask = of_role.questions if command.verb is Verb.ATTEST else of_role.questions_of_membership
    needs = next(one for one in rules.checklist if one.id == item).evidence.needs()
    stale = Stale.CHANGED if needs.attested_commits else Stale.NEVER
    compared = Questions(comparisons=to_compare(stale, commit_of(command, snapshot), snapshot))
    return reduce(Questions.__or__, (ask(role, login, snapshot) for role in attesters(rules)[item]), compared)


def _item(rules: Rules, command: Command) -> str | None:
    return next((id for id in attesters(rules) if id.lower() == command.argument.lower()), None)


def _judge(rules: Rules, snapshot: Snapshot, command: Command) -> Attestation | Refusal | _Unknown:
    item, comment = _item(rules, command), command.comment
    if item is None or comment.author is None or comment.is_bot:
        return _why_nobody(rules, command)
    if comment.edited_at:
        return Refusal(command=command, because="an edited comment attests nothing; write it as a new comment")
    roles = attesters(rules)[item]
    answers = {role.id: authority(role, comment.author, snapshot) for role in roles}
    given = frozenset(id for id, answer in answers.items() if answer is Authority.GIVEN)
    unknown = [answer.because for answer in answers.values() if isinstance(answer, Unavailable)]
    if not given and unknown:
        return _Unknown(item=item, because=unknown[0])
    if not given:
        return Refusal(command=command, because=_why_not(item, roles, frozenset(answers.values())))
    return Attestation(
        item=item,
        login=comment.author,
        roles=given,
        sha=commit_of(command, snapshot),
        at=comment.created_at,
        url=comment.url,
        proof=command.url,
    )


def _why_not(item: str, roles: tuple[Role, ...], refused: frozenset[object]) -> str:
    if Authority.AUTHOR in refused:
        return f"the author of a pull request can't attest {code(item)}"
    if Authority.PUSHER in refused:
        return f"who pushed last can't attest {code(item)}"
    return f"only {_who_may(roles)} can attest {code(item)}"


def _close(rules: Rules, snapshot: Snapshot, command: Command) -> Closing | Refusal:
    """What is taken back, unless it is known that whoever did may not."""
    item, login = _item(rules, command), command.comment.author
    found = closing(command, item) if item else None
    if item is None or login is None or found is None:
        return _why_nobody(rules, command)
    roles = attesters(rules)[item]
    if all(is_member(role, login, snapshot) is False for role in roles):
        return Refusal(command=command, because=f"only {_who_may(roles)} can take back what was said of {code(item)}")
    return found


def _takes_back(closing: Closing, claim: Attestation) -> bool:
    return closing.argument == claim.item and closing.at >= claim.at


def _who_may(roles: tuple[Role, ...]) -> str:
    return listed([who_may(role) for role in roles], last="or")


def _why_nobody(rules: Rules, command: Command) -> Refusal:
    known = tuple(attesters(rules))
    if _item(rules, command):
        return Refusal(command=command, because="Apps and deleted accounts can't attest")
    proved = next((item.id for item in rules.checklist if item.id.lower() == command.argument.lower()), None)
    if proved:
        others = listed([code(id) for id in known]) if known else "none is"
        because = f"{code(proved)} is not attested, its evidence is another; to be attested: {others}"
        return Refusal(command=command, because=because)
    return no_such(command, "item to attest", known, are="the items to attest are")
