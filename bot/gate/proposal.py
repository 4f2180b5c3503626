"""Decides about a pull request that changes the rules: judged by those of its base, its own shown and compared."""

from dataclasses import dataclass, replace

from bot.gate.evaluate import evaluate, questions
from bot.gate.facts import Snapshot
from bot.gate.finding import Finding, State, Who
from bot.gate.markup import code
from bot.gate.needs import Questions
from bot.gate.release import When
from bot.gate.rule_changes import rule_changes, signed_anew, stricter
from bot.gate.rules import RULES_FILES, BrokenRules, Rules
from bot.gate.verdict import Blocker, Outcome, Preview, Proposed, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The rules as they would be after the merge."""

    file: str
    """The file that is changed."""
    rules: Rules | BrokenRules | None
    """None: there would be none."""
    preview: Preview | None = None
    """What they would mean for others, as far as it was tried."""


def decide(rules: Rules | BrokenRules, snapshot: Snapshot, proposal: Proposal | None) -> Verdict:
    """The decision about a pull request that may change the rules. Pure."""
    verdict = evaluate(asked(rules, snapshot, proposal), snapshot)
    if proposal is None:
        return verdict
    proposed = _proposed(rules, proposal)
    if not proposed.faults or verdict.outcome is Outcome.ERROR:
        return replace(verdict, proposed=proposed)
    blockers = (_faulty(proposed), *verdict.blockers)
    return replace(verdict, proposed=proposed, outcome=Outcome.BLOCKED, blockers=blockers, rules_file=rules.file)


def still_asked(rules: Rules | BrokenRules, snapshot: Snapshot, proposal: Proposal | None) -> Questions:
    """What a look at the snapshot leaves open; falsy once `decide` has all it can get."""
    return questions(asked(rules, snapshot, proposal), snapshot)


def asked(rules: Rules | BrokenRules, snapshot: Snapshot, proposal: Proposal | None) -> Rules | BrokenRules:
    """The rules to judge by: those of the base, and for weaker ones every sign-off that either asks for.

    What is no release has no checklist to meet, but weakening the rules needs the sign-offs all the same.
    """
    if proposal is None or isinstance(rules, BrokenRules) or isinstance(proposal.rules, BrokenRules):
        return rules
    if not any(change.is_weaker for change in rule_changes(rules, proposal.rules)):
        return rules
    by = signed_anew(stricter(rules, proposal.rules) if proposal.rules else rules, RULES_FILES)
    if rules.when.holds(snapshot):
        return by
    signing = {role.id: replace(role, required=True) for role in by.signing_roles()}
    return replace(by, when=When(), checklist=(), roles={**by.roles, **signing}) if signing else rules


def _proposed(rules: Rules | BrokenRules, proposal: Proposal) -> Proposed:
    new = proposal.rules
    if isinstance(new, BrokenRules):
        return Proposed(file=proposal.file, faults=new.faults, warnings=new.warnings)
    changes = rule_changes(rules, new) if isinstance(rules, Rules) else ()
    warnings = new.warnings if new else ()
    return Proposed(file=proposal.file, changes=changes, warnings=warnings, preview=proposal.preview)


def _faulty(proposed: Proposed) -> Blocker:
    """Merged, they would shut the gate for every pull request, and for the one that mends them."""
    count = len(proposed.faults)
    finding = Finding(
        state=State.UNMET,
        seen=f"{count} fault{'' if count == 1 else 's'} in {code(proposed.file)} at the head",
        wanted="rules that can be read",
        do="mend them, see the table below; try `release-gate lint`",
        who=Who.AUTHOR,
        failed=True,
    )
    return Blocker(id="rules", title="The proposed rules", finding=finding)
