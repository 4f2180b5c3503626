"""Accepted deliveries → one transaction on PostgreSQL for as many as are waiting, and a word to all replicas."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.acceptance import Acceptance
from bot.store.dialect import raise_look
from bot.store.errors import StoreRefused
from bot.store.store import because
from bot.store.wishes import rows

CHANNEL: Final = "release_gate_looks"
"""On which replicas tell each other, as epoch seconds, when something they accepted is due."""

_LARGEST_BATCH: Final = 512
_INSERT_DELIVERIES: Final = text(
    "INSERT INTO deliveries (guid, event, received_at)"
    " SELECT * FROM unnest(CAST(:guids AS text[]), CAST(:events AS text[]), CAST(:times AS float8[]))"
    " ON CONFLICT DO NOTHING RETURNING guid"
)
_RAISE_LOOK: Final = text(raise_look("postgresql"))
_TELL: Final = text("SELECT pg_notify(:channel, :due_at)")
# Proves that a transaction can be written, and leaves nothing.
_PROVE_WRITABLE: Final = text("SELECT pg_current_xact_id()")

_Job = tuple[Acceptance, "asyncio.Future[bool]"]


class GroupCommit:
    """An `Acceptor`: while one transaction is under way, the next gathers."""

    def __init__(self, engine: AsyncEngine, *, refusals: tuple[type[Exception], ...]) -> None:
        self.on_commit: Callable[[float], None] = lambda _due_at: None
        self._engine = engine
        self._refusals = refusals
        self._jobs: asyncio.Queue[_Job | None] = asyncio.Queue()
        self._closed = False
        self._task = asyncio.create_task(self._run(), name="commit deliveries")

    async def submit(self, acceptance: Acceptance) -> bool:
        """Return after the commit is on the disk: whether the GUID was new. Raises `StoreRefused`."""
        if self._closed or self._task.done():
            raise StoreRefused("the store is closed")
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait((acceptance, answer))
        return await answer

    async def close(self) -> None:
        """Commit what was submitted, then accept nothing more."""
        self._closed = True
        self._jobs.put_nowait(None)
        await asyncio.wait((self._task,))

    async def _run(self) -> None:
        ending = False
        while not ending:
            batch = [await self._jobs.get()]
            while not self._jobs.empty() and len(batch) < _LARGEST_BATCH:
                batch.append(self._jobs.get_nowait())
            ending = None in batch
            await self._settle([job for job in batch if job is not None])

    async def _settle(self, batch: Sequence[_Job]) -> None:
        """Commit together; when the database refuses that, each alone, so that one can't spoil the others."""
        outcome = await self._commit([acceptance for acceptance, _ in batch])
        if isinstance(outcome, StoreRefused) and len(batch) > 1 and not isinstance(outcome, _Lost):
            for job in batch:
                await self._settle([job])
            return
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

    async def _commit(self, batch: Sequence[Acceptance]) -> list[bool] | StoreRefused:
        """Twice when the connection was lost: it may have been a lone one that a restart left dead in the pool."""
        lost = await self._try_to_commit(batch)
        return await self._try_to_commit(batch) if isinstance(lost, _Lost) else lost

    async def _try_to_commit(self, batch: Sequence[Acceptance]) -> list[bool] | StoreRefused:
        try:
            async with self._engine.begin() as connection:
                return await _write(connection, batch)
        except self._refusals as error:
            is_lost = error.connection_invalidated if isinstance(error, DBAPIError) else True
            return (_Lost if is_lost else StoreRefused)(f"the database refused to write: {because(error)}")
        except Exception as error:  # noqa: BLE001  a task that ended would leave its callers waiting for ever
            return StoreRefused(f"the database refused to write: {because(error)}")


class _Lost(StoreRefused):
    """There is no connection: it would be no better for one acceptance alone."""


async def _write(connection: AsyncConnection, batch: Sequence[Acceptance]) -> list[bool]:
    named = {one.guid: one for one in reversed(batch) if one.guid is not None}  # the first of each
    if not named:
        await connection.execute(_PROVE_WRITABLE)
        return [True] * len(batch)
    guids = sorted(named)
    values = {
        "guids": guids,
        "events": [named[guid].event for guid in guids],
        "times": [named[guid].received_at for guid in guids],
    }
    new = set((await connection.execute(_INSERT_DELIVERIES, values)).scalars())
    raised = rows(wish for acceptance in batch for wish in acceptance.wishes)
    if raised:
        await connection.execute(_RAISE_LOOK, raised)
        due_at = min(float(row["due_at"]) for row in raised)
        await connection.execute(_TELL, {"channel": CHANNEL, "due_at": repr(due_at)})
    return [one.guid is None or (one.guid in new and named[one.guid] is one) for one in batch]
