"""Times at which somebody wants to be woken → one sleep until the earliest of them."""

import asyncio
import contextlib
import math
from collections.abc import Callable
from typing import Final

LONGEST_NAP: Final = 60.0
"""Seconds. The wall clock may jump and a laptop may sleep: look at it now and then."""


class Alarm:
    """An alarm clock with one hand, set to the earliest time asked for and looked at every `nap` seconds."""

    def __init__(self, now: Callable[[], float], *, nap: float = LONGEST_NAP) -> None:
        self._now = now
        self._nap = nap
        self._at = math.inf
        self._rung = asyncio.Event()

    def clear(self) -> None:
        """Forget every time asked for so far. Clear before you look for work, never after: none is missed then."""
        self._at = math.inf

    def ring(self, at: float) -> None:
        """Wake the sleeper at `at` (epoch seconds), or earlier if that was asked for."""
        if at < self._at:
            self._at = at
            self._rung.set()

    async def wait(self) -> None:
        """Sleep until the time has come."""
        while (delay := self._at - self._now()) > 0:
            self._rung.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(delay, self._nap)):
                    await self._rung.wait()
