"""The verdict as Markdown: what blocks and who acts, the version and why, sign-offs, and the whole checklist."""

from bot.gate.checklist import JudgedItem, Tier
from bot.gate.finding import Who
from bot.gate.markup import code, instant
from bot.gate.verdict import Blocker, Outcome, Verdict
from bot.report.answers import answered, changed_by_others
from bot.report.markdown import folded, inline, joined, link, plain, table
from bot.report.people import refusals, sign_offs
from bot.report.proposed import fault_table, proposed_rules
from bot.report.radius import figures, radius
from bot.report.risks import risks
from bot.report.signs import SIGNS
from bot.report.timeline import timeline
from bot.report.version import version

ACTORS = {
    Who.HOLDER: "Somebody holds it",
    Who.AUTHOR: "The author acts",
    Who.CI: "CI is at work",
    Who.ROLE: "Roles sign",
    Who.REVIEWER: "Reviewers look",
    Who.CLOCK: "Time passes",
    Who.ADMIN: "An admin acts",
    Who.GITHUB: "Only GitHub knows",
}
_BAR = 20
_SHADOW = "**Shadow mode:** nothing is blocked; this is what the rules would say if they were enforced."


def body(verdict: Verdict, *, document: str = "") -> str:
    """Everything below the title, within GitHub's limits; `document` is where the approval document can be read."""
    if verdict.outcome is Outcome.ERROR:
        return joined([_faults(verdict), proposed_rules(verdict)])
    if verdict.outcome is Outcome.NOT_A_RELEASE:
        return joined(["The rules of the base branch ask nothing of this pull request.", proposed_rules(verdict)])
    return joined(
        [
            _state(verdict),
            _SHADOW if verdict.is_shadow else "",
            _what_blocks(verdict),
            proposed_rules(verdict),
            version(verdict),
            sign_offs(verdict),
            _checklist(verdict),
            risks(verdict),
            radius(verdict),
            figures(verdict),
            timeline(verdict),
            refusals(verdict),
            changed_by_others(verdict),
            answered(verdict),
            _footer(verdict, document),
        ]
    )


def _state(verdict: Verdict) -> str:
    full = verdict.readiness * _BAR // 100
    bar = "█" * full + "░" * (_BAR - full)
    commit = f"commit `{verdict.head_sha[:7]}`"
    if verdict.group_sha:
        commit = f"#{verdict.number} in the merge queue, commit `{verdict.group_sha[:7]}`"
    waived = sum(judged.is_waived for judged in verdict.items)
    beside = f", {waived} waived" if waived else ""
    return f"`{bar}` **{verdict.readiness} % ready**{beside} · {commit} into {code(verdict.base_ref)}"


def _what_blocks(verdict: Verdict) -> str:
    if not verdict.blockers:
        return ""
    groups = [(who, [blocker for blocker in verdict.blockers if blocker.finding.who is who]) for who in Who]
    parts = [
        f"**{ACTORS[who]}**\n\n{(_roles_table if who is Who.ROLE else _blocker_table)(blockers)}"
        for who, blockers in groups
        if blockers
    ]
    return joined(["### What blocks", *parts])


def _blocker_table(blockers: list[Blocker]) -> str:
    rows = [
        (
            f"{_named(blocker)}",
            link(f"{SIGNS[blocker.finding.state]} {blocker.finding.seen}", blocker.finding.link),
            blocker.finding.wanted,
            _how(blocker.how) if blocker.how and blocker.finding.who is Who.AUTHOR else blocker.finding.do,
        )
        for blocker in blockers
    ]
    return table(("item", "seen", "wanted", "do"), rows)


def _roles_table(blockers: list[Blocker]) -> str:
    """One row for those who act, with all that they are asked for: a sign-off may open many items at once."""
    by_act: dict[tuple[tuple[str, ...], str], list[Blocker]] = {}
    for blocker in blockers:
        by_act.setdefault((blocker.finding.roles, blocker.finding.do), []).append(blocker)
    rows = [
        (
            f"{SIGNS[asked[0].finding.state]} {asked[0].finding.seen}",
            "<br>".join(_asked_for(blocker) for blocker in asked if blocker.tier or blocker.severity),
            asked[0].finding.wanted,
            asked[0].finding.do,
        )
        for asked in by_act.values()
    ]
    return table(("seen", "for", "wanted", "do"), rows)


def _asked_for(blocker: Blocker) -> str:
    return f"{_named(blocker)}{f': {_how(blocker.how)}' if blocker.how else ''}"


def _named(blocker: Blocker) -> str:
    return f"**{plain(blocker.id)}** {plain(blocker.title)}".rstrip()


def _how(text: str) -> str:
    """Several lines are commands to type; in one line, what stands in backticks is."""
    lines = text.strip().splitlines()
    if len(lines) > 1:
        return "<br>".join(code(line, limit=200) for line in lines)
    return inline(text)


def _checklist(verdict: Verdict) -> str:
    tiers = [(tier, verdict.of_tier(tier)) for tier in Tier]
    parts = [folded(_tier_line(tier, items), _item_table(items)) for tier, items in tiers if items]
    return joined(["### Checklist", *parts]) if parts else ""


def _tier_line(tier: Tier, items: tuple[JudgedItem, ...]) -> str:
    asked = sum(judged.is_applicable for judged in items)
    waived = sum(judged.is_waived for judged in items)
    beside = f", {waived} waived" if waived else ""
    beside += f", {len(items) - asked} not applicable" if asked < len(items) else ""
    return f"{tier}: {sum(judged.is_met for judged in items)}/{asked}{beside}"


def _item_table(items: tuple[JudgedItem, ...]) -> str:
    rows = [
        (
            SIGNS[judged.finding.state],
            f"**{plain(judged.item.id)}**",
            f"{plain(judged.item.title)}{_blocking(judged)}",
            link(judged.finding.seen, judged.finding.link),
        )
        for judged in items
    ]
    return table(("", "item", "title", "seen"), rows)


def _blocking(judged: JudgedItem) -> str:
    """What to know of an item that does not block now."""
    if not judged.item.blocking:
        return " (recommended)"
    begins = judged.item.enforce_from
    return f" (blocks from {instant(begins)})" if begins and not judged.is_enforced else ""


def _faults(verdict: Verdict) -> str:
    if verdict.trouble:
        # Not at the start of a line, where a dash or a number would begin a list.
        why = f"**Why:** {plain(verdict.trouble)}"
        return joined([why, "The gate stays shut until this is over; it looks again by itself."])
    file = code(verdict.rules_file)
    head = (
        f"The rules in {file} on {code(verdict.base_ref)} can't be applied. Mend them there; try `release-gate lint`."
    )
    return joined([head, fault_table(verdict.faults)])


def _footer(verdict: Verdict, document: str) -> str:
    linked = f' · <a href="{document}">approval document</a>' if document else ""
    return (
        f"<sub>Rules: {code(verdict.rules_file)} on {code(verdict.base_ref)} · <code>/gate help</code> lists the "
        f"commands and who may use them{linked}</sub>"
    )
