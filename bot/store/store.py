"""An open database → statements that are done for good or refused, whichever database it is."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Delete, Float, Insert, Row, Select, Table, Update, func, literal
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.acceptance import Acceptance, Acceptor
from bot.store.dialect import insert_new, name_of
from bot.store.errors import StoreRefused
from bot.store.wishes import Wish

T = TypeVar("T")
_DATABASE_CLOCK: Final = func.date_part("epoch", func.statement_timestamp(), type_=Float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An open store. Modules beside this one read and write it; `accept` is the only way in for deliveries."""

    engine: AsyncEngine
    now: Callable[[], float]
    """The clock, in epoch seconds; where replicas share the database, the database's as far as we know it."""
    acceptor: Acceptor
    is_shared: bool = False
    """Other processes may use the database as well."""
    has_clock: bool = False
    """Statements go by the database's clock, not by `now`."""
    refusals: tuple[type[Exception], ...] = (DBAPIError, PoolTimeout)
    """What the driver raises when the database does not do what we asked."""
    unfinished: set[asyncio.Task[Any]] = field(default_factory=set, repr=False)
    """Transactions under way, whether or not their callers still wait."""

    async def accept(self, *, guid: str, event: str, wishes: Sequence[Wish]) -> bool:
        """Keep a delivery and raise the looks it wants; return after they are on the disk.

        False for a GUID seen before: nothing new is stored, but its looks are raised all the same, for somebody
        pressed *Redeliver*. Raises `StoreRefused` when nothing could be written.
        """
        return await self.acceptor.submit(
            Acceptance(guid=guid, event=event, received_at=self.now(), wishes=tuple(wishes))
        )

    def on_commit(self, callback: Callable[[float], None]) -> None:
        """Call `callback` on the event loop after each commit of acceptances, with the earliest `due_at` in it."""
        self.acceptor.on_commit = callback

    async def why_not_writable(self) -> str | None:
        """Try a durable write: the reason why it failed, or None."""
        try:
            await self.acceptor.submit(Acceptance(guid=None, event="", received_at=self.now(), wishes=()))
        except StoreRefused as refused:
            return str(refused)
        return None

    def instant(self) -> ColumnElement[float]:
        """The time inside a statement: a paused process can't be wrong about it when the database tells it."""
        return _DATABASE_CLOCK if self.has_clock else literal(self.now())

    async def transact(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do `work` in one transaction, committed at its end; raises `StoreRefused` when the database does.

        It goes on to its end even when the caller is cancelled: SQLAlchemy would drop a connection in the middle of
        a statement, and with it a lock that nobody lets go.
        """
        task = asyncio.create_task(self._transact(work))
        self.unfinished.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    async def read(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        """All rows of one query; raises as `transact`."""

        async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
            return list(await connection.execute(statement))

        return await self.transact(work)

    async def write(self, statement: Insert | Update | Delete) -> int:
        """How many rows one statement touched; raises as `transact`."""

        async def work(connection: AsyncConnection) -> int:
            return int((await connection.execute(statement)).rowcount)

        return await self.transact(work)

    async def keep(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Insert those rows whose keys are not there yet; raises as `transact`."""
        await self.write(insert_new(name_of(self.engine), table, rows))

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self.unfinished.discard(task)
        if not task.cancelled():
            task.exception()  # a caller that was cancelled will never ask for it

    async def _transact(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        async with self._begin() as connection:
            return await work(connection)

    @contextlib.asynccontextmanager
    async def _begin(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self.engine.begin() as connection:
                yield connection
        except self.refusals as error:
            raise StoreRefused(f"the database refused: {because(error)}") from error


def because(error: Exception) -> str:
    """What the database said, without the statement and its values."""
    if isinstance(error, PoolTimeout):
        return "it was busy for too long"
    said = error.orig if isinstance(error, DBAPIError) else error
    # PostgreSQL's driver wraps the server's words, whose further lines may quote values.
    return (str((said and said.__cause__) or said) or type(error).__name__).splitlines()[0]
