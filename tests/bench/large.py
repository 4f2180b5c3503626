"""Large things: a stack that is restacked, a release of 1,427 files, 3,000 paths, and how passes grow."""

import time
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.gate.patterns import matching
from bot.sandbox.model.pulls import PullRequest
from tests.bench.storms import rules_with, storm
from tests.bench.table import Row, row
from tests.stories.rig import MINUTE, NAME, Rig, rigged

STACK, CHECKS = 25, 32
AT_ONCE = 16  # deliveries: GitHub waits for no answer before it sends the next one
FILES, PATTERNS = 3_000, 100
SIZES = (10, 40, 160)


async def _restacked(directory: Path) -> tuple[int, float, int, int]:
    """Deliveries, seconds that they took to come, requests, writes: every check ends on its new head."""
    async with rigged(directory, settle="1.0") as rig:
        repository = rig.shop(rules_with(CHECKS))
        pulls = [rig.release(repository, head=f"stack/{number}") for number in range(STACK)]
        await _patiently(rig)
        rig.sandbox.clock.advance(MINUTE)
        for pull in pulls:
            rig.sandbox.push(pull, author="dan", files={"src/app.py": f"{pull.number}\n"}, message="restack")
            for number in range(CHECKS):
                rig.sandbox.check(pull, f"test-{number}", status="in_progress")
        await _patiently(rig)
        rig.sandbox.requests.clear()
        for _ in range(AT_ONCE - 1):
            rig.sandbox.deliveries.start()
        before, began = len(rig.sandbox.deliveries.log), time.monotonic()
        await storm([partial(rig.sandbox.check, pull, f"test-{n}") for n in range(CHECKS) for pull in pulls])
        await rig.sandbox.settled()
        took = time.monotonic() - began
        await _patiently(rig)
        while {rig.shown(pull)[1] for pull in pulls} != {"success"}:
            rig.sandbox.clock.advance(MINUTE)  # GitHub takes 80 comments and check runs a minute: the rest waits
            await _patiently(rig)
        return len(rig.sandbox.deliveries.log) - before, took, *rig.counted()


async def _patiently(rig: Rig) -> None:
    """So many take longer than a story may."""
    for _ in range(9):
        with suppress(TimeoutError):
            return await rig.quiet()
    raise TimeoutError


async def stack() -> AsyncIterator[Row]:
    """A stack of 25 pull requests, restacked."""
    with TemporaryDirectory() as name:
        events, took, requests, writes = await _restacked(Path(name))
    yield row(f"a {STACK}-PR stack, {CHECKS} checks each, restacked: deliveries", "", [events])
    yield row("— seconds in which the sandbox sent them", "", [took], digits=1)
    yield row("— API requests", "≤ 200", [requests])
    yield row("— of them writes", "", [writes])


async def release() -> AsyncIterator[Row]:
    """A warm pass over a release as large as the one that this project began with."""
    with TemporaryDirectory() as name:
        async with rigged(Path(name)) as rig:
            pull = rig.release(rig.shop(), files={f"src/module_{n}.py": "1\n" for n in range(1_427)})
            await rig.make_green(pull)
            counted = [await _one_more_look(rig, pull) for _ in range(3)]
    yield row("a warm pass, 1,427 files: API requests", "1", [requests for requests, _ in counted])
    yield row("— writes", "0", [writes for _, writes in counted])


async def _one_more_look(rig: Rig, pull: PullRequest) -> tuple[int, int]:
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.quiet()
    return rig.counted()


async def paths() -> AsyncIterator[Row]:
    """Each round has patterns of its own, so the first answer compiles them and the second is kept."""
    first: list[float] = []
    kept: list[float] = []
    names = frozenset(f"src/package_{n % 97}/module_{n}/file_{n}.py" for n in range(FILES))
    for number in range(5):
        globs = ("**/package_7/**", *(f"**/package_{n}{number}/**/file_*_{n}.py" for n in range(PATTERNS - 1)))
        for times in (first, kept):
            began = time.perf_counter()
            assert len(matching(globs, names)) > FILES // 100
            times.append((time.perf_counter() - began) * 1000)
    yield row("3,000 paths × 100 patterns, the first time, ms", "", first, digits=1)
    yield row("— again with the same files and rules, ms", "≤ 50", kept, digits=3)


async def growth() -> AsyncIterator[Row]:
    """Events of one pull request within three seconds, and the requests that they cost."""
    for size in SIZES:
        with TemporaryDirectory() as name:
            async with rigged(Path(name), settle="1.0") as rig:
                pull = rig.release(rig.shop(rules_with(10)))
                await rig.quiet()
                rig.sandbox.clock.advance(MINUTE)
                rig.sandbox.requests.clear()
                await storm([partial(rig.sandbox.check, pull, f"test-{n % 10}", rerun=True) for n in range(size)])
                await rig.quiet()
                assert rig.runs(pull, NAME)[-1].state.conclusion == "success"
                yield row(f"{2 * size} events of one pull request: API requests", "", [rig.counted()[0]])
