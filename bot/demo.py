"""Starts the server and a sandbox GitHub side by side, speaking HTTP over loopback, and plays the story."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bot import logs
from bot.app import running
from bot.sandbox import App, Sandbox
from bot.sandbox.demo import STEPS, Stage, routes
from bot.settings import Settings, load

SETTLE = "0.1"
"""Seconds; a demo need not wait for storms of events."""
NAP = 0.1
"""Seconds of real time after which the server sees that the sandbox's clock was moved."""


async def script(say: Callable[[str], None]) -> bool:
    """Plays the story through; whether GitHub showed after each step what it must."""
    async with staged(port=0) as stage:
        for number, step in enumerate(STEPS, start=1):
            wrong = await stage.play()
            say(f"{'✗' if wrong else '✓'} {number:2} {step.says}\n     {stage.title_of(step)}")
            for line in wrong:
                say(f"     {line}")
            if wrong:
                return False
        say("\nThe comment on the pull request now:\n")
        say(stage.comments_of_bot()[0].body)
    return True


async def page(port: int, say: Callable[[str], None]) -> bool:
    """Serves the page until Ctrl-C."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with staged(port=port) as stage:
        await stage.play()
        say(f"The release is open at {stage.sandbox.url} (Ctrl-C ends it)")
        await stopped.wait()
    return True


@contextlib.asynccontextmanager
async def staged(*, port: int) -> AsyncIterator[Stage]:
    """A sandbox GitHub with our App installed, and our server told of it by its settings alone."""
    logs.set_up(sys.stderr, level=logging.WARNING)
    github = App(database_id=4242, slug="release-gate")
    stages: list[Stage] = []
    async with Sandbox.start(app=github, port=port, routes=routes(stages)) as sandbox:
        stages.append(Stage(sandbox))

        def now() -> float:
            return sandbox.clock.instant().timestamp()

        with tempfile.TemporaryDirectory() as directory:
            async with running(_settings(sandbox, github, Path(directory)), now=now, nap=NAP) as address:
                github.webhook_url = f"{address}/webhook"
                yield stages[0]


def _free_port() -> int:
    """Links are written before anybody listens, so the port has to be known."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _settings(sandbox: Sandbox, github: App, directory: Path) -> Settings:
    port = _free_port()
    settings = load(
        {
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "GITHUB_API_URL": sandbox.url,
            "GITHUB_APP_ID": str(github.database_id),
            "GITHUB_APP_PRIVATE_KEY": github.private_key_pem,
            "GITHUB_WEBHOOK_SECRET": github.secret,
            "DATABASE_URL": f"sqlite:///{directory}/release-gate.sqlite3",
            "SETTLE_SECONDS": SETTLE,
        },
        None,
    )
    assert isinstance(settings, Settings)  # noqa: S101 - ours, so a fault is a bug
    return settings
