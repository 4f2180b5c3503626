"""What a decision is made from into JSON, and back: facts as values, rules as the texts that they were read from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.gate.facts import Snapshot
from bot.gate.proposal import Proposal, decide
from bot.gate.published import Published
from bot.gate.rules import BrokenRules, Origin, Rules
from bot.gate.verdict import Preview, Verdict
from bot.record.codec import Unreadable, decoded, encoded
from bot.rules import parse

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What a decision is made from; the same always decide the same."""

    rules: Rules | BrokenRules
    snapshot: Snapshot
    proposal: Proposal | None = None

    @property
    def verdict(self) -> Verdict:
        """The decision."""
        return decide(self.rules, self.snapshot, self.proposal)


def facts_of(grounds: Grounds) -> Json:
    """Everything that was known; of what we had published ourselves only which runs there were, for that decides."""
    runs = tuple(replace(run, title="", summary="") for run in grounds.snapshot.published.runs)
    snapshot = encoded(replace(grounds.snapshot, published=Published(runs=runs)))
    proposal = grounds.proposal
    return {"snapshot": snapshot, "preview": encoded(proposal.preview) if proposal and proposal.preview else None}


def rules_of(grounds: Grounds) -> Json:
    """The rules of the base, and those proposed."""
    proposal = grounds.proposal
    proposed = {"file": proposal.file, "rules": proposal.rules and _rules(proposal.rules)} if proposal else None
    return {"rules": _rules(grounds.rules), "proposed": proposed}


def grounds_from(facts: Json, rules: Json) -> Grounds:
    """The grounds again. Raises `Unreadable` for what another program wrote, or nobody."""
    try:
        proposed, preview = rules["proposed"], facts["preview"]
        return Grounds(
            rules=_read(rules["rules"]),
            snapshot=decoded(Snapshot, facts["snapshot"]),
            proposal=proposed
            and Proposal(
                file=proposed["file"],
                rules=proposed["rules"] and _read(proposed["rules"]),
                preview=preview and decoded(Preview, preview),
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"no grounds of a decision: {error!r:.80}") from error


def _rules(rules: Rules | BrokenRules) -> Json:
    named = {"file": rules.file, "source": rules.source}
    if isinstance(rules, BrokenRules):
        told = {"faults": rules.faults, "warnings": rules.warnings}
        faults = {name: [encoded(fault) for fault in those] for name, those in told.items()}
        return {**named, **faults, "is_fixed": rules.is_fixed}
    if rules.origin is None:
        raise TypeError("rules without the text that they were read from")
    return {**named, **encoded(rules.origin)}


def _read(rules: Json) -> Rules | BrokenRules:
    if "faults" in rules:
        return decoded(BrokenRules, rules)
    origin = decoded(Origin, rules)
    found = parse(
        origin.text, file=rules["file"], source=rules["source"], sets=origin.sets, is_default=origin.is_default
    )
    return replace(found, origin=origin) if isinstance(found, Rules) else found
