"""Evidence: a commit status of the head succeeded."""

from dataclasses import dataclass
from datetime import timedelta

from bot.gate.candidate import Candidate
from bot.gate.facts import CommitStatus
from bot.gate.finding import Finding, met
from bot.gate.markup import code
from bot.gate.mask import Subject, Topic
from bot.gate.needs import Needs
from bot.gate.options import Login
from bot.gate.runs import StatusSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The commit status of that context succeeded, set by `creator` if one is named."""

    context: str
    creator: Login | None = None
    """Login of who has to have set it: anyone with write access can set a status."""
    max_age: timedelta | None = None
    """How long ago it may have been set; None: for ever."""
    missing_after: timedelta = timedelta(minutes=10)

    def needs(self) -> Needs:
        """Statuses are always read."""
        return Needs(heeds=frozenset({Topic(Subject.STATUS, self.context)}))

    def judge(self, candidate: Candidate) -> Finding:
        """What the newest status of the context says."""
        source = StatusSource(
            context=self.context, creator=self.creator, max_age=self.max_age, missing_after=self.missing_after
        )
        return source.judge(candidate, self._met)

    def _met(self, status: CommitStatus) -> Finding:
        return met(seen=f"{code(self.context)}: {status.state}", link=status.url, at=status.at)
