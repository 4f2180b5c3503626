"""What is kept of a pull request → what its approval document is made of, beside what is known now."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bot.gate.facts import Snapshot
from bot.gate.verdict import Outcome, Verdict
from bot.ledger import ended
from bot.record.chain import Decision, Kind
from bot.record.codec import Unreadable
from bot.record.grounds import Grounds
from bot.record.merging import decided_on
from bot.record.replay import Replayed, replayed
from bot.report.document import Dossier
from bot.report.moved import moved
from bot.report.past import Closed, Past
from bot.report.words import ENGLISH
from bot.store import Store, decisions

_MOST_BACK: Final = 8
"""Decisions that are made again to find the last one that said something else."""


async def of_open(store: Store, target: str, grounds: Grounds, verdict: Verdict) -> Dossier:
    """The dossier of a verdict that was made just now, from a look at this target."""
    chain = await decisions.chain(store, subject=grounds.snapshot.id)
    before = await _before(store, [one for one in chain if one.target == target], verdict)
    return Dossier(
        rules=grounds.rules, snapshot=grounds.snapshot, verdict=verdict, previous=before, past=past_of(chain)
    )


async def of_closed(store: Store, snapshot: Snapshot) -> Dossier | None:
    """The dossier of what was decided last before a pull request was closed; None where that is not kept."""
    chain = await decisions.chain(store, subject=snapshot.id)
    on = decided_on(chain, snapshot)
    found = await ended(store, snapshot)
    closed = Closed(merge=snapshot.merge, is_despite=bool(found and found.is_despite))
    return await of_decision(store, chain, on, closed) if on else None


async def of_decision(store: Store, chain: Sequence[Decision], on: Decision, closed: Closed | None) -> Dossier | None:
    """The dossier of one decision of a chain, made again; None where what it was made from went."""
    again = await _again(store, on)
    if again is None:
        return None
    earlier = [one for one in chain if one.target == on.target and one.number < on.number]
    if closed and again.differences:
        closed = Closed(merge=closed.merge, is_despite=closed.is_despite, program=on.program)
    return Dossier(
        rules=again.grounds.rules,
        snapshot=again.grounds.snapshot,
        verdict=again.verdict,
        previous=await _before(store, earlier, again.verdict),
        past=past_of(chain),
        closed=closed,
    )


def past_of(chain: Sequence[Decision]) -> tuple[Past, ...]:
    """The chain as a document shows it."""
    return tuple(
        Past(
            number=one.number,
            at=datetime.fromtimestamp(one.at, UTC),
            commit=one.commit,
            outcome=Outcome(one.outcome) if one.kind is Kind.VERDICT else None,
            digest=one.digest,
        )
        for one in chain
    )


async def _before(store: Store, earlier: Sequence[Decision], verdict: Verdict) -> Verdict | None:
    """The newest that says something else."""
    verdicts = [one for one in earlier if one.kind is Kind.VERDICT]
    for decision in verdicts[: -_MOST_BACK - 1 : -1]:
        again = await _again(store, decision)
        if again is None or again.differences:
            return None  # what was said then can't be told by making it again
        if any(moved(again.verdict, verdict, ENGLISH)):
            return again.verdict
    return None


async def _again(store: Store, decision: Decision) -> Replayed | None:
    try:
        kept = await decisions.with_body(store, decision)
        return await asyncio.to_thread(replayed, kept.body) if kept.body else None
    except Unreadable:
        return None
