"""Two verdicts on one release into what has changed from the one to the other, a line for each."""

from collections.abc import Iterator

from bot.gate.facts import Unavailable
from bot.gate.verdict import Verdict
from bot.report.document_decision import OUTCOMES
from bot.report.document_parts import STATES
from bot.report.markdown import exact
from bot.report.words import Words


def moved(before: Verdict, now: Verdict, words: Words) -> Iterator[str]:
    """Nothing where nothing moved."""
    if before.head_sha != now.head_sha:
        yield _line(words("commit"), f"`{before.head_sha[:7]}`", f"`{now.head_sha[:7]}`")
    if before.outcome is not now.outcome:
        yield _line(words("Status"), words(OUTCOMES[before.outcome]), words(OUTCOMES[now.outcome]))
    if before.readiness != now.readiness:
        yield _line(words("Readiness"), f"{before.readiness} %", f"{now.readiness} %")
    if _version(before) != _version(now):
        yield _line(words("version"), _version(before) or words("not known"), _version(now) or words("not known"))
    yield from _items(before, now, words)
    yield from _roles(before, now, words)


def _items(before: Verdict, now: Verdict, words: Words) -> Iterator[str]:
    known = {judged.item.id: judged.finding.state for judged in before.items}
    for judged in now.items:
        was, state = known.get(judged.item.id), judged.finding.state
        if was is not state:
            yield _line(exact(judged.item.id), words(STATES[was]) if was else words("none"), words(STATES[state]))


def _roles(before: Verdict, now: Verdict, words: Words) -> Iterator[str]:
    known = {standing.role.id: standing.is_signed for standing in before.standings}
    for standing in now.standings:
        role = standing.role.id
        if known.get(role, False) is not standing.is_signed:
            yield _told(role, words("has signed") if standing.is_signed else words("has to sign"))


def _line(what: str, was: str, now: str) -> str:
    return _told(what, f"{was} → {now}")


def _told(what: str, told: str) -> str:
    return f"- **{what}**: {told}"


def _version(verdict: Verdict) -> str:
    return "" if isinstance(verdict.version, Unavailable) else f"`{verdict.version.next}`"
