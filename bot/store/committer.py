"""Accepted deliveries → one durable commit for as many as are waiting, by one thread with its own connection.

The single exception to SQLAlchemy: a commit for each delivery reaches a third of this, and the price of a thread
hop for each statement is most of what acceptance costs.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import orjson

from bot.store.acceptance import Acceptance
from bot.store.dialect import raise_looks_of_a_batch
from bot.store.errors import StoreRefused
from bot.store.schema import VERSION
from bot.store.wishes import rows

_LARGEST_BATCH: Final = 512
# One statement for a batch: between two of them the thread waits for its turn at the interpreter.
_KNOWN: Final = "SELECT guid FROM deliveries WHERE guid IN (SELECT value FROM json_each(?))"
_INSERT_DELIVERIES: Final = (
    "INSERT INTO deliveries (guid, event, received_at)"
    " SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true ON CONFLICT (guid) DO NOTHING"
)
_RAISE_LOOKS: Final = raise_looks_of_a_batch()
# Writes the header page and changes nothing.
_PROVE_WRITABLE: Final = f"PRAGMA user_version = {VERSION}"


_Job = tuple[Acceptance, "asyncio.Future[bool]"]
_Outcome = bool | StoreRefused


class Committer:
    """The writer thread of SQLite, an `Acceptor`. `submit` and `close` belong to the event loop that made it."""

    def __init__(self, path: Path, *, busy_seconds: float) -> None:
        self.on_commit: Callable[[float], None] = lambda _due_at: None
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[list[_Job] | None] = queue.SimpleQueue()
        self._gathered: list[_Job] = []
        self._closed = False
        self._connection = _connect(path, busy_seconds)
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
        self._thread.start()

    async def submit(self, acceptance: Acceptance) -> bool:
        """Return after the commit is on the disk: whether the GUID was new. Raises `StoreRefused`."""
        if self._closed or not self._thread.is_alive():
            raise StoreRefused("the store is closed")
        answer: asyncio.Future[bool] = self._loop.create_future()
        if not self._gathered:
            self._loop.call_soon(self._hand_over)
        self._gathered.append((acceptance, answer))
        return await answer

    def _hand_over(self) -> None:
        """What one turn of the loop submits wakes the thread once: each waking is a fight for the interpreter."""
        if self._gathered:
            self._jobs.put(self._gathered)
            self._gathered = []

    async def close(self) -> None:
        """Commit what was submitted, then end the thread."""
        self._closed = True
        self._hand_over()
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        with contextlib.closing(self._connection) as connection:
            ending = False
            while not ending:
                batch, ending = self._next_batch()
                outcomes = _outcomes(connection, [acceptance for acceptance, _ in batch])
                self._loop.call_soon_threadsafe(self._answer, batch, outcomes)

    def _next_batch(self) -> tuple[list[_Job], bool]:
        """Wait for jobs, then take along all that came meanwhile; true when there will be no more."""
        batch: list[_Job] = []
        jobs = self._jobs.get()
        while jobs is not None:
            batch.extend(jobs)
            if len(batch) >= _LARGEST_BATCH or self._jobs.empty():
                return batch, False
            jobs = self._jobs.get()
        return batch, True

    def _answer(self, batch: Sequence[_Job], outcomes: Sequence[_Outcome]) -> None:
        due: list[float] = []
        for (acceptance, answer), outcome in zip(batch, outcomes, strict=True):
            if not isinstance(outcome, StoreRefused):
                due += [wish.due_at for wish in acceptance.wishes]
            if answer.done():  # its request went away
                continue
            if isinstance(outcome, StoreRefused):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)
        if due:
            self.on_commit(min(due))


def _connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _outcomes(connection: sqlite3.Connection, batch: Sequence[Acceptance]) -> list[_Outcome]:
    """Of each acceptance: what spoils one must not spoil the others; what the disk refuses, it refuses to all."""
    try:
        return [*_commit(connection, batch)]
    except Exception as error:  # noqa: BLE001  a thread that ended would leave its callers waiting for ever
        if connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        if len(batch) > 1 and not isinstance(error, sqlite3.OperationalError):
            return [_outcomes(connection, [one])[0] for one in batch]
        return [StoreRefused(f"the database refused to write: {error}") for _ in batch]


def _commit(connection: sqlite3.Connection, batch: Sequence[Acceptance]) -> list[bool]:
    if not batch:
        return []
    connection.execute("BEGIN IMMEDIATE")
    new = _write(connection, batch)
    connection.execute("COMMIT")
    return new


def _write(connection: sqlite3.Connection, batch: Sequence[Acceptance]) -> list[bool]:
    named = {one.guid: one for one in reversed(batch) if one.guid is not None}  # the first of each
    if not named:
        connection.execute(_PROVE_WRITABLE)
        return [True] * len(batch)
    known = {guid for (guid,) in connection.execute(_KNOWN, (_json(list(named)),))}
    connection.execute(_INSERT_DELIVERIES, (_json([(one.guid, one.event, one.received_at) for one in named.values()]),))
    connection.execute(_RAISE_LOOKS, (_json(rows(wish for one in batch for wish in one.wishes)),))
    return [one.guid is None or (one.guid not in known and named[one.guid] is one) for one in batch]


def _json(value: object) -> str:
    text = orjson.dumps(value).decode()
    if r"\u0000" in text:
        raise ValueError("SQLite ends a text at NUL")
    return text
