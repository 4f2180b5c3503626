"""The timeline as Markdown: when the release could pass at the earliest, and what the clock changes until then."""

from bot.gate.markup import code, instant
from bot.gate.timeline import Timeline
from bot.gate.verdict import Verdict
from bot.report.markdown import folded, heading, joined, table
from bot.report.sentences import said, spelled
from bot.report.words import Words

_SHOWN = 20
_UNFOLDED = 3


def timeline(verdict: Verdict, words: Words) -> str:
    """Nothing while the clock changes nothing."""
    line = verdict.timeline
    if not line.moments and line.earliest is None and line.grace is None:
        return ""
    rows = [(said(words, instant(moment.at)), said(words, moment.what)) for moment in line.moments[:_SHOWN]]
    known = table((words("when"), words("what")), rows) if rows else ""
    ahead = folded(words("what the clock changes by itself"), known) if len(rows) > _UNFOLDED else known
    return joined([heading(words("Timeline")), _earliest(line, words), ahead])


def _earliest(line: Timeline, words: Words) -> str:
    waits = words.listed([words.one_of_kind("waits for", who) for who in line.waits_for])
    if line.grace:
        return words(
            "Not before **{span}** have passed, counted from {since} ({item}); it waits for {who}.",
            span=spelled(words, line.grace.wait.lasts),
            since=code(line.grace.wait.since),
            item=code(line.grace.item),
            who=waits,
        )
    if line.earliest is None:
        return words("When it can be released can't be told: it waits for {who}.", who=waits) if waits else ""
    when = said(words, instant(line.earliest))
    if waits:
        return words("Not before **{when}**; it also waits for {who}.", when=when, who=waits)
    return words("Earliest release: **{when}**.", when=when)
