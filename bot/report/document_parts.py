"""What the parts of the document have in common: sections, tables with every column, and words for states."""

from collections.abc import Iterable, Sequence

from bot.gate.finding import State
from bot.gate.markup import code
from bot.report.markdown import addressed, inline, joined
from bot.report.markdown import table as narrow
from bot.report.words import Words, msg, of_kind

NONE = "–"
"""In a cell with nothing in it, so that its column stays."""

STATES = {
    State.MET: msg("met"),
    State.WAIVED: msg("waived"),
    State.PENDING: msg("pending"),
    State.UNMET: msg("open"),
    State.UNKNOWN: msg("not known"),
    State.NOT_APPLICABLE: msg("does not apply"),
}
LEVELS = {
    "level": (
        of_kind("level", "low"),
        of_kind("level", "medium"),
        of_kind("level", "high"),
        of_kind("level", "critical"),
    ),
    "probability": (
        of_kind("probability", "low"),
        of_kind("probability", "medium"),
        of_kind("probability", "high"),
        of_kind("probability", "critical"),
    ),
    "impact": (
        of_kind("impact", "low"),
        of_kind("impact", "medium"),
        of_kind("impact", "high"),
        of_kind("impact", "critical"),
    ),
}
"""What is low or high; an area's radius is a level too."""


def section(title: str, *parts: str) -> str:
    """A part of the document below its heading."""
    return joined([f"## {title}", *parts], limit=1_000_000)


def spaced(*parts: str) -> str:
    """A sign and a word, or the like."""
    return " ".join(part for part in parts if part)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], words: Words) -> str:
    """Every column is shown; a table without rows says that nothing is configured."""
    filled = [[cell or NONE for cell in row] for row in rows]
    if not filled:
        return narrow(head, [[words("not configured"), *[NONE] * (len(head) - 1)]])
    return narrow(head, filled)


def how(text: str) -> str:
    """Several lines are commands to type; in one line, what stands in backticks is."""
    lines = text.strip().splitlines()
    return "<br>".join(code(line, limit=200) for line in lines) if len(lines) > 1 else inline(text, addressed)
