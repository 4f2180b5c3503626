"""How two commits of a pull request differ, and what the pull request itself changes at one."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How the head differs from an older commit of the pull request."""

    linear: bool
    """The head was built on top of that commit, so `files` is the whole difference."""
    files: frozenset[str]
    """Changed paths; a rename counts under both names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """What a pull request does to one file."""

    previous: str | None
    """Its old name, when it was renamed."""
    status: str
    """`added`, `modified`, `removed` …, as GitHub says."""
    blob: str | None
    """The file's content afterwards, by its hash; of a removed one, what it held."""
    hunks: str | None
    """A digest of the changed lines with those around them, without their numbers; None where GitHub shows no patch."""
    is_alone: bool = False
    """The base has not changed it since: then its content tells, for equal lines may have been put elsewhere."""
    mode: str | None = None
    """As git writes it, `100755` for an executable file; None where it is gone or not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChange:
    """What a pull request itself changes at one commit: all since it left the base."""

    merge_base: str
    files: Mapping[str, OwnFile]
