"""Evidence: a commit status of the head succeeded."""

from dataclasses import dataclass
from datetime import timedelta

from bot.gate.candidate import Candidate
from bot.gate.facts import CommitStatus, Needs, Unavailable
from bot.gate.finding import Finding, State, Who, met
from bot.gate.markup import code


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The commit status of that context succeeded, set by `creator` if one is named."""

    context: str
    creator: str | None = None
    """Login of who has to have set it: anyone with write access can set a status."""
    missing_after: timedelta = timedelta(minutes=10)

    def needs(self) -> Needs:
        """Statuses are always read."""
        return Needs()

    def judge(self, candidate: Candidate) -> Finding:
        """What the newest status of the context says."""
        status = candidate.status(self.context)
        if isinstance(status, Unavailable):
            return Finding(
                state=State.UNKNOWN,
                seen=status.because,
                wanted=f"status {code(self.context)}",
                do="see that the App may read commit statuses",
                who=Who.ADMIN,
            )
        if status is None or not self._is_by_creator(status):
            return self._missing(candidate, status)
        seen = f"{code(self.context)}: {status.state}"
        match status.state:
            case "success":
                return met(seen=seen, link=status.url, at=status.at)
            case "pending" | "expected":
                return Finding(state=State.PENDING, seen=seen, who=Who.CI, link=status.url)
            case _:
                return Finding(
                    state=State.UNMET,
                    seen=seen,
                    wanted="success",
                    do=f"see why {code(self.context)} ended so, then push a fix",
                    link=status.url,
                    failed=True,
                )

    def _is_by_creator(self, status: CommitStatus) -> bool:
        # GraphQL leaves `[bot]` off a bot's login, REST and people don't.
        return self.creator is None or _bare(self.creator) == _bare(status.creator or "")

    def _missing(self, candidate: Candidate, other: CommitStatus | None) -> Finding:
        by = f" by {code(self.creator)}" if self.creator else ""
        deadline = candidate.missing_since + self.missing_after
        if other is None and candidate.now < deadline:
            return Finding(
                state=State.PENDING, seen=f"no status {code(self.context)} yet", who=Who.CI, again_at=deadline
            )
        seen = (
            f"{code(self.context)} set by {code(other.creator or '')}" if other else f"no status {code(self.context)}"
        )
        return Finding(
            state=State.UNMET,
            seen=seen,
            wanted=f"{code(self.context)}{by}",
            do=f"have {code(self.creator) if self.creator else 'CI'} set {code(self.context)} on this head",
        )


def _bare(login: str) -> str:
    return login.removesuffix("[bot]").lower()
