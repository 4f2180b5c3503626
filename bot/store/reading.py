"""Where the database is → a Store that is only read, beside the server that owns it."""

import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.store.acceptance import Acceptance, Acceptor
from bot.store.errors import StoreRefused, StoreUnusable
from bot.store.migrating import schema_of
from bot.store.store import Store, because

_WITH_DECISIONS: Final = 4


@contextlib.asynccontextmanager
async def read_store(database: Path | str) -> AsyncIterator[Store]:
    """The store in an SQLite file or at the address of a PostgreSQL server; nothing is written, no schema is changed.

    Raises `StoreUnusable`, which says what to do, also where the schema knows no decisions yet.
    """
    refusals: tuple[type[Exception], ...] = (DBAPIError, PoolTimeout)
    if isinstance(database, Path):
        from bot.store.sqlite import reading_sqlite

        opening = reading_sqlite(database)
    else:
        from bot.store.postgresql import driver_refusals, reading_postgresql

        refusals, opening = driver_refusals(), reading_postgresql(database)
    async with opening as engine:
        try:
            async with engine.connect() as connection:
                schema = await schema_of(connection)
        except refusals as error:
            raise StoreUnusable(f"the database cannot be read: {because(error)}; see --database") from error
        if schema < _WITH_DECISIONS:
            raise StoreUnusable(f"the database has schema {schema} without decisions; start this version's server once")
        yield Store(engine=engine, now=time.time, acceptor=_Nobody(), refusals=refusals)


class _Nobody(Acceptor):
    """Takes no deliveries."""

    def __init__(self) -> None:
        self.on_commit = lambda _due_at: None

    async def submit(self, acceptance: Acceptance) -> bool:  # noqa: ARG002
        """Never."""
        raise StoreRefused("the store is open for reading alone")

    async def close(self) -> None:
        """There is nothing to commit."""
