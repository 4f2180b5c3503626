"""Evidence: the newest run of a workflow file for the head succeeded."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.gate.candidate import Candidate
from bot.gate.facts import CheckSuite, Unavailable
from bot.gate.finding import Finding, every, met, pending, unknown, unmet
from bot.gate.markup import code, listed
from bot.gate.mask import of_workflow
from bot.gate.needs import Needs
from bot.gate.options import Conclusion, Event, WorkflowFile
from bot.gate.workflows import ACTIONS, path_of

_SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """The newest run of the workflow file for the head concluded as listed, for every event it ran for."""

    file: WorkflowFile
    events: frozenset[Event] = frozenset()
    """Only runs of these events count, and each of them has to have one; none: whatever ran."""
    conclusions: frozenset[Conclusion] = frozenset({"success"})
    missing_after: timedelta = timedelta(minutes=10)

    def needs(self) -> Needs:
        """Suites are always read; whether the pull request changes a workflow is too."""
        return Needs(changes=True, heeds=of_workflow(self.file))

    def judge(self, candidate: Candidate) -> Finding:
        """The worst of the events decides."""
        suites = candidate.snapshot.suites
        if isinstance(suites, Unavailable):
            return unknown(because=suites.because, wanted=f"a run of {code(self.file)}")
        if any(suite.app == ACTIONS and suite.event and suite.workflow is None for suite in suites):
            because = "GitHub does not show of which workflow a run at the head is"
            # GitHub sends no event when it makes up its mind, so the clock has to look again.
            return replace(
                unknown(because=because, wanted=f"a run of {code(self.file)}"), again_at=candidate.now + _SOON
            )
        newest = _newest(suite for suite in suites if suite.app == ACTIONS and suite.workflow == path_of(self.file))
        runs = {event: suite for event, suite in newest.items() if not self.events or event in self.events}
        missing = sorted(self.events - runs.keys())
        findings = [self._judge_run(suite) for suite in runs.values()]
        findings += [self._missing(candidate, event) for event in missing]
        return candidate.guarded(every(findings or [self._missing(candidate, None)]))

    def _judge_run(self, suite: CheckSuite) -> Finding:
        run = f"{code(self.file)} on {suite.event}"
        if suite.status != "completed":
            return pending(seen=f"{run} is {suite.status.replace('_', ' ')}", link=suite.url)
        if suite.conclusion in self.conclusions:
            return met(seen=f"{run}: {suite.conclusion}", link=suite.url, at=suite.updated_at)
        return unmet(
            seen=f"{run}: {suite.conclusion}",
            wanted=listed(sorted(self.conclusions), last="or"),
            do="see why it ended so, then push a fix or re-run it",
            link=suite.url,
            failed=True,
        )

    def _missing(self, candidate: Candidate, event: str | None) -> Finding:
        run = f"{code(self.file)}{f' on {event}' if event else ''}"
        deadline = candidate.missing_since + self.missing_after
        if candidate.now < deadline:
            return pending(seen=f"no run of {run} yet", again_at=deadline)
        do = f"start {run} for this head; a path filter may keep it from running"
        return unmet(seen=f"no run of {run}", wanted=f"a run of {run}", do=do)


def _newest(suites: Iterable[CheckSuite]) -> dict[str, CheckSuite]:
    """By event: ids grow with time."""
    return {suite.event or "": suite for suite in sorted(suites, key=lambda suite: suite.id)}
