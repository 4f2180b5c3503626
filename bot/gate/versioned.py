"""Paths in which `{version}` stands for the next version → the paths that are meant."""

from typing import Final

from bot.gate.facts import Fact, Unavailable
from bot.gate.version import NextVersion

PLACE: Final = "{version}"


def filled(path: str, version: Fact[NextVersion]) -> Fact[str]:
    """The path itself where it names no version."""
    if PLACE not in path:
        return path
    return version if isinstance(version, Unavailable) else path.replace(PLACE, version.next)
