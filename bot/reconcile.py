"""The story of the program: read what is so, decide what should be, write the difference."""

from datetime import UTC, datetime

import structlog

from bot.gate.evaluate import cannot_evaluate
from bot.gate.verdict import Verdict
from bot.github.apply import apply
from bot.github.merge_group import refuse
from bot.github.targets import MergeGroup, PullRequest
from bot.reading import Gate, Reading, Untold, confirm, read, remember, remember_head
from bot.report.plan import plan, turns_green
from bot.report.text import report_of
from bot.store.wishes import Watermark

log = structlog.get_logger()


async def reconcile(gate: Gate, target: PullRequest | MergeGroup, watermark: Watermark | None) -> float | None:
    """One pass. Returns after how many seconds the clock alone may change the verdict, or None."""
    reading = await read(gate, target, watermark)
    if isinstance(reading, Untold):
        await refuse(gate.client, reading.group, reading.because)
    if not isinstance(reading, Reading):
        return None
    twins = await _twins(gate, reading)
    verdict = reading.verdict
    writes = plan(report_of(verdict, twins), reading.snapshot.published)
    if turns_green(writes):
        reading = await confirm(gate, reading)
        verdict = reading.verdict
        writes = plan(report_of(verdict, twins), reading.snapshot.published)

    snapshot, published_at = reading.snapshot, reading.snapshot.taken_at
    await remember(gate, reading.ref, verdict.closings)
    if writes:
        published_at = await apply(gate.client, target.repository.installation, writes, snapshot)
    await remember_head(gate, reading.ref, snapshot, published_at)
    log.info("gate.evaluated", head_sha=snapshot.tested_sha, outcome=verdict.outcome, writes=len(writes))
    return (verdict.again_at - snapshot.taken_at).total_seconds() if verdict.again_at else None


async def show_trouble(gate: Gate, target: PullRequest | MergeGroup, because: str, next_try_at: float) -> None:
    """Says where the verdict stands that it can't be evaluated; the gate shuts, whatever stood there before."""
    reading = await read(gate, target)
    if not isinstance(reading, Reading):
        return
    next_try = datetime.fromtimestamp(next_try_at, UTC)
    verdict = cannot_evaluate(reading.snapshot, f"{because}, next try {next_try:%H:%M} UTC")
    if writes := plan(report_of(verdict), reading.snapshot.published):
        await apply(gate.client, target.repository.installation, writes, reading.snapshot)


async def _twins(gate: Gate, reading: Reading) -> tuple[Verdict, ...]:
    """What the gate says of open pull requests with the same head and base: they share our check run."""
    others = [PullRequest(repository=reading.ref.repository, number=number) for number in reading.twins]
    read_all = [await read(gate, ref) for ref in others]
    return tuple(other.verdict for other in read_all if isinstance(other, Reading))
