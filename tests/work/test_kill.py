"""`kill -9`: what was answered 202 is looked at after a restart, wherever the process was when it died."""

import asyncio
import hashlib
import hmac
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from bot.store import StoreUnusable, open_store
from bot.work import Worker

ROOT = Path(__file__).parents[2]
DOOMED = Path(__file__).with_name("doomed.py")
NEVER = Path("/nonexistent")


@asynccontextmanager
async def doomed(database: Path | str, *, settle_seconds: float, gate: Path = NEVER):
    """The process, and its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        DOOMED,
        database,
        str(settle_seconds),
        gate,
        stdout=PIPE,
        stderr=DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield process, int((await said(process)).removeprefix("port "))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def said(process: Process) -> str:
    """The next line."""
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()


async def deliver(session: ClientSession, port: int, number: int) -> int:
    """The status with which a delivery about the pull request is answered."""
    body = json.dumps(
        {
            "action": "labeled",
            "installation": {"id": 3},
            "repository": {"full_name": "acme/shop"},
            "pull_request": {"number": number},
        }
    ).encode()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Delivery": f"guid-{number}",
        "X-GitHub-Event": "pull_request",
        "X-Hub-Signature-256": "sha256=" + hmac.new(b"hush", body, hashlib.sha256).hexdigest(),
    }
    async with session.post(f"http://127.0.0.1:{port}/webhook", data=body, headers=headers) as answer:
        return answer.status


async def _looked_at_after_a_restart(database: Path | str, expected: set[int]) -> None:
    seen: set[int] = set()
    done = asyncio.Event()

    async def reconcile(target: Any, watermark: Any) -> float | None:
        seen.add(target.number)
        if seen == expected:
            done.set()
        return None

    async def resolve(target: Any) -> tuple[()]:
        return ()

    async with open_store(database) as store:
        worker = Worker(store, reconcile=reconcile, resolve=resolve, poll=0.2)
        worker.start()
        try:
            await asyncio.wait_for(done.wait(), 10)
        finally:
            await worker.stop()


async def test_a_kill_between_the_answer_and_the_pass_loses_nothing(database):
    async with doomed(database, settle_seconds=1) as (process, port), ClientSession() as session:
        assert await deliver(session, port, 5) == 202
        process.kill()
        await process.wait()
    await _looked_at_after_a_restart(database, {5})


async def test_a_kill_in_the_middle_of_a_pass_loses_nothing(database):
    async with doomed(database, settle_seconds=0) as (process, port), ClientSession() as session:
        assert await deliver(session, port, 5) == 202
        assert await said(process) == "pass pull:3:acme/shop:5"
        assert await deliver(session, port, 6) == 202
        process.kill()
        await process.wait()
    await _looked_at_after_a_restart(database, {5, 6})


async def test_a_kill_under_load_loses_nothing_that_was_answered(database):
    accepted: set[int] = set()
    async with doomed(database, settle_seconds=0) as (process, port), ClientSession() as session:

        async def load(first: int) -> None:
            for number in range(first, first + 1000):
                try:
                    if await deliver(session, port, number) == 202:
                        accepted.add(number)
                except ClientError:
                    return

        loading = asyncio.gather(*(load(first) for first in range(1, 16_001, 1000)))
        while len(accepted) < 100:
            await asyncio.sleep(0.005)
        process.kill()
        await loading
    async with open_store(database) as store, store._begin() as connection:
        kept = (await connection.exec_driver_sql("SELECT target FROM looks")).scalars().all()
    assert accepted <= {int(target.rpartition(":")[2]) for target in kept}


async def test_a_second_process_on_the_same_file_is_refused_until_the_first_is_dead(tmp_path):
    database = tmp_path / "gate.sqlite3"
    async with doomed(database, settle_seconds=1) as (process, _port):
        with pytest.raises(StoreUnusable, match="stop the other release-gate"):
            async with open_store(database):
                pass
        process.kill()
        await process.wait()
    async with open_store(database) as store:
        assert await store.why_not_writable() is None
