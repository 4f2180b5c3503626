"""An environment → `release-gate serve` in a process of its own, forked from one that has imported it already."""

import os
import sys

import aiosqlite  # noqa: F401  the start would import it
import asyncpg  # noqa: F401  as above
import uvloop  # noqa: F401  as above

from bot import app, cli, logs, settings  # noqa: F401  as above
from bot.store import postgresql, sqlite  # noqa: F401  as above


def serve(environ: dict[str, str], directory: str, log: str) -> None:
    """Until somebody ends it."""
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environ)
    with open(log, "ab") as file:  # noqa: PTH123
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv[:] = ["release-gate", "serve"]
    cli.main()
