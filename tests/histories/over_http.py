"""`python -m tests.histories.over_http ROUNDS [SEED]`: pull requests at once, over HTTP, while deliveries go astray.

After each round the server is replaced by one that knows nothing but a copy of the store, and is asked about every
pull request again: it must have nothing to write.
"""

import asyncio
import logging
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.app import running
from bot.sandbox import App, Clock, Sandbox
from tests.histories.acts import RULES, Acts, differing, people_come
from tests.stories.rig import NAP, Rig, seconds_of, settings_for

PULLS = 6
ACTS = 30
"""In each round."""


@dataclass(slots=True)
class Stage:
    """The server and the sandbox, and what happens there."""

    rig: Rig
    acts: Acts

    async def everything_arrives(self) -> None:
        """What was lost, or was sent while the server was away, is sent again, as people do on GitHub."""
        sandbox = self.rig.sandbox
        sandbox.faults.disarm()
        await sandbox.settled()
        arrived = {one.guid for one in sandbox.deliveries.log if one.succeeded}
        lost = {one.guid: one for one in sandbox.deliveries.log if one.guid not in arrived}
        self.acts.counts["redelivered"] += len(lost)
        for one in lost.values():
            sandbox.deliveries.again(one)
        await self.rig.quiet()

    async def look_at_all(self) -> None:
        """Every pull request is looked at again, although nothing is new."""
        for pull in self.acts.pulls:
            self.rig.poke(pull)
        await self.rig.quiet()


async def lived(directory: Path, seed: int, goes_on: Callable[[int], bool]) -> Counter[str]:
    """Rounds until told to stop: what happened how often. Raises `AssertionError` when a promise is broken."""
    chance = random.Random(seed)  # noqa: S311 - chance that can be had again
    app = App(database_id=77, slug="release-gate")
    async with Sandbox.start(app=app, clock=Clock()) as sandbox:
        stage = _set(Rig(sandbox, directory / "gate-0.sqlite3"), chance)
        rounds = 0
        while goes_on(rounds):
            rounds += 1
            await _round(stage, directory, rounds)
            stage.acts.counts["rounds"] = rounds
        assert sandbox.errors == []
    return stage.acts.counts


def _set(rig: Rig, chance: random.Random) -> Stage:
    repository = rig.shop(RULES, files={"docs/guide.md": "0\n"})
    people_come(rig.sandbox, repository)
    pulls = [rig.release(repository, head=f"release/1.{number}.0") for number in range(PULLS)]
    return Stage(rig, Acts(rig.sandbox, repository, pulls, chance))


async def _round(stage: Stage, directory: Path, number: int) -> None:
    acts = stage.acts
    async with AsyncExitStack() as server:
        await server.enter_async_context(served(stage.rig))
        for _ in range(ACTS):
            acts.act()
            if acts.chance.random() < 0.3:
                await asyncio.sleep(acts.chance.choice((0.01, 0.1, 0.3)))
            if acts.chance.random() < 0.05:
                acts.counts["restarts"] += 1
                await server.aclose()
                acts.act()
                await server.enter_async_context(served(stage.rig))
        if acts.teams_changed:
            # No delivery tells of teams: what is known of them is kept for five minutes, or until a restart.
            acts.teams_changed = False
            await server.aclose()
            await server.enter_async_context(served(stage.rig))
            await stage.look_at_all()
        await stage.everything_arrives()
    published = acts.shown()
    acts.counts["green"] += sum(bool(runs) and runs[-1][1] == "success" for _, runs, _ in published)
    acts.counts["published"] += len(published)
    stage.rig.database = Path(shutil.copy(stage.rig.database, directory / f"gate-{number}.sqlite3"))
    async with served(stage.rig):
        await stage.look_at_all()
    for before, after in zip(published, acts.shown(), strict=True):
        assert before == after, f"round {number}: a fresh server says something else: {differing(before, after)}"


@asynccontextmanager
async def served(rig: Rig) -> AsyncIterator[None]:
    """A server that knows nothing but its store."""
    settings = settings_for(rig.sandbox, rig.database)
    async with running(settings, now=lambda: seconds_of(rig.sandbox), nap=NAP) as address:
        rig.sandbox.bot.webhook_url = f"{address}/webhook"
        yield


def main(rounds: int, seed: int) -> None:
    """Lives so many rounds and says what happened."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        counts = asyncio.run(lived(Path(directory), seed, lambda lived: lived < rounds))
    told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    print(f"{time.monotonic() - began:.0f} s, seed {seed}: {told}")  # noqa: T201


if __name__ == "__main__":
    main(*([int(argument) for argument in sys.argv[1:]] + [100, 0][len(sys.argv) - 1 :]))
