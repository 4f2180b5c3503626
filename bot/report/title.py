"""The verdict in one line: the title of the check run and the first line of the comment."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import assert_never

from bot.gate.checklist import Tier
from bot.gate.facts import Unavailable
from bot.gate.finding import State, Who
from bot.gate.verdict import COMMENTS, OF_VERSION, Blocker, Outcome, Verdict
from bot.report.moments import shortly, with_weekday
from bot.report.sentences import said
from bot.report.words import Words

MAX_TITLE = 200


def title(verdict: Verdict, words: Words) -> str:
    """One line of plain text."""
    told = words("Shadow: {would}", would=_would(verdict, words)) if verdict.is_shadow else _said(verdict, words)
    if verdict.is_draft and verdict.outcome is not Outcome.ERROR:
        told = words("Draft · {title}", title=told)
    line = " ".join(told.split())
    return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1] + "…"


def own_title(blocker: Blocker, words: Words) -> str:
    """The title: one of ours in the language of the words, one of the rules as it is written there."""
    return blocker.title if blocker.tier or blocker.severity else said(words, blocker.title)


def _said(verdict: Verdict, words: Words) -> str:
    match verdict.outcome:
        case Outcome.ERROR:
            return _why_not_evaluated(verdict, words)
        case Outcome.BLOCKED:
            blocked = _held(verdict, words) or words("Blocked: {why}", why=_why_blocked(verdict, words))
            return _with_next(blocked, verdict, words)
        case Outcome.WAITING:
            return _with_next(_waiting(verdict, words), verdict, words)
        case Outcome.SCHEDULED:
            until, what = _when(verdict, words)
            opens = (
                words("Opens {when}: {what}", when=until, what=what)
                if until
                else words("Opens later: {what}", what=what)
            )
            return _with_version(opens, verdict, words)
        case Outcome.CONDITIONAL:
            return _with_version(_conditional(verdict, words), verdict, words)
        case Outcome.READY:
            return _with_version(_ready(verdict, words), verdict, words)
        case Outcome.NOT_A_RELEASE:
            return words("Not a release")
        case never:
            assert_never(never)


def _conditional(verdict: Verdict, words: Words) -> str:
    return words.many(
        "Ready, {number} recommended item open", "Ready, {number} recommended items open", len(verdict.recommended)
    )


def _ready(verdict: Verdict, words: Words) -> str:
    waived = sum(judged.is_waived for judged in verdict.items)
    return (
        words.many("Ready, {number} item waived", "Ready, {number} items waived", waived) if waived else words("Ready")
    )


def _why_not_evaluated(verdict: Verdict, words: Words) -> str:
    if verdict.trouble:
        return words("Cannot evaluate: {why}", why=said(words, verdict.trouble))
    return unreadable(len(verdict.faults), words)


def unreadable(faults: int, words: Words) -> str:
    """The title of what is said about rules with faults."""
    return words.many("Rules can't be read: {number} fault", "Rules can't be read: {number} faults", faults)


def _would(verdict: Verdict, words: Words) -> str:
    """What the rules would do if they were enforced."""
    match verdict.outcome:
        case Outcome.ERROR:
            return _why_not_evaluated(verdict, words)
        case Outcome.BLOCKED:
            items = sum(blocker.tier is not None for blocker in verdict.blockers)
            if items:
                return words.many("would block, {number} item open", "would block, {number} items open", items)
            return words("would block, {why}", why=_why_blocked(verdict, words))
        case Outcome.WAITING:
            return words.many("would wait for {number} check", "would wait for {number} checks", _checks(verdict))
        case Outcome.SCHEDULED:
            until, what = _when(verdict, words)
            when = words("would open {when}: {what}", when=until, what=what)
            return when if until else words("would open later: {what}", what=what)
        case _:
            return words("would pass")


def _waiting(verdict: Verdict, words: Words) -> str:
    return words.many("Waiting for {number} check", "Waiting for {number} checks", _checks(verdict))


def _checks(verdict: Verdict) -> int:
    return sum(not blocker.finding.by_clock for blocker in verdict.blockers)


def _when(verdict: Verdict, words: Words) -> tuple[str, str]:
    """When the last of what only time settles is settled, empty where that can't be told, and what that is."""
    # Those that don't say when come last.
    ends = [(end is None, end, own_title(blocker, words)) for blocker in verdict.blockers for end in [_end(blocker)]]
    _, until, what = max(ends, default=(True, None, words("the clock decides")))
    until = verdict.timeline.earliest or until  # it may fall into a freeze
    return shortly(until, words) if until else "", what


