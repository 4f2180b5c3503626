"""A GitHub, a front and servers on one database, put together and taken down."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.audit.verifying import Known
from bot.sandbox import App, Ceilings, Sandbox
from tests.chaos.books import Books, open_looks
from tests.chaos.front import Front
from tests.chaos.load import Load, begun
from tests.chaos.opinion import Read
from tests.chaos.replica import PATIENCE, Replica

_SENDERS = 4
"""GitHub sends many deliveries at a time; the sandbox sends in order but for this."""


class Broken(AssertionError):
    """A promise is broken."""


@dataclass(slots=True)
class Stage:
    """All that takes part, and what was counted."""

    sandbox: Sandbox
    front: Front
    replicas: list[Replica]
    books: Books
    load: Load
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    reads: list[Read] = field(default_factory=list)
    recorded: Mapping[str, Known] = field(default_factory=dict)
    """Decisions, without what they were made from, that were there when it was judged last."""

    @property
    def is_served(self) -> bool:
        """Whether anybody would take a delivery."""
        return any(one.is_alive and one.has_started for one in self.replicas)

    @contextlib.asynccontextmanager
    async def loaded(self) -> AsyncIterator[None]:
        """Things happen while the block runs."""
        acting = asyncio.create_task(self.load.go_on(lambda: self.is_served))
        try:
            yield
        finally:
            acting.cancel()
            await asyncio.wait((acting,))
            if not acting.cancelled():
                acting.result()

    async def start(self) -> None:
        """Every replica is there."""
        for one in self.replicas:
            if not one.is_alive:
                one.start()
        for one in self.replicas:
            await one.ready()

    async def stop(self) -> None:
        """None is, and each ended well."""
        alive = [one for one in self.replicas if one.is_alive]
        for one in alive:
            await one.ready()  # a signal in the middle of the start is no order yet
        await asyncio.gather(*(one.stop() for one in alive))

    async def quiet(self, limit: float = PATIENCE) -> None:
        """Every delivery was tried and no look is open but those that wait for their time.

        Raises `Broken` when nothing has moved for `limit` seconds, however long it takes while something does.
        """
        was, since = (0, [()]), time.monotonic()
        while True:
            await self.sandbox.settled()
            open_ = await open_looks(self.books)
            if not open_ and not self.sandbox.deliveries.queue.qsize():
                return
            now = (len(self.sandbox.requests), [row[:3] for row in open_])
            if now != was:
                was, since = now, time.monotonic()
            if time.monotonic() - since > limit:
                raise Broken(f"nothing moves, and it is not quiet: {open_[:9]}")
            await asyncio.sleep(0.1)

    def note_reads(self) -> None:
        """Which pull request was read when, from the log of requests, which may be cleared then."""
        asked = [one for one in self.sandbox.requests if one.operation == "Gate"]
        self.reads += [Read(int(one.variables["number"]), one.at) for one in asked]
        self.counts["requests to GitHub"] += len(self.sandbox.requests)
        self.sandbox.requests.clear()


@contextlib.asynccontextmanager
async def staged(
    directory: Path, books: Books, *, seed: int, replicas: int, limits: bool = False, **more: str
) -> AsyncIterator[Stage]:
    """Everything is there but the servers; whatever runs in the end is killed.

    Without GitHub's `limits` there is more going on when something dies: they would have the server wait.
    """
    chance = random.Random(seed)  # noqa: S311  chance that can be had again
    app = App(database_id=77, slug="release-gate")
    async with Sandbox.start(app=app, limits=Ceilings() if limits else None) as sandbox:
        front = Front(sandbox.clock.instant, random.Random(seed))  # noqa: S311
        senders = [asyncio.create_task(sandbox.deliveries._run()) for _ in range(_SENDERS - 1)]
        async with front.open() as app.webhook_url:
            environ = {
                "GITHUB_API_URL": sandbox.api_url,
                "GITHUB_APP_ID": str(app.database_id),
                "GITHUB_APP_PRIVATE_KEY": app.private_key_pem,
                "GITHUB_WEBHOOK_SECRET": app.secret,
                "DATABASE_URL": books.address,
                "SETTLE_SECONDS": "0.2",
                **more,
            }
            servers = [Replica(environ, directory) for _ in range(replicas)]
            front.ports = [one.port for one in servers]
            try:
                yield Stage(sandbox, front, servers, books, begun(sandbox, chance), chance)
            finally:
                for sender in senders:
                    sender.cancel()
                await asyncio.wait(senders)
                for one in servers:
                    if one.is_alive:
                        await one.kill()
                await books.close()
        assert sandbox.errors == [], sandbox.errors
