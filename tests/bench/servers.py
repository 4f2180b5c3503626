"""Servers to be measured, each a process of its own."""

import asyncio
import contextlib
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server."""

    process: Process
    port: int

    @property
    def peak_megabytes(self) -> float:
        """The most memory that it ever held, as Linux counts it."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text("utf-8").splitlines()
        (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
        return int(peak) / 1024


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def serving(port: int, *command: str, env: Mapping[str, str] | None = None) -> AsyncIterator[Server]:
    """The server while the block runs, once it says that it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=DEVNULL, stderr=DEVNULL, env={**os.environ, **(env or {})}, cwd=ROOT
    )
    try:
        await _ready(process, port)
        yield Server(process=process, port=port)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _ready(process: Process, port: int) -> None:
    async with asyncio.timeout(20), aiohttp.ClientSession() as session:
        while process.returncode is None:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.ok:
                        return
            await asyncio.sleep(0.05)
    raise RuntimeError("the server did not start")
