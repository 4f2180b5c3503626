"""Passes under way and limits met → how many looks to take next, and of whom none: no installation holds up another."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cachetools import LRUCache

from bot.store.looks import Look

_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Take up to so many looks: of none of the installations `without`, and of `without_bulk` what people wait for."""

    limit: int
    without: frozenset[int]
    without_bulk: frozenset[int]


@dataclass(slots=True, kw_only=True)
class Turns:
    """Of `passes` at a time one installation has three in four at most, so that another's look finds room."""

    passes: int
    running: Counter[int] = field(default_factory=Counter)
    shut: dict[int, float] = field(default_factory=dict)
    """Until when no look of an installation is worth a try, in epoch seconds."""
    shut_to_bulk: dict[int, float] = field(default_factory=dict)
    """The same for looks that nobody waits for."""
    limited_since: LRUCache[str, float] = field(default_factory=lambda: LRUCache(maxsize=_REMEMBERED))
    """When a look was put off first for a limit that still holds."""

    def next(self, now: float) -> Turn:
        """Whom to take looks of; `limit` is 0 when all passes are under way."""
        self.shut, self.shut_to_bulk = _still(self.shut, now), _still(self.shut_to_bulk, now)
        share = self.passes - self.passes // 4
        full = {one for one, count in self.running.items() if count >= share}
        busiest = max((count for one, count in self.running.items() if one not in full), default=0)
        return Turn(
            limit=min(self.passes - self.running.total(), share - busiest),
            without=frozenset({*self.shut, *full}),
            without_bulk=frozenset(self.shut_to_bulk),
        )

    def begin(self, look: Look) -> None:
        """A pass over it is under way."""
        self.running[look.installation] += 1

    def end(self, look: Look) -> None:
        """It no longer is."""
        self.running[look.installation] -= 1
        if not self.running[look.installation]:
            del self.running[look.installation]

    def put_off(self, look: Look, until: float, *, only_bulk: bool) -> None:
        """A limit was met: nothing like it of the installation is worth a try before."""
        shut = self.shut_to_bulk if only_bulk else self.shut
        shut[look.installation] = max(until, shut.get(look.installation, until))

    def limited_for(self, look: Look, now: float) -> float:
        """Seconds since the look was put off for the first time; 0 for now."""
        return now - self.limited_since.setdefault(look.target, now)

    def went(self, look: Look) -> None:
        """The look met no limit."""
        self.limited_since.pop(look.target, None)


def _still(shut: Mapping[int, float], now: float) -> dict[int, float]:
    return {one: until for one, until in shut.items() if until > now}
