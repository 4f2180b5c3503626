"""Reads the sections `risks` and `risk` of the rules file: the risk register, and from which severity a risk blocks."""

from collections.abc import Mapping
from typing import Any

from bot.gate.patterns import regex
from bot.gate.risk import Level, Risk, Status
from bot.gate.rules import Rules
from bot.rules import checklist, values
from bot.rules.locking import LOCKED
from bot.rules.spot import Reader, Spot, is_table, many, options

RISK_LIMIT = 500


def risks(spot: Spot) -> Mapping[str, Risk]:
    """The risk register, by id; the entries that can be read, in the order of the file."""
    if not is_table(spot, "risks by id"):
        return {}
    entries = list(spot.entries())
    if len(entries) > RISK_LIMIT:
        spot.fault(f"{spot.name} has {len(entries):,} risks; {RISK_LIMIT} is the limit", at_key=True)
    return {id: risk for id, entry in entries[:RISK_LIMIT] if (risk := _risk(id, entry))}


def _risk(id: str, spot: Spot) -> Risk | None:
    if not regex(checklist.ID).search(id):
        spot.fault(f"{spot.name} is no risk id; write letters, digits, `-` and `_`, as in `R2`", at_key=True)
    read = options(spot, RISK, required=("title",))
    if read is None:
        return None
    read.pop(LOCKED, None)
    read["stated"] = read.pop("severity", None)
    if read["stated"] is None and not {"probability", "impact"} <= read.keys():
        spot.fault(f"{spot.name} has no severity; add `severity:`, or both `probability:` and `impact:`", at_key=True)
        return None
    if "status" in read and "mitigated_by" in read and read["status"] is not Status.CLOSED:
        said = f"{spot.name} has `status` and `mitigated_by`, which may say otherwise; keep one of them"
        spot.fault(said, at_key=True)
        return None
    return Risk(id=id, **read)


def risk(spot: Spot) -> Level | None:
    """From which severity an open risk blocks; without it none does."""
    read = options(spot, BLOCKING, required=("block_at",))
    return read["block_at"] if read is not None else None


def look_at_risks(rules: Rules, spot: Spot) -> None:
    """Tells risks that would block for ever."""
    for id, entry in dict(spot.entries())["risks"].entries() if rules.risks else ():
        risk = rules.risks.get(id)
        is_shut = risk and risk.status is Status.OPEN and not risk.owners and not risk.mitigated_by
        if risk and is_shut and rules.block_at and risk.severity.rank >= rules.block_at.rank:
            said = f"{entry.name} would block every release it applies to; add `owners:`, who may accept it, "
            entry.fault(f"{said}or `mitigated_by:`", at_key=True)


BLOCKING: Mapping[str, Reader[Any]] = {"block_at": values.OneOf(Level)}
RISK: Mapping[str, Reader[Any]] = {
    "title": values.line,
    "probability": values.OneOf(Level),
    "impact": values.OneOf(Level),
    "severity": values.OneOf(Level),
    "mitigation": values.line,
    "mitigated_by": many(values.item_id),
    "status": values.OneOf(Status),
    "owners": many(values.role_id),
    "when": checklist.when,
    LOCKED: values.flag,
}
