"""One delivery as the store keeps it, and what every way of keeping it promises."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.store.wishes import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One delivery and what it wants looked at; without a GUID it only proves that the database takes writes."""

    guid: str | None
    event: str
    received_at: float
    wishes: tuple[Wish, ...]


class Acceptor(Protocol):
    """Takes acceptances from one event loop and commits as many together as are waiting."""

    on_commit: Callable[[float], None]
    """Called on the event loop after each commit, with the earliest `due_at` in it."""

    async def submit(self, acceptance: Acceptance) -> bool:
        """Return after the commit is on the disk: whether the GUID was new. Raises `StoreRefused`."""
        ...

    async def close(self) -> None:
        """Commit what was submitted, then accept nothing more."""
        ...
