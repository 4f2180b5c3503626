"""A database of any earlier schema, or an empty one → the schema of this version."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.dialect import name_of
from bot.store.errors import StoreUnusable
from bot.store.schema import VERSION

_REVISIONS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 0x6761_7465  # "gate": one number for all replicas, and hardly anybody else's


async def migrate(connection: AsyncConnection, *, place: str) -> None:
    """Bring the schema up to date within the connection's transaction; `place` names the database in errors.

    Replicas that start together on PostgreSQL wait for the first of them. Raises `StoreUnusable` for a schema that
    a newer version wrote.
    """
    if name_of(connection) == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    found = await schema_of(connection)
    if found == VERSION:
        return  # alembic costs half a second and 8 MB
    if found > VERSION:
        raise StoreUnusable(
            f"{place} has schema {found}, this version knows {VERSION}; start the version that wrote it, or give"
            " this one its own DATABASE_URL"
        )
    if name_of(connection) == "sqlite":
        await connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver begins none for what changes tables
    await connection.run_sync(_upgrade)
    if name_of(connection) == "sqlite":
        await connection.execute(text(f"PRAGMA user_version = {VERSION}"))


async def schema_of(connection: AsyncConnection) -> int:
    """The schema's number, 0 for none. SQLite keeps it where versions that knew no alembic look for it."""
    if name_of(connection) == "sqlite":
        return int((await connection.execute(text("PRAGMA user_version"))).scalar_one())
    if (await connection.execute(text("SELECT to_regclass('alembic_version')"))).scalar_one() is None:
        return 0
    return int((await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one())


def _upgrade(connection: Connection) -> None:
    """https://alembic.sqlalchemy.org/en/latest/api/runtime.html"""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    revisions = ScriptDirectory(str(_REVISIONS))

    def steps(revision: Any, _context: object) -> Any:  # noqa: ANN401  alembic's own tuples and lists
        return revisions._upgrade_revs("head", revision)  # noqa: SLF001  as alembic's own `env.py` does

    with EnvironmentContext(Config(), revisions, fn=steps) as environment:
        environment.configure(connection=connection)
        environment.run_migrations()
