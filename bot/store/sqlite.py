"""The path of a file → an open Store that one process owns."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import URL, event, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.committer import Committer
from bot.store.errors import StoreUnusable
from bot.store.migrating import migrate
from bot.store.schema import deliveries, looks
from bot.store.store import Store

_OLDEST_SQLITE: Final = (3, 38, 0)  # RETURNING came with 3.35, JSON in every build with 3.38


@contextlib.asynccontextmanager
async def open_sqlite(path: Path, *, now: Callable[[], float], busy_seconds: float) -> AsyncIterator[Store]:
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
            await _prepare(engine, path, now)
            store = Store(engine=engine, now=now, acceptor=Committer(path, busy_seconds=busy_seconds))
            try:
                yield store
            finally:
                await store.acceptor.close()
                await asyncio.gather(*store.unfinished, return_exceptions=True)
        finally:
            await engine.dispose()


@contextlib.asynccontextmanager
async def reading_sqlite(path: Path) -> AsyncIterator[AsyncEngine]:
    """The file for reading alone, beside whoever owns it. Raises `StoreUnusable` where there is none."""
    url = URL.create("sqlite+aiosqlite", database=_there(path), query={"mode": "ro", "uri": "true"})
    engine = create_async_engine(url, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def _read_anything(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.driver_connection.text_factory = _text

    try:
        yield engine
    finally:
        await engine.dispose()


def _text(data: bytes) -> str | bytes:
    """A file that somebody tampered with may hold texts that are none; they are told from texts, not refused."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _there(path: Path) -> str:
    """https://www.sqlite.org/uri.html"""
    if not path.is_file():
        raise StoreUnusable(f"there is no database {path}; name another one: --database sqlite:///PATH")
    return f"file:{quote(str(path))}"


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
            raise StoreUnusable(f"{path} cannot be owned: {error}; {_what_to_do(error)}") from error
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


async def _prepare(engine: AsyncEngine, path: Path, now: Callable[[], float]) -> None:
    try:
        async with engine.begin() as connection:
            await migrate(connection, place=str(path))
            await connection.execute(update(looks).values(lease_until=None, leased_by=None))
            await _follow_clock(connection, now())
    except DBAPIError as error:
        raise StoreUnusable(f"{path} cannot be used: {error.orig}; {_what_to_do(error.orig)}") from error


async def _follow_clock(connection: AsyncConnection, now: float) -> None:
    """A clock that was set back since the last delivery: looks would wait until it shows their times again."""
    newest = (await connection.execute(select(func.max(deliveries.c.received_at)))).scalar_one() or now
    if newest > now:
        back = newest - now
        moved = {"due_at": looks.c.due_at - back, "looked_at": looks.c.looked_at - back}
        await connection.execute(update(looks).values(moved))
        await connection.execute(update(deliveries).where(deliveries.c.received_at > now).values(received_at=now))


def _what_to_do(error: BaseException | None) -> str:
    """By SQLite's own number of what went wrong, https://www.sqlite.org/rescode.html."""
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF:
        case sqlite3.SQLITE_BUSY:
            return "stop the other release-gate that uses it, or give this one its own DATABASE_URL"
        case sqlite3.SQLITE_FULL:
            return "make room on its disk, or type another DATABASE_URL"
        case sqlite3.SQLITE_READONLY:
            return "make it and its directory writable, or type another DATABASE_URL"
        case _:
            return "type another DATABASE_URL"
