"""Looks beyond the checklist: risks, what the change reaches, figures and freezes, and what of these holds it up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.gate.blast_radius import Radius, TouchedArea, highest, touched
from bot.gate.candidate import Candidate
from bot.gate.checklist import JudgedItem
from bot.gate.facts import Fact, Snapshot, Unavailable
from bot.gate.finding import State, Who
from bot.gate.freeze import Frost, Window, freeze_finding, frost
from bot.gate.freeze import ahead as windows
from bot.gate.markup import code
from bot.gate.metrics import Rated, rated
from bot.gate.risk import Accepted
from bot.gate.risk_register import JudgedRisk, Overall, judge_risks, overall_risk, risk_finding
from bot.gate.rules import Rules
from bot.gate.timeline import Moment, Timeline, end_of, in_order, timeline
from bot.gate.verdict import Blocker


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What stands around the checklist; empty where the rules say nothing of it."""

    risks: tuple[JudgedRisk, ...] = ()
    overall: Overall | None = None
    """None without a risk register."""
    touched: Fact[tuple[TouchedArea, ...]] = ()
    metrics: tuple[Rated, ...] = ()
    frozen: Frost = field(default_factory=Frost)

    @property
    def radius(self) -> Fact[Radius | None]:
        """The highest radius of the touched areas."""
        if isinstance(self.touched, Unavailable):
            return self.touched
        return highest(one.area for one in self.touched)

    @property
    def again(self) -> tuple[datetime, ...]:
        """When the clock changes any of it."""
        ends = (self.frozen.until, *(judged.until for judged in self.risks))
        begins = (self.frozen.following.start,) if self.frozen.following else ()
        return (*(end for end in ends if end), *begins)


def outlook(
    rules: Rules, candidate: Candidate, items: tuple[JudgedItem, ...], accepted: Mapping[str, Accepted]
) -> Outlook:
    """Everything that the rules ask for beyond the judged items; `accepted` by risk."""
    found = Outlook(
        risks=judge_risks(rules.risks, candidate, rules.areas, items, accepted),
        touched=touched(rules.areas, candidate.snapshot.changes),
        metrics=rated(rules.metrics, candidate.snapshot, items),
        frozen=frost(rules.freezes, candidate.snapshot),
    )
    if not rules.risks:
        return found
    return replace(found, overall=overall_risk(found.risks, found.radius, candidate.next_version))


def blockers_of(ahead: Outlook, rules: Rules) -> tuple[Blocker, ...]:
    """Risks that may not stay open, and the freeze that holds."""
    findings = ((judged.risk, risk_finding(judged, rules.block_at)) for judged in ahead.risks)
    risks = [
        Blocker(id=risk.id, title=risk.title, finding=finding, severity=risk.severity)
        for risk, finding in findings
        if finding
    ]
    return (*risks, *_of_freeze(ahead.frozen))


def _of_freeze(frozen: Frost) -> Iterator[Blocker]:
    if finding := freeze_finding(frozen):
        ids, reasons = [freeze.id for freeze in frozen.active], dict.fromkeys(freeze.reason for freeze in frozen.active)
        yield Blocker(id=", ".join(ids), title="; ".join(reasons), finding=finding)


def timeline_of(
    ahead: Outlook, items: tuple[JudgedItem, ...], blockers: tuple[Blocker, ...], rules: Rules, snapshot: Snapshot
) -> Timeline:
    """What the clock changes of the items and beyond them, and the earliest moment at which nothing is in the way."""
    now = snapshot.taken_at
    moments = [moment for judged in items for moment in _moments_of_item(judged)]
    moments += [
        Moment(at=judged.until, what=f"the acceptance of {code(judged.risk.id)} ends")
        for judged in ahead.risks
        if judged.until
    ]
    moments += [
        Moment(at=blocker.finding.again_at, what="a hold ends")
        for blocker in blockers
        if blocker.finding.who is Who.HOLDER and blocker.finding.again_at
    ]
    line = timeline(
        [(blocker.id, blocker.finding) for blocker in blockers],
        moments,
        now=now,
        thawed=lambda at: frost(rules.freezes, snapshot, at).until or at,
    )
    until = line.grace.ends if line.grace else line.earliest
    frozen = (moment for window in windows(rules.freezes, snapshot, until) for moment in _moments_of_window(window))
    return replace(line, moments=in_order((*line.moments, *frozen), now))


def _moments_of_window(window: Window) -> Iterator[Moment]:
    yield Moment(at=window.start, what=f"the freeze {code(window.freeze)} begins")
    yield Moment(at=window.end, what=f"the freeze {code(window.freeze)} is over")


def _moments_of_item(judged: JudgedItem) -> Iterator[Moment]:
    finding, id = judged.finding, code(judged.item.id)
    if end := end_of(finding):
        yield Moment(at=end, what=f"{id} has waited long enough")
    elif finding.again_at and finding.state is State.MET:
        yield Moment(at=finding.again_at, what=f"what shows {id} is too old")
    elif finding.again_at and finding.state is State.PENDING:
        yield Moment(at=finding.again_at, what=f"what {id} still lacks counts as missing")
    elif finding.until and judged.is_open:
        yield Moment(at=finding.until, what=f"what {id} waits for has passed")
    elif finding.again_at and judged.is_applicable and not judged.is_open:
        yield Moment(at=finding.again_at, what=f"the waiver of {id} ends")
    if judged.is_open and not judged.is_enforced and judged.item.enforce_from:
        yield Moment(at=judged.item.enforce_from, what=f"{id} begins to block")
