"""Looks that are due → passes, one at a time for each target, none forgotten."""

from bot.work.alarm import LONGEST_NAP
from bot.work.worker import Worker

__all__ = ["LONGEST_NAP", "Worker"]
