"""Proposed rules as Markdown: what is wrong with them, what they change, and what that would mean elsewhere."""

from bot.gate.markup import code
from bot.gate.rules import Fault
from bot.gate.verdict import Preview, Proposed, Verdict
from bot.report.markdown import inline, joined, table

MOST_CHANGES = 50


def proposed_rules(verdict: Verdict) -> str:
    """The section about the rules that the pull request would bring; empty when it brings none."""
    proposed = verdict.proposed
    if proposed is None:
        return ""
    judged = f"This pull request changes {code(proposed.file)}. Until it is merged, the rules of its base decide."
    return joined(["### Proposed rules", judged, _looked_at(proposed), _preview(proposed.preview, verdict.base_ref)])


def fault_table(faults: tuple[Fault, ...]) -> str:
    """One row for each, with its place."""
    rows = [
        (f"{fault.line}:{fault.column}", code(fault.path) if fault.path else "", inline(fault.message))
        for fault in faults
    ]
    return table(("line", "at", "fault"), rows)


def _looked_at(proposed: Proposed) -> str:
    if proposed.faults:
        return joined(["It can't be applied, and merged it would shut the gate:", fault_table(proposed.faults)])
    warned = joined(["Worth a look:", fault_table(proposed.warnings)]) if proposed.warnings else ""
    if not proposed.changes:
        return joined(["It asks for the same as before.", warned])
    lines = [f"- **{change.effect}** {change.said}" for change in proposed.changes[:MOST_CHANGES]]
    if len(proposed.changes) > MOST_CHANGES:
        lines.append(f"- and {len(proposed.changes) - MOST_CHANGES} more")
    weaker = any(change.is_weaker for change in proposed.changes)
    asked = "What is weaker needs every sign-off that the rules ask for, before or after." if weaker else ""
    return joined(["\n".join(lines), asked, warned])


def _preview(preview: Preview | None, base_ref: str) -> str:
    if preview is None or not preview.others:
        return ""
    of = f"{preview.looked_at} of {preview.others}" if preview.looked_at < preview.others else str(preview.others)
    lead = f"Other open pull requests into {code(base_ref)} tried with it, once: {of}."
    if not preview.flips:
        return f"{lead} None would be decided otherwise."
    lines = [f"- {code(f'#{flip.number}')}: {_words(flip.before)}, then {_words(flip.after)}" for flip in preview.flips]
    return joined([f"{lead} These would be decided otherwise:", "\n".join(lines)])


def _words(outcome: str) -> str:
    return outcome.replace("_", " ")
