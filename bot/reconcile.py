"""The story of the program: read what is so, decide what should be, write the difference."""

from datetime import UTC, datetime

import structlog

from bot.gate.evaluate import cannot_evaluate
from bot.gate.verdict import Verdict
from bot.github.apply import apply
from bot.github.merge_group import refuse
from bot.github.targets import MergeGroup, PullRequest
from bot.reading import Gate, Reading, confirm, read, remember, remember_head
from bot.report.plan import plan, turns_green
from bot.report.text import report_of
from bot.store.wishes import Watermark

log = structlog.get_logger()


async def reconcile(gate: Gate, target: PullRequest | MergeGroup, watermark: Watermark | None) -> float | None:
    """One pass. Returns after how many seconds the clock alone may change the verdict, or None."""
    if isinstance(target, MergeGroup):
        await refuse(gate.client, target)
        return None

    reading = await read(gate, target, watermark)
    if reading is None:
        return None
    twins = await _twins(gate, target, reading)
    verdict = reading.verdict
    writes = plan(report_of(verdict, twins), reading.snapshot.published)
    if turns_green(writes):
        reading = await confirm(gate, target, reading)
        verdict = reading.verdict
        writes = plan(report_of(verdict, twins), reading.snapshot.published)

    snapshot, published_at = reading.snapshot, reading.snapshot.taken_at
    await remember(gate, target, verdict.closings)
    if writes:
        published_at = await apply(gate.client, target.repository.installation, writes, snapshot)
    await remember_head(gate, target, snapshot, published_at)
    log.info("gate.evaluated", head_sha=snapshot.head_sha, outcome=verdict.outcome, writes=len(writes))
    return (verdict.again_at - snapshot.taken_at).total_seconds() if verdict.again_at else None


async def show_trouble(gate: Gate, target: PullRequest | MergeGroup, because: str, next_try_at: float) -> None:
    """Says on the pull request that it can't be evaluated; the gate shuts, whatever stood there before."""
    if isinstance(target, MergeGroup):
        return
    reading = await read(gate, target)
    if reading is None:
        return
    next_try = datetime.fromtimestamp(next_try_at, UTC)
    verdict = cannot_evaluate(reading.snapshot, f"{because}, next try {next_try:%H:%M} UTC")
    if writes := plan(report_of(verdict), reading.snapshot.published):
        await apply(gate.client, target.repository.installation, writes, reading.snapshot)


async def _twins(gate: Gate, target: PullRequest, reading: Reading) -> tuple[Verdict, ...]:
    """What the gate says of open pull requests with the same head and base: they share our check run."""
    others = [PullRequest(repository=target.repository, number=number) for number in reading.twins]
    return tuple([other.verdict for ref in others if (other := await read(gate, ref))])
