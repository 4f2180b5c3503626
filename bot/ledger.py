"""What a pass decided → a decision in the store, where a reader would call it another one than the last."""

import asyncio
from functools import cache
from importlib.metadata import version

import structlog

from bot.gate.verdict import Verdict
from bot.github.targets import Target
from bot.record.account import Json, account, gist
from bot.record.body import body_of, packed
from bot.record.chain import Entry, Kind
from bot.record.codec import digest
from bot.record.grounds import Grounds, rules_of
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
