"""Evidence: roles have signed."""

from dataclasses import dataclass

from bot.gate.candidate import Candidate
from bot.gate.finding import Finding, every
from bot.gate.needs import Needs
from bot.gate.options import RoleId
from bot.gate.standing import finding


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """The named roles have signed."""

    roles: tuple[RoleId, ...]

    def needs(self) -> Needs:
        """The sign-offs of these roles."""
        return Needs(roles=frozenset(self.roles))

    def judge(self, candidate: Candidate) -> Finding:
        """Every role must have signed; the worst decides."""
        return every(finding(candidate.standings[role], candidate.snapshot.head_sha) for role in self.roles)
