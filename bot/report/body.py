"""The verdict as Markdown: what blocks and who acts, the version and why, sign-offs, and the whole checklist."""

from bot.gate.checklist import JudgedItem, Tier
from bot.gate.commands import Command, Verb
from bot.gate.facts import Unavailable
from bot.gate.finding import State, Who
from bot.gate.markup import code, instant, listed
from bot.gate.standing import SignOff, Standing
from bot.gate.verdict import Blocker, Outcome, Verdict
from bot.gate.version import NextVersion
from bot.report.markdown import folded, inline, joined, link, plain, table
from bot.report.proposed import fault_table, proposed_rules
from bot.report.radius import figures, radius
from bot.report.risks import risks
from bot.report.timeline import timeline

SIGNS = {
    State.MET: "✅",
    State.WAIVED: "🟦",
    State.PENDING: "🕒",
    State.UNKNOWN: "❓",
    State.UNMET: "❌",
    State.NOT_APPLICABLE: "➖",
}
ACTORS = {
    Who.HOLDER: "Somebody holds it",
    Who.AUTHOR: "The author acts",
    Who.CI: "CI is at work",
    Who.ROLE: "Roles sign",
    Who.REVIEWER: "Reviewers look",
    Who.CLOCK: "Time passes",
    Who.ADMIN: "An admin acts",
}
_BAR = 20
_REFUSALS_SHOWN = 10
_NOTE = 120
"""Letters of what somebody says with a sign-off."""
_DECLARED = 5
"""Sources of a declared version that are shown."""
_SHADOW = "**Shadow mode:** nothing is blocked; this is what the rules would say if they were enforced."


def body(verdict: Verdict) -> str:
    """Everything below the title, within GitHub's limits."""
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
            _version(verdict),
            _sign_offs(verdict),
            _checklist(verdict),
            risks(verdict),
            radius(verdict),
            figures(verdict),
            timeline(verdict),
            _refusals(verdict),
            _footer(verdict),
        ]
    )


def _state(verdict: Verdict) -> str:
    full = verdict.readiness * _BAR // 100
    bar = "█" * full + "░" * (_BAR - full)
    commit = f"commit `{verdict.head_sha[:7]}`"
    if verdict.group_sha:
        commit = f"#{verdict.number} in the merge queue, commit `{verdict.group_sha[:7]}`"
    return f"`{bar}` **{verdict.readiness} % ready** · {commit} into {code(verdict.base_ref)}"


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
    return f"**{plain(blocker.id)}** {plain(blocker.title)}"


def _how(text: str) -> str:
    """Several lines are commands to type; in one line, what stands in backticks is."""
    lines = text.strip().splitlines()
    if len(lines) > 1:
        return "<br>".join(code(line, limit=200) for line in lines)
    return inline(text)


def _refusals(verdict: Verdict) -> str:
    """The newest, for anybody can write a thousand."""
    refused = [refusal for refusal in verdict.refusals if not _made_good(refusal.command, verdict)]
    if not refused:
        return ""
    refused.sort(key=lambda refusal: refusal.command.comment.created_at, reverse=True)
    rows = [
        (
            link(code(refusal.command.comment.author or "ghost"), refusal.command.comment.url),
            code(refusal.command.text),
            refusal.because,
        )
        for refusal in refused[:_REFUSALS_SHOWN]
    ]
    more = f"{len(refused) - _REFUSALS_SHOWN} more, all older" if len(refused) > _REFUSALS_SHOWN else ""
    return joined(["### Commands that did not count", table(("who", "command", "why"), rows), more])


def _made_good(refused: Command, verdict: Verdict) -> bool:
    """Whether the same person has signed for the same role since."""
    return any(
        refused.verb is Verb.APPROVE
        and signed.role == refused.argument.lower()
        and signed.login == refused.comment.author
        and signed.at >= refused.comment.created_at
        for standing in verdict.standings
        for signed in standing.signed
    )


def _version(verdict: Verdict) -> str:
    version = verdict.version
    if isinstance(version, Unavailable):
        return f"### Version\n\nNot known: {version.because}."
    head = f"### Version\n\n`{version.current}` → **`{version.next}`** ({version.bump}){_why(version)}"
    return joined([head, _signals(version) if version.signals else ""])


