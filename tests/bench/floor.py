"""The least a durable webhook server can do: check the signature, parse, keep the GUID, answer; for comparison only.

`floor.py DATABASE PORT SECRET`: aiohttp on uvloop, orjson, HMAC, SQLite with group commit and `synchronous = FULL`.
"""

import asyncio
import hashlib
import hmac
import queue
import sqlite3
import sys
import threading

import orjson
import uvloop
from aiohttp import web

_Job = tuple[str, "asyncio.Future[None]"]


def _commit(database: str, jobs: "queue.SimpleQueue[_Job]", loop: asyncio.AbstractEventLoop) -> None:
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE deliveries (guid TEXT PRIMARY KEY, target TEXT) WITHOUT ROWID")
    while True:
        batch = [jobs.get()]
        while not jobs.empty():
            batch.append(jobs.get())
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT OR IGNORE INTO deliveries VALUES (?, '')", [(guid,) for guid, _ in batch])
        connection.execute("COMMIT")
        loop.call_soon_threadsafe(_answer, batch)


def _answer(batch: list[_Job]) -> None:
    for _, done in batch:
        if not done.done():
            done.set_result(None)


async def main(database: str, port: str, secret: str) -> None:
    loop = asyncio.get_running_loop()
    jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
    threading.Thread(target=_commit, args=(database, jobs, loop), daemon=True).start()

    async def webhook(request: web.Request) -> web.Response:
        body = await request.read()
        expected = "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex()
        if not hmac.compare_digest(request.headers["X-Hub-Signature-256"], expected):
            return web.Response(status=401)
        orjson.loads(body)
        done = loop.create_future()
        jobs.put((request.headers["X-GitHub-Delivery"], done))
        await done
        return web.Response(status=202, body=b"{}", content_type="application/json")

    async def ready(_request: web.Request) -> web.Response:
        return web.Response(body=b"{}")

    application = web.Application(client_max_size=1 << 25)
    application.add_routes([web.post("/webhook", webhook), web.get("/readyz", ready)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(port)).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
