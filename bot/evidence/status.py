"""Evidence: a commit status of the head succeeded."""

from dataclasses import dataclass
from datetime import timedelta

from bot.gate.candidate import Candidate
from bot.gate.finding import Finding, met, pending, unmet
from bot.gate.markup import code
from bot.gate.needs import Needs
from bot.gate.runs import StatusSource


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
        source = StatusSource(context=self.context, creator=self.creator, missing_after=self.missing_after)
        status = source.status(candidate)
        if isinstance(status, Finding):
            return status
        seen = f"{code(self.context)}: {status.state}"
        match status.state:
            case "success":
                return met(seen=seen, link=status.url, at=status.at)
            case "pending" | "expected":
                return pending(seen=seen, link=status.url)
            case _:
                do = f"see why {code(self.context)} ended so, then push a fix"
                return unmet(seen=seen, wanted="success", do=do, link=status.url, failed=True)
