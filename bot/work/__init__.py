"""Looks that are due → passes, one at a time for each target, none forgotten."""

from bot.work.alarm import LONGEST_NAP
from bot.work.chores import Chore
from bot.work.lease import LeaseLost, ensure_held
from bot.work.worker import OVER, Worker

__all__ = ["LONGEST_NAP", "OVER", "Chore", "LeaseLost", "Worker", "ensure_held"]
