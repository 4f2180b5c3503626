"""`release-gate serve` as somebody runs it: a process of its own, configured by its environment alone."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.sandbox import App, Sandbox
from tests.stories.rig import NAME, RULES

PATIENCE = 20.0


@pytest.fixture
async def github() -> AsyncIterator[Sandbox]:
    async with Sandbox.start(app=App(database_id=77, slug="release-gate")) as sandbox:
        yield sandbox


@contextlib.asynccontextmanager
async def _served(github: Sandbox, directory: Path, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The server on the port that the App's webhook names, ready."""
    port = _free_port() if not github.bot.webhook_url else int(github.bot.webhook_url.split(":")[2].split("/")[0])
    environ = {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "GITHUB_API_URL": github.api_url,
        "GITHUB_APP_ID": "77",
        "GITHUB_APP_PRIVATE_KEY": github.bot.private_key_pem,
        "GITHUB_WEBHOOK_SECRET": f"older,{github.bot.secret}",
        "DATABASE_URL": f"sqlite:///{directory}/gate.sqlite3",
        **more,
    }
    log = (directory / "log").open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", env=environ, cwd=directory, stdout=log, stderr=log
    )
    try:
        await _ready(port)
        github.bot.webhook_url = f"http://127.0.0.1:{port}/webhook"
        yield process
    finally:
        log.close()
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _ready(port: int) -> None:
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _opened(github: Sandbox):
    repository = github.repository("acme/shop", files={".release-gate.yml": RULES})
    return github.open_pull_request(repository, author="dan", head="release/1", files={"a": "b"})


async def _run_of(github: Sandbox, pull):
    async with asyncio.timeout(PATIENCE):
        while not (runs := github.check_runs(pull, app="release-gate", name=NAME)):
            await asyncio.sleep(0.05)
    return runs


async def test_the_server_answers_a_pull_request_and_ends_when_told(github: Sandbox, tmp_path: Path):
    async with _served(github, tmp_path) as process:
        pull = _opened(github)
        (run,) = await _run_of(github, pull)
        assert run.state.title.startswith("Blocked: ")
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    log = (tmp_path / "log").read_text()
    assert '"event":"gate.evaluated"' in log
    assert '"event":"server.stopped"' in log
    for secret in (github.bot.secret, "PRIVATE KEY", "ghs_"):
        assert secret not in log


async def test_each_line_of_the_log_is_one_object_without_secrets(github: Sandbox, tmp_path: Path):
    said = "words of somebody that nobody else has to read"
    async with _served(github, tmp_path, SETTLE_SECONDS="0.1") as process:
        pull = _opened(github)
        await _run_of(github, pull)
        github.comment(pull, "rita", f"/approve nobody\n\n{said}")
        github.check(pull, "unit")
        await github.settled()
        github.arm("bad_gateway", times=1)
        github.comment(pull, "rita", "/recheck")
        await github.settled()
        await asyncio.sleep(1)  # passes under way have to end by themselves, for their lines are looked at
        process.send_signal(signal.SIGTERM)
        await process.wait()
    text = (tmp_path / "log").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert {"event", "level", "timestamp"} <= set.intersection(*(set(line) for line in lines))
    of = {line["event"]: line for line in lines}
    assert {"delivery_id", "github_event", "action"} <= set(of["delivery.accepted"])
    assert {"installation_id", "repository", "number", "head_sha", "outcome"} <= set(of["gate.evaluated"])
    assert of["gate.evaluated"]["head_sha"] == pull.head_oid
    assert {"installation_id", "repository", "number"} <= set(of["pass.finished"])
    assert of["server.stopped"] == lines[-1]
    for secret in (said, github.bot.secret, "PRIVATE KEY", "sha256=", "ghs_", "Bearer"):
        assert secret not in text


async def test_kill_9_between_acknowledgement_and_pass_loses_nothing(github: Sandbox, tmp_path: Path):
    async with _served(github, tmp_path, SETTLE_SECONDS="0") as process:
        github.bot.events = ()  # opened without a word, so that the next delivery is the first
        pull = _opened(github)
        await github.settled()
        github.bot.events = ("pull_request",)
    async with _served(github, tmp_path, SETTLE_SECONDS="600") as process:
        github.label(pull, "release", by="dan")
        await github.settled()
        assert github.deliveries.log[-1].status_code == 202
        assert github.check_runs(pull, app="release-gate") == []
        process.kill()
        assert await process.wait() == -signal.SIGKILL
    with contextlib.closing(sqlite3.connect(tmp_path / "gate.sqlite3")) as connection:
        connection.execute("UPDATE looks SET due_at = 0")  # ten minutes have passed
        connection.commit()
    async with _served(github, tmp_path):
        assert len(await _run_of(github, pull)) == 1


async def test_kill_9_in_the_middle_of_a_pass_loses_nothing(github: Sandbox, tmp_path: Path):
    github.arm("latency", times=1, matching="Gate", seconds=2)
    async with _served(github, tmp_path, SETTLE_SECONDS="0") as process:
        pull = _opened(github)
        async with asyncio.timeout(PATIENCE):
            while not any(request.kind == "token" for request in github.requests):
                await asyncio.sleep(0.02)
        process.kill()
        await process.wait()
        assert github.check_runs(pull, app="release-gate") == []
    async with _served(github, tmp_path):
        assert len(await _run_of(github, pull)) == 1


def test_wrong_settings_stop_the_start_with_a_line_each(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "many")
    for name in ("GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET"):
        monkeypatch.delenv(name, raising=False)
    started = CliRunner().invoke(app, ["serve"])
    assert started.exit_code == 1
    lines = started.output.strip().splitlines()
    assert len(lines) == 4
    assert any(line.startswith("PORT") and "many" in line for line in lines)


async def _said_by(github: Sandbox, tmp_path: Path, **more: str) -> str:
    """What a server says that does not start."""
    environ = {
        "PATH": os.environ["PATH"],
        "PORT": "0",
        "GITHUB_APP_ID": "77",
        "GITHUB_APP_PRIVATE_KEY": github.bot.private_key_pem,
        "GITHUB_WEBHOOK_SECRET": "s",
        "DATABASE_URL": f"sqlite:///{tmp_path}/other.sqlite3",
    }
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve"),
        env=environ | more,
        cwd=tmp_path,
        stderr=asyncio.subprocess.STDOUT,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await asyncio.wait_for(server.communicate(), PATIENCE)
    assert server.returncode == 1
    return said.decode()


async def test_a_port_that_is_taken_is_one_line(github: Sandbox, tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert await _said_by(github, tmp_path, PORT=port) == (
            f"PORT={port} is taken on 127.0.0.1; wanted a free port; stop what listens there, or type PORT=0 for any "
            "free one\n"
        )


@pytest.mark.parametrize("host", [pytest.param("192.0.2.1", id="another machine's"), pytest.param("a b", id="none")])
async def test_an_address_of_no_use_is_one_line(github: Sandbox, tmp_path: Path, host: str):
    assert await _said_by(github, tmp_path, HOST=host) == (
        f"HOST={host} is no address of this machine; wanted one to listen on; type HOST=127.0.0.1, or HOST=0.0.0.0 for "
        "all of them\n"
    )


async def test_a_file_where_the_databases_directory_should_be_is_one_line(github: Sandbox, tmp_path: Path):
    (tmp_path / "data").write_text("")
    path = tmp_path / "data" / "gate.sqlite3"
    assert await _said_by(github, tmp_path, DATABASE_URL=f"sqlite:///{path}") == (
        f"{path} cannot be made, for {path.parent} or one above it is a file; wanted a directory; type another "
        "DATABASE_URL\n"
    )
