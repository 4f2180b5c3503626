"""A GitHub to try the bot on: stateful, refusing what GitHub refuses, failing on demand."""

from .clock import Clock
from .faults import Fault, Faults
from .limits import Ceilings
from .model.accounts import App
from .sandbox import Sandbox

__all__ = ["App", "Ceilings", "Clock", "Fault", "Faults", "Sandbox"]
