"""The risk register as Markdown: how risky the release is as a whole, and each risk with what makes it so."""

from collections import Counter

from bot.gate.risk import RiskState
from bot.gate.risk_register import JudgedRisk
from bot.gate.verdict import Verdict
from bot.report.markdown import folded, joined, link, plain, table

_SIGNS = {
    RiskState.OPEN: "❌",
    RiskState.ACCEPTED: "🟦",
    RiskState.MITIGATED: "✅",
    RiskState.CLOSED: "✅",
    RiskState.NOT_APPLICABLE: "➖",
}


def risks(verdict: Verdict) -> str:
    """Nothing without a risk register."""
    ahead = verdict.outlook
    if ahead is None or ahead.overall is None:
        return ""
    overall = f"Overall **{ahead.overall.level}**: {ahead.overall.because}."
    rows = [_row(judged) for judged in ahead.risks]
    known = table(("", "risk", "title", "severity", "because"), rows)
    return joined(["### Risks", overall, folded(_counted(ahead.risks), known)])


def _row(judged: JudgedRisk) -> tuple[str, str, str, str, str]:
    risk = judged.risk
    severity = f"{risk.severity} (stated)" if risk.stated else f"{risk.severity}"
    because = link(judged.because, judged.url)
    return _SIGNS[judged.state], f"**{plain(risk.id)}**", plain(risk.title), severity, because


def _counted(risks: tuple[JudgedRisk, ...]) -> str:
    """`7 risks: 1 open, 6 mitigated`."""
    states = Counter(judged.state for judged in risks)
    parts = [f"{states[state]} {state.replace('_', ' ')}" for state in RiskState if states[state]]
    return f"{len(risks)} {'risk' if len(risks) == 1 else 'risks'}: {', '.join(parts)}"
