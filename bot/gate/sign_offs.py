"""Who signed off for which role: by command or by review, of which commit and version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final

from bot.gate import authority as of_role
from bot.gate.addressed import Refusal, closing, no_such, remembered, undone, was_seen
from bot.gate.authority import Authority, authority, who_may
from bot.gate.commands import Command, Verb
from bot.gate.facts import Closing, Comment, Fact, ReviewState, Snapshot, Unavailable
from bot.gate.markup import code
from bot.gate.needs import Questions
from bot.gate.persons import person, same_person
from bot.gate.rules import Quote, Role, Rules, Stale, Via
from bot.gate.signed import commit_of, short, to_compare, why_rebased, why_stale
from bot.gate.standing import SignOff, Standing
from bot.gate.version import Bump, NextVersion
from bot.gate.workflows import DEFINING, that_define

SAYS_SOMETHING: Final = frozenset({ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED, ReviewState.DISMISSED})
"""Reviews that replace what the same person's earlier ones said. A dismissed one brings no older one back to life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffs:
    """What became of `/approve`, `/revoke` and approving reviews."""

    standings: Mapping[str, Standing]
    refusals: tuple[Refusal, ...]
    closings: tuple[Closing, ...]
    """Seen for the first time."""


def sign_offs(rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...], version: Fact[NextVersion]) -> SignOffs:
    """How far each role is."""
    revoked = [command for command in commands if command.verb is Verb.REVOKE]
    present = [found for command in revoked if (found := _closing(rules, snapshot, commands, command))]
    closings, new = remembered(snapshot.closings, present, Verb.REVOKE)
    judged = [_judge(rules, snapshot, command, version) for command in commands if command.verb is Verb.APPROVE]
    judged += _by_review(rules, snapshot, version)
    reviews = _newest_reviews(snapshot)
    claims = [
        _unless_reviewed(rules.roles[claim.role], claim, reviews)
        for claim in judged
        if isinstance(claim, SignOff) and not any(_takes_back(closing, claim) for closing in closings)
    ]
    unknown = {answer.role: answer.because for answer in judged if isinstance(answer, _Unknown)}
    refusals = [answer for answer in judged if isinstance(answer, Refusal)]
    refusals += [
        _why_not_revoked(rules, command)
        for command in revoked
        if not any(found.comment == command.comment.key for found in present)
    ]
    return SignOffs(
        standings={
            id: _standing(role, [claim for claim in claims if claim.role == id], unknown.get(id, ""), version)
            for id, role in rules.roles.items()
        },
        refusals=tuple(refusals),
        closings=new,
    )


def questions(rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...]) -> Questions:
    """What must be found out before `sign_offs` can tell."""
    asked = [
        _questions(rules, role, command.comment, commit_of(command, snapshot), snapshot)
        for command in commands
        if command.verb is Verb.APPROVE and not undone(command.comment) and (role := role_of(rules, command))
    ]
    asked += [
        _questions(rules, role, review, review.sha, snapshot)
        for role in _by_reviews(rules)
        for review in _approving(snapshot)
    ]
    return reduce(Questions.__or__, asked, Questions())


