"""Turns the text of a rules file into `Rules`, or into every fault with its line and column."""

from bot.rules.parsing import parse

__all__ = ["parse"]
