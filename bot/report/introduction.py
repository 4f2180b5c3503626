"""Rules that have just appeared on a base → the one check run on its head that lets the check be required."""

from bot.gate.check_name import name_of
from bot.gate.markup import code
from bot.gate.rules import BrokenRules, Rules
from bot.report.annotations import annotated, mark
from bot.report.markdown import joined
from bot.report.proposed import fault_table
from bot.report.text import Report
from bot.report.title import counted


def introduction(rules: Rules | BrokenRules, base: str) -> Report:
    """Neutral, for nothing was judged: <https://docs.github.com/en/rest/checks/runs#create-a-check-run>."""
    name = name_of(base, is_fixed=rules.is_fixed)
    if isinstance(rules, BrokenRules):
        notes = annotated(rules.file, rules.faults)
        return Report(
            name=name,
            status="completed",
            conclusion="failure",
            title=f"Rules can't be read: {counted(len(rules.faults), 'fault')}",
            summary=joined([_FAULTY, fault_table(rules.faults)]) + mark(notes),
            annotations=notes,
            comment="",
            starts_comment=False,
        )
    how = (
        f"Pull requests into {code(base)} are judged by {code(rules.file)} from now on. To make that count, require "
        f"the check {code(name)}, with this App as its source, in the branch's rules. GitHub offers it there because "
        "of this run."
    )
    return Report(
        name=name,
        status="completed",
        conclusion="neutral",
        title="Rules found: this check can be required now",
        summary=how,
        comment="",
        starts_comment=False,
    )


_FAULTY = "These rules can't be applied: every pull request into the branch is blocked until they are mended."
