"""Evidence: a check run at the head concluded well, made by the App and the workflow that the rules name."""

from dataclasses import dataclass
from datetime import timedelta

from bot.gate.candidate import Candidate
from bot.gate.facts import CheckRun
from bot.gate.finding import Finding, met
from bot.gate.markup import code
from bot.gate.mask import of_check
from bot.gate.needs import Needs
from bot.gate.options import AppSlug, Conclusion, Event, WorkflowFile
from bot.gate.runs import CheckSource
from bot.gate.workflows import ACTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The newest run of every suite with that name at the head concluded as listed; several: the worst counts."""

    name: str
    app: AppSlug = ACTIONS
    workflow: WorkflowFile | None = None
    """File name below `.github/workflows`, or the whole path: any job can take a name, a file can't be mistaken."""
    events: frozenset[Event] = frozenset()
    """Only runs of these events count; none: all."""
    conclusions: frozenset[Conclusion] = frozenset({"success"})
    max_age: timedelta | None = None
    """How long ago it may have ended; None: for ever."""
    missing_after: timedelta = timedelta(minutes=10)
    """How long after the head was first seen a missing check may still come."""

    def needs(self) -> Needs:
        """Check runs are always read; whether the pull request changes a workflow is where one can prove itself."""
        heeds = of_check(self.name, app=self.app, workflow=self.workflow)
        return Needs(changes=self.app == ACTIONS, heeds=heeds)

    def judge(self, candidate: Candidate) -> Finding:
        """The worst of the runs that count, or how long to wait for one."""
        source = CheckSource(
            name=self.name,
            app=self.app,
            workflow=self.workflow,
            events=self.events,
            conclusions=self.conclusions,
            max_age=self.max_age,
            missing_after=self.missing_after,
        )
        return source.judge(candidate, self._met)

    def _met(self, run: CheckRun) -> Finding:
        return met(seen=f"{code(self.name)}: {run.conclusion}", link=run.url, at=run.completed_at)
