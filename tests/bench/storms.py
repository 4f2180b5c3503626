"""Many events on one pull request: how many requests they cost, how soon the last one shows, what they hold."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.sandbox import App, Clock, Sandbox
from bot.sandbox.model.pulls import PullRequest
from tests.bench.servers import free_port, serving
from tests.bench.table import Row, row
from tests.stories.rig import MINUTE, NAME, Rig, rigged

STORM = 3.0  # seconds
LATENCY = 0.1  # seconds
ROUNDS = 3


def rules_with(checks: int) -> str:
    """Rules that require so many checks."""
    items = "\n".join(
        f"  TEST-{n}: {{title: t, tier: critical, evidence: {{check: {{name: test-{n}, workflow: ci.yml}}}}}}"
        for n in range(checks)
    )
    return f"version: 1\nchecklist:\n{items}\n"


async def storm(acts: list[Callable[[], object]]) -> None:
    """One after another, evenly over the time of a storm."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number, act in enumerate(acts, start=1):
        act()
        await asyncio.sleep(max(0.0, begun + STORM * number / len(acts) - loop.time()))


def _finish(sandbox: Sandbox, pull: PullRequest, number: int) -> Callable[[], object]:
    return lambda: sandbox.check(pull, f"test-{number}")


async def _prepared(rig: Rig, checks: int) -> PullRequest:
    pull = rig.release(rig.shop(rules_with(checks)))
    await rig.quiet()
    rig.sandbox.clock.advance(MINUTE)
    for number in range(checks):
        rig.sandbox.check(pull, f"test-{number}", status="in_progress")
    await rig.quiet()
    rig.sandbox.requests.clear()
    return pull


async def _sixty(directory: Path, latency: float) -> tuple[int, int, float]:
    """Requests, writes, and seconds from the last event to the final check run."""
    async with rigged(directory, settle="1.0") as rig:
        pull = await _prepared(rig, 60)
        rig.sandbox.arm("latency", times=None, seconds=latency)
        await storm([_finish(rig.sandbox, pull, number) for number in range(60)])
        (last,) = (run.history[-1][0] for run in rig.sandbox.check_runs(pull, name="test-59"))
        await rig.quiet()
        at, state = rig.runs(pull, NAME)[-1].history[-1]
        assert state.conclusion == "success"
        return *rig.counted(), (at - last).total_seconds()


async def sixty() -> AsyncIterator[Row]:
    """60 required checks end within three seconds."""
    fast, slow = [], []
    for _ in range(ROUNDS):
        with TemporaryDirectory() as name:
            fast.append(await _sixty(Path(name), 0.0))
        with TemporaryDirectory() as name:
            slow.append(await _sixty(Path(name), LATENCY))
    yield row("60 `check_run` events in 3 s: API requests", "≤ 12", [requests for requests, _, _ in fast])
    yield row("— of them writes", "≤ 4", [writes for _, writes, _ in fast])
    yield row("— at 100 ms API latency: API requests", "≤ 12", [requests for requests, _, _ in slow])
    yield row("last event → final check run, 100 ms API latency, s", "≤ 2.5", [end for _, _, end in slow], digits=2)


async def _three_hundred(directory: Path) -> tuple[int, int, int, float]:
    """Events, refused ones, requests, and the server's peak memory in MB; the server is a process of its own."""
    app = App(database_id=77, slug="release-gate")
    database, port = directory / "gate.sqlite3", free_port()
    async with Sandbox.start(app=app, clock=Clock()) as sandbox:
        env = {
            "PORT": str(port),
            "GITHUB_API_URL": sandbox.api_url,
            "GITHUB_APP_ID": "77",
            "GITHUB_APP_PRIVATE_KEY": app.private_key_pem,
            "GITHUB_WEBHOOK_SECRET": app.secret,
            "DATABASE_URL": f"sqlite:///{database}",
        }
        async with serving(port, "-m", "bot", "serve", env=env) as server:
            app.webhook_url = f"http://127.0.0.1:{port}/webhook"
            rig = Rig(sandbox, database)
            pull = await _prepared(rig, 50)
            before = len(sandbox.deliveries.log)
            # Three times a new run of each of 50 checks, which starts and ends: 300 events.
            await storm([_rerun(sandbox, pull, number % 50) for number in range(150)])
            await rig.quiet()
            sent = [one for one in sandbox.deliveries.log[before:] if one.event == "check_run"]
            bots = [one for one in sent if one.payload["check_run"]["app"]["slug"] == "release-gate"]
            refused = sum(not one.succeeded for one in sandbox.deliveries.log)
            assert rig.shown(pull)[1] == "success"
            return len(sent) - len(bots), refused, rig.counted()[0], server.peak_megabytes


async def irrelevant() -> AsyncIterator[Row]:
    """300 events of checks that no rules name."""
    asked = []
    for _ in range(ROUNDS):
        with TemporaryDirectory() as name:
            asked.append(await _irrelevant(Path(name)))
    yield row("300 `check_run` events of checks that no rules name: API requests", "0", asked)


async def _irrelevant(directory: Path) -> int:
    async with rigged(directory, settle="1.0") as rig:
        pull, before = await _prepared(rig, 5), len(rig.sandbox.deliveries.log)
        await storm([_scan(rig.sandbox, pull, number) for number in range(150)])
        await rig.quiet()
        sent = [one for one in rig.sandbox.deliveries.log[before:] if one.event == "check_run"]
        assert len(sent) >= 300
        return rig.counted()[0]


def _scan(sandbox: Sandbox, pull: PullRequest, number: int) -> Callable[[], object]:
    """One that starts and ends."""
    return lambda: sandbox.check(pull, f"scan-{number}", app="scanner")


def _rerun(sandbox: Sandbox, pull: PullRequest, number: int) -> Callable[[], object]:
    return lambda: sandbox.check(pull, f"test-{number}", rerun=True)


async def three_hundred() -> AsyncIterator[Row]:
    """300 events within three seconds, and what the server holds afterwards."""
    runs = []
    for _ in range(ROUNDS):
        with TemporaryDirectory() as name:
            runs.append(await _three_hundred(Path(name)))
    yield row("`check_run` events in 3 s, 300 and more", "", [events for events, _, _, _ in runs])
    yield row("— refused", "0", [refused for _, refused, _, _ in runs])
    yield row("— API requests", "≤ 30", [requests for _, _, requests, _ in runs])
    yield row("— peak memory of `release-gate serve` afterwards, MB", "≤ 130", [peak for *_, peak in runs])


async def warm() -> AsyncIterator[Row]:
    """One more look when nothing changed."""
    counted = []
    with TemporaryDirectory() as name:
        async with rigged(Path(name)) as rig:
            pull = rig.release(rig.shop())
            await rig.make_green(pull)
            for _ in range(ROUNDS):
                rig.sandbox.requests.clear()
                rig.poke(pull)
                await rig.quiet()
                counted.append(rig.counted())
    yield row("a warm pass with nothing changed: API requests", "1", [requests for requests, _ in counted])
    yield row("— writes", "0", [writes for _, writes in counted])
