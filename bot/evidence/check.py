"""Evidence: a check run at the head concluded well, made by the App and the workflow that the rules name."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.gate.candidate import Candidate
from bot.gate.facts import CheckRun, Needs, Unavailable
from bot.gate.finding import Finding, State, Who, every, met
from bot.gate.markup import code, listed

ACTIONS = "github-actions"
_SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The newest run of every suite with that name at the head concluded as listed; several: the worst counts."""

    name: str
    app: str = ACTIONS
    workflow: str | None = None
    """File name below `.github/workflows`, or the whole path: any job can take a name, a file can't be mistaken."""
    events: frozenset[str] = frozenset()
    """Only runs of these events count; none: all."""
    conclusions: frozenset[str] = frozenset({"success"})
    missing_after: timedelta = timedelta(minutes=10)
    """How long after the head was first seen a missing check may still come."""

    def needs(self) -> Needs:
        """Check runs are always read."""
        return Needs()

    def judge(self, candidate: Candidate) -> Finding:
        """The worst of the runs that count, or how long to wait for one."""
        runs = candidate.checks(name=self.name, app=self.app)
        if isinstance(runs, Unavailable):
            return self._unknown(runs.because)
        ours = tuple(run for run in runs if self._counts(run))
        return every(self._judge_run(run, candidate) for run in ours) if ours else self._missing(candidate, runs)

    def _counts(self, run: CheckRun) -> bool:
        if isinstance(run.workflow, Unavailable):
            return True  # it may well be one of ours: what is not known is not left out
        if self.events and run.event not in self.events:
            return False
        return self.workflow is None or run.workflow == self._path

    @property
    def _path(self) -> str | None:
        if self.workflow is None or "/" in self.workflow:
            return self.workflow
        return f".github/workflows/{self.workflow}"

    def _judge_run(self, run: CheckRun, candidate: Candidate) -> Finding:
        if (self.workflow or self.events) and isinstance(run.workflow, Unavailable):
            # GitHub sends no event when it makes up its mind, so the clock has to look again.
            return replace(self._unknown(run.workflow.because), again_at=candidate.now + _SOON)
        if run.status != "completed":
            return Finding(
                state=State.PENDING,
                seen=f"{code(self.name)} is {run.status.replace('_', ' ')}",
                who=Who.CI,
                link=run.url,
            )
        if run.conclusion in self.conclusions:
            return met(seen=f"{code(self.name)}: {run.conclusion}", link=run.url, at=run.completed_at)
        return Finding(
            state=State.UNMET,
            seen=f"{code(self.name)}: {run.conclusion}",
            wanted=listed(sorted(self.conclusions), last="or"),
            do=f"see why {code(self.name)} ended so, then push a fix or re-run it",
            link=run.url,
            failed=True,
        )

    def _missing(self, candidate: Candidate, others: tuple[CheckRun, ...]) -> Finding:
        suites = candidate.running_suites(app=self.app, workflow=self._path)
        if isinstance(suites, Unavailable):
            return self._unknown(suites.because)
        if suites:
            return Finding(state=State.PENDING, seen=f"{code(self.name)} has not started", who=Who.CI)
        deadline = candidate.missing_since + self.missing_after
        if candidate.now < deadline:
            return Finding(
                state=State.PENDING, seen=f"no {code(self.name)} {self._where()} yet", who=Who.CI, again_at=deadline
            )
        return Finding(
            state=State.UNMET,
            seen=self._seen_instead(candidate, others),
            wanted=f"{code(self.name)} {self._where()}",
            do=f"make {self._where()} report {code(self.name)} for this head",
        )

    def _where(self) -> str:
        return f"from {code(self.workflow)}" if self.workflow else f"by {code(self.app)}"

    def _seen_instead(self, candidate: Candidate, others: tuple[CheckRun, ...]) -> str:
        """A check of the right name from the wrong place is named, so that nobody wonders why it does not count."""
        if others:
            places = {f"{run.workflow or run.app} ({run.event})" for run in others}
            return f"{code(self.name)} only from {listed([code(place) for place in sorted(places)])}"
        apps = sorted(candidate.apps_with(name=self.name))
        if apps:
            return f"{code(self.name)} only by {listed([code(app) for app in apps])}"
        return f"no {code(self.name)}"

    def _unknown(self, because: str) -> Finding:
        return Finding(
            state=State.UNKNOWN,
            seen=because,
            wanted=f"{code(self.name)} {self._where()}",
            do="see that the App may read checks",
            who=Who.ADMIN,
        )
