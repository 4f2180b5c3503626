"""Names of labels → those that mark releases, and those that ask for a bump."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.gate.patterns import regex

RELEASES: Final = r"(?i)^(?:(?:type|kind|pr) ?[:/] ?)?(?:release|autorelease: pending)$"
"""The last one is set by release-please on its pull requests."""

_BUMPS: Final[Mapping[str, str]] = {
    "major": (
        r"(?i)^(?:semver|version|bump|release)[-:/_ ]+major$"
        r"|^(?i)(?:(?:type|kind|change|semver)[-:/_ ]+)?breaking(?:[-_ ]change)?$"
    ),
    "minor": r"(?i)^(?:semver|version|bump|release)[-:/_ ]+minor$",
    "patch": r"(?i)^(?:semver|version|bump|release)[-:/_ ]+patch$",
}
_MOST: Final = 5
_LONGEST: Final = 50  # GitHub takes no longer ones


def matching_labels(pattern: str, labels: Sequence[str]) -> tuple[str, ...]:
    """A few of those that fit and can be written on one line."""
    usable = [name for name in labels if name.isprintable() and name == name.strip() and len(name) <= _LONGEST]
    return tuple(name for name in usable if regex(pattern).search(name))[:_MOST]


def bump_labels(labels: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """By bump, without those that nothing fits. A bare `minor` may be about anything, unless all three are there."""
    bare = [name for name in labels if name.lower() in _BUMPS]
    plain = bare if {name.lower() for name in bare} == set(_BUMPS) else []
    fitting = {
        bump: (*matching_labels(pattern, labels), *(name for name in plain if name.lower() == bump))
        for bump, pattern in _BUMPS.items()
    }
    return {bump: names for bump, names in fitting.items() if names}
