"""The verdict in one line: the title of the check run and the first line of the comment."""

from typing import assert_never

from bot.gate.checklist import Tier
from bot.gate.facts import Unavailable
from bot.gate.finding import Who
from bot.gate.markup import listed
from bot.gate.verdict import Outcome, Verdict

MAX_TITLE = 200


def title(verdict: Verdict) -> str:
    """One line of plain text."""
    draft = "Draft · " if verdict.is_draft and verdict.outcome is not Outcome.ERROR else ""
    line = " ".join(f"{draft}{_said(verdict)}".split())
    return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1] + "…"


def _said(verdict: Verdict) -> str:
    match verdict.outcome:
        case Outcome.ERROR:
            return _why_not_evaluated(verdict)
        case Outcome.BLOCKED:
            return f"Blocked: {_why_blocked(verdict)}{_version(verdict, ' · next ')}"
        case Outcome.WAITING:
            waiting = sum(not blocker.finding.by_clock for blocker in verdict.blockers)
            return f"Waiting for {counted(waiting, 'check')}{_version(verdict, ' · next ')}"
        case Outcome.SCHEDULED:
            return f"Opens {_when(verdict)}{_version(verdict, ' · ')}"
        case Outcome.CONDITIONAL:
            return f"Ready, {counted(len(verdict.recommended), 'recommended item')} open{_version(verdict, ' · ')}"
        case Outcome.READY:
            return f"Ready{_version(verdict, ' · ')}"
        case Outcome.NOT_A_RELEASE:
            return "Not a release"
        case never:
            assert_never(never)


def _why_not_evaluated(verdict: Verdict) -> str:
    if verdict.trouble:
        return f"Cannot evaluate: {verdict.trouble}"
    return f"Rules can't be read: {counted(len(verdict.faults), 'fault')}"


def _when(verdict: Verdict) -> str:
    """When the last of the things that only time settles is settled."""
    instants = [blocker.finding.again_at for blocker in verdict.blockers if blocker.finding.again_at]
    return f"{max(instants):%-d %b %H:%M} UTC" if instants else "later"


def _why_blocked(verdict: Verdict) -> str:
    """Only signatures missing: whose. Else how many items of the most important tier that has open ones."""
    if all(blocker.finding.who is Who.ROLE for blocker in verdict.blockers):
        roles = dict.fromkeys(role for blocker in verdict.blockers for role in blocker.finding.roles)
        return f"waiting for {listed(list(roles))} to sign"
    for tier in Tier:
        items = [judged for judged in verdict.of_tier(tier) if judged.item.blocking]
        if opened := sum(not judged.is_met for judged in items):
            return f"{opened} of {counted(len(items), f'{tier} item')} open"
    return f"{counted(len(verdict.blockers), 'thing')} open"


def _version(verdict: Verdict, lead: str) -> str:
    return "" if isinstance(verdict.version, Unavailable) else f"{lead}{verdict.version}"


def counted(number: int, noun: str) -> str:
    """`1 check`, `2 checks`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
