"""A server to be killed or paused: `doomed.py DATABASE SETTLE_SECONDS GATE` says where it serves and what it does.

A pass waits until the file GATE is there, and then writes, if the look is still its own.
"""

import asyncio
import sys
from functools import partial
from pathlib import Path

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot import logs
from bot.settings import Settings, load
from bot.store import open_store
from bot.store.masks import Masks
from bot.store.wishes import Watermark
from bot.webhook import routes
from bot.work import LeaseLost, Worker, ensure_held
from bot.work.worker import Candidate

SECRET = "hush"
LEASE_SECONDS = 1.0


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def reconcile(gate: Path, target: Candidate, _watermark: Watermark | None) -> float | None:
    say(f"pass {target.key}")
    while not gate.exists():  # noqa: ASYNC240  a look at the disk
        await asyncio.sleep(0.02)
    try:
        await ensure_held()
    except LeaseLost:
        say(f"overtaken {target.key}")
        raise
    say(f"wrote {target.key}")
    return None


async def resolve(_target: object) -> tuple[()]:
    return ()


def _settings(settle_seconds: str) -> Settings:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    environ = {"GITHUB_APP_ID": "7", "GITHUB_APP_PRIVATE_KEY": pem, "GITHUB_WEBHOOK_SECRET": SECRET}
    settings = load(environ | {"SETTLE_SECONDS": settle_seconds}, None)
    assert isinstance(settings, Settings)
    return settings


async def main(database: str, settle_seconds: str, gate: str) -> None:
    async with open_store(database if "://" in database else Path(database)) as store:
        app = web.Application()
        app.add_routes(routes(_settings(settle_seconds), store.accept, store.why_not_writable, lets=Masks(store).lets))
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        passes = partial(reconcile, Path(gate))
        Worker(store, reconcile=passes, resolve=resolve, lease_seconds=LEASE_SECONDS, poll=LEASE_SECONDS / 4).start()
        say(f"port {runner.addresses[0][1]}")
        await asyncio.sleep(3600)


if __name__ == "__main__":
    logs.set_up()
    asyncio.run(main(*sys.argv[1:]))
