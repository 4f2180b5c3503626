"""Proposed rules tried on the other open pull requests of the base → which of them would be decided otherwise."""

from dataclasses import replace
from typing import Final

from bot.gate.evaluate import evaluate
from bot.gate.rules import Rules
from bot.gate.verdict import Flip, Preview
from bot.github.errors import Forbidden, Gone, Rejected, Unreachable
from bot.github.resolve import resolve
from bot.github.targets import Base, PullRequest
from bot.reading import Gate, Reading, snapshot_for

MOST: Final = 20
"""So many others are tried; it is a look ahead, not a promise."""


async def previewed(gate: Gate, reading: Reading) -> Reading:
    """The reading with what its proposal would mean for others: read once for each pair of rules, and never written."""
    old, new = reading.rules, reading.proposal and reading.proposal.rules
    if reading.proposal is None or reading.snapshot.group_sha:
        return reading
    if not (isinstance(old, Rules) and isinstance(new, Rules)):
        return reading
    key = (reading.ref.key, old.source, new.source)
    if key not in gate.previews:
        gate.previews[key] = await _tried(gate, reading, old, new)
    return replace(reading, proposal=replace(reading.proposal, preview=gate.previews[key]))


async def _tried(gate: Gate, reading: Reading, old: Rules, new: Rules) -> Preview:
    base = Base(repository=reading.ref.repository, branch=reading.snapshot.base_ref)
    found = await resolve(gate.client, gate.store, base)
    others = [one for one in found if isinstance(one, PullRequest) and one != reading.ref]
    tried = [await _flip(gate, ref, old, new) for ref in others[:MOST]]
    flips = tuple(flip for flip in tried if flip and flip.before is not flip.after)
    return Preview(flips=flips, looked_at=sum(flip is not None for flip in tried), others=len(others))


async def _flip(gate: Gate, ref: PullRequest, old: Rules, new: Rules) -> Flip | None:
    """Both decisions, from one snapshot; None for what can't be read, which is not worth a pass that fails."""
    try:
        snapshot = await snapshot_for(gate, ref, old, new)
    except (Forbidden, Gone, Rejected, Unreachable):
        return None
    before, after = (evaluate(rules, snapshot).outcome for rules in (old, new))
    return Flip(number=ref.number, before=before, after=after)
