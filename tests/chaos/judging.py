"""A stage that has come to rest → every promise that was broken, in words."""

from collections.abc import Iterator
from typing import Any

from tests.chaos.books import missing
from tests.chaos.stage import Broken, Stage


async def judge(stage: Stage) -> None:
    """Raises `Broken` with everything that is wrong."""
    stage.note_reads()
    wrong = [
        *await _lost(stage),
        *_unseen(stage),
        *_doubled(stage),
        *stage.load.opinion.unfounded(_runs(stage), stage.reads),
        *stage.sandbox.errors,
        *(bug for one in stage.replicas for bug in one.bugs),
    ]
    if broken := await stage.books.why_broken():
        wrong.append(broken)
    if wrong:
        raise Broken("\n".join(wrong))
    kept = [one for one in stage.front.answered if one.looks]
    stage.counts["deliveries kept"] += len(kept)
    stage.front.answered.clear()


async def _lost(stage: Stage) -> list[str]:
    """What was answered well and asked for a look is kept."""
    lost = await missing(stage.books, {one.guid for one in stage.front.answered if one.looks})
    return [
        f"{one.event} {one.guid} was answered {one.status} and is not kept"
        for one in stage.front.answered
        if one.guid in lost
    ]


def _unseen(stage: Stage) -> Iterator[str]:
    """What it is about was read by a pass that began after it."""
    newest = {read.number: read.at for read in stage.reads}
    heads = {pull.head_oid: pull.number for pull in stage.load.pulls}
    for one in stage.front.answered:
        number = heads.get(one.about) if isinstance(one.about, str) else one.about
        if one.looks and number is not None and (number not in newest or newest[number] < one.began):
            came = f"{one.event} {one.guid} about #{number} came at {one.began}"
            yield f"{came} and the last look was at {newest.get(number)}"


def _doubled(stage: Stage) -> Iterator[str]:
    """One comment, and one run that has not ended at most, the newest."""
    for pull in stage.load.pulls:
        comments = [one for one in stage.sandbox.comments(pull, author="release-gate[bot]") if not one.is_minimized]
        runs = stage.load.runs(pull)
        if len(comments) != 1:
            yield f"#{pull.number} has {len(comments)} comments of ours"
        if not runs:
            yield f"#{pull.number} has no check run of ours"
        if any(run.state.status != "completed" for run in runs[:-1]):
            yield f"#{pull.number} has an unfinished check run beside the newest"


def _runs(stage: Stage) -> list[Any]:
    return [run for suite in stage.sandbox.suites if suite.app is stage.sandbox.bot for run in suite.runs]
