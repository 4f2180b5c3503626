"""The sandbox's time: real or frozen, moved forward on demand, told to clients by the `Date` header."""

from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that runs with real time plus an offset, or stands still when `frozen`."""

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        real = datetime.now(UTC)
        begin = (start or real).astimezone(UTC)
        self._frozen_at = begin if frozen else None
        self._offset = begin - real

    def instant(self) -> datetime:
        """Now, with its microseconds."""
        return self._frozen_at or datetime.now(UTC) + self._offset

    def now(self) -> datetime:
        """Now in whole seconds: GitHub's timestamps have no fractions."""
        return self.instant().replace(microsecond=0)

    def advance(self, seconds: float) -> datetime:
        """Move forward (never back) and answer the new now."""
        if seconds < 0:
            raise ValueError("time moves forward only")
        if self._frozen_at is None:
            self._offset += timedelta(seconds=seconds)
        else:
            self._frozen_at += timedelta(seconds=seconds)
        return self.now()


def iso(moment: datetime | None) -> str | None:
    """A timestamp as GitHub writes it: `2026-11-22T16:00:00Z`."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
