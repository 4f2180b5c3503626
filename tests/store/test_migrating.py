"""Schemas: new databases and old ones come to the same, replicas don't do it twice, and newer ones are left alone."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.store import StoreUnusable, looks, migrating, open_store
from bot.store.schema import VERSION, metadata
from bot.store.wishes import Wish

WISH = Wish(target="pull:3:acme/shop:5", installation=3, due_at=0)
# What was the whole of an SQLite file before there was alembic.
VERSION_1 = """
CREATE TABLE deliveries (guid TEXT NOT NULL, event TEXT NOT NULL, received_at FLOAT NOT NULL, PRIMARY KEY (guid));
CREATE TABLE looks (target TEXT NOT NULL, installation INTEGER NOT NULL, wanted INTEGER NOT NULL, done INTEGER NOT NULL,
    due_at FLOAT, lease_until FLOAT, leased_by TEXT, attempts INTEGER NOT NULL, watermark TEXT, PRIMARY KEY (target));
CREATE INDEX looks_open ON looks (due_at) WHERE due_at IS NOT NULL OR wanted > done;
CREATE TABLE heads (subject TEXT NOT NULL, target TEXT NOT NULL, sha TEXT NOT NULL, shown_at FLOAT NOT NULL,
    PRIMARY KEY (subject, sha, shown_at));
CREATE INDEX heads_by_sha ON heads (sha);
CREATE TABLE closing_commands (subject TEXT NOT NULL, comment_id TEXT NOT NULL, verb TEXT NOT NULL,
    argument TEXT NOT NULL, login TEXT NOT NULL, because TEXT NOT NULL, at FLOAT NOT NULL,
    PRIMARY KEY (subject, comment_id, verb, argument, at));
INSERT INTO deliveries VALUES ('old', 'push', 1.0);
INSERT INTO looks VALUES ('pull:3:acme/shop:5', 3, 2, 1, 0.0, 99.0, 'dead', 0, NULL);
PRAGMA user_version = 1;
"""


def _differences(connection, *, compare_type: bool = True) -> list[object]:
    """Between the tables that are there and those that the program knows; alembic's own is its own."""
    options = {"include_name": lambda name, *_: name != "alembic_version", "compare_type": compare_type}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_the_revisions_make_what_the_program_knows(database):
    async with open_store(database) as store, store._begin() as connection:
        assert await connection.run_sync(_differences) == []


def test_the_newest_revision_is_the_one_that_the_program_names():
    assert ScriptDirectory(str(migrating._REVISIONS)).get_current_head() == f"{VERSION:04}"


async def test_a_file_from_before_there_was_alembic_goes_on(tmp_path):
    path = tmp_path / "gate.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(VERSION_1)
    for _ in range(2):
        async with open_store(path) as store:
            (look,) = await looks.take(store, holder="me", lease_seconds=30, limit=9)
            assert (look.seen, look.wishes) == (2, 1)
            assert await store.accept(guid="old", event="push", wishes=[]) is False
            async with store._begin() as connection:
                assert (
                    await connection.run_sync(partial(_differences, compare_type=False)) == []
                )  # SQLite's integers are long


async def test_a_start_that_died_in_the_middle_of_its_changes_is_made_good(tmp_path, monkeypatch):
    path = tmp_path / "gate.sqlite3"

    def die(connection):
        upgrade(connection)
        raise KeyboardInterrupt

    upgrade = migrating._upgrade
    monkeypatch.setattr(migrating, "_upgrade", die)
    with pytest.raises(KeyboardInterrupt):
        async with open_store(path):
            pass
    monkeypatch.undo()
    with closing(sqlite3.connect(path)) as left:
        assert left.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    async with open_store(path) as store:
        assert await store.accept(guid="g", event="push", wishes=[WISH])


async def test_replicas_that_start_together_change_the_schema_once(postgresql):
    address = postgresql.address(await postgresql.create())

    async def start() -> bool:
        async with open_store(address) as store:
            return await store.accept(guid="g", event="push", wishes=[WISH])

    assert sorted(await asyncio.gather(*(start() for _ in range(4)))) == [False, False, False, True]


async def test_a_newer_schema_is_left_alone(postgresql):
    address = postgresql.address(await postgresql.create())
    async with open_store(address) as store, store._begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    with pytest.raises(
        StoreUnusable, match=f"the database has schema 99, this version knows {VERSION}; start the version that"
    ):
        async with open_store(address):
            pass


def test_a_start_that_finds_its_schema_does_without_alembic(tmp_path):
    """It costs half a second and 8 MB."""
    code = """
import asyncio, pathlib, sys
from bot.store import open_store
async def start():
    async with open_store(pathlib.Path(sys.argv[1])):
        pass
asyncio.run(start())
print("alembic" in sys.modules)
"""
    starts = [
        subprocess.run([sys.executable, "-c", code, tmp_path / "g.sqlite3"], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert [start.stdout.strip() for start in starts] == ["True", "False"]
