"""A sandbox with open pull requests and a server on it → what happens while hours pass."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from bot.app import running
from bot.sandbox import App, Ceilings, Clock, Sandbox
from bot.sandbox.model.pulls import PullRequest
from bot.store import looks as rows
from bot.store import open_store
from bot.store.wishes import Wish
from tests.stories.rig import Rig, seconds_of, settings_for
from tests.sweep.counting import Counted

RULES = """\
version: 1
release: {when: {head: ["release/**"]}}
checklist:
  DOC-1: {title: There is a guide, tier: medium, evidence: {file: README.md}}
"""
STEP = 30.0
"""Seconds by which GitHub's clock jumps."""
NAP = 0.008
"""Seconds of real time after which the server has seen a jump."""
_PER_REPOSITORY = 1_000
_PAUSE = 20 * 3_600.0
_LOOKED_AT = """
INSERT INTO looks (target, installation, wanted, done, attempts, bulk, looked_at) VALUES (?, ?, 1, 1, 0, 0, ?)
ON CONFLICT (target) DO UPDATE SET done = looks.wanted, due_at = NULL, bulk = 0, looked_at = excluded.looked_at
"""


@dataclass(slots=True)
class Installation:
    """One installation: many pull requests that nobody touches, and one that people work with."""

    rig: Rig
    busy: PullRequest
    pulls: int
    is_held: bool = False

    @property
    def now(self) -> float:
        return seconds_of(self.rig.sandbox)

    def published(self) -> int:
        """How many of the pull requests show a verdict of ours."""
        return len({suite.commit.oid for suite in self.rig.sandbox.suites if suite.app.slug == "release-gate"})

    def know_all(self) -> None:
        """Twenty hours later all show their verdict, and were looked at in these twenty, one after another."""
        sandbox, begin = self.rig.sandbox, self.now
        events, sandbox.bot.events = sandbox.bot.events, ()
        known = {suite.commit.oid: suite for suite in sandbox.suites if suite.app is sandbox.bot}
        runs = (run for suite in known.values() for run in suite.runs)
        state = next(run.state for run in runs if run.state.title == "Not a release")
        rows = []
        every = (pull for repository in sandbox.repositories.values() for pull in sandbox.pulls_of(repository))
        pulls = sorted(every, key=lambda pull: pull.number)  # of all repositories in turns
        for at, pull in enumerate(pulls):
            if pull.head_oid not in known:
                sandbox.create_check_run(pull.repository, pull.head_oid, sandbox.bot, state)
            name = f"acme/{pull.repository.name}"
            installation = sandbox.installation("acme").database_id
            target = f"pull:{installation}:{name}:{pull.number}"
            rows.append((target, installation, begin + _PAUSE * at / len(pulls)))
        with contextlib.closing(sqlite3.connect(self.rig.database, timeout=30)) as connection, connection:
            connection.executemany(_LOOKED_AT, rows)
        sandbox.bot.events = events
        sandbox.clock.advance(_PAUSE)

    async def hours(self, counted: Counted, hours: float, *, every: float) -> None:
        """They pass; every so many seconds somebody does something."""
        end, next_event = self.now + hours * 3_600, self.now
        while self.now < end:
            self.rig.sandbox.clock.advance(STEP)
            if self.now >= next_event:
                next_event += every
                await self._somebody_acts(counted)
            await self._calm()
            self._count(counted)

    async def _somebody_acts(self, counted: Counted) -> None:
        """A hold, or its end, until the check run says so."""
        sandbox = self.rig.sandbox
        begun = self.now
        self.is_held = not self.is_held
        sandbox.comment(self.busy, "dan", "/hold because the shop is full" if self.is_held else "/unhold")
        await sandbox.settled()
        while not self._is_answered():
            await self._calm()
            sandbox.clock.advance(1.0)
        counted.waits.append(self.now - begun)

    def _is_answered(self) -> bool:
        runs = self.rig.runs(self.busy)
        return bool(runs) and (runs[-1].state.title or "").startswith("Held") is self.is_held

    async def _calm(self) -> None:
        """No pass is under way, twice."""
        calm = 0
        while calm < 2:
            await asyncio.sleep(1.5 * NAP)
            calm = 0 if self._is_passing() else calm + 1

    def _is_passing(self) -> bool:
        with contextlib.closing(sqlite3.connect(self.rig.database, timeout=5)) as connection:
            (held,) = connection.execute("SELECT count(*) FROM looks WHERE leased_by IS NOT NULL").fetchone()
        return bool(held)

    def _count(self, counted: Counted) -> None:
        counted.add(self.rig.sandbox.requests, self.now)
        self.rig.sandbox.requests.clear()


@contextlib.asynccontextmanager
async def installed(directory: Path, pulls: int, *, limits: Ceilings) -> AsyncIterator[Installation]:
    """The App was just installed: one pull request of each repository was looked at, the others nobody knows of."""
    app = App(database_id=77, slug="release-gate")
    async with Sandbox.start(app=app, clock=Clock(), limits=limits) as sandbox:
        rig = Rig(sandbox, directory / "gate.sqlite3", "1.0")
        wishes = []
        for begin in range(0, pulls, _PER_REPOSITORY):
            name = f"acme/shop-{begin // _PER_REPOSITORY}"
            repository = sandbox.repository(name, files={"README.md": "shop\n", ".release-gate.yml": RULES})
            sandbox.collaborator(repository, "dan", "write")
            busy = sandbox.open_pull_request(repository, author="rita", head="release/1", files={"a": "1\n"})
            for number in range(min(_PER_REPOSITORY, pulls - begin) - 1):
                sandbox.open_pull_request(repository, author="dan", head=f"topic/{number}", files={"b": f"{number}\n"})
            installation = sandbox.installation("acme").database_id
            wishes.append(Wish(target=f"pull:{installation}:{name}:{busy.number}", installation=installation, due_at=0))
        async with open_store(rig.database) as store:
            await rows.raise_all(store, wishes)
        settings = settings_for(sandbox, rig.database, rig.settle)
        async with running(settings, now=lambda: seconds_of(sandbox), nap=NAP) as address:
            app.webhook_url = f"{address}/webhook"
            yield Installation(rig, busy, pulls)
        assert sandbox.errors == []
