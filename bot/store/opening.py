"""Where the database is → an open Store of the newest schema."""

import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bot.store.steady_clock import steady
from bot.store.store import Store

BUSY_SECONDS = 30.0


@contextlib.asynccontextmanager
async def open_store(
    database: Path | str, *, now: Callable[[], float] | None = None, busy_seconds: float = BUSY_SECONDS
) -> AsyncIterator[Store]:
    """The store in an SQLite file, made if it is not there, or at the address of a PostgreSQL server.

    The file is owned until the block ends, a server is shared. `now` is the clock in epoch seconds, unless given this
    machine's as of the start for a file and the server's for a server. Raises `StoreUnusable`, which says what to do.
    """
    if isinstance(database, Path):
        from bot.store.sqlite import open_sqlite

        opening = open_sqlite(database, now=now or steady(), busy_seconds=busy_seconds)
    else:
        from bot.store.postgresql import open_postgresql

        opening = open_postgresql(database, now=now)
    async with opening as store:
        yield store
