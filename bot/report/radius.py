"""The blast radius and the figures of a release as Markdown: what it touches, reaches and measures."""

from bot.gate.blast_radius import TouchedArea
from bot.gate.facts import Unavailable
from bot.gate.markup import code
from bot.gate.metrics import Metric, Rated
from bot.gate.verdict import Verdict
from bot.report.markdown import folded, heading, joined, plain, table
from bot.report.sentences import said
from bot.report.words import Words, msg, of_kind

_METRICS = {
    Metric.FILES: of_kind("figure", "files"),
    Metric.LINES: of_kind("figure", "lines"),
    Metric.COMMITS: of_kind("figure", "commits"),
    Metric.PULL_REQUESTS: of_kind("figure", "pull requests"),
    Metric.CONTRIBUTORS: of_kind("figure", "contributors"),
    Metric.COVERAGE: of_kind("figure", "coverage"),
    Metric.BREAKING_CHANGES: of_kind("figure", "breaking changes"),
    Metric.SECURITY_FIXES: of_kind("figure", "security fixes"),
}
_HEAD = (msg("area"), msg("radius"), msg("files"), msg("lines"), msg("reaches"), msg("rollback"), msg("watch"))


def radius(verdict: Verdict, words: Words) -> str:
    """Nothing where no area is touched."""
    ahead = verdict.outlook
    if ahead is None or ahead.touched == ():
        return ""
    title = heading(words("Blast radius"))
    if isinstance(ahead.touched, Unavailable):
        return joined([title, words("Not known: {because}.", because=said(words, ahead.touched.because))])
    level = words.one_of_kind("level", str(ahead.radius))
    known = table([words(name) for name in _HEAD], [_row(one, words) for one in ahead.touched])
    return joined(
        [title, f"**{level}**: {_named(ahead.touched, words)}", folded(_counted(ahead.touched, words), known)]
    )


def figures(verdict: Verdict, words: Words) -> str:
    """What the rules rate; nothing where they rate nothing."""
    if verdict.outlook is None or not verdict.outlook.metrics:
        return ""
    rows = [_figure(one, words) for one in verdict.outlook.metrics]
    return folded(words("figures"), table(("", words("figure"), words("rating")), rows))


def _named(areas: tuple[TouchedArea, ...], words: Words) -> str:
    touched = [one.area.id for one in areas]
    reached = [id for id in dict.fromkeys(id for one in areas for id in one.reaches) if id not in touched]
    names = words.listed(touched)
    if not reached:
        return f"{names}."
    if len(touched) == 1:
        return words("{areas}, and through it {reached}.", areas=names, reached=words.listed(reached))
    return words("{areas}, and through them {reached}.", areas=names, reached=words.listed(reached))


def _counted(areas: tuple[TouchedArea, ...], words: Words) -> str:
    return words.many(
        "{number} area, with rollback and what to watch", "{number} areas, with rollback and what to watch", len(areas)
    )


def _row(one: TouchedArea, words: Words) -> tuple[str, ...]:
    return (
        f"**{one.area.id}**",
        words.one_of_kind("level", one.area.radius),
        words.number(one.files),
        f"+{words.number(one.additions)} −{words.number(one.deletions)}",
        words.listed(list(one.reaches)) if one.reaches else "",
        plain(one.area.rollback),
        "<br>".join(code(what, limit=200) for what in one.area.watch),
    )


def _figure(one: Rated, words: Words) -> tuple[str, str, str]:
    shown = words.number(one.shown)
    if isinstance(one.value, Unavailable):
        shown = words("not known: {because}", because=said(words, one.value.because))
    return words.one_of_kind("figure", _METRICS[one.metric]), shown, plain(one.rating)
