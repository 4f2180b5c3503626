"""The verdict in one line: the title of the check run and the first line of the comment."""

from datetime import datetime
from typing import assert_never

from bot.gate.checklist import Tier
from bot.gate.facts import Unavailable
from bot.gate.finding import State, Who
from bot.gate.markup import listed
from bot.gate.verdict import COMMENTS, OF_VERSION, Blocker, Outcome, Verdict

MAX_TITLE = 200


def title(verdict: Verdict) -> str:
    """One line of plain text."""
    draft = "Draft · " if verdict.is_draft and verdict.outcome is not Outcome.ERROR else ""
    said = f"Shadow: {_would(verdict)}" if verdict.is_shadow else _said(verdict)
    line = " ".join(f"{draft}{said}".split())
    return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1] + "…"


def _said(verdict: Verdict) -> str:
    match verdict.outcome:
        case Outcome.ERROR:
            return _why_not_evaluated(verdict)
        case Outcome.BLOCKED:
            return f"{_held(verdict) or f'Blocked: {_why_blocked(verdict)}'}{_version(verdict, ' · next ')}"
        case Outcome.WAITING:
            return f"Waiting for {_waiting(verdict)}{_version(verdict, ' · next ')}"
        case Outcome.SCHEDULED:
            return f"Opens {_when(verdict)}{_version(verdict, ' · ')}"
        case Outcome.CONDITIONAL:
            return f"Ready, {counted(len(verdict.recommended), 'recommended item')} open{_version(verdict, ' · ')}"
        case Outcome.READY:
            return f"Ready{_waived(verdict)}{_version(verdict, ' · ')}"
        case Outcome.NOT_A_RELEASE:
            return "Not a release"
        case never:
            assert_never(never)


def _waived(verdict: Verdict) -> str:
    waived = sum(judged.is_waived for judged in verdict.items)
    return f", {counted(waived, 'item')} waived" if waived else ""


def _why_not_evaluated(verdict: Verdict) -> str:
    if verdict.trouble:
        return f"Cannot evaluate: {verdict.trouble}"
    return f"Rules can't be read: {counted(len(verdict.faults), 'fault')}"


def _would(verdict: Verdict) -> str:
    """What the rules would do if they were enforced."""
    match verdict.outcome:
        case Outcome.ERROR:
            return _why_not_evaluated(verdict)
        case Outcome.BLOCKED:
            items = sum(blocker.tier is not None for blocker in verdict.blockers)
            return f"would block, {counted(items, 'item')} open" if items else f"would block, {_why_blocked(verdict)}"
        case Outcome.WAITING:
            return f"would wait for {_waiting(verdict)}"
        case Outcome.SCHEDULED:
            return f"would open {_when(verdict)}"
        case _:
            return "would pass"


def _waiting(verdict: Verdict) -> str:
    return counted(sum(not blocker.finding.by_clock for blocker in verdict.blockers), "check")


def _when(verdict: Verdict) -> str:
    """When the last of what only time settles is settled, and what that is."""
    # Those that don't say when come last.
    ends = [(end is None, end, blocker.title) for blocker in verdict.blockers for end in [_end(blocker)]]
    _, until, what = max(ends, default=(True, None, "the clock decides"))
    until = verdict.timeline.earliest or until  # it may fall into a freeze
    return f"{f'{until:%-d %b %H:%M} UTC' if until else 'later'}: {what}"


def _end(blocker: Blocker) -> datetime | None:
    return blocker.finding.until or blocker.finding.again_at


def _held(verdict: Verdict) -> str:
    """By whom, and until the last of them lets go; empty when nobody holds it."""
    if not verdict.holds:
        return ""
    names = listed(list(dict.fromkeys(hold.login for hold in verdict.holds)))
    ends = [hold.until for hold in verdict.holds]
    last = max((end for end in ends if end), default=None)
    return f"Held by {names}" + (f" until {last:%a %-d %b %H:%M} UTC" if last and all(ends) else "")


def _why_blocked(verdict: Verdict) -> str:
    """Only signatures missing: whose. Else how many items of the most important tier that has open ones."""
    if verdict.proposed and verdict.proposed.faults:
        return f"{counted(len(verdict.proposed.faults), 'fault')} in the proposed rules"
    refusing = [standing.role.id for standing in verdict.standings if standing.vetoes]
    if refusing:
        return f"refused by {listed(refusing)}"
    risks = sum(blocker.severity is not None for blocker in verdict.blockers)
    acting = [blocker for blocker in verdict.blockers if not blocker.finding.by_clock]
    if not risks and all(blocker.finding.who is Who.ROLE and blocker.finding.roles for blocker in acting):
        roles = dict.fromkeys(role for blocker in acting for role in blocker.finding.roles)
        return f"waiting for {listed(list(roles))}{_to_do(acting)}"
    for tier in Tier:
        items = [judged for judged in verdict.of_tier(tier) if judged.is_applicable and judged.is_blocking]
        if opened := sum(judged.is_open for judged in items):
            return f"{opened} of {counted(len(items), f'{tier} item')} open"
    return f"{counted(risks, 'risk')} open" if risks else _what_is_left(verdict)


def _to_do(acting: list[Blocker]) -> str:
    """` to sign` or ` to attest`, where all of them do the same."""
    verbs = {"attest" if "`/attest " in blocker.finding.do else "sign" for blocker in acting}
    return f" to {verbs.pop()}" if len(verbs) == 1 else ""


def _what_is_left(verdict: Verdict) -> str:
    """No items and no risks: most often roles of which it can't be told who has signed."""
    if any(blocker.id == OF_VERSION and blocker.tier is None for blocker in verdict.blockers):
        return "the version is inconsistent"
    if any(blocker.id == COMMENTS and blocker.tier is None for blocker in verdict.blockers):
        return "what people say can't be read"
    if unfilled := [standing.role.id for standing in verdict.standings if standing.unfilled]:
        return f"{listed(unfilled)} can't be filled"
    unknown = [blocker.id for blocker in verdict.blockers if blocker.finding.state is State.UNKNOWN]
    if not unknown:
        return f"{counted(len(verdict.blockers), 'thing')} open"
    whose = f"{unknown[0]}'s sign-off" if len(unknown) == 1 else f"the sign-offs of {listed(unknown)}"
    return f"{whose} can't be verified"


def _version(verdict: Verdict, lead: str) -> str:
    """With how many packages beside the one that is named."""
    if isinstance(verdict.version, Unavailable):
        return ""
    others = len(verdict.packages) - 1 if verdict.version.package and isinstance(verdict.packages, tuple) else 0
    return f"{lead}{verdict.version}{f' and {others} more' if others else ''}"


def counted(number: int, noun: str) -> str:
    """`1 check`, `2 checks`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
