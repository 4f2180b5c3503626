"""What people see of us on a pull request, and since when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedHead:
    """A head that we published a verdict for, and GitHub's time when we first did."""

    sha: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRun:
    """The newest check run of ours at the head under one name."""

    id: str
    name: str
    status: str
    conclusion: str | None
    title: str
    summary: str
    is_expiring: bool = False
    """It has not ended for so long that GitHub will soon call it stale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedComment:
    """A comment of ours that carries the marker."""

    id: str
    body: str
    is_minimized: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What people see of us now."""

    runs: tuple[PublishedRun, ...] = ()
    comments: tuple[PublishedComment, ...] = ()
    """Oldest first; more than one is an accident to clean up."""
    is_whole: bool = True
    """All comments could be read, so that one which is not here does not exist."""
    reactions: frozenset[tuple[str, str]] = frozenset()
    """How we reacted to comments and reviews: (node id, content in GraphQL's words)."""
