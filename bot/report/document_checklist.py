"""The checklist in the document: every item by tier with what was seen, and what to type before the deployment."""

from bot.gate.checklist import JudgedItem, Tier
from bot.gate.verdict import Verdict
from bot.report.document_parts import STATES, how, section, table
from bot.report.markdown import exact, joined, link
from bot.report.sentences import said
from bot.report.signs import SIGNS
from bot.report.words import Words, at, msg

_TIERS = {
    Tier.CRITICAL: msg("CRITICAL (must have)"),
    Tier.HIGH: msg("HIGH (should have)"),
    Tier.MEDIUM: msg("MEDIUM (nice to have)"),
}
_PERCENT = 100


def checklist(verdict: Verdict, words: Words) -> str:
    """Every item; a tier without items says so."""
    return section(words("Readiness checklist"), *(_tier(verdict.of_tier(tier), tier, words) for tier in Tier))


def _tier(items: tuple[JudgedItem, ...], tier: Tier, words: Words) -> str:
    asked = [judged for judged in items if judged.is_applicable]
    done = sum(not judged.is_open for judged in asked)
    line = words("{done} of {asked}", done=done, asked=len(asked))
    share = f" ({done * _PERCENT // len(asked)} %)" if asked else ""
    head = (words("state"), words("item"), words("title"), words("blocks"), words("evidence"), words("since (UTC)"))
    rows = [_row(judged, words) for judged in items]
    return joined([f"### {words(_TIERS[tier])}: {line}{share}", table(head, rows, words)], limit=1_000_000)


def _row(judged: JudgedItem, words: Words) -> tuple[str, ...]:
    finding = judged.finding
    since = at(finding.at) if not judged.is_open else ""
    return (
        f"{SIGNS[finding.state]} {words(STATES[finding.state])}",
        f"**{exact(judged.item.id)}**",
        exact(judged.item.title),
        words("yes") if judged.is_blocking else words("no"),
        link(said(words, finding.seen), finding.link),
        since,
    )


def before_deployment(verdict: Verdict, words: Words) -> str:
    """What there is to do and how, what blocks first; done items stay, ticked."""
    asked = [judged for judged in verdict.items if judged.is_applicable and (judged.item.how or judged.is_open)]
    parts = [
        (words("BLOCKING"), [judged for judged in asked if judged.is_blocking]),
        (words("RECOMMENDED"), [judged for judged in asked if not judged.is_blocking]),
    ]
    return section(
        words("Before deployment"),
        *(part for title, items in parts for part in (f"### {title}", _tasks(items, words))),
    )


def _tasks(items: list[JudgedItem], words: Words) -> str:
    head = (words("done"), words("item"), words("title"), words("commands"), words("next step"))
    rows = [
        (
            "☐" if judged.is_open else "☑",
            f"**{exact(judged.item.id)}**",
            exact(judged.item.title),
            how(judged.item.how or ""),
            said(words, judged.finding.do) if judged.is_open else "",
        )
        for judged in items
    ]
    return table(head, rows, words)
