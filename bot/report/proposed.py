"""Proposed rules as Markdown: what is wrong with them, what they change, and what that would mean elsewhere."""

from bot.gate.markup import code
from bot.gate.rule_changes import Effect, RuleChange
from bot.gate.rules import Fault
from bot.gate.verdict import Outcome, Preview, Proposed, Verdict
from bot.report.markdown import heading, inline, joined, table
from bot.report.sentences import said
from bot.report.words import Words, msg, of_kind

MOST_CHANGES = 50
_EFFECTS = {
    Effect.REMOVES: msg("removes"),
    Effect.WEAKENS: msg("weakens"),
    Effect.ADDS: msg("adds"),
    Effect.CHANGES: msg("changes"),
}
_DECIDED = {
    Outcome.ERROR: of_kind("decided", "error"),
    Outcome.BLOCKED: of_kind("decided", "blocked"),
    Outcome.WAITING: of_kind("decided", "waiting"),
    Outcome.SCHEDULED: of_kind("decided", "scheduled"),
    Outcome.CONDITIONAL: of_kind("decided", "conditional"),
    Outcome.READY: of_kind("decided", "ready"),
    Outcome.NOT_A_RELEASE: of_kind("decided", "not a release"),
}


def proposed_rules(verdict: Verdict, words: Words) -> str:
    """The section about the rules that the pull request would bring; empty when it brings none."""
    proposed = verdict.proposed
    if proposed is None:
        return ""
    judged = words(
        "This pull request changes {file}. Until it is merged, the rules of its base decide.", file=code(proposed.file)
    )
    preview = _preview(proposed.preview, verdict.base_ref, words)
    return joined([heading(words("Proposed rules")), judged, _looked_at(proposed, words), preview])


def fault_table(faults: tuple[Fault, ...], words: Words) -> str:
    """One row for each, with its place."""
    rows = [
        (f"{fault.line}:{fault.column}", code(fault.path) if fault.path else "", inline(said(words, fault.message)))
        for fault in faults
    ]
    return table((words("line"), words("at"), words("fault")), rows)


def worth_a_look(warnings: tuple[Fault, ...], words: Words) -> str:
    """What is not wrong and not wise; empty where nothing is."""
    return joined([words("Worth a look:"), fault_table(warnings, words)]) if warnings else ""


def _looked_at(proposed: Proposed, words: Words) -> str:
    if proposed.faults:
        shut = words("It can't be applied, and merged it would shut the gate:")
        return joined([shut, fault_table(proposed.faults, words)])
    warned = worth_a_look(proposed.warnings, words)
    if not proposed.changes:
        return joined([words("It asks for the same as before."), warned])
    lines = [_line(change, words) for change in proposed.changes[:MOST_CHANGES]]
    if len(proposed.changes) > MOST_CHANGES:
        lines.append("- " + words("and {number} more", number=len(proposed.changes) - MOST_CHANGES))
    weaker = any(change.is_weaker for change in proposed.changes)
    asked = words("What is weaker needs every sign-off that the rules ask for, before or after.") if weaker else ""
    return joined(["\n".join(lines), asked, warned])


def _line(change: RuleChange, words: Words) -> str:
    return f"- **{words(_EFFECTS[change.effect])}** {said(words, change.said)}"


def _preview(preview: Preview | None, base_ref: str, words: Words) -> str:
    if preview is None or not preview.others:
        return ""
    of = f"{preview.others}"
    if preview.looked_at < preview.others:
        of = words("{done} of {asked}", done=preview.looked_at, asked=preview.others)
    base = code(base_ref)
    lead = words("Other open pull requests into {base} tried with it, once: {number}.", base=base, number=of)
    if not preview.flips:
        return " ".join([lead, words("None would be decided otherwise.")])
    lines = [
        words(
            "- {number}: {before}, then {after}",
            number=code(f"#{flip.number}"),
            before=words.one_of_kind("decided", _DECIDED[flip.before]),
            after=words.one_of_kind("decided", _DECIDED[flip.after]),
        )
        for flip in preview.flips
    ]
    return joined([" ".join([lead, words("These would be decided otherwise:")]), "\n".join(lines)])
