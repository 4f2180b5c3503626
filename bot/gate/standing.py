"""How far a role is: who signed, whose sign-off was dropped, and what that says as evidence."""

from dataclasses import dataclass
from datetime import datetime

from bot.gate.finding import Finding, State, Who
from bot.gate.markup import code, listed
from bot.gate.rules import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """A person's approval on behalf of a role, of one commit."""

    role: str
    login: str
    sha: str
    at: datetime
    url: str
    note: str = ""
    dropped: str = ""
    """Why it no longer counts; empty while it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a role is."""

    role: Role
    signed: tuple[SignOff, ...] = ()
    dropped: tuple[SignOff, ...] = ()
    unknown: str = ""
    """Why it can't be told who signed; empty when it can."""

    @property
    def missing(self) -> int:
        """How many people have yet to sign."""
        return max(0, self.role.count - len({sign_off.login for sign_off in self.signed}))

    @property
    def blocks(self) -> bool:
        """The role must sign and has not."""
        return self.role.required and self.missing > 0


def who_may(role: Role) -> str:
    """Who can sign for the role, naming teams and not their members."""
    return listed([code(name) for name in (*sorted(role.teams), *sorted(role.users))], last="or")


def finding(standing: Standing, head_sha: str) -> Finding:
    """What a role's standing says as evidence."""
    role = standing.role
    if not standing.missing:
        last = max(standing.signed, key=lambda sign_off: sign_off.at)
        return Finding(state=State.MET, seen=f"{role.id}: signed by {_names(standing)}", link=last.url, at=last.at)
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
        do=f"`/approve {role.id} {head_sha[:7]}`",
        who=Who.ROLE,
        roles=(role.id,),
    )


def _seen(standing: Standing) -> str:
    role = standing.role
    if standing.dropped:
        return f"{role.id}: {standing.dropped[-1].dropped}"
    if standing.signed:
        return f"{role.id}: so far signed by {_names(standing)}"
    return f"{role.id} has not signed"


def _names(standing: Standing) -> str:
    return listed(list(dict.fromkeys(code(sign_off.login) for sign_off in standing.signed)))
