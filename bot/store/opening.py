"""The path of a file → an open Store that one process owns, its schema checked."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Delete, Insert, Row, Select, Update, event, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.committer import Acceptance, Committer
from bot.store.errors import StoreRefused, StoreUnusable
from bot.store.schema import VERSION, looks, metadata
from bot.store.wishes import Wish

T = TypeVar("T")
_OLDEST_SQLITE: Final = (3, 38, 0)  # RETURNING came with 3.35, JSON in every build with 3.38


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An open store. Modules beside this one read and write it; `accept` is the only way in for deliveries."""

    engine: AsyncEngine
    now: Callable[[], float]
    """The clock, in epoch seconds."""
    committer: Committer
    unfinished: set[asyncio.Task[Any]] = field(default_factory=set, repr=False)
    """Transactions under way, whether or not their callers still wait."""

    async def accept(self, *, guid: str, event: str, wishes: Sequence[Wish]) -> bool:
        """Keep a delivery and raise the looks it wants; return after they are on the disk.

        False for a GUID seen before: nothing new is stored, but its looks are raised all the same, for somebody
        pressed *Redeliver*. Raises `StoreRefused` when nothing could be written.
        """
        return await self.committer.submit(
            Acceptance(guid=guid, event=event, received_at=self.now(), wishes=tuple(wishes))
        )

    def on_commit(self, callback: Callable[[float], None]) -> None:
        """Call `callback` on the event loop after each commit of acceptances, with the earliest `due_at` in it."""
        self.committer.on_commit = callback

    async def why_not_writable(self) -> str | None:
        """Try a durable write: the reason why it failed, or None."""
        try:
            await self.committer.submit(Acceptance(guid=None, event="", received_at=self.now(), wishes=()))
        except StoreRefused as refused:
            return str(refused)
        return None

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
        except (DBAPIError, PoolTimeout) as error:
            because = error.orig if isinstance(error, DBAPIError) else "it was busy for too long"
            raise StoreRefused(f"the database refused: {because}") from error


@contextlib.asynccontextmanager
async def open_store(
    path: Path, *, now: Callable[[], float] = time.time, busy_seconds: float = 30.0
) -> AsyncIterator[Store]:
    """The store in the SQLite file `path`, made if it is not there, owned until the block ends.

    Leases left by a process that died are cleared: nobody else can hold one. Raises `StoreUnusable` when another
    process owns the file, when a newer version wrote it, or when it cannot be used at all.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        oldest = ".".join(map(str, _OLDEST_SQLITE))
        raise StoreUnusable(f"SQLite {sqlite3.sqlite_version} is too old; wanted {oldest} or newer")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise StoreUnusable(
            f"{path} cannot be made, for {path.parent} or one above it is a file; wanted a directory; type another"
            " DATABASE_URL"
        ) from error
    except OSError as error:
        raise StoreUnusable(
            f"the directory of {path} cannot be made: {error.strerror}; make it, or type another DATABASE_URL"
        ) from error
    with _owning(path):
        engine = _engine(path, busy_seconds)
        try:
            await _prepare(engine, path)
            store = Store(engine=engine, now=now, committer=Committer(path, busy_seconds=busy_seconds))
            try:
                yield store
            finally:
                await store.committer.close()
                await asyncio.gather(*store.unfinished, return_exceptions=True)
        finally:
            await engine.dispose()


@contextlib.contextmanager
def _owning(path: Path) -> Iterator[None]:
    """Hold SQLite's exclusive lock on a file beside ours: the kernel lets it go when we die, however we die."""
    beside = path.with_name(path.name + ".lock")
    try:
        lock = sqlite3.connect(beside, timeout=0, isolation_level=None)
    except sqlite3.Error as error:
        raise StoreUnusable(f"{beside} cannot be opened: {error}; is the directory writable?") from error
    with contextlib.closing(lock):
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise StoreUnusable(
                f"{path} cannot be owned: {error}; stop the other release-gate that uses it, or give this one its own"
                " DATABASE_URL"
            ) from error
        yield


def _engine(path: Path, busy_seconds: float) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        # SQLite has one writer; a second connection of ours would only wait for the first.
        pool_size=1,
        max_overflow=0,
        connect_args={"timeout": busy_seconds},
        hide_parameters=True,  # an error's text goes to the log, people's words do not
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    return engine


async def _prepare(engine: AsyncEngine, path: Path) -> None:
    try:
        async with engine.begin() as connection:
            found = (await connection.execute(text("PRAGMA user_version"))).scalar_one()
            if found not in {0, VERSION}:
                raise StoreUnusable(
                    f"{path} has schema {found}, this version knows {VERSION}; start the version that wrote it, or give"
                    " this one its own DATABASE_URL"
                )
            await connection.run_sync(metadata.create_all)
            await connection.execute(text(f"PRAGMA user_version = {VERSION}"))
            await connection.execute(update(looks).values(lease_until=None, leased_by=None))
    except DBAPIError as error:
        raise StoreUnusable(f"{path} cannot be used: {error.orig}") from error
