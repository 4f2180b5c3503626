"""The verdict as Markdown: what blocks and who acts, the version and why, sign-offs, and the whole checklist."""

from bot.gate.finding import Who
from bot.gate.markup import code
from bot.gate.verdict import Blocker, Outcome, Verdict
from bot.report.answers import answered, changed_by_others
from bot.report.checklist import checklist
from bot.report.markdown import heading, inline, joined, link, plain, table
from bot.report.people import refusals, sign_offs
from bot.report.proposed import fault_table, proposed_rules
from bot.report.radius import figures, radius
from bot.report.risks import risks
from bot.report.sentences import said
from bot.report.signs import SIGNS
from bot.report.timeline import timeline
from bot.report.title import own_title
from bot.report.version import version
from bot.report.words import Words, msg

ACTORS = {
    Who.HOLDER: msg("Somebody holds it"),
    Who.AUTHOR: msg("The author acts"),
    Who.CI: msg("CI is at work"),
    Who.ROLE: msg("Roles sign"),
    Who.REVIEWER: msg("Reviewers look"),
    Who.CLOCK: msg("Time passes"),
    Who.ADMIN: msg("An admin acts"),
    Who.GITHUB: msg("Only GitHub knows"),
}
_BAR = 20
_SHADOW = msg("**Shadow mode:** nothing is blocked; this is what the rules would say if they were enforced.")


def body(verdict: Verdict, words: Words, *, document: str = "") -> str:
    """Everything below the title, within GitHub's limits; `document` is where the approval document can be read."""
    if verdict.outcome is Outcome.ERROR:
        return joined([_faults(verdict, words), proposed_rules(verdict, words)], words=words)
    if verdict.outcome is Outcome.NOT_A_RELEASE:
        nothing = words("The rules of the base branch ask nothing of this pull request.")
        return joined([nothing, proposed_rules(verdict, words)], words=words)
    return joined(
        [
            _state(verdict, words),
            words(_SHADOW) if verdict.is_shadow else "",
            _what_blocks(verdict, words),
            proposed_rules(verdict, words),
            version(verdict, words),
            sign_offs(verdict, words),
            checklist(verdict, words),
            risks(verdict, words),
            radius(verdict, words),
            figures(verdict, words),
            timeline(verdict, words),
            refusals(verdict, words),
            changed_by_others(verdict, words),
            answered(verdict, words),
            _footer(verdict, words, document),
        ],
        words=words,
    )


def _state(verdict: Verdict, words: Words) -> str:
    full = verdict.readiness * _BAR // 100
    bar = "█" * full + "░" * (_BAR - full)
    base, sha = code(verdict.base_ref), f"`{verdict.head_sha[:7]}`"
    commit = words("commit {sha} into {base}", sha=sha, base=base)
    if verdict.group_sha:
        group, number = f"`{verdict.group_sha[:7]}`", f"#{verdict.number}"
        commit = words("{number} in the merge queue, commit {sha} into {base}", number=number, sha=group, base=base)
    waived = sum(judged.is_waived for judged in verdict.items)
    beside = words(", {number} waived", number=waived) if waived else ""
    ready = words("**{percent} ready**", percent=f"{verdict.readiness} %")
    return f"`{bar}` {ready}{beside} · {commit}"


def _what_blocks(verdict: Verdict, words: Words) -> str:
    if not verdict.blockers:
        return ""
    groups = [(who, [blocker for blocker in verdict.blockers if blocker.finding.who is who]) for who in Who]
    parts = [
        f"**{words(ACTORS[who])}**\n\n{(_roles_table if who is Who.ROLE else _blocker_table)(blockers, words)}"
        for who, blockers in groups
        if blockers
    ]
    return joined([heading(words("What blocks")), *parts])


def _blocker_table(blockers: list[Blocker], words: Words) -> str:
    rows = [
        (
            _named(blocker, words),
            link(f"{SIGNS[blocker.finding.state]} {said(words, blocker.finding.seen)}", blocker.finding.link),
            said(words, blocker.finding.wanted),
            _how(blocker.how) if blocker.how and blocker.finding.who is Who.AUTHOR else said(words, blocker.finding.do),
        )
        for blocker in blockers
    ]
    return table((words("item"), words("seen"), words("wanted"), words("do")), rows)


def _roles_table(blockers: list[Blocker], words: Words) -> str:
    """One row for those who act, with all that they are asked for: a sign-off may open many items at once."""
    by_act: dict[tuple[tuple[str, ...], str], list[Blocker]] = {}
    for blocker in blockers:
        by_act.setdefault((blocker.finding.roles, blocker.finding.do), []).append(blocker)
    rows = [
        (
            f"{SIGNS[asked[0].finding.state]} {said(words, asked[0].finding.seen)}",
            "<br>".join(_asked_for(blocker, words) for blocker in asked if blocker.tier or blocker.severity),
            said(words, asked[0].finding.wanted),
            said(words, asked[0].finding.do),
        )
        for asked in by_act.values()
    ]
    return table((words("seen"), words("for"), words("wanted"), words("do")), rows)


def _asked_for(blocker: Blocker, words: Words) -> str:
    return f"{_named(blocker, words)}{f': {_how(blocker.how)}' if blocker.how else ''}"


def _named(blocker: Blocker, words: Words) -> str:
    return f"**{plain(blocker.id)}** {plain(own_title(blocker, words))}".rstrip()


def _how(text: str) -> str:
    """Several lines are commands to type; in one line, what stands in backticks is."""
    lines = text.strip().splitlines()
    if len(lines) > 1:
        return "<br>".join(code(line, limit=200) for line in lines)
    return inline(text)


def _faults(verdict: Verdict, words: Words) -> str:
    if verdict.trouble:
        # Not at the start of a line, where a dash or a number would begin a list.
        why = words("**Why:** {why}", why=plain(said(words, verdict.trouble)))
        return joined([why, words("The gate stays shut until this is over; it looks again by itself.")])
    head = words(
        "The rules in {file} on {base} can't be applied. Mend them there; try `release-gate lint`.",
        file=code(verdict.rules_file),
        base=code(verdict.base_ref),
    )
    return joined([head, fault_table(verdict.faults, words)])


def _footer(verdict: Verdict, words: Words, document: str) -> str:
    rules = words("Rules: {file} on {base}", file=code(verdict.rules_file), base=code(verdict.base_ref))
    lists = words("<code>/gate help</code> lists the commands and who may use them")
    name = words("approval document")
    linked = f' · <a href="{document}">{name}</a>' if document else ""
    return f"<sub>{rules} · {lists}{linked}</sub>"