def _why(version: NextVersion) -> str:
    """Who declared the version, or why the bump is smaller than the highest signal."""
    if version.declared:
        said = version.declared
        names = [f"{one.source} {one.because}" for one in said if one.version == said[0].version]
        others = [f"{one.source} {one.because} says `{one.version}`" for one in said if one.version != said[0].version]
        beside = f"; {listed(others[:_DECLARED])}" if others else ""
        return f", declared by {listed(names[:_DECLARED])}{beside}{_beside_changes(version)}"
    if not version.signals:
        return ": no commit, title or label says more."
    highest = max((signal.bump for signal in version.signals), key=lambda bump: bump.rank)
    if highest is version.bump:
        return ""
    return f": before 1.0.0 a {highest} change counts as {version.bump} (`semver: {{zero: minor}}`)"


def _beside_changes(version: NextVersion) -> str:
    """What the changes alone would come to, where that differs."""
    if version.computed in {None, version.bump}:
        return ""
    return f"; the changes alone ask for a {version.computed} bump"


def _signals(version: NextVersion) -> str:
    highest = max(signal.bump.rank for signal in version.signals)
    decisive = [signal for signal in version.signals if signal.bump.rank == highest]
    others = [signal for signal in version.signals if signal.bump.rank < highest]
    rows = [(signal.source, signal.bump, signal.because) for signal in (*decisive, *others)]
    text = table(("signal", "says", "because"), rows)
    return text if len(rows) <= 3 else folded(f"why: {len(rows)} signals, the highest wins", text)  # noqa: PLR2004


def _sign_offs(verdict: Verdict) -> str:
    if not verdict.standings:
        return ""
    rows = [row for standing in verdict.standings for row in _role_rows(standing, verdict)]
    return joined(["### Sign-offs", table(("role", "sign-off", "who", "when (UTC)"), rows)])


def _role_rows(standing: Standing, verdict: Verdict) -> list[tuple[str, str, str, str]]:
    name = f"**{standing.role.id}**" if standing.role.required else standing.role.id
    rows = [
        (name, f"✅ `{signed.sha[:7]}` {plain(signed.note, limit=_NOTE)}", *_signed(signed))
        for signed in standing.signed
    ]
    rows += [(name, f"❌ dropped: {dropped.dropped}", *_signed(dropped)) for dropped in standing.dropped]
    if standing.missing:
        asked = standing.unknown or f"`/approve {standing.role.id} {verdict.head_sha[:7]}`"
        rows.append((name, f"{'❓' if standing.unknown else '⬜'} {asked}", _asked(standing), ""))
    return rows


def _signed(sign_off: SignOff) -> tuple[str, str]:
    return link(code(sign_off.login), sign_off.url), f"{sign_off.at:%Y-%m-%d %H:%M}"


def _asked(standing: Standing) -> str:
    """Teams are mentioned, which notifies them once: GitHub notifies for a new comment, never for an edit."""
    role = standing.role
    return listed(
        [*(f"@{team}" for team in sorted(role.teams)), *(f"@{user}" for user in sorted(role.users))], last="or"
    )


def _checklist(verdict: Verdict) -> str:
    tiers = [(tier, verdict.of_tier(tier)) for tier in Tier]
    parts = [folded(_tier_line(tier, items), _item_table(items)) for tier, items in tiers if items]
    return joined(["### Checklist", *parts]) if parts else ""


def _tier_line(tier: Tier, items: tuple[JudgedItem, ...]) -> str:
    asked = sum(judged.is_applicable for judged in items)
    beside = f", {len(items) - asked} not applicable" if asked < len(items) else ""
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


def _footer(verdict: Verdict) -> str:
    return (
        f"<sub>Rules: {code(verdict.rules_file)} on {code(verdict.base_ref)} · commands, at the start of a line: "
        "<code>/approve ROLE [SHA]</code>, <code>/revoke ROLE</code>, <code>/attest ITEM [URL]</code>, "
        "<code>/unattest ITEM</code></sub>"
    )
