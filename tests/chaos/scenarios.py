"""What can happen to a server beside being killed, each by name → a line that says how it went."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

import aiohttp

from tests import postgres
from tests.chaos.books import Books, File, Table, work_of
from tests.chaos.killing import come_to_rest
from tests.chaos.replica import PATIENCE, Replica
from tests.chaos.shifted import set_clock
from tests.chaos.small_disk import full, small_disk
from tests.chaos.stage import Broken, Stage, staged
from tests.chaos.tally import Tally

_LEASE: Final = 20.0
DAY: Final = 86_400

Scenario = Callable[[Path, int], Awaitable[str]]
"""In this directory, with this seed. Raises `Broken`."""


@contextlib.asynccontextmanager
async def _served(directory: Path, books: Books, seed: int, replicas: int) -> AsyncIterator[Stage]:
    async with staged(directory, books, seed=seed, replicas=replicas) as stage:
        await stage.start()
        yield stage


async def restarted_postgresql(directory: Path, seed: int) -> str:
    """The database goes away and comes back, in order and not, and no server has to be started anew."""
    tally = Tally()
    with postgres.serving() as server:
        books = Table(server, await server.create())
        async with _served(directory, books, seed, 2) as stage:
            async with stage.loaded():
                for turn in range(5):
                    await asyncio.sleep(stage.chance.uniform(0.5, 1.5))
                    await asyncio.to_thread(server.stop, ("immediate", "immediate", "fast")[turn % 3])
                    await asyncio.sleep(stage.chance.choice((0.0, 1.0, 2.0)))
                    await asyncio.to_thread(server.start)
                await _goes_on(stage)
            refused = stage.front.statuses[503]
            await _rest(stage, tally)
    return f"5 restarts, {refused} deliveries answered 503, {_sums(tally)}"


async def full_disk(directory: Path, seed: int) -> str:
    """While the disk takes nothing deliveries are refused; it goes on by itself when there is room."""
    tally = Tally()
    refused = 0
    with small_disk(directory / "disk") as disk:
        async with _served(directory, File(disk / "gate.sqlite3"), seed, 1) as stage:
            async with stage.loaded():
                for _ in range(4):
                    await asyncio.sleep(1.5)
                    before = stage.front.statuses.copy()
                    with full(disk):
                        await _until(lambda: stage.front.statuses[503] > before[503], "503 on a full disk")  # noqa: B023
                        await asyncio.sleep(2.0)
                        if "full" not in (said := await _why_not_ready(stage.replicas[0])):
                            raise Broken(f"on a full disk /readyz says {said!r}")
                    others = stage.front.statuses - before
                    if set(others) - {202, 503}:
                        raise Broken(f"on a full disk deliveries were answered {others}")
                    await _goes_on(stage)
            refused = stage.front.statuses[503]
            await _rest(stage, tally)
    return f"4 times full, {refused} deliveries answered 503, {_sums(tally)}"


async def full_disk_at_the_start(directory: Path, seed: int) -> str:
    """A server that can't write says so in a line and ends; one that has run may find room in SQLite's own log."""
    said = []
    with small_disk(directory / "disk") as disk:
        for has_run in (False, True):
            async with staged(directory, File(disk / f"gate-{has_run}.sqlite3"), seed=seed, replicas=1) as stage:
                (replica,) = stage.replicas
                if has_run:
                    await stage.start()
                    await replica.kill()
                with full(disk):
                    replica.start()
                    said.append(await _first_words(replica))
                    if not has_run and "make room" not in said[0]:
                        raise Broken(f"on a full disk a start said {said[0]}")
                await stage.start()
    return " · ".join(said).replace(str(directory), "…")


async def _first_words(replica: Replica) -> str:
    """The line with which it ends; raises `Broken` for more, or for another end than 1."""
    await _until(lambda: replica.has_started or not replica.is_alive, "neither started nor ended")
    if replica.is_alive:
        return "it started"
    code = await replica.dead()
    lines = replica.log.read_text("utf-8").splitlines()
    if code != 1 or len(lines) != 1:
        raise Broken(f"a start ended with {code} and said {lines}")
    return lines[0]


async def paused_replica(directory: Path, seed: int) -> str:
    """One of two stands still for longer than its lease, while others go on, and writes nothing when it wakes."""
    tally, pauses = Tally(), 0
    with postgres.serving() as server:
        async with _served(directory, Table(server, await server.create()), seed, 2) as stage:
            for _ in range(3):
                paused = await _paused_in_a_pass(stage)
                stage.front.ports = [one.port for one in stage.replicas if one is not paused]
                await _until_free(stage, paused.holder)
                async with stage.loaded():
                    await asyncio.sleep(2.0)
                stage.load.calm()
                await stage.quiet()
                shown, known = stage.load.shown(), len(stage.sandbox.requests)
                paused.signal(signal.SIGCONT)
                await asyncio.sleep(3.0)
                late = [one.operation for one in stage.sandbox.requests[known:] if one.operation == "Publish"]
                if late or stage.load.shown() != shown:
                    raise Broken(f"a replica that woke late wrote {late}")
                stage.front.ports = [one.port for one in stage.replicas]
                pauses += 1
            await _rest(stage, tally)
    return f"{pauses} pauses of more than {_LEASE:.0f} s, {_sums(tally)}"


async def clock_jumps(directory: Path, seed: int) -> str:
    """An hour and two days, forth and back, while it runs: looks, leases and tokens go on as if nothing had been."""
    tally, jumps = Tally(), (3_600, -3_600, 2 * DAY, -2 * DAY, 0)
    async with staged(directory, File(directory / "gate.sqlite3"), seed=seed, replicas=1) as stage:
        await _start_shifted(stage, 0)
        for ahead in jumps:
            async with stage.loaded():
                await asyncio.sleep(1.0)
                set_clock(directory / "clock", ahead)
                await _goes_on(stage)
            stage.load.calm()
            await stage.quiet(90)
        await _rest(stage, tally)
    return f"{len(jumps)} jumps, {_sums(tally)}"


async def clock_set_back_at_the_start(directory: Path, seed: int) -> str:
    """It is killed with work in hand and starts on a machine that says it is two days ago, or in two days."""
    tally = Tally()
    books = File(directory / "gate.sqlite3")
    async with staged(directory, books, seed=seed, replicas=1) as stage:
        for ahead in (0, -2 * DAY, 2 * DAY, -3_600):
            books.ahead = ahead
            await _start_shifted(stage, ahead)
            async with stage.loaded():
                await asyncio.sleep(2.0)
                await stage.replicas[0].kill()
        books.ahead = 0
        await stage.start()
        await _rest(stage, tally)
    return f"started 4 times at another time, {_sums(tally)}"


async def _start_shifted(stage: Stage, ahead: float) -> None:
    (replica,) = stage.replicas
    clock = replica.directory / "clock"
    set_clock(clock, ahead)
    replica.start(imports=True, command=("-m", "tests.chaos.shifted", str(clock), "serve"))
    await replica.ready()


async def paused_server(directory: Path, seed: int) -> str:
    """The only one stands still for longer than its lease, and goes on where it was."""
    tally = Tally()
    async with _served(directory, File(directory / "gate.sqlite3"), seed, 1) as stage:
        async with stage.loaded():
            paused = await _paused_in_a_pass(stage)
            await asyncio.sleep(_LEASE + 5)
            paused.signal(signal.SIGCONT)
            await _goes_on(stage)
        await _rest(stage, tally)
    return f"a pause of {_LEASE + 5:.0f} s, {_sums(tally)}"


async def _paused_in_a_pass(stage: Stage) -> Replica:
    stage.sandbox.arm("latency", times=4, matching="Gate", seconds=1.0)
    for pull in stage.load.pulls:
        stage.load.says(pull)
    async with asyncio.timeout(PATIENCE):
        while True:
            for one in stage.replicas:
                if one.holder and (await work_of(stage.books, {one.holder})).leased:
                    one.signal(signal.SIGSTOP)
                    return one
            await asyncio.sleep(0.02)


async def _until_free(stage: Stage, holder: str | None) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await work_of(stage.books, {holder})).leased:
            await asyncio.sleep(0.2)


async def _goes_on(stage: Stage) -> None:
    """By itself: a delivery is taken again, and nobody was started anew."""
    known = len(stage.front.answered)
    await _until(lambda: any(one.looks for one in stage.front.answered[known:]), "no delivery taken again")
    starts = [one.starts for one in stage.replicas]
    if not all(one.is_alive for one in stage.replicas) or set(starts) != {1}:
        raise Broken(f"servers ended: {starts}")


async def _rest(stage: Stage, tally: Tally) -> None:
    """First by themselves, then as after kills."""
    stage.load.calm()
    await stage.quiet(120)
    await come_to_rest(stage, tally)


async def _until(came: Callable[[], bool], what: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not came():
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise Broken(f"{what}: not after {PATIENCE:.0f} s") from None


async def _why_not_ready(replica: Replica) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{replica.port}/readyz") as answer:
        return await answer.text()


def _sums(tally: Tally) -> str:
    return f"{tally.counts['deliveries kept']} kept and none lost, {tally.counts['compared']} compared"


SCENARIOS: Final[Mapping[str, Scenario]] = {
    "postgresql-restarts": restarted_postgresql,
    "disk-full": full_disk,
    "disk-full-at-start": full_disk_at_the_start,
    "replica-paused": paused_replica,
    "server-paused": paused_server,
    "clock-jumps": clock_jumps,
    "clock-set-back-at-start": clock_set_back_at_the_start,
}
