"""One `release-gate serve` after another on one port: started, killed, paused and asked how it is."""

import asyncio
import contextlib
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

import aiohttp

from tests.bench.servers import ROOT, free_port
from tests.chaos.served import serve

PATIENCE: Final = 180.0
_FORKED: Final = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.chaos.served"])
_HOLDER: Final = re.compile(r'"holder":"(\w+)"')


@dataclass(slots=True)
class Replica:
    """What listens on the port: whoever it is just now."""

    environ: Mapping[str, str]
    directory: Path
    port: int = field(default_factory=free_port)
    starts: int = 0
    bugs: list[str] = field(default_factory=list)
    """Lines of the log in which the program calls itself wrong."""
    process: BaseProcess | subprocess.Popen[bytes] | None = None
    began: float = 0.0

    @property
    def log(self) -> Path:
        """Of the newest process."""
        return self.directory / f"{self.port}-{self.starts}.log"

    def start(self, *, imports: bool = False, command: tuple[str, ...] = ("-m", "bot", "serve")) -> None:
        """Begin; `imports` is the whole of it, else a process is forked that has imported the program already."""
        self.starts += 1
        self.began = time.monotonic()
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PORT": str(self.port), **self.environ}
        if not imports:
            arguments = (environ, str(self.directory), str(self.log))
            forked = _FORKED.Process(target=serve, args=arguments, daemon=True)
            forked.start()
            self.process = forked
            return
        with self.log.open("ab") as log:
            command = (sys.executable, *command)
            self.process = subprocess.Popen(command, env=environ, cwd=self.directory, stdout=log, stderr=log)

    @property
    def is_alive(self) -> bool:
        """Whether there is a process."""
        process = self.process
        return process.poll() is None if isinstance(process, subprocess.Popen) else bool(process and process.is_alive())

    @property
    def has_started(self) -> bool:
        """Whether it says that it listens."""
        return "server.started" in self._said()

    @property
    def holder(self) -> str | None:
        """By what name it takes looks."""
        found = _HOLDER.search(self._said())
        return found[1] if found else None

    async def ready(self) -> None:
        """Once it can do its work; raises `AssertionError` with its last words when it ends instead."""
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
            while self.is_alive:
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                        if answer.ok:
                            return
                await asyncio.sleep(0.02)
        raise AssertionError(f"a server did not start: {self._said()[-2000:]}")

    def signal(self, number: signal.Signals) -> None:
        """Send it one."""
        assert self.process is not None
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    async def dead(self) -> int:
        """Its exit code, once it has ended; what its log tells of bugs is kept."""
        async with asyncio.timeout(PATIENCE):
            while self.is_alive:
                await asyncio.sleep(0.002)
        process = self.process
        code = process.returncode if isinstance(process, subprocess.Popen) else process and process.exitcode
        self.process = None
        said = self._said().splitlines()
        self.bugs += [
            line for line in said if '"level":"error"' in line and "refused" not in line and "lost" not in line
        ]
        return int(code or 0)

    async def kill(self) -> None:
        """`kill -9`, and it is dead."""
        self.signal(signal.SIGKILL)
        await self.dead()

    async def stop(self) -> None:
        """In order; raises `AssertionError` when it does not end well."""
        self.signal(signal.SIGTERM)
        code = await self.dead()
        assert code == 0, f"a server that was told to end answered {code}: {self._said()[-2000:]}"

    def _said(self) -> str:
        try:
            return self.log.read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return ""
