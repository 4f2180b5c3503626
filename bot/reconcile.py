"""The story of the program: read what is so, decide what should be, write the difference."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from bot import metrics
from bot.catalogues import words_of
from bot.gate.facts import Snapshot
from bot.gate.rules import Language
from bot.gate.verdict import Verdict
from bot.github.apply import Applied, apply, apply_shutting_first
from bot.github.merge_group import refuse
from bot.github.targets import MergeGroup, PullRequest, Tip
from bot.github.trouble import tell
from bot.github.watermark import told_at
from bot.introducing import introduce, show_first_rules
from bot.ledger import ended, record, record_merge
from bot.memory import remember_closings, remember_head
from bot.preview import previewed
from bot.reading import Ended, FirstRules, Gate, Reading, Untold, confirm, read, read_twins
from bot.report.introduction import untold
from bot.report.merged import merged_line, told_despite
from bot.report.plan import React, Write, plan, turns_green
from bot.report.text import report_of
from bot.store.wishes import Watermark
from bot.work import OVER

log = structlog.get_logger()


async def reconcile(gate: Gate, target: PullRequest | MergeGroup | Tip, watermark: Watermark | None) -> float | None:
    """One pass. Returns after how many seconds another is due that no event asks for; None: never, `OVER`: closed."""
    if isinstance(target, Tip):
        await introduce(gate, target)
        return None
    reading = await read(gate, target, watermark)
    if not isinstance(reading, Reading):
        await _without_verdict(gate, target, reading)
        return OVER if isinstance(reading, Ended) else None
    readings = tuple([await previewed(gate, one) for one in (reading, *await read_twins(gate, reading))])
    verdict, *twins = (one.verdict for one in readings)
    writes = _writes(gate, reading, verdict, twins)
    if turns_green(writes):
        readings = tuple([await confirm(gate, one) for one in readings])
        verdict, *twins = (one.verdict for one in readings)
        writes = _writes(gate, reading, verdict, twins)

    gate.languages[target.key] = verdict.language
    snapshot = readings[0].snapshot
    await remember_closings(gate.store, snapshot, verdict.closings)
    applied = await apply_shutting_first(gate.client, target.repository.installation, writes, snapshot)
    if applied.writes:
        gate.caches.pages.note(reading.ref.key, applied.writes)
        _count_lag(watermark, applied.at)
        gate.reacted.update({(one.subject, one.content): True for one in applied.writes if isinstance(one, React)})
    if isinstance(target, PullRequest):
        await remember_head(gate.store, target, snapshot, applied.at)
    await record(gate.store, target, readings[0].grounds, verdict)
    metrics.count_verdict(verdict.outcome)
    log.info("gate.evaluated", head_sha=snapshot.tested_sha, outcome=verdict.outcome, writes=len(applied.writes))
    return _again_in(verdict, applied, snapshot)


async def _without_verdict(
    gate: Gate, target: PullRequest | MergeGroup, reading: Untold | FirstRules | Ended | None
) -> None:
    match reading:
        case Untold():
            words = words_of(reading.language)
            await refuse(gate.client, reading.group, untold(reading.name, reading.because, words))
        case FirstRules():
            await show_first_rules(gate, target.repository, reading)
        case Ended(snapshot=snapshot):
            await _end(gate, target, snapshot)
        case None:
            pass


async def _end(gate: Gate, target: PullRequest | MergeGroup, snapshot: Snapshot) -> None:
    """A merge is kept; one despite the check is shown where people read why it said no."""
    words = words_of(gate.languages.get(target.key, Language.EN))
    found = await ended(gate.store, snapshot, words)
    if found is None:
        return
    line = merged_line(found.merge.by, found.shown, is_despite=found.is_despite, words=words)
    if found.is_despite and (writes := told_despite(line, snapshot.published)):
        await apply(gate.client, target.repository.installation, writes, snapshot)
    await record_merge(gate.store, snapshot, found)


def _writes(gate: Gate, reading: Reading, verdict: Verdict, twins: Sequence[Verdict]) -> tuple[Write, ...]:
    document = gate.document_url(reading.ref, reading.snapshot.repository_id)
    report = report_of(verdict, twins, document=document, words=words_of(verdict.language))
    unsent = tuple(one for one in report.reactions if one not in gate.reacted)
    return plan(replace(report, reactions=unsent), reading.snapshot.published)


def _again_in(verdict: Verdict, applied: Applied, snapshot: Snapshot) -> float | None:
    of_clock = (verdict.again_at - snapshot.taken_at).total_seconds() if verdict.again_at else None
    return min((wait for wait in (of_clock, applied.again_in) if wait is not None), default=None)


def _count_lag(watermark: Watermark | None, shown_at: datetime) -> None:
    if told := told_at(watermark):
        metrics.LAG_SECONDS.observe(max(0.0, (shown_at - told).total_seconds()))


async def show_trouble(gate: Gate, target: PullRequest | MergeGroup | Tip, because: str, next_try_at: float) -> None:
    """Says on the pull request that it can't be evaluated; the gate shuts, whatever stood there before."""
    if isinstance(target, PullRequest):
        next_try = datetime.fromtimestamp(next_try_at, UTC)
        language = gate.languages.get(target.key, Language.EN)
        await tell(gate.client, target, f"{because}, next try {next_try:%H:%M} UTC", words_of(language))
