"""Where a check run or a commit status has to come from, and what to say while there is none."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.gate.candidate import Candidate
from bot.gate.facts import CheckRun, CommitStatus, Fact, Unavailable
from bot.gate.finding import Finding, pending, unknown, unmet
from bot.gate.markup import code, listed
from bot.gate.workflows import path_of

_SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSource:
    """The App, and for GitHub Actions the workflow file and events, that a check run of a name has to come from."""

    name: str
    app: str
    workflow: str | None
    events: frozenset[str]
    missing_after: timedelta

    def runs(self, candidate: Candidate) -> tuple[CheckRun, ...] | Finding:
        """The newest run of every suite that counts, or what to say because there is none that can be judged."""
        known = candidate.checks(name=self.name, app=self.app)
        if isinstance(known, Unavailable):
            return self._unknown(known.because)
        ours = tuple(run for run in known if self._counts(run))
        for run in ours:
            if isinstance(run.workflow, Unavailable) and (self.workflow or self.events):
                # GitHub sends no event when it makes up its mind, so the clock has to look again.
                return replace(self._unknown(run.workflow.because), again_at=candidate.now + _SOON)
        return ours or self._missing(candidate, known)

    def _counts(self, run: CheckRun) -> bool:
        if isinstance(run.workflow, Unavailable):
            return True  # it may well be one of ours: what is not known is not left out
        if self.events and run.event not in self.events:
            return False
        return self.workflow is None or run.workflow == path_of(self.workflow)

    def _missing(self, candidate: Candidate, others: tuple[CheckRun, ...]) -> Finding:
        suites = candidate.running_suites(app=self.app, workflow=path_of(self.workflow) if self.workflow else None)
        if isinstance(suites, Unavailable):
            return self._unknown(suites.because)
        if suites:
            return pending(seen=f"{code(self.name)} has not started")
        deadline = candidate.missing_since + self.missing_after
        if candidate.now < deadline:
            return pending(seen=f"no {code(self.name)} {self._where()} yet", again_at=deadline)
        return unmet(
            seen=self._seen_instead(candidate, others),
            wanted=f"{code(self.name)} {self._where()}",
            do=f"make {self._where()} report {code(self.name)} for this head",
        )

    def _where(self) -> str:
        return f"from {code(self.workflow)}" if self.workflow else f"by {code(self.app)}"

    def _seen_instead(self, candidate: Candidate, others: tuple[CheckRun, ...]) -> str:
        """A check of the right name from the wrong place is named, so that nobody wonders why it does not count."""
        if others:
            places = {f"{_workflow(run) or run.app} ({run.event})" for run in others}
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
    missing_after: timedelta

    def status(self, candidate: Candidate) -> CommitStatus | Finding:
        """The newest status of the context, or what to say because it does not count."""
        status = candidate.status(self.context)
        if isinstance(status, Unavailable):
            return unknown(because=status.because, wanted=f"status {code(self.context)}")
        if status is not None and self._is_by_creator(status):
            return status
        return self._missing(candidate, status)

    def _is_by_creator(self, status: CommitStatus) -> bool:
        return self.creator is None or self.creator.lower() == (status.creator or "").lower()

    def _missing(self, candidate: Candidate, other: CommitStatus | None) -> Finding:
        deadline = candidate.missing_since + self.missing_after
        if other is None and candidate.now < deadline:
            return pending(seen=f"no status {code(self.context)} yet", again_at=deadline)
        seen = (
            f"{code(self.context)} set by {code(other.creator or '')}" if other else f"no status {code(self.context)}"
        )
        by = f" by {code(self.creator)}" if self.creator else ""
        do = f"have {code(self.creator) if self.creator else 'CI'} set {code(self.context)} on this head"
        return unmet(seen=seen, wanted=f"{code(self.context)}{by}", do=do)


def _workflow(run: CheckRun) -> Fact[str | None]:
    return None if isinstance(run.workflow, Unavailable) else run.workflow
