"""A PostgreSQL server from Debian's packages, for as long as the tests run: its own directory, no port, `fsync` on."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.store import open_store
from bot.store.schema import metadata

MISSING = "PostgreSQL is not installed; `apt-get install postgresql` makes these tests run"
TEMPLATE = "gate_template"
_WAIT_SECONDS = "60"


@dataclass(slots=True)
class Server:
    """A running server, and where its databases are."""

    directory: Path
    user: str
    binaries: Path
    databases: int = 0
    has_template: bool = False
    prepared_name: str | None = None

    def address(self, database: str) -> str:
        """As `DATABASE_URL` would have it."""
        return f"postgresql://{self.user}@/{database}?host={self.directory}"

    async def tell(self, statement: str, database: str = "postgres") -> None:
        """Execute a statement that may stand outside transactions."""
        connection: Any = await asyncpg.connect(self.address(database))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def prepared(self) -> str:
        """The address of the one database that tests have in turn, made from the template."""
        if not self.has_template:
            self.has_template = True
            await self.tell(f"CREATE DATABASE {TEMPLATE}")
            async with open_store(self.address(TEMPLATE)):
                pass
        if self.prepared_name is None:
            self.prepared_name = await self.create(TEMPLATE)
        return self.address(self.prepared_name)

    async def emptied(self) -> None:
        """No rows in any table; where a test did worse, the next has a new database."""
        everything = "; ".join(f"DELETE FROM {table.name}" for table in metadata.sorted_tables)  # noqa: S608  our own names
        try:
            await self.tell(everything, database=str(self.prepared_name))
        except asyncpg.PostgresError:
            self.prepared_name = None

    async def create(self, template: str = "template1") -> str:
        """The name of a database of its own."""
        self.databases += 1
        name = f"gate_{self.databases}"
        await self.tell(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def start(self) -> None:
        """Begin to answer, where nobody but this machine can ask."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.directory}' -c max_connections=200"
        self._control("start", "-o", options, "-l", str(self.directory / "log"))

    def stop(self, mode: str = "fast") -> None:
        """End: `fast` in order, `immediate` as if the power had failed."""
        self._control("stop", "-m", mode)

    def _control(self, *arguments: str) -> None:
        data = str(self.directory / "data")
        run(self.user, self.binaries / "pg_ctl", "-D", data, "-w", "-t", _WAIT_SECONDS, *arguments)


def run(user: str, *command: str | Path) -> None:
    """As `user`: the server refuses to run as root."""
    who: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if os.getuid() == 0 else {}
    done = subprocess.run(command, check=False, capture_output=False, stdout=subprocess.DEVNULL, cwd="/", **who)
    assert done.returncode == 0, f"{command[0]} failed"


def binaries() -> Path | None:
    """Where the newest installed server is; Debian keeps it out of `PATH`."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((one.parent for one in versions), key=lambda one: int(one.parent.name), default=None)


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """The server; skips on a machine without one, and fails there in continuous integration."""
    where = binaries()
    if where is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    directory = Path(tempfile.mkdtemp(prefix="gate-pg-"))
    if os.getuid() == 0:
        shutil.chown(directory, user, user)
    server = Server(directory=directory, user=user, binaries=where)
    try:
        run(user, where / "initdb", "-D", str(directory / "data"), "-A", "trust", "-U", user, "-E", "UTF8", "-N")
        server.start()
        yield server
    finally:
        with contextlib.suppress(AssertionError):
            server.stop("immediate")
        shutil.rmtree(directory, ignore_errors=True)


def end(process: int) -> None:
    """`kill -9`."""
    os.kill(process, signal.SIGKILL)
