"""Durable acceptance: the real server and the floor in turns, under the same load."""

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.sandbox import App
from tests.bench.load import Load, deliver
from tests.bench.servers import ROOT, free_port, serving
from tests.bench.table import Row, row

EXAMPLES = ROOT / "tests" / "contract" / "webhook-examples.json.gz"
SECRET = "hush"
CONNECTIONS, ROUNDS, SECONDS = 32, 5, 3.0


def _body() -> bytes:
    """GitHub's longest published `pull_request.opened`, 24 KB."""
    (event,) = (one for one in json.loads(gzip.decompress(EXAMPLES.read_bytes())) if one["name"] == "pull_request")
    opened = [one for one in event["examples"] if one["action"] == "opened" and "installation" in one]
    return max((json.dumps(one, separators=(",", ":")).encode() for one in opened), key=len)


async def _measured(port: int) -> Load:
    await deliver(port, SECRET, _body(), connections=CONNECTIONS, seconds=0.5)
    return await deliver(port, SECRET, _body(), connections=CONNECTIONS, seconds=SECONDS)


async def _floor(directory: Path) -> Load:
    port = free_port()
    async with serving(port, "-m", "tests.bench.floor", str(directory / "floor.sqlite3"), str(port), SECRET):
        return await _measured(port)


async def _gate(directory: Path) -> Load:
    """Passes find no GitHub here: acceptance alone is measured."""
    port = free_port()
    env = {
        "PORT": str(port),
        "GITHUB_API_URL": f"http://127.0.0.1:{free_port()}",
        "GITHUB_APP_ID": "77",
        "GITHUB_APP_PRIVATE_KEY": App(database_id=77, slug="release-gate").key(),
        "GITHUB_WEBHOOK_SECRET": SECRET,
        "DATABASE_URL": f"sqlite:///{directory}/gate.sqlite3",
    }
    async with serving(port, "-m", "bot", "serve", env=env):
        return await _measured(port)


async def acceptance() -> AsyncIterator[Row]:
    """Four rows."""
    floors, gates = [], []
    for _ in range(ROUNDS):
        with TemporaryDirectory() as name:
            floors.append(await _floor(Path(name)))
            gates.append(await _gate(Path(name)))
    ratios = [gate.per_second / floor.per_second for gate, floor in zip(gates, floors, strict=True)]
    yield row("durable acceptance, 24 KB, 32 connections, of the floor", "≥ 0.80", ratios, digits=2)
    yield row("— deliveries a second", "≥ 4,000", [gate.per_second for gate in gates])
    yield row("— p99, ms", "≤ 20", [gate.p99 for gate in gates], digits=1)
    yield row("— refused", "0", [gate.refused for gate in gates])
    yield row("the floor: deliveries a second", "", [floor.per_second for floor in floors])
    yield row("the floor: p99, ms", "", [floor.p99 for floor in floors], digits=1)
