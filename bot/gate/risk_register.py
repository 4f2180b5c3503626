"""Judges the risk register: risks, the judged checklist and who accepted what into states and the overall risk."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.gate.blast_radius import Area, Radius
from bot.gate.candidate import Candidate
from bot.gate.checklist import JudgedItem
from bot.gate.facts import Fact, Unavailable
from bot.gate.finding import Finding, State, Who, every
from bot.gate.markup import code, instant, listed
from bot.gate.risk import Accepted, Level, Risk, RiskState, Status
from bot.gate.version import Bump, NextVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRisk:
    """A risk with what it is for this change."""

    risk: Risk
    state: RiskState
    because: str
    """What makes it so, in Markdown."""
    url: str | None = None
    """Where somebody accepted it."""
    until: datetime | None = None
    """When the acceptance ends."""
    waits: Finding | None = None
    """What the items that mitigate it and are open say together; None when one of them can't be met."""
    is_covered: bool = False
    """Each of these items blocks the release by itself."""

    @property
    def weight(self) -> Level | None:
        """What it adds to the overall risk: accepting one does not make it smaller, mitigating it does by a step."""
        match self.state:
            case RiskState.OPEN | RiskState.ACCEPTED:
                return self.risk.severity
            case RiskState.MITIGATED:
                return self.risk.severity.below
            case RiskState.CLOSED | RiskState.NOT_APPLICABLE:
                return None
            case never:
                assert_never(never)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """How risky the release is as a whole."""

    level: Level
    because: str
    """What makes it so, in Markdown."""


def judge_risks(
    risks: Mapping[str, Risk],
    candidate: Candidate,
    areas: tuple[Area, ...],
    items: tuple[JudgedItem, ...],
    accepted: Mapping[str, Accepted],
) -> tuple[JudgedRisk, ...]:
    """Every risk of the register, in its order."""
    by_id = {judged.item.id: judged for judged in items}
    return tuple(
        _judged(risk, tuple(by_id[id] for id in risk.mitigated_by if id in by_id), accepted.get(risk.id), candidate.now)
        if risk.when is None or risk.when.holds(candidate, areas)
        else JudgedRisk(risk=risk, state=RiskState.NOT_APPLICABLE, because="does not apply to this change")
        for risk in risks.values()
    )


def _judged(risk: Risk, items: tuple[JudgedItem, ...], accepted: Accepted | None, now: datetime) -> JudgedRisk:
    if risk.status is not Status.OPEN:
        return JudgedRisk(risk=risk, state=RiskState(risk.status), because=f"{risk.status} in the rules")
    judged = _mitigated(risk, items)
    if judged.state is RiskState.OPEN and accepted and (accepted.until is None or now < accepted.until):
        return _accepted(risk, accepted)
    return judged


def _mitigated(risk: Risk, items: tuple[JudgedItem, ...]) -> JudgedRisk:
    """What its items make of it: mitigated when each is met or waived; one that does not apply shows nothing."""
    if not items:
        return JudgedRisk(risk=risk, state=RiskState.OPEN, because="nobody has accepted it")
    lacking = tuple(judged for judged in items if judged.is_open)
    moot = tuple(judged for judged in items if not judged.is_applicable)
    if not lacking and not moot:
        return JudgedRisk(risk=risk, state=RiskState.MITIGATED, because=f"mitigated by {_names(items)}")
    told = [f"{_names(lacking)} {'is' if len(lacking) == 1 else 'are'} open"] if lacking else []
    told += [f"{_names(moot)} {'does' if len(moot) == 1 else 'do'} not apply to this change"] if moot else []
    return JudgedRisk(
        risk=risk,
        state=RiskState.OPEN,
        because="; ".join(told),
        waits=None if moot else every(judged.finding for judged in lacking),
        is_covered=not moot and all(judged.is_blocking for judged in lacking),
    )


def _accepted(risk: Risk, accepted: Accepted) -> JudgedRisk:
    until = f" until {instant(accepted.until)}" if accepted.until else ""
    because = f"accepted by {listed([code(login) for login in accepted.logins])}{until}: {code(accepted.because)}"
    return JudgedRisk(risk=risk, state=RiskState.ACCEPTED, because=because, url=accepted.url, until=accepted.until)


_NOBODY = "name in the rules who may accept it, `owners`, or what mitigates it, `mitigated_by`"


def risk_finding(judged: JudgedRisk, block_at: Level | None) -> Finding | None:
    """Why the release may not ship with this risk; None when it may, or when what it waits for blocks already."""
    if judged.state is not RiskState.OPEN or block_at is None or judged.risk.severity.rank < block_at.rank:
        return None
    waits, risk = judged.waits, judged.risk
    seen = f"{code(risk.id)} is open, {risk.severity}: {judged.because}"
    if waits and waits.state is State.PENDING:
        return None if judged.is_covered else replace(waits, seen=seen)
    accept = [f"`/accept-risk {risk.id} because …`"] if risk.owners else []
    can_act = bool(waits or risk.owners)
    return Finding(
        state=State.UNMET,
        seen=seen,
        wanted="mitigated, or accepted by its owners" if risk.owners else "mitigated",
        do=listed([*_remedy(judged), *accept] or [_NOBODY], last="or"),
        who=(Who.ROLE if risk.owners else Who.AUTHOR) if can_act else Who.ADMIN,
        roles=risk.owners,
    )


def _remedy(judged: JudgedRisk) -> list[str]:
    """What would mitigate it; where its items can't, the rules say too little of it."""
    risk = judged.risk
    if not risk.mitigated_by:
        return []
    if judged.waits:
        return [f"get {_names_of(risk.mitigated_by)} met"]
    return [f"give {code(risk.id)} a `when` or other items in the rules"]


_BY_RADIUS = {Radius.HIGH: Level.HIGH, Radius.MEDIUM: Level.MEDIUM, Radius.LOW: Level.LOW}
_BY_BUMP = {Bump.MAJOR: Level.HIGH, Bump.MINOR: Level.MEDIUM, Bump.PATCH: Level.LOW}


def overall_risk(risks: tuple[JudgedRisk, ...], radius: Fact[Radius | None], version: Fact[NextVersion]) -> Overall:
    """The worst of the risks, the radius and the bump; what is not known counts as high."""
    voices = [
        *((weight, f"{code(judged.risk.id)} is {judged.state}") for judged in risks if (weight := judged.weight)),
        *_of_radius(radius),
        _of_bump(version),
    ]
    worst = max((level for level, _ in voices), key=lambda level: level.rank)
    return Overall(level=worst, because=listed([because for level, because in voices if level is worst]))


def _of_radius(radius: Fact[Radius | None]) -> list[tuple[Level, str]]:
    if isinstance(radius, Unavailable):
        return [(Level.HIGH, f"what is touched is not known: {radius.because}")]
    return [(_BY_RADIUS[radius], f"the blast radius is {radius}")] if radius else []


def _of_bump(version: Fact[NextVersion]) -> tuple[Level, str]:
    if isinstance(version, Unavailable):
        return Level.HIGH, f"the next version is not known: {version.because}"
    return _BY_BUMP[version.bump], f"the version grows by a {version.bump}"


def _names(items: tuple[JudgedItem, ...]) -> str:
    return _names_of(tuple(judged.item.id for judged in items))


def _names_of(ids: tuple[str, ...]) -> str:
    return listed([code(id) for id in ids])