def _end(blocker: Blocker) -> datetime | None:
    return blocker.finding.until or blocker.finding.again_at


def _held(verdict: Verdict, words: Words) -> str:
    """By whom, and until the last of them lets go; empty when nobody holds it."""
    if not verdict.holds:
        return ""
    names = words.listed(list(dict.fromkeys(hold.login for hold in verdict.holds)))
    ends = [hold.until for hold in verdict.holds]
    last = max((end for end in ends if end), default=None)
    if last and all(ends):
        return words("Held by {names} until {when}", names=names, when=with_weekday(last, words))
    return words("Held by {names}", names=names)


def _why_blocked(verdict: Verdict, words: Words) -> str:
    """Only signatures missing: whose. Else how many items of the most important tier that has open ones."""
    if verdict.proposed and verdict.proposed.faults:
        faults = len(verdict.proposed.faults)
        return words.many("{number} fault in the proposed rules", "{number} faults in the proposed rules", faults)
    refusing = [standing.role.id for standing in verdict.standings if standing.vetoes]
    if refusing:
        return words("refused by {roles}", roles=words.listed(refusing))
    risks = sum(blocker.severity is not None for blocker in verdict.blockers)
    acting = [blocker for blocker in verdict.blockers if not blocker.finding.by_clock]
    if not risks and all(blocker.finding.who is Who.ROLE and blocker.finding.roles for blocker in acting):
        return _waiting_for_roles(acting, words)
    for tier in Tier:
        items = [judged for judged in verdict.of_tier(tier) if judged.is_applicable and judged.is_blocking]
        if opened := sum(judged.is_open for judged in items):
            return _OPENED[tier](words, opened, len(items))
    if risks:
        return words.many("{number} risk open", "{number} risks open", risks)
    return _what_is_left(verdict, words)


_OPENED: Mapping[Tier, Callable[[Words, int, int], str]] = {
    Tier.CRITICAL: lambda words, opened, items: words.many(
        "{opened} of {number} critical item open", "{opened} of {number} critical items open", items, opened=opened
    ),
    Tier.HIGH: lambda words, opened, items: words.many(
        "{opened} of {number} high item open", "{opened} of {number} high items open", items, opened=opened
    ),
    Tier.MEDIUM: lambda words, opened, items: words.many(
        "{opened} of {number} medium item open", "{opened} of {number} medium items open", items, opened=opened
    ),
}


def _waiting_for_roles(acting: list[Blocker], words: Words) -> str:
    """Says what they have to do, where all of them do the same."""
    roles = words.listed(list(dict.fromkeys(role for blocker in acting for role in blocker.finding.roles)))
    attests = {"`/attest " in blocker.finding.do for blocker in acting}
    if len(attests) != 1:
        return words("waiting for {roles}", roles=roles)
    if attests.pop():
        return words("waiting for {roles} to attest", roles=roles)
    return words("waiting for {roles} to sign", roles=roles)


def _what_is_left(verdict: Verdict, words: Words) -> str:
    """No items and no risks: most often roles of which it can't be told who has signed."""
    if any(blocker.id == OF_VERSION and blocker.tier is None for blocker in verdict.blockers):
        return words("the version is inconsistent")
    if any(blocker.id == COMMENTS and blocker.tier is None for blocker in verdict.blockers):
        return words("what people say can't be read")
    if unfilled := [standing.role.id for standing in verdict.standings if standing.unfilled]:
        return words("{roles} can't be filled", roles=words.listed(unfilled))
    unknown = [blocker.id for blocker in verdict.blockers if blocker.finding.state is State.UNKNOWN]
    if not unknown:
        return words.many("{number} thing open", "{number} things open", len(verdict.blockers))
    if len(unknown) == 1:
        return words("{role}'s sign-off can't be verified", role=unknown[0])
    return words("the sign-offs of {roles} can't be verified", roles=words.listed(unknown))


def _with_next(line: str, verdict: Verdict, words: Words) -> str:
    version = _version(verdict, words)
    return words("{line} · next {version}", line=line, version=version) if version else line


def _with_version(line: str, verdict: Verdict, words: Words) -> str:
    version = _version(verdict, words)
    return f"{line} · {version}" if version else line


def _version(verdict: Verdict, words: Words) -> str:
    """With how many packages beside the one that is named; empty where it is not known."""
    if isinstance(verdict.version, Unavailable):
        return ""
    others = len(verdict.packages) - 1 if verdict.version.package and isinstance(verdict.packages, tuple) else 0
    if not others:
        return f"{verdict.version}"
    return words("{version} and {number} more", version=verdict.version, number=others)
