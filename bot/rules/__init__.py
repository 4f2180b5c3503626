"""Turns the text of a rules file into `Rules`, or into every fault with its line and column."""

from bot.rules.effective import Setting, effective, render
from bot.rules.inheriting import Upstream, upstream
from bot.rules.parsing import parse

__all__ = ["Setting", "Upstream", "effective", "parse", "render", "upstream"]
