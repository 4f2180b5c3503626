"""Where a check run or a commit status has to come from, and what to say while there is none that counts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.gate.candidate import Candidate
from bot.gate.facts import CheckRun, CheckSuite, CommitStatus, Fact, Unavailable
from bot.gate.finding import Finding, State, every, pending, unknown, unmet
from bot.gate.markup import code, instant, listed
from bot.gate.workflows import ACTIONS, path_of

_SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSource:
    """The App, and for GitHub Actions the workflow file and events, that a check run of a name has to come from."""

    name: str
    app: str
    workflow: str | None
    events: frozenset[str]
    conclusions: frozenset[str]
    max_age: timedelta | None
    missing_after: timedelta

    def judge(self, candidate: Candidate, says: Callable[[CheckRun], Finding]) -> Finding:
        """The worst of the newest runs of every suite that counts; `says` judges one that concluded as listed."""
        finding = self._judge(candidate, says)
        return candidate.guarded(finding) if self.app == ACTIONS else finding

    def _judge(self, candidate: Candidate, says: Callable[[CheckRun], Finding]) -> Finding:
        known = candidate.checks(name=self.name, app=self.app)
        if isinstance(known, Unavailable):
            return self._unknown(known.because)
        ours = tuple(run for run in known if self._counts(run))
        for run in ours:
            if isinstance(run.workflow, Unavailable) and (self.workflow or self.events):
                # GitHub sends no event when it makes up its mind, so the clock has to look again.
                return replace(self._unknown(run.workflow.because), again_at=candidate.now + _SOON)
        suites = self._running(candidate, ours)
        if isinstance(suites, Unavailable):
            return self._unknown(suites.because)
        coming = [
            pending(seen=f"{code(self.name)} has not started{_on(suite.event)}", link=suite.url) for suite in suites
        ]
        if ours or coming:
            return every([*(self._judge_run(run, candidate, says) for run in ours), *coming])
        return self._missing(candidate, known)

    def _counts(self, run: CheckRun) -> bool:
        if isinstance(run.workflow, Unavailable):
            return True  # it may well be one of ours: what is not known is not left out
        if self.events and run.event not in self.events:
            return False
        return self.workflow is None or run.workflow == path_of(self.workflow)

    def _running(self, candidate: Candidate, ours: tuple[CheckRun, ...]) -> Fact[tuple[CheckSuite, ...]]:
        """Suites at work in which the check may yet appear: of the workflow it has to come from, or else comes from.

        A suite whose workflow GitHub does not tell yet may be one of them.
        """
        suites = candidate.running_suites(app=self.app)
        if isinstance(suites, Unavailable):
            return suites
        workflows = {path_of(self.workflow)} if self.workflow else {run.workflow for run in ours}
        reported = {run.suite for run in ours}
        return tuple(
            suite
            for suite in suites
            if suite.id not in reported
            and (not self.events or suite.event in self.events)
            and (not workflows or suite.workflow is None or suite.workflow in workflows)
        )

    def _judge_run(self, run: CheckRun, candidate: Candidate, says: Callable[[CheckRun], Finding]) -> Finding:
        if run.status != "completed":
            return pending(seen=f"{code(self.name)} is {run.status.replace('_', ' ')}", link=run.url)
        if run.conclusion in self.conclusions:
            return _not_older(says(run), self.max_age, candidate)
        return unmet(
            seen=f"{code(self.name)}: {run.conclusion}",
            wanted=listed(sorted(self.conclusions), last="or"),
            do=f"see why {code(self.name)} ended so, then push a fix or re-run it",
            link=run.url,
            failed=True,
        )

    def _missing(self, candidate: Candidate, others: tuple[CheckRun, ...]) -> Finding:
        deadline = candidate.missing_since + self.missing_after
        if candidate.now < deadline:
            return pending(seen=f"no {code(self.name)} {self._where()} yet", again_at=deadline)
        return unmet(
            seen=self._seen_instead(candidate, others),
            wanted=f"{code(self.name)} {self._where()}",
            do=f"have {code(self.workflow or self.app)} report {code(self.name)} for this head{_on(*self.events)}",
        )

    def _where(self) -> str:
        place = f"from {code(self.workflow)}" if self.workflow else f"by {code(self.app)}"
        return f"{place}{_on(*self.events)}"

    def _seen_instead(self, candidate: Candidate, others: tuple[CheckRun, ...]) -> str:
        """A check of the right name from the wrong place is named, so that nobody wonders why it does not count."""
        if others:
            places = {f"{_workflow(run) or run.app}{f' ({run.event})' if run.event else ''}" for run in others}
            return f"{code(self.name)} only from {listed([code(place) for place in sorted(places)])}"
        apps = sorted(candidate.apps_with(name=self.name))
        if apps:
            return f"{code(self.name)} only by {listed([code(app) for app in apps])}"
        return f"no {code(self.name)}"

    def _unknown(self, because: str) -> Finding:
        return unknown(because=because, wanted=f"{code(self.name)} {self._where()}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSource:
    """The context that a commit status has to have, and who has to have set it."""

    context: str
    creator: str | None
    max_age: timedelta | None
    missing_after: timedelta

    def judge(self, candidate: Candidate, says: Callable[[CommitStatus], Finding]) -> Finding:
        """What the newest status of the context says; `says` judges one that succeeded."""
        status = candidate.status(self.context)
        if isinstance(status, Unavailable):
            return unknown(because=status.because, wanted=f"status {code(self.context)}")
        if status is None or not self._is_by_creator(status):
            return self._missing(candidate, status)
        seen = f"{code(self.context)}: {status.state}"
        match status.state:
            case "success":
                return _not_older(says(status), self.max_age, candidate)
            case "pending" | "expected":
                return pending(seen=seen, link=status.url)
            case _:
                do = f"see why {code(self.context)} ended so, then push a fix"
                return unmet(seen=seen, wanted="success", do=do, link=status.url, failed=True)

    def _is_by_creator(self, status: CommitStatus) -> bool:
        return self.creator is None or self.creator.lower() == (status.creator or "").lower()

    def _missing(self, candidate: Candidate, other: CommitStatus | None) -> Finding:
        deadline = candidate.missing_since + self.missing_after
        seen = (
            f"{code(self.context)} set by {code(other.creator or '')}" if other else f"no status {code(self.context)}"
        )
        if candidate.now < deadline:
            return pending(seen=f"{seen} yet" if other is None else seen, again_at=deadline)
        by = f" by {code(self.creator)}" if self.creator else ""
        do = f"have {code(self.creator) if self.creator else 'CI'} set {code(self.context)} on this head"
        return unmet(seen=seen, wanted=f"{code(self.context)}{by}", do=do)


def _not_older(finding: Finding, max_age: timedelta | None, candidate: Candidate) -> Finding:
    """The finding, unless what it is met by is too old."""
    if max_age is None or finding.state is not State.MET:
        return finding
    if finding.at is None:
        return unknown(because=f"{finding.seen}, but GitHub does not say since when", wanted="one that is not too old")
    ends = finding.at + max_age
    if candidate.now < ends:
        return replace(finding, again_at=ends)
    return unmet(
        seen=f"{finding.seen} at {instant(finding.at)}, which is too long ago",
        wanted="a newer one",
        do="run it again",
        link=finding.link,
    )


def _on(*events: str | None) -> str:
    known = sorted(event for event in events if event)
    return f" on {listed([code(event) for event in known], last='or')}" if known else ""


def _workflow(run: CheckRun) -> str | None:
    return None if isinstance(run.workflow, Unavailable) else run.workflow
