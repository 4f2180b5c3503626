"""Evidence: a check run at the head concluded well, made by the App and the workflow that the rules name."""

from dataclasses import dataclass
from datetime import timedelta

from bot.gate.candidate import Candidate
from bot.gate.facts import CheckRun
from bot.gate.finding import Finding, every, met, pending, unmet
from bot.gate.markup import code, listed
from bot.gate.needs import Needs
from bot.gate.options import WorkflowFile
from bot.gate.runs import CheckSource
from bot.gate.workflows import ACTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The newest run of every suite with that name at the head concluded as listed; several: the worst counts."""

    name: str
    app: str = ACTIONS
    workflow: WorkflowFile | None = None
    """File name below `.github/workflows`, or the whole path: any job can take a name, a file can't be mistaken."""
    events: frozenset[str] = frozenset()
    """Only runs of these events count; none: all."""
    conclusions: frozenset[str] = frozenset({"success"})
    missing_after: timedelta = timedelta(minutes=10)
    """How long after the head was first seen a missing check may still come."""

    def needs(self) -> Needs:
        """Check runs are always read; whether the pull request changes the workflow is where one is named."""
        return Needs(changes=self.workflow is not None)

    def judge(self, candidate: Candidate) -> Finding:
        """The worst of the runs that count, or how long to wait for one."""
        source = CheckSource(
            name=self.name,
            app=self.app,
            workflow=self.workflow,
            events=self.events,
            missing_after=self.missing_after,
        )
        runs = source.runs(candidate)
        if isinstance(runs, Finding):
            return candidate.guarded(runs, self.workflow)
        return candidate.guarded(every(self._judge_run(run) for run in runs), self.workflow)

    def _judge_run(self, run: CheckRun) -> Finding:
        if run.status != "completed":
            return pending(seen=f"{code(self.name)} is {run.status.replace('_', ' ')}", link=run.url)
        if run.conclusion in self.conclusions:
            return met(seen=f"{code(self.name)}: {run.conclusion}", link=run.url, at=run.completed_at)
        return unmet(
            seen=f"{code(self.name)}: {run.conclusion}",
            wanted=listed(sorted(self.conclusions), last="or"),
            do=f"see why {code(self.name)} ended so, then push a fix or re-run it",
            link=run.url,
            failed=True,
        )
