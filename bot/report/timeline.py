"""The timeline as Markdown: when the release could pass at the earliest, and what the clock changes until then."""

from bot.gate.markup import code, instant, listed, span
from bot.gate.timeline import Timeline
from bot.gate.verdict import Verdict
from bot.report.markdown import folded, joined, table

_SHOWN = 20
_UNFOLDED = 3


def timeline(verdict: Verdict) -> str:
    """Nothing while the clock changes nothing."""
    line = verdict.timeline
    if not line.moments and line.earliest is None and line.grace is None:
        return ""
    rows = [(instant(moment.at), moment.what) for moment in line.moments[:_SHOWN]]
    known = table(("when", "what"), rows) if rows else ""
    ahead = folded("what the clock changes by itself", known) if len(rows) > _UNFOLDED else known
    return joined(["### Timeline", _earliest(line), ahead])


def _earliest(line: Timeline) -> str:
    waits = listed(list(line.waits_for))
    if line.grace:
        wait = line.grace.wait
        since = f"{code(wait.since)} ({code(line.grace.item)})"
        return f"Not before **{span(wait.lasts)}** have passed, counted from {since}; it waits for {waits}."
    if line.earliest is None:
        return f"When it can be released can't be told: it waits for {waits}." if line.waits_for else ""
    if line.waits_for:
        return f"Not before **{instant(line.earliest)}**; it also waits for {waits}."
    return f"Earliest release: **{instant(line.earliest)}**."
