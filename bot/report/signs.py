"""The sign for each state of an item."""

from typing import Final

from bot.gate.finding import State

SIGNS: Final = {
    State.MET: "✅",
    State.WAIVED: "🟦",
    State.PENDING: "🕒",
    State.UNKNOWN: "❓",
    State.UNMET: "❌",
    State.NOT_APPLICABLE: "➖",
}
