"""The blast radius and the figures of a release as Markdown: what it touches, reaches and measures."""

from bot.gate.blast_radius import TouchedArea
from bot.gate.facts import Unavailable
from bot.gate.markup import code, listed
from bot.gate.metrics import Rated
from bot.gate.verdict import Verdict
from bot.report.markdown import folded, joined, plain, table


def radius(verdict: Verdict) -> str:
    """Nothing where no area is touched."""
    ahead = verdict.outlook
    if ahead is None or ahead.touched == ():
        return ""
    if isinstance(ahead.touched, Unavailable):
        return f"### Blast radius\n\nNot known: {ahead.touched.because}."
    head = f"**{ahead.radius}**: {_named(ahead.touched)}"
    rows = [_row(one) for one in ahead.touched]
    known = table(("area", "radius", "files", "lines", "reaches", "rollback", "watch"), rows)
    return joined(["### Blast radius", head, folded(_counted(ahead.touched), known)])


def figures(verdict: Verdict) -> str:
    """What the rules rate; nothing where they rate nothing."""
    if verdict.outlook is None or not verdict.outlook.metrics:
        return ""
    return folded("figures", table(("", "figure", "rating"), [_figure(one) for one in verdict.outlook.metrics]))


def _named(areas: tuple[TouchedArea, ...]) -> str:
    touched = [one.area.id for one in areas]
    reached = [id for id in dict.fromkeys(id for one in areas for id in one.reaches) if id not in touched]
    also = f", and through {'it' if len(touched) == 1 else 'them'} {listed(reached)}" if reached else ""
    return f"{listed(touched)}{also}."


def _counted(areas: tuple[TouchedArea, ...]) -> str:
    return f"{len(areas)} {'area' if len(areas) == 1 else 'areas'}, with rollback and what to watch"


def _row(one: TouchedArea) -> tuple[str, ...]:
    return (
        f"**{one.area.id}**",
        one.area.radius,
        f"{one.files:,}",
        f"+{one.additions:,} −{one.deletions:,}",
        listed(list(one.reaches)) if one.reaches else "",
        plain(one.area.rollback),
        "<br>".join(code(what, limit=200) for what in one.area.watch),
    )


def _figure(one: Rated) -> tuple[str, str, str]:
    shown = f"not known: {one.value.because}" if isinstance(one.value, Unavailable) else one.shown
    return one.metric.replace("_", " "), shown, plain(one.rating)
