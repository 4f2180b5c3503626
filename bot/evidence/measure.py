"""Evidence: a number that a check run or a commit status states is within bounds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import re2

from bot.gate.candidate import Candidate
from bot.gate.facts import CommitStatus
from bot.gate.finding import Finding, every, met, pending, unmet
from bot.gate.markup import code, listed
from bot.gate.needs import Needs
from bot.gate.options import Regex, WorkflowFile
from bot.gate.patterns import regex
from bot.gate.runs import CheckSource, StatusSource
from bot.gate.workflows import ACTIONS

# A comma may group thousands; a number with any other comma is none, for it may be a decimal one.
_NUMBER = r"(?:^|[^0-9.,_])([-+]?(?:[0-9]{1,3}(?:[,_][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The number in a check's title or summary, or in a status's description, is at least `min` and at most `max`."""

    check: str | None = None
    status: str | None = None
    app: str = ACTIONS
    workflow: WorkflowFile | None = None
    events: frozenset[str] = frozenset()
    creator: str | None = None
    """Login of who has to have set the status."""
    pattern: Regex | None = None
    """Its first group, or else the whole of what it finds, is the number; without it the first one before the unit."""
    min: float | None = None
    max: float | None = None
    unit: str = ""
    missing_after: timedelta = timedelta(minutes=10)

    def needs(self) -> Needs:
        """What check runs say, and whether the pull request changes the workflow."""
        return Needs(outputs=self.check is not None, changes=self.workflow is not None)

    def judge(self, candidate: Candidate) -> Finding:
        """The worst of the numbers decides."""
        if self.check is None:
            return self._judge_status(candidate, self.status or "")
        source = CheckSource(
            name=self.check,
            app=self.app,
            workflow=self.workflow,
            events=self.events,
            missing_after=self.missing_after,
        )
        runs = source.runs(candidate)
        if isinstance(runs, Finding):
            return candidate.guarded(runs, self.workflow)
        findings = [
            self._judge_text(self.check, f"{run.title}\n{run.summary}", run.url, run.completed_at)
            if run.status == "completed"
            else pending(seen=f"{code(self.check)} is {run.status.replace('_', ' ')}", link=run.url)
            for run in runs
        ]
        return candidate.guarded(every(findings), self.workflow)

    def _judge_status(self, candidate: Candidate, context: str) -> Finding:
        source = StatusSource(context=context, creator=self.creator, missing_after=self.missing_after)
        status = source.status(candidate)
        if isinstance(status, CommitStatus) and status.state == "pending":
            return pending(seen=f"{code(context)}: pending", link=status.url)
        if isinstance(status, Finding):
            return status
        return self._judge_text(context, status.description or "", status.url, status.at)

    def _judge_text(self, name: str, text: str, link: str | None, at: datetime | None) -> Finding:
        number, wanted = self._number(text), self._wanted()
        if number is None:
            do = f"have {code(name)} state it" + (f" so that {code(self.pattern)} finds it" if self.pattern else "")
            return unmet(seen=f"{code(name)} states no number", wanted=wanted, do=do, link=link)
        seen = f"{code(name)}: {number:g} {self.unit}".rstrip()
        too_low = self.min is not None and number < self.min
        if too_low or (self.max is not None and number > self.max):
            do = "raise it" if too_low else "lower it"
            return unmet(seen=seen, wanted=wanted, do=do, link=link, failed=True)
        return met(seen=seen, link=link, at=at)

    def _number(self, text: str) -> float | None:
        if self.pattern is None:
            return _first_number(text, before=self.unit)
        found = regex(self.pattern).search(text)
        return _first_number(next((group for group in found.groups() if group), found[0])) if found else None

    def _wanted(self) -> str:
        bounds = [
            *([f"≥ {self.min:g}"] if self.min is not None else []),
            *([f"≤ {self.max:g}"] if self.max is not None else []),
        ]
        return f"{listed(bounds)} {self.unit}".rstrip() if bounds else "a number"


def _first_number(text: str, before: str = "") -> float | None:
    # A unit of letters is a whole word: `12 suites` are no `12 s`.
    unit = re2.escape(before) + (r"\b" if before[-1:].isalnum() else "")
    end = rf"[ \t\x{{a0}}]*{unit}" if before else r"(?:[^0-9,_]|[,_](?:[^0-9]|$)|$)"
    found = regex(f"{_NUMBER}{end}").search(text)
    return float(found[1].replace(",", "").replace("_", "")) if found else None
