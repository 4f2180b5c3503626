"""One address in front of the replicas: hands each delivery to one that lives, and remembers what was answered."""

import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import aiohttp
import orjson
from aiohttp import web

_HEADERS: Final = ("X-GitHub-Delivery", "X-GitHub-Event", "X-Hub-Signature-256", "Content-Type")
_LIMIT: Final = aiohttp.ClientTimeout(total=9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A delivery that a replica answered."""

    guid: str
    event: str
    port: int
    began: datetime
    """When it was handed over."""
    status: int
    looks: int
    """How many looks it asks for; 0 is kept nowhere."""
    about: "int | str | None"
    """The number of the pull request, or a commit."""


@dataclass(slots=True)
class Front:
    """Where GitHub delivers to."""

    now: Callable[[], datetime]
    chance: random.Random
    ports: Sequence[int] = ()
    answered: list[Answered] = field(default_factory=list)
    in_flight: Counter[int] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    session: aiohttp.ClientSession | None = None

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """The address while the block runs."""
        application = web.Application(client_max_size=1 << 26)
        application.router.add_post("/webhook", self._handle)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        # A kept connection would hide which replica is gone.
        connector = aiohttp.TCPConnector(force_close=True)
        async with aiohttp.ClientSession(connector=connector, timeout=_LIMIT) as self.session:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        ports = self.chance.sample(self.ports, len(self.ports))
        for port in ports:
            try:
                return await self._handed(request, body, port)
            except aiohttp.ClientConnectorError:
                continue
            except (aiohttp.ClientError, TimeoutError):
                break  # perhaps it has it, perhaps not
        self.statuses[502] += 1
        return web.Response(status=502)

    async def _handed(self, request: web.Request, body: bytes, port: int) -> web.Response:
        assert self.session is not None
        began = self.now()
        headers = {name: request.headers[name] for name in _HEADERS}
        self.in_flight[port] += 1
        try:
            async with self.session.post(f"http://127.0.0.1:{port}/webhook", data=body, headers=headers) as answer:
                content = await answer.read()
        finally:
            self.in_flight[port] -= 1
        self.statuses[answer.status] += 1
        self.answered.append(
            Answered(
                guid=headers["X-GitHub-Delivery"],
                event=headers["X-GitHub-Event"],
                port=port,
                began=began,
                status=answer.status,
                looks=orjson.loads(content).get("looks", 0) if answer.ok else 0,
                about=_about(orjson.loads(body)),
            )
        )
        return web.Response(status=answer.status, body=content)


def _about(payload: Mapping[str, Any]) -> int | str | None:
    for key in ("pull_request", "issue"):
        if key in payload:
            return int(payload[key]["number"])
    for key in ("check_run", "check_suite", "workflow_run"):
        if key in payload:
            return str(payload[key]["head_sha"])
    return None
