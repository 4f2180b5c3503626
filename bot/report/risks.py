"""The risk register as Markdown: how risky the release is as a whole, and each risk with what makes it so."""

from collections import Counter

from bot.gate.risk import RiskState
from bot.gate.risk_register import JudgedRisk
from bot.gate.verdict import Verdict
from bot.report.markdown import folded, heading, joined, link, plain, table
from bot.report.sentences import said
from bot.report.words import Words, plural

_SIGNS = {
    RiskState.OPEN: "❌",
    RiskState.ACCEPTED: "🟦",
    RiskState.MITIGATED: "✅",
    RiskState.CLOSED: "✅",
    RiskState.NOT_APPLICABLE: "➖",
}
_COUNTED = {
    RiskState.OPEN: plural("{number} open", "{number} open"),
    RiskState.MITIGATED: plural("{number} mitigated", "{number} mitigated"),
    RiskState.ACCEPTED: plural("{number} accepted", "{number} accepted"),
    RiskState.CLOSED: plural("{number} closed", "{number} closed"),
    RiskState.NOT_APPLICABLE: plural("{number} not applicable", "{number} not applicable"),
}


def risks(verdict: Verdict, words: Words) -> str:
    """Nothing without a risk register."""
    ahead = verdict.outlook
    if ahead is None or ahead.overall is None:
        return ""
    level = words.one_of_kind("level", ahead.overall.level)
    overall = words("Overall **{level}**: {because}.", level=level, because=said(words, ahead.overall.because))
    head = ("", words("risk"), words("title"), words("severity"), words("because"))
    known = table(head, [_row(judged, words) for judged in ahead.risks])
    return joined([heading(words("Risks")), overall, folded(_counted(ahead.risks, words), known)])


def _row(judged: JudgedRisk, words: Words) -> tuple[str, str, str, str, str]:
    risk = judged.risk
    level = words.one_of_kind("level", risk.severity)
    severity = " ".join([level, words("(stated)")]) if risk.stated else level
    because = link(said(words, judged.because), judged.url)
    return _SIGNS[judged.state], f"**{plain(risk.id)}**", plain(risk.title), severity, because


def _counted(risks: tuple[JudgedRisk, ...], words: Words) -> str:
    """`7 risks: 1 open, 6 mitigated`."""
    states = Counter(judged.state for judged in risks)
    parts = [words.many(*_COUNTED[state], states[state]).strip() for state in _COUNTED if states[state]]
    return words.many("{number} risk: {states}", "{number} risks: {states}", len(risks), states=", ".join(parts))
