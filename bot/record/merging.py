"""A merged pull request and the decisions about it → which of them it was merged on, and whether despite it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.gate.check_name import name_of, shows_fixed
from bot.gate.facts import Merge, Snapshot
from bot.gate.verdict import Outcome
from bot.record.chain import Body, Decision, Entry, Kept, Kind
from bot.record.codec import digest, encoded
from bot.report.merged import merged_line, undecided
from bot.report.words import ENGLISH, Words

_GREEN = frozenset({"success", "neutral"})
"""With these GitHub lets a required check pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a pull request was merged."""

    merge: Merge
    on: Kept
    """The decision that counted."""
    is_despite: bool
    """The check did not say that it may."""
    shown: str
    """What the check said."""

    @property
    def title(self) -> str:
        """In one line."""
        return merged_line(self.merge.by, self.shown, is_despite=self.is_despite)


def decided_on(chain: Sequence[Decision], snapshot: Snapshot) -> Decision | None:
    """The verdict that counted: of the merge queue when its commit was merged, else the newest one of the head."""
    verdicts = [one for one in chain if one.kind is Kind.VERDICT]
    merged = snapshot.merge and snapshot.merge.commit
    for commit in (merged, snapshot.head_sha):
        if of_commit := [one for one in verdicts if one.commit == commit]:
            return of_commit[-1]
    return verdicts[-1] if verdicts else None


def ending(merge: Merge, on: Kept, snapshot: Snapshot, words: Words = ENGLISH) -> Ending:
    """What people saw is what counts; where no run stands on the head, what was decided about what was merged.

    A decision about another commit lets nothing pass.
    """
    name = name_of(snapshot.base_ref, is_fixed=shows_fixed(snapshot.published))
    run = next((run for run in snapshot.published.runs if run.name == name), None)
    decision = on.decision
    if run is not None and decision.commit != merge.commit:
        return Ending(merge=merge, on=on, is_despite=run.conclusion not in _GREEN, shown=run.title)
    if decision.commit not in (merge.commit, snapshot.head_sha):
        return Ending(merge=merge, on=on, is_despite=True, shown=undecided(snapshot.head_sha, words))
    is_shadow = bool(on.body and on.body.verdict["is_shadow"])
    is_green = is_shadow or Outcome(decision.outcome).passes
    return Ending(merge=merge, on=on, is_despite=not is_green, shown=decision.title)


def merged_entry(found: Ending, snapshot: Snapshot) -> tuple[Entry, Body]:
    """The last link of the chain: who merged it, with the account of the decision that it was merged on."""
    decision, body = found.on.decision, found.on.body
    facts = {"merge": encoded(found.merge), "is_despite": found.is_despite, "shown": found.shown}
    kept = Body(facts=facts, rules={}, verdict=body.verdict if body else {})
    entry = Entry(
        subject=decision.subject,
        kind=Kind.MERGED,
        at=int(snapshot.taken_at.timestamp()),
        target=decision.target,
        repository=snapshot.repository,
        pull=snapshot.number,
        commit=found.merge.commit or snapshot.head_sha,
        outcome=decision.outcome,
        title=found.title,
        program=decision.program,
        gist=digest(facts),
        **kept.digests,
    )
    return entry, kept
