"""Work that comes round again: each chore is a look of its own, so that one replica does it and all see when."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

_PREFIX: Final = "chore:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """Work that is done every so many seconds, once for all replicas."""

    name: str
    every: float
    work: Callable[[], Awaitable[None]]

    @property
    def key(self) -> str:
        """`chore:NAME`, the primary key of its look."""
        return f"{_PREFIX}{self.name}"


def is_chore(key: str) -> bool:
    """Whether a look is one of these, perhaps one that only another version knows."""
    return key.startswith(_PREFIX)
