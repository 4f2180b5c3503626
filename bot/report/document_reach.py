"""What a release measures, risks and reaches, in the document: figures, the risk register and the blast radius."""

from bot.gate.blast_radius import Area, TouchedArea, reached
from bot.gate.facts import Unavailable
from bot.gate.markup import code
from bot.gate.metrics import Metric, Rated
from bot.gate.risk import RiskState
from bot.gate.risk_register import JudgedRisk
from bot.gate.rules import Rules
from bot.gate.verdict import Verdict
from bot.report.document_parts import section, spaced, table
from bot.report.markdown import exact, link
from bot.report.sentences import said
from bot.report.words import Words, msg

_METRICS = {
    Metric.FILES: msg("files changed"),
    Metric.LINES: msg("lines added / removed"),
    Metric.COMMITS: msg("commits"),
    Metric.PULL_REQUESTS: msg("pull requests"),
    Metric.CONTRIBUTORS: msg("contributors"),
    Metric.COVERAGE: msg("test coverage"),
    Metric.BREAKING_CHANGES: msg("breaking changes"),
    Metric.SECURITY_FIXES: msg("security fixes"),
}
_RISKS = {
    RiskState.OPEN: msg("open"),
    RiskState.MITIGATED: msg("mitigated"),
    RiskState.ACCEPTED: msg("accepted"),
    RiskState.CLOSED: msg("closed"),
    RiskState.NOT_APPLICABLE: msg("does not apply"),
}


def metrics(rules: Rules, verdict: Verdict, words: Words) -> str:
    """Every figure that can be rated; one that the rules don't rate is not configured."""
    known = {one.metric: one for one in verdict.outlook.metrics} if verdict.outlook else {}
    head = (words("metric"), words("value"), words("rating"))
    rows = [(words(name), *_figure(known.get(metric), words)) for metric, name in _METRICS.items()]
    return section(words("Metrics"), table(head, rows if rules.metrics else (), words))


def _figure(rated: Rated | None, words: Words) -> tuple[str, str]:
    if rated is None:
        return words("not configured"), ""
    if isinstance(rated.value, Unavailable):
        return words("not known: {because}", because=said(words, rated.value.because)), ""
    return words.number(rated.shown), exact(rated.rating)


def risks(verdict: Verdict, words: Words) -> str:
    """The register and the overall risk."""
    ahead = verdict.outlook
    head = [words(column) for column in _RISK]
    rows = [_risk(judged, words) for judged in ahead.risks] if ahead else []
    overall = ""
    if ahead and ahead.overall:
        level, because = words.one_of_kind("level", ahead.overall.level), said(words, ahead.overall.because)
        overall = words("Overall: **{level}** ({because}).", level=level, because=because)
    return section(words("Risks"), table(head, rows, words), overall)


def _risk(judged: JudgedRisk, words: Words) -> tuple[str, ...]:
    risk = judged.risk
    stated = words("(stated)") if risk.stated else ""
    return (
        f"**{exact(risk.id)}**",
        spaced(words.one_of_kind("level", risk.severity), stated),
        exact(risk.title),
        words.one_of_kind("probability", risk.probability) if risk.probability else "",
        words.one_of_kind("impact", risk.impact) if risk.impact else "",
        exact(risk.mitigation),
        _status(judged, words),
    )


def _status(judged: JudgedRisk, words: Words) -> str:
    """The state, once, with what makes it so."""
    state, because = _RISKS[judged.state], link(said(words, judged.because), judged.url)
    return because if judged.because.startswith(state) else f"{words(state)}: {because}"


def radius(rules: Rules, verdict: Verdict, words: Words) -> str:
    """Every area of the rules: what of it is touched, what depends on it, how it is taken back, what to watch."""
    found = verdict.outlook.touched if verdict.outlook else ()
    if isinstance(found, Unavailable):
        unknown = words("not known: {because}", because=said(words, found.because))
        known: dict[str, TouchedArea] = {}
    else:
        unknown, known = "", {one.area.id: one for one in found}
    head = [words(column) for column in _AREA]
    rows = [_area(area, known.get(area.id), unknown, rules.areas, words) for area in rules.areas]
    return section(words("Change isolation (blast radius)"), table(head, rows, words))


def _area(
    area: Area, touched: TouchedArea | None, unknown: str, areas: tuple[Area, ...], words: Words
) -> tuple[str, ...]:
    files = unknown or words("not touched")
    if touched:
        files = words.many("{number} file", "{number} files", touched.files)
        files += f" (+{words.number(touched.additions)} −{words.number(touched.deletions)})"
    reaches = reached(area.id, areas)
    return (
        f"**{area.id}**",
        words.one_of_kind("level", area.radius).upper(),
        files,
        ", ".join(reaches) if reaches else words("nothing"),
        exact(area.rollback),
        "<br>".join(code(what, limit=200) for what in area.watch),
    )


_RISK = (
    msg("id"),
    msg("level"),
    msg("risk"),
    msg("probability"),
    msg("impact"),
    msg("mitigation"),
    msg("status"),
)
_AREA = (msg("area"), msg("radius"), msg("files"), msg("depends on it"), msg("rollback"), msg("watch"))
