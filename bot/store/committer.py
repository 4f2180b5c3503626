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

from bot.store.acceptance import Acceptance
from bot.store.dialect import raise_look
from bot.store.errors import StoreRefused
from bot.store.schema import VERSION
from bot.store.wishes import rows

_LARGEST_BATCH: Final = 512
_INSERT_DELIVERY: Final = (
    "INSERT INTO deliveries (guid, event, received_at) VALUES (?, ?, ?) ON CONFLICT (guid) DO NOTHING"
)
_RAISE_LOOK: Final = raise_look("sqlite")
# Writes the header page and changes nothing.
_PROVE_WRITABLE: Final = f"PRAGMA user_version = {VERSION}"
_REFUSALS: Final = (sqlite3.Error, ValueError, OverflowError)


_Job = tuple[Acceptance, "asyncio.Future[bool]"]


class Committer:
    """The writer thread of SQLite, an `Acceptor`. `submit` and `close` belong to the event loop that made it."""

    def __init__(self, path: Path, *, busy_seconds: float) -> None:
        self.on_commit: Callable[[float], None] = lambda _due_at: None
        self._path = path
        self._busy_seconds = busy_seconds
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
        self._thread.start()

    async def submit(self, acceptance: Acceptance) -> bool:
        """Return after the commit is on the disk: whether the GUID was new. Raises `StoreRefused`."""
        if self._closed or not self._thread.is_alive():
            raise StoreRefused("the store is closed")
        answer: asyncio.Future[bool] = self._loop.create_future()
        self._jobs.put((acceptance, answer))
        return await answer

    async def close(self) -> None:
        """Commit what was submitted, then end the thread."""
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        with contextlib.closing(_connect(self._path, self._busy_seconds)) as connection:
            ending = False
            while not ending:
                batch, ending = self._next_batch()
                self._loop.call_soon_threadsafe(self._answer, batch, _commit(connection, batch))

    def _next_batch(self) -> tuple[list[_Job], bool]:
        """Wait for a job, then take along all that came meanwhile; true when there will be no more."""
        batch: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            batch.append(job)
            if len(batch) == _LARGEST_BATCH or self._jobs.empty():
                return batch, False
            job = self._jobs.get()
        return batch, True

    def _answer(self, batch: Sequence[_Job], outcome: Sequence[bool] | StoreRefused) -> None:
        for at, (_, answer) in enumerate(batch):
            if answer.done():  # its request went away
                continue
            if isinstance(outcome, StoreRefused):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome[at])
        due = [wish.due_at for acceptance, _ in batch for wish in acceptance.wishes]
        if due and not isinstance(outcome, StoreRefused):
            self.on_commit(min(due))


def _connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _commit(connection: sqlite3.Connection, batch: Sequence[_Job]) -> list[bool] | StoreRefused:
    if not batch:
        return []
    try:
        connection.execute("BEGIN IMMEDIATE")
        new = [_write(connection, acceptance) for acceptance, _ in batch]
        connection.execute("COMMIT")
    except _REFUSALS as error:
        if connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        return StoreRefused(f"the database refused to write: {error}")
    return new


def _write(connection: sqlite3.Connection, acceptance: Acceptance) -> bool:
    if acceptance.guid is None:
        connection.execute(_PROVE_WRITABLE)
        return True
    values = (acceptance.guid, acceptance.event, acceptance.received_at)
    is_new = connection.execute(_INSERT_DELIVERY, values).rowcount == 1
    for row in rows(acceptance.wishes):
        connection.execute(_RAISE_LOOK, row)
    return is_new
