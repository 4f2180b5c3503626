"""How far a role is: who signed, whose sign-off was dropped, who refused, and what that says as evidence."""

from dataclasses import dataclass
from datetime import datetime

from bot.gate.authority import who_may
from bot.gate.finding import Finding, State, Who
from bot.gate.markup import code, listed
from bot.gate.persons import person
from bot.gate.rules import Role, Via


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """A person's approval on behalf of a role, of one commit."""

    role: str
    login: str
    login_id: int | None = None
    """Of the account."""
    sha: str
    at: datetime
    url: str
    note: str = ""
    dropped: str = ""
    """Why it no longer counts; empty while it does."""
    comment: str = ""
    """The key of the comment that it stands in."""
    is_retracted: bool = False
    """The same comment takes it back further down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """A member of a role refuses; it stands until the role approves after it or whoever said it takes it back."""

    role: str
    login: str
    login_id: int | None = None
    """Of the account."""
    at: datetime
    because: str
    url: str | None = None
    """Where it was said, while that is still there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a role is."""

    role: Role
    signed: tuple[SignOff, ...] = ()
    dropped: tuple[SignOff, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    unknown: str = ""
    """Why it can't be told who signed; empty when it can."""
    unfilled: str = ""
    """Why nobody can fill it; empty when somebody can."""
    is_due: bool = True
    """It has to sign this change, for itself, an item or an area."""
    quotes: str = ""
    """The version that a sign-off has to name; empty when it need not."""

    @property
    def people(self) -> frozenset[str]:
        """Who signed, each once."""
        return frozenset(person(one.login, one.login_id) for one in self.signed)

    @property
    def missing(self) -> int:
        """How many people have yet to sign."""
        return max(0, self.role.count - len(self.people))

    @property
    def is_signed(self) -> bool:
        """Enough people have signed, and nobody refuses."""
        return not self.missing and not self.vetoes


def to_sign(standing: Standing, head_sha: str) -> str:
    """What to type, or where to click."""
    role = standing.role
    typed = f"`/approve {' '.join(filter(None, [role.id, head_sha[:7], standing.quotes]))}`"
    if Via.REVIEW not in role.via:
        return typed
    return f"{typed} or an approving review" if Via.COMMENT in role.via else "an approving review"


def finding(standing: Standing, head_sha: str) -> Finding:
    """What a role's standing says as evidence."""
    role = standing.role
    if standing.is_signed:
        last = max(standing.signed, key=lambda sign_off: sign_off.at)
        return Finding(state=State.MET, seen=f"{role.id}: signed by {_names(standing)}", link=last.url, at=last.at)
    if standing.vetoes:
        return _refused(standing, head_sha)
    if standing.unknown:
        return Finding(
            state=State.UNKNOWN,
            seen=f"{role.id}: {standing.unknown}",
            wanted="a sign-off that can be verified",
            do="let the App read it: see its permissions",
            who=Who.ADMIN,
        )
    people_wanted = "a sign-off" if standing.missing == 1 else f"{standing.missing} sign-offs"
    return Finding(
        state=State.UNMET,
        seen=_seen(standing),
        wanted=f"{people_wanted} by {who_may(role)}",
        do=f"let somebody else open or push it, or add people to `{role.id}`"
        if standing.unfilled
        else to_sign(standing, head_sha),
        who=Who.ADMIN if standing.unfilled else Who.ROLE,
        roles=(role.id,),
    )


def _refused(standing: Standing, head_sha: str) -> Finding:
    role, veto = standing.role, standing.vetoes[0]
    names = listed(list(dict.fromkeys(code(veto.login) for veto in standing.vetoes)))
    why = f": {code(veto.because, limit=200)}" if veto.because else ""
    return Finding(
        state=State.UNMET,
        seen=f"{role.id} refused by {names}{why}",
        wanted=f"the word of {who_may(role)}, or that it is taken back",
        do=f"{to_sign(standing, head_sha)}; by {names}: `/revoke {role.id}`",
        who=Who.ROLE,
        roles=(role.id,),
        link=veto.url,
    )


def _seen(standing: Standing) -> str:
    role = standing.role
    if standing.unfilled:
        return f"{role.id} {standing.unfilled}"
    if standing.dropped:
        return f"{role.id}: {standing.dropped[-1].dropped}"
    if standing.signed:
        return f"{role.id}: so far signed by {_names(standing)}"
    return f"{role.id} has not signed"


def _names(standing: Standing) -> str:
    return listed(list(dict.fromkeys(code(sign_off.login) for sign_off in standing.signed)))
