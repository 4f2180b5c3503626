"""What the database's clock showed → what it shows now: one time for all replicas, whatever their own clocks say."""

import time
from typing import Any


class ReplicaClock:
    """Epoch seconds by the database, counted on from the last time it was asked."""

    def __init__(self) -> None:
        self._shown = 0.0
        self._asked_at = 0.0

    def __call__(self) -> float:
        """The database's time, true to about the length of one question."""
        return self._shown + time.monotonic() - self._asked_at

    async def set_by(self, connection: Any) -> None:  # noqa: ANN401  asyncpg has no types
        """Ask the database, over a connection of its driver; raises what that raises."""
        began = time.monotonic()
        shown = await connection.fetchval("SELECT date_part('epoch', clock_timestamp())")
        self._shown, self._asked_at = shown, (began + time.monotonic()) / 2
