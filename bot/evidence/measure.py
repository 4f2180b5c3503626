"""Evidence: a number that a check run or a commit status states is within bounds."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.gate.candidate import Candidate
from bot.gate.finding import Finding, met, unmet
from bot.gate.markup import code, listed
from bot.gate.mask import Subject, Topic, of_check
from bot.gate.needs import Needs
from bot.gate.options import AppSlug, Conclusion, Event, Login, Regex, WorkflowFile
from bot.gate.patterns import regex
from bot.gate.quantities import quantity
from bot.gate.runs import CheckSource, StatusSource
from bot.gate.workflows import ACTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The number in a check's title or summary, or in a status's description, is at least `min` and at most `max`."""

    check: str | None = None
    status: str | None = None
    app: AppSlug = ACTIONS
    workflow: WorkflowFile | None = None
    events: frozenset[Event] = frozenset()
    conclusions: frozenset[Conclusion] = frozenset({"success"})
    """How the check has to have concluded; a status has to have succeeded."""
    creator: Login | None = None
    """Login of who has to have set the status."""
    pattern: Regex | None = None
    """Its first group, or else the whole of what it finds, holds the number; without it the first before the unit."""
    min: float | None = None
    max: float | None = None
    unit: str = ""
    max_age: timedelta | None = None
    missing_after: timedelta = timedelta(minutes=10)

    def needs(self) -> Needs:
        """What check runs say, and whether the pull request changes a workflow where one can prove itself."""
        if self.check is None:
            return Needs(heeds=frozenset({Topic(Subject.STATUS, self.status or "")}))
        heeds = of_check(self.check, app=self.app, workflow=self.workflow)
        return Needs(outputs=True, changes=self.app == ACTIONS, heeds=heeds)

    def judge(self, candidate: Candidate) -> Finding:
        """The worst of the numbers decides."""
        if self.check is None:
            return self._judge_status(candidate, self.status or "")
        name = self.check
        source = CheckSource(
            name=name,
            app=self.app,
            workflow=self.workflow,
            events=self.events,
            conclusions=self.conclusions,
            max_age=self.max_age,
            missing_after=self.missing_after,
        )
        return source.judge(
            candidate, lambda run: self._judge_text(name, f"{run.title}\n{run.summary}", run.url, run.completed_at)
        )

    def _judge_status(self, candidate: Candidate, context: str) -> Finding:
        source = StatusSource(
            context=context, creator=self.creator, max_age=self.max_age, missing_after=self.missing_after
        )
        return source.judge(
            candidate, lambda status: self._judge_text(context, status.description or "", status.url, status.at)
        )

    def _judge_text(self, name: str, text: str, link: str | None, at: datetime | None) -> Finding:
        number, wanted = self._number(text), self._wanted()
        if number is None:
            do = f"have {code(name)} state it" + (f" so that {code(self.pattern)} finds it" if self.pattern else "")
            return unmet(seen=f"{code(name)} states no number", wanted=wanted, do=do, link=link)
        seen = f"{code(name)}: {number:g} {self.unit}".rstrip()
        percent = number if self.unit == "%" else None
        too_low = self.min is not None and number < self.min
        if too_low or (self.max is not None and number > self.max):
            do = "raise it" if too_low else "lower it"
            return replace(unmet(seen=seen, wanted=wanted, do=do, link=link, failed=True), percent=percent)
        return replace(met(seen=seen, link=link, at=at), percent=percent)

    def _number(self, text: str) -> float | None:
        if self.pattern is None:
            return quantity(text, self.unit)
        found = regex(self.pattern).search(text)
        if found is None:
            return None
        said = next((group for group in found.groups() if group), found[0])
        number = quantity(said, self.unit)
        return quantity(said) if number is None else number

    def _wanted(self) -> str:
        bounds = [
            *([f"≥ {self.min:g}"] if self.min is not None else []),
            *([f"≤ {self.max:g}"] if self.max is not None else []),
        ]
        return f"{listed(bounds)} {self.unit}".rstrip() if bounds else "a number"
