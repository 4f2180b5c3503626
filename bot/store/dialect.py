"""The name of a dialect → the statements in which SQLite and PostgreSQL differ."""

from typing import Any, Final, Literal

from sqlalchemy import Column, ColumnElement, Insert, Table, and_, collate
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Name = Literal["sqlite", "postgresql"]

# The first wish opens a window that later ones don't extend: the earlier `due_at` stays. A look that backs off
# keeps its own time, or a busy pull request would hammer a broken GitHub.
_RAISE_LOOK: Final = """
INSERT INTO looks (target, installation, wanted, done, due_at, attempts, watermark, bulk)
{raised}
ON CONFLICT (target) DO UPDATE SET
    wanted = looks.wanted + 1,
    bulk = looks.bulk + excluded.bulk,
    due_at = CASE WHEN looks.attempts > 0 AND looks.due_at IS NOT NULL THEN looks.due_at
                  ELSE {least}(coalesce(looks.due_at, excluded.due_at), excluded.due_at) END,
    watermark = CASE WHEN excluded.watermark IS NULL THEN looks.watermark ELSE {merged} END
"""
# Too many marks become one, or each delivery would cost more for a look that backs off. The count makes it another one
# each time, so that none is taken for one that was honoured.
_MARKS: Final = 16_000  # characters
_MERGED: Final = {
    "sqlite": """json_patch(
        CASE WHEN length(looks.watermark) > {marks} THEN json_object('full', json_object('n', looks.wanted))
             ELSE coalesce(looks.watermark, '{{}}') END,
        excluded.watermark)""",
    "postgresql": """CAST(
        CASE WHEN length(looks.watermark) > {marks}
             THEN jsonb_build_object('full', jsonb_build_object('n', looks.wanted))
             ELSE CAST(coalesce(looks.watermark, '{{}}') AS jsonb) END
        || CAST(excluded.watermark AS jsonb) AS text)""",
}
_ONE: Final = "VALUES (:target, :installation, 1, 0, :due_at, 0, :watermark, :bulk)"
_OF_A_BATCH: Final = """
SELECT value ->> 'target', value ->> 'installation', 1, 0, value ->> 'due_at', 0, value ->> 'watermark',
    value ->> 'bulk'
FROM json_each(?) WHERE true
"""
_LEAST: Final = {"sqlite": "min", "postgresql": "least"}


def name_of(database: AsyncConnection | AsyncEngine) -> Name:
    """Which of the two a connection speaks."""
    return "postgresql" if database.dialect.name == "postgresql" else "sqlite"


def raise_look(name: Name) -> str:
    """The one statement by which looks are raised; its parameters are `wishes.rows`."""
    return _RAISE_LOOK.format(raised=_ONE, least=_LEAST[name], merged=_MERGED[name].format(marks=_MARKS))


def raise_looks_of_a_batch() -> str:
    """The same on SQLite for all of `wishes.rows` at once; its parameter is their JSON."""
    return _RAISE_LOOK.format(raised=_OF_A_BATCH, least=_LEAST["sqlite"], merged=_MERGED["sqlite"].format(marks=_MARKS))


def in_order(name: Name, column: Column[str]) -> ColumnElement[str]:
    """By code points, as we sort: PostgreSQL goes by the rules of a language unless it is told."""
    return column if name == "sqlite" else collate(column, "C")


def insert_new(name: Name, table: Table, rows: list[dict[str, Any]]) -> Insert:
    """Insert those rows whose keys are not there yet."""
    if name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table).values(rows).on_conflict_do_nothing()
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table).values(rows).on_conflict_do_nothing()


def begins_with(dialect: str, column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """Of a text in ASCII: SQLite's LIKE takes no notice of case and uses no index, PostgreSQL orders in its own way."""
    if dialect == "sqlite":
        return and_(column >= prefix, column < f"{prefix[:-1]}{chr(ord(prefix[-1]) + 1)}")
    return column.startswith(prefix, autoescape=True)
