"""The store, read from outside: what is open, what was kept, and whether the database is whole."""

import asyncio
import contextlib
import shutil
import sqlite3
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncpg

from bot.store.schema import VERSION
from tests.postgres import Server

_LEASES: Final = "SELECT leased_by FROM looks WHERE leased_by IS NOT NULL"
_WAITING: Final = "SELECT target FROM looks WHERE wanted > done AND leased_by IS NULL"
REDELIVERY: Final = "target = 'chore:redelivery'"
PULLS: Final = "target LIKE 'pull:%'"


@dataclass(slots=True)
class File:
    """An SQLite file."""

    path: Path
    ahead: float = 0.0
    """Seconds by which the servers' clock is ahead."""

    @property
    def address(self) -> str:
        """As `DATABASE_URL` has it."""
        return f"sqlite:///{self.path}"

    @property
    def clock(self) -> str:
        """Seconds."""
        return repr(time.time() + self.ahead)

    async def close(self) -> None:
        """Nothing is kept open."""

    async def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        """By a connection of our own."""
        return await asyncio.to_thread(self._of_itself, query)

    async def tell(self, statement: str) -> None:
        """In the file itself."""
        await asyncio.to_thread(self._told, statement)

    async def why_broken(self) -> str | None:
        """https://www.sqlite.org/pragma.html#pragma_integrity_check"""
        said = await self.rows("PRAGMA integrity_check")
        return None if said == [("ok",)] else f"{self.path.name}: {said}"

    def left(self) -> "File":
        """A copy: whoever opens the file itself and closes it writes back what the next process should find."""
        copy = self.path.with_name("left.sqlite3")
        for tail in ("", "-wal", "-shm"):
            there, here = (one.with_name(one.name + tail) for one in (self.path, copy))
            here.unlink(missing_ok=True)
            if there.exists() and tail != "-shm":
                shutil.copy(there, here)
        return File(copy, self.ahead)

    async def another(self) -> "File":
        """Beside it."""
        return File(self.path.with_name(f"other-{time.monotonic_ns()}.sqlite3"))

    def _of_itself(self, query: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.path, timeout=10)) as connection:
            return connection.execute(query).fetchall()

    def _told(self, statement: str) -> None:
        with contextlib.closing(sqlite3.connect(self.path, timeout=10)) as connection, connection:
            connection.execute(statement)


@dataclass(slots=True)
class Table:
    """A database on PostgreSQL."""

    server: Server
    name: str
    clock: str = field(default="extract(epoch FROM clock_timestamp())", init=False)
    connection: Any = None

    @property
    def address(self) -> str:
        """As `DATABASE_URL` has it."""
        return self.server.address(self.name)

    async def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        """By a connection of our own."""
        return [tuple(row) for row in await self._done("fetch", query)]

    async def tell(self, statement: str) -> None:
        """As above."""
        await self._done("execute", statement)

    async def _done(self, verb: str, statement: str) -> Any:
        """A server that was restarted has forgotten us."""
        for _ in range(2):
            if self.connection is None or self.connection.is_closed():
                self.connection = await asyncpg.connect(self.address)
            try:
                return await getattr(self.connection, verb)(statement)
            except (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, ConnectionError):
                self.connection = None
        raise AssertionError("PostgreSQL does not answer")

    async def close(self) -> None:
        """Let go."""
        if self.connection is not None:
            await self.connection.close()

    async def why_broken(self) -> str | None:
        """Each index holds what its table holds; https://www.postgresql.org/docs/current/amcheck.html"""
        try:
            await self.tell("CREATE EXTENSION IF NOT EXISTS amcheck")
            await self.rows(
                "SELECT bt_index_check(indexrelid, true) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
                " WHERE relnamespace = 'public'::regnamespace"
            )
        except asyncpg.PostgresError as error:
            return str(error)
        return None

    def left(self) -> "Table":
        """The server has seen to it."""
        return self

    async def another(self) -> "Table":
        """On the same server."""
        return Table(self.server, await self.server.create())


Books = File | Table
"""One database; all but `left` want it to be up, and nobody need use it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What was in hand."""

    leased: int
    waiting: int


async def work_of(books: Books, holders: Collection[str | None] | None) -> Work:
    """What these holders had taken (all, without any), and what nobody had."""
    of = [lease.partition(":")[0] for (lease,) in await books.rows(_LEASES)]
    leases = [holder for holder in of if holders is None or holder in holders]
    return Work(leased=len(leases), waiting=len(await books.rows(_WAITING)))


async def open_looks(books: Books) -> list[tuple[Any, ...]]:
    """Rows for which something is to be done before people see all: not what waits for its time, or for nobody."""
    columns = f"target, wanted, done, due_at - {books.clock}, leased_by, attempts"
    is_waited_for = "wanted > done AND (due_at IS NULL OR wanted - done > bulk)"
    is_open = f"{is_waited_for} OR leased_by IS NOT NULL OR due_at <= {books.clock} OR attempts > 0"
    return list(await books.rows(f"SELECT {columns} FROM looks WHERE {is_open}"))  # noqa: S608  our own words


async def missing(books: Books, guids: Collection[str]) -> set[str]:
    """Those that are not kept."""
    return set(guids) - {guid for (guid,) in await books.rows("SELECT guid FROM deliveries")}


async def hasten(books: Books, which: str) -> None:
    """The time of these looks has come."""
    await books.tell(f"UPDATE looks SET due_at = 0 WHERE {which}")  # noqa: S608  as above


async def put_off(books: Books) -> int:
    """How many looks that nobody waits for come later."""
    return len(await books.rows("SELECT target FROM looks WHERE wanted > done"))


async def age(books: Books) -> None:
    """Seventeen hours have passed since anything was looked at, and repositories are swept."""
    await books.tell("UPDATE looks SET looked_at = looked_at - 61200")
    await hasten(books, "target = 'chore:sweep'")


async def end_leases(books: Books, holders: Collection[str | None]) -> None:
    """Twenty seconds have passed for these."""
    theirs = " OR ".join(f"leased_by LIKE '{one}:%'" for one in holders if one)
    if theirs:
        await books.tell(f"UPDATE looks SET lease_until = 0 WHERE {theirs}")  # noqa: S608  as above


async def schema_of(books: Books) -> int:
    """The number of the schema; 0 without tables."""
    if isinstance(books, File):
        ((number,),) = await books.rows("PRAGMA user_version")
        return int(number)
    ((table,),) = await books.rows("SELECT to_regclass('alembic_version')")
    return int((await books.rows("SELECT version_num FROM alembic_version"))[0][0]) if table else 0


NEWEST: Final = VERSION
