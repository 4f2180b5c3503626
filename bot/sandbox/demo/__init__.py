"""The demo: the 1.0.0 release of a web shop as a pull request, played step by step."""

from .page import routes
from .stage import Stage
from .story import STEPS

__all__ = ["STEPS", "Stage", "routes"]
