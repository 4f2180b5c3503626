"""Evidence: somebody who may has attested that the item is done."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.gate.authority import who_may
from bot.gate.candidate import Candidate
from bot.gate.claims import Claim, Claimed
from bot.gate.finding import Finding, State, Who, met, unknown
from bot.gate.markup import code, instant, listed
from bot.gate.needs import Needs
from bot.gate.options import RoleId
from bot.gate.rules import Stale
from bot.gate.signed import why_rebased, why_stale


class Link(StrEnum):
    """Whether an attestation has to point at something."""

    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """A member of one of the roles attested the item, with a link if one is required, at most `max_age` ago."""

    by: tuple[RoleId, ...]
    url: Link = Link.OPTIONAL
    max_age: timedelta | None = None
    stale: Stale = Stale.NEVER
    """When a push takes it away."""

    def needs(self) -> Needs:
        """What members of the roles said."""
        return Needs(attesters=frozenset(self.by), attested_commits=self.stale is Stale.CHANGED)

    def judge(self, candidate: Candidate) -> Finding:
        """Whether somebody's word still counts; it is met since the first that does.

        All of a person's words count, not the newest alone: else deleting that one would bring an older one back.
        """
        attested = candidate.attested.get(candidate.item, Claimed())
        ours = [claim for claim in attested.claims if claim.roles & frozenset(self.by)]
        judged = [(claim, self._wrong(claim, candidate)) for claim in sorted(ours, key=lambda claim: claim.at)]
        standing = [claim for claim, wrong in judged if not wrong]
        if standing:
            return self._met(standing)
        if attested.unknown:
            return unknown(because=attested.unknown, wanted="an attestation that can be verified")
        return Finding(
            state=State.UNMET,
            seen=judged[-1][1] if judged else "nobody has attested it",
            wanted=f"the word of {listed([who_may(candidate.standings[role].role) for role in self.by], last='or')}",
            do=f"`/attest {candidate.item}{' https://…' if self.url is Link.REQUIRED else ''}`",
            who=Who.ROLE,
            roles=self.by,
        )

    def _met(self, standing: list[Claim]) -> Finding:
        first, last = standing[0], standing[-1]
        names = listed(list(dict.fromkeys(code(claim.login) for claim in standing)))
        return met(
            seen=f"attested by {names}",
            link=last.proof or last.url,
            at=first.at,
            again_at=last.at + self.max_age if self.max_age else None,
        )

    def _wrong(self, claim: Claim, candidate: Candidate) -> str:
        """Why a claim does not count; empty when it does."""
        if self.url is Link.REQUIRED and not claim.proof:
            return f"{code(claim.login)} attested it without a link"
        if self.max_age is not None and claim.at + self.max_age <= candidate.now:
            return f"{code(claim.login)} attested it at {instant(claim.at)}, which is too long ago"
        if self.stale is Stale.NEVER:
            return ""
        if claim.sha is None:
            return f"{code(claim.login)} attested it before a verdict was published, so it is not clear of which commit"
        rebased = why_rebased(claim.at, candidate.snapshot, was="attested")
        return rebased or why_stale(self.stale, (), claim.sha, candidate.snapshot, was="attested")
