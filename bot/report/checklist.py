"""The whole checklist as Markdown: a line for each tier, and below it every item with what was seen."""

from bot.gate.checklist import JudgedItem, Tier
from bot.gate.markup import instant
from bot.gate.verdict import Verdict
from bot.report.markdown import folded, heading, joined, link, plain, table
from bot.report.sentences import said
from bot.report.signs import SIGNS
from bot.report.words import Words, of_kind

_TIERS = {
    Tier.CRITICAL: of_kind("items", "critical"),
    Tier.HIGH: of_kind("items", "high"),
    Tier.MEDIUM: of_kind("items", "medium"),
}


def checklist(verdict: Verdict, words: Words) -> str:
    """Nothing without items."""
    tiers = [(tier, verdict.of_tier(tier)) for tier in Tier]
    parts = [folded(_tier_line(tier, items, words), _item_table(items, words)) for tier, items in tiers if items]
    return joined([heading(words("Checklist")), *parts]) if parts else ""


def _tier_line(tier: Tier, items: tuple[JudgedItem, ...], words: Words) -> str:
    asked = sum(judged.is_applicable for judged in items)
    waived = sum(judged.is_waived for judged in items)
    beside = words(", {number} waived", number=waived) if waived else ""
    beside += words(", {number} not applicable", number=len(items) - asked) if asked < len(items) else ""
    name = words.one_of_kind("items", _TIERS[tier])
    return f"{name}: {sum(judged.is_met for judged in items)}/{asked}{beside}"


def _item_table(items: tuple[JudgedItem, ...], words: Words) -> str:
    rows = [
        (
            SIGNS[judged.finding.state],
            f"**{plain(judged.item.id)}**",
            f"{plain(judged.item.title)}{_blocking(judged, words)}",
            link(said(words, judged.finding.seen), judged.finding.link),
        )
        for judged in items
    ]
    return table(("", words("item"), words("title"), words("seen")), rows)


def _blocking(judged: JudgedItem, words: Words) -> str:
    """What to know of an item that does not block now."""
    if not judged.item.blocking:
        return " " + words("(recommended)")
    begins = judged.item.enforce_from
    if not begins or judged.is_enforced:
        return ""
    return " " + words("(blocks from {date})", date=said(words, instant(begins)))
