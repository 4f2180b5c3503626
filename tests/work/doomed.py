"""A server to be killed: `doomed.py DATABASE SETTLE_SECONDS` says on which port it serves and when a pass begins."""

import asyncio
import sys
from pathlib import Path

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot import logs
from bot.settings import Settings, load
from bot.store import open_store
from bot.store.wishes import Watermark
from bot.webhook import routes
from bot.work import Worker
from bot.work.worker import Candidate

SECRET = "hush"


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def reconcile(target: Candidate, _watermark: Watermark | None) -> float | None:
    say(f"pass {target.key}")
    await asyncio.sleep(3600)
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


async def main(database: str, settle_seconds: str) -> None:
    async with open_store(Path(database)) as store:
        app = web.Application()
        app.add_routes(routes(_settings(settle_seconds), store.accept, store.why_not_writable))
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        Worker(store, reconcile=reconcile, resolve=resolve).start()
        say(f"port {runner.addresses[0][1]}")
        await asyncio.sleep(3600)


if __name__ == "__main__":
    logs.set_up()
    asyncio.run(main(*sys.argv[1:]))