def role_of(rules: Rules, command: Command) -> Role | None:
    """The role that a command names."""
    return rules.roles.get(command.argument.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unknown:
    role: str
    because: str


def _questions(rules: Rules, role: Role, comment: Comment, sha: str | None, snapshot: Snapshot) -> Questions:
    asked = of_role.questions(role, comment, snapshot)
    # Strangers may write as many commands as they like: nothing is compared for them.
    if authority(role, comment, snapshot) is not Authority.GIVEN:
        return asked
    asked |= to_compare(role.stale, role.stale_paths, sha, snapshot)
    paths = snapshot.changed_paths
    # What workflows prove is signed only by those who have seen how they were changed.
    changes_workflows = not isinstance(paths, Unavailable) and bool(that_define(paths))
    guards = changes_workflows and role.id in rules.workflow_roles
    return asked | to_compare(Stale.CHANGED, DEFINING, sha, snapshot) if guards else asked


def _judge(
    rules: Rules, snapshot: Snapshot, command: Command, version: Fact[NextVersion]
) -> SignOff | Refusal | _Unknown:
    role, comment = role_of(rules, command), command.comment
    if role is None:
        return _why_nobody(rules, command)
    if what := undone(comment):
        return Refusal(command=command, because=f"{what} signs nothing; write it as a new comment")
    given = authority(role, comment, snapshot)
    if isinstance(given, Unavailable):
        return _Unknown(role=role.id, because=given.because)
    sha, quoted = commit_of(command, snapshot), quotes(role, version)
    if because := _why_not(role, given) or _why_otherwise(rules, role, command, sha, quoted, snapshot):
        return Refusal(command=command, because=because)
    return SignOff(
        role=role.id,
        login=comment.author or "",
        login_id=comment.author_id,
        sha=sha or "",
        at=comment.created_at,
        url=comment.url,
        note=command.because,
        dropped=why_rebased(comment.created_at, snapshot)
        or _why_dropped(role, sha or "", command.version, version, snapshot),
        comment=comment.key,
        is_retracted=(Verb.REVOKE, role.id) in command.below,
    )


def _why_not(role: Role, given: Authority) -> str:
    if given is Authority.GIVEN:
        return ""
    if given is Authority.NOBODY:
        return "Apps and deleted accounts can't sign"
    if given in of_role.EXCLUDED:
        return f"{given} can't sign for {role.id}"
    return f"only {who_may(role)} can sign for {role.id}"


def _why_otherwise(
    rules: Rules, role: Role, command: Command, sha: str | None, quoted: Fact[str], snapshot: Snapshot
) -> str:
    """What to write instead, where something is missing; empty when nothing is."""
    must_name = quoted if isinstance(quoted, str) else ""
    type_this = f"write `/approve {' '.join(filter(None, [role.id, short(snapshot.head_sha, snapshot), must_name]))}`"
    if other := rules.roles.get(command.because.split(" ", 1)[0].lower()):
        return f"it names two roles; write `/approve {role.id}` and `/approve {other.id}` on a line each"
    if Via.COMMENT not in role.via:
        return f"{role.id} signs with an approving review, not with a command"
    if command.commit and not sha and snapshot.head_sha.startswith(command.commit):
        return f"no verdict about {code(command.commit)} stood before this comment; {type_this}"
    if command.commit and not sha:
        return f"{code(command.commit[:12])} is no head of this pull request; {type_this}"
    if not sha:
        return f"no verdict was published before this comment, so it is not clear what it signs; {type_this}"
    if must_name and not command.version:
        return f"it has to name the version; {type_this}"
    return ""


def _why_dropped(role: Role, sha: str, named: str | None, version: Fact[NextVersion], snapshot: Snapshot) -> str:
    stale = why_stale(role.stale, role.stale_paths, sha, snapshot)
    if stale or named is None:
        return stale
    if isinstance(version, Unavailable):
        return f"it names the version {named}, and the next one is not known: {version.because}"
    if named == version.next:
        return ""
    return f"it names the version {named}, and the next one is {version.next}"


def quotes(role: Role, version: Fact[NextVersion]) -> Fact[str]:
    """The version that a sign-off for the role has to name; empty when it need not."""
    if role.quote_version is Quote.NEVER:
        return ""
    if isinstance(version, Unavailable):
        return Unavailable(f"a sign-off has to name the next version, which is not known: {version.because}")
    is_due = role.quote_version is Quote.ALWAYS or version.bump is Bump.MAJOR
    return version.next if is_due else ""


def _by_review(rules: Rules, snapshot: Snapshot, version: Fact[NextVersion]) -> list[SignOff | Refusal | _Unknown]:
    """Approving reviews that sign without a command; those of others are everybody's business and not refused."""
    found: list[SignOff | Refusal | _Unknown] = []
    for role in _by_reviews(rules):
        quoted = quotes(role, version)
        for review in _approving(snapshot):
            given = authority(role, review, snapshot)
            if isinstance(given, Unavailable):
                found.append(_Unknown(role=role.id, because=given.because))
            elif given is Authority.GIVEN:
                unquoted = f"a review does not name the version {quoted}" if quoted and isinstance(quoted, str) else ""
                found.append(
                    SignOff(
                        role=role.id,
                        login=review.author or "",
                        login_id=review.author_id,
                        sha=review.sha or "",
                        at=review.created_at,
                        url=review.url,
                        note="in a review",
                        dropped=unquoted
                        or why_rebased(review.created_at, snapshot)
                        or why_stale(role.stale, role.stale_paths, review.sha or "", snapshot),
                    )
                )
    return found


def _by_reviews(rules: Rules) -> tuple[Role, ...]:
    return tuple(role for role in rules.roles.values() if Via.REVIEW in role.via)


def _approving(snapshot: Snapshot) -> tuple[Comment, ...]:
    """The newest review of each person that says something, where that is an approval of a commit."""
    newest = _newest_reviews(snapshot).values()
    return tuple(review for review in newest if review.review is ReviewState.APPROVED and review.sha)


def _newest_reviews(snapshot: Snapshot) -> Mapping[str, Comment]:
    """By person, of those that say something."""
    comments = () if isinstance(snapshot.comments, Unavailable) else snapshot.comments
    saying = sorted(
        (comment for comment in comments if comment.review in SAYS_SOMETHING),
        key=lambda one: (one.created_at, one.id),
    )
    return {person(review.author, review.author_id): review for review in saying if review.author}


def _unless_reviewed(role: Role, claim: SignOff, reviews: Mapping[str, Comment]) -> SignOff:
    """The sign-off, dropped where reviews sign as well and the same person's newest came later and says no."""
    review = reviews.get(person(claim.login, claim.login_id))
    if Via.REVIEW not in role.via or review is None or review.review is ReviewState.APPROVED:
        return claim
    if claim.dropped or review.created_at < claim.at:
        return claim
    return replace(claim, dropped=f"{code(claim.login)} has reviewed it since and does not approve it")


def _standing(role: Role, claims: list[SignOff], unknown: str, version: Fact[NextVersion]) -> Standing:
    quoted = quotes(role, version)
    # What has to be named and isn't known can't be compared with what was named.
    hidden = quoted.because if isinstance(quoted, Unavailable) else ""
    return Standing(
        role=role,
        signed=() if hidden else tuple(claim for claim in claims if not claim.dropped),
        dropped=_dropped(claims),
        unknown=unknown or hidden,
        quotes=quoted if isinstance(quoted, str) else "",
    )


def _dropped(claims: Iterable[SignOff]) -> tuple[SignOff, ...]:
    """One row a person: the newest of their dropped sign-offs, unless another one of theirs stands."""
    newest = {
        person(claim.login, claim.login_id): claim
        for claim in sorted(claims, key=lambda claim: (not claim.dropped, claim.at))
    }
    return tuple(claim for claim in newest.values() if claim.dropped)


def _closing(rules: Rules, snapshot: Snapshot, commands: tuple[Command, ...], command: Command) -> Closing | None:
    """What is taken back; None where there is nothing of theirs to take back."""
    role = role_of(rules, command)
    found = closing(command, role.id) if role else None
    if role is None or found is None or was_seen(found, snapshot.closings):
        return found
    opening = {Verb.APPROVE, Verb.REJECT}
    said = [one.comment for one in commands if one.verb in opening and role_of(rules, one) == role]
    said += _approving(snapshot) if Via.REVIEW in role.via else ()
    spoke = any(same_person(found.login, found.login_id, one.author or "", one.author_id) for one in said)
    refused = any(
        one.argument == role.id and same_person(found.login, found.login_id, one.login, one.login_id)
        for one in snapshot.closings
    )
    return found if spoke or refused else None


def _why_not_revoked(rules: Rules, command: Command) -> Refusal:
    role = role_of(rules, command)
    if role is None or command.comment.author is None or command.comment.is_bot:
        return _why_nobody(rules, command)
    because = f"{code(command.comment.author)} has neither signed for {role.id} nor refused"
    return Refusal(command=command, because=because)


def _takes_back(closing: Closing, claim: SignOff) -> bool:
    """Within one comment the order of the lines tells, else the time."""
    is_own = same_person(closing.login, closing.login_id, claim.login, claim.login_id)
    is_later = claim.is_retracted if closing.comment == claim.comment else closing.at >= claim.at
    return closing.argument == claim.role and is_own and is_later


def _why_nobody(rules: Rules, command: Command) -> Refusal:
    if role_of(rules, command):
        return Refusal(command=command, because="Apps and deleted accounts can't sign")
    return no_such(command, "role", tuple(rules.roles), are="the roles are")
