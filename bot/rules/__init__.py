"""Turns the text of a rules file into `Rules`, or into every fault with its line and column."""

from bot.rules.effective import Setting, effective, render
from bot.rules.inheriting import Upstream, extended, upstream
from bot.rules.parsing import parse, says_fixed

__all__ = ["Setting", "Upstream", "effective", "extended", "parse", "render", "says_fixed", "upstream"]
