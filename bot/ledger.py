"""What a pass decided → a decision in the store, where a reader would call it another one than the last."""

import asyncio
from functools import cache
from importlib.metadata import version

import structlog

from bot.gate.facts import Snapshot
from bot.gate.verdict import Outcome, Verdict
from bot.github.targets import Target
from bot.record.account import Json, account, gist
from bot.record.body import body_of, packed
from bot.record.chain import Entry, Kind
from bot.record.codec import digest
from bot.record.grounds import Grounds, rules_of
from bot.record.merging import Ending, decided_on, ending, merged_entry
from bot.report.words import ENGLISH, Words
from bot.store import Store, decisions
from bot.work import ensure_held

log = structlog.get_logger()


@cache
def program() -> str:
    """The version that decides."""
    return version("release-gate")


async def record(store: Store, target: Target, grounds: Grounds, verdict: Verdict) -> None:
    """Keeps the decision with all that it was made from; nothing when the newest one says the same.

    It is compared with what is stored, so what a process that died did not write, the next pass does. Raises
    `StoreRefused`, and `LeaseLost` when another replica has taken the look over.
    """
    told = account(verdict)
    rules = digest(rules_of(grounds))
    said = gist(told, rules)
    last = await decisions.last(store, subject=grounds.snapshot.id, target=target.key)
    if last is not None and last.gist == said:
        return
    # In a thread: thousands of changed files take longer than others should wait.
    entry, body = await asyncio.to_thread(_written, target.key, grounds, told, said)
    await ensure_held()
    decision = await decisions.append(store, entry, body)
    log.info("decision.recorded", decision=decision.number, digest=decision.digest, bytes=len(body))


async def ended(store: Store, snapshot: Snapshot, words: Words = ENGLISH) -> Ending | None:
    """How the pull request was merged; None where we never decided about it, or it was no release."""
    decision = decided_on(await decisions.chain(store, subject=snapshot.id), snapshot)
    if snapshot.merge is None or decision is None:
        return None
    found = ending(snapshot.merge, await decisions.with_body(store, decision), snapshot, words)
    return found if found.is_despite or decision.outcome != Outcome.NOT_A_RELEASE else None


async def record_merge(store: Store, snapshot: Snapshot, found: Ending) -> None:
    """Keeps that it was merged, and on which decision; nothing when that is kept already. Raises as `record`."""
    last = await decisions.last(store, subject=snapshot.id)
    if last is not None and last.kind is Kind.MERGED:
        return
    entry, body = merged_entry(found, snapshot)
    await ensure_held()
    decision = await decisions.append(store, entry, packed(body))
    log.info("merge.recorded", decision=decision.number, digest=decision.digest, is_despite=found.is_despite)


def _written(target: str, grounds: Grounds, told: Json, said: str) -> tuple[Entry, bytes]:
    snapshot, body = grounds.snapshot, body_of(grounds, told)
    entry = Entry(
        subject=snapshot.id,
        kind=Kind.VERDICT,
        at=int(snapshot.taken_at.timestamp()),
        target=target,
        repository=snapshot.repository,
        pull=snapshot.number,
        commit=snapshot.tested_sha,
        outcome=told["outcome"],
        title=told["title"],
        program=program(),
        gist=said,
        **body.digests,
    )
    return entry, packed(body)
