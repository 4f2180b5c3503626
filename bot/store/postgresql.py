"""The address of a PostgreSQL server → an open Store that any number of replicas share."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, Final

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.store.errors import StoreUnusable
from bot.store.group_commit import CHANNEL, GroupCommit
from bot.store.migrating import migrate
from bot.store.replica_clock import ReplicaClock
from bot.store.store import Store, because

_OLDEST: Final = 130000  # the oldest that its makers still mend
_CONNECT_SECONDS: Final = 10.0
_LISTEN_SECONDS: Final = 10.0
_REST_AFTER_LOSS: Final = 1.0
# What a commit promises is on the disk, whatever the server's own settings say. A replica that is paused inside a
# transaction loses its locks: others must go on within the seconds that GitHub waits for an answer.
_SESSION: Final = {
    "application_name": "release-gate",
    "synchronous_commit": "on",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "5s",
}
# Another replica may be changing the schema: wait for it.
_PATIENT_SESSION: Final = {**_SESSION, "lock_timeout": "0", "statement_timeout": "0"}

_Connect = Callable[..., Awaitable[Any]]
"""asyncpg has no types."""

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def open_postgresql(address: str, *, now: Callable[[], float] | None) -> AsyncIterator[Store]:
    """The store in the database at `address`, `postgresql://…` as libpq writes it.

    Time is the server's unless `now` is given. Leases are left alone: their holders may live. Raises `StoreUnusable`.
    """
    connect = partial(_connect, address)
    refusals = driver_refusals()
    try:
        await _prepare(connect)
        clock = ReplicaClock()
        connection = await connect()
        await clock.set_by(connection)
    except refusals as error:
        raise StoreUnusable(
            f"the database that DATABASE_URL names cannot be used: {because(error)}; start the server, or correct"
            " DATABASE_URL"
        ) from error
    engine = _engine(connect)
    acceptor = GroupCommit(engine, refusals=refusals)
    ears = _Ears(connect, acceptor, clock, refusals)
    await ears.open(connection)
    listening = asyncio.create_task(ears.listen(), name="listen to replicas")
    store = Store(
        engine=engine, now=now or clock, acceptor=acceptor, is_shared=True, has_clock=now is None, refusals=refusals
    )
    try:
        yield store
    finally:
        await acceptor.close()
        listening.cancel()
        await asyncio.gather(listening, *store.unfinished, return_exceptions=True)
        await engine.dispose()


@contextlib.asynccontextmanager
async def reading_postgresql(address: str) -> AsyncIterator[AsyncEngine]:
    """The database for reading alone."""
    engine = _engine(partial(_connect, address, session={**_SESSION, "default_transaction_read_only": "on"}))
    try:
        yield engine
    finally:
        await engine.dispose()


class _Ears:
    """Wake the worker for what other replicas accepted. Only a shortcut: who is deaf still looks now and then."""

    def __init__(
        self, connect: _Connect, acceptor: GroupCommit, clock: ReplicaClock, refusals: tuple[type[Exception], ...]
    ) -> None:
        self._connect = connect
        self._acceptor = acceptor
        self._clock = clock
        self._refusals = refusals
        self._connection: Any = None

    async def open(self, connection: Any) -> None:  # noqa: ANN401
        """Hear from now on what is told."""
        self._connection = connection
        await connection.add_listener(CHANNEL, self._hear)

    async def listen(self) -> None:
        """Go on for ever; a lost connection is made again."""
        try:
            while True:
                await self._stay()
        finally:
            self._close()

    async def _stay(self) -> None:
        try:
            if self._connection is None:
                await self.open(await self._connect())
                self._acceptor.on_commit(0.0)  # what was told meanwhile
            await asyncio.sleep(_LISTEN_SECONDS)
            await self._clock.set_by(self._connection)
        except self._refusals as error:
            log.warning("replicas.unheard", because=because(error))
            self._close()
            await asyncio.sleep(_REST_AFTER_LOSS)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    def _hear(self, _connection: object, _process: int, _channel: str, due_at: str) -> None:
        self._acceptor.on_commit(float(due_at))


def driver_refusals() -> tuple[type[Exception], ...]:
    """What a statement raises when the server does not do it. Raises `StoreUnusable` without the driver."""
    try:
        import asyncpg
    except ImportError as error:
        raise StoreUnusable(
            "DATABASE_URL names PostgreSQL, and asyncpg is not installed; type pip install 'release-gate[postgres]'"
        ) from error
    return (DBAPIError, PoolTimeout, OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def _connect(address: str, *, session: dict[str, str] = _SESSION, limit: float | None = 30.0) -> Any:  # noqa: ANN401  asyncpg has no types
    import asyncpg

    return await asyncpg.connect(address, timeout=_CONNECT_SECONDS, command_timeout=limit, server_settings=session)


def _engine(connect: _Connect, **more: Any) -> AsyncEngine:  # noqa: ANN401
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        hide_parameters=True,  # an error's text goes to the log, people's words do not
        **more or {"pool_size": 5, "max_overflow": 5, "pool_timeout": 10.0},
    )


async def _prepare(connect: _Connect) -> None:
    engine = _engine(partial(connect, session=_PATIENT_SESSION, limit=None), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            found = int((await connection.exec_driver_sql("SHOW server_version_num")).scalar_one())
            if found < _OLDEST:
                raise StoreUnusable(f"PostgreSQL {found // 10000} is too old; wanted {_OLDEST // 10000} or newer")
            await migrate(connection, place="the database")
    finally:
        await engine.dispose()
