"""Logs: one JSON object a line, from structlog and the standard library alike, without secrets."""

import asyncio
import errno
import io
import json
import logging
import subprocess
import sys

import pytest
import structlog

from bot import logs

TOKEN = "ghs_" + "a1B2" * 10
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----"


@pytest.fixture
def lines():
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.set_up(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    root.handlers[:], root.level = before


def test_an_event_is_one_json_object_with_its_context(lines):
    with structlog.contextvars.bound_contextvars(delivery_id="d-1"):
        structlog.get_logger().info("delivery.accepted", looks=1)
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "delivery.accepted", "level": "info", "delivery_id": "d-1", "looks": 1}


async def test_one_turn_of_the_loop_is_written_at_once_and_in_order(lines):
    structlog.get_logger().info("delivery.accepted", looks=1)
    logging.getLogger("aiohttp.server").warning("refused")
    assert lines() == []
    await asyncio.sleep(0.001)
    assert [line["event"] for line in lines()] == ["delivery.accepted", "refused"]


async def test_what_follows_closely_is_written_together(lines):
    for look in range(3):
        structlog.get_logger().info("delivery.accepted", looks=look)
        await asyncio.sleep(0.001)
    async with asyncio.timeout(10):
        while len(lines()) < 3:
            await asyncio.sleep(0.01)
    assert [line["looks"] for line in lines()] == [0, 1, 2]


async def test_another_thread_is_not_waited_for(lines):
    structlog.get_logger().info("delivery.accepted")
    await asyncio.to_thread(structlog.get_logger().info, "look.refused")
    assert {line["event"] for line in lines()} == {"delivery.accepted", "look.refused"}


def test_a_loop_that_ended_keeps_no_line_back(lines):
    async def last() -> None:
        structlog.get_logger().info("server.stopped")

    for _ in range(2):
        asyncio.run(last())
    logging.getLogger("aiohttp.server").warning("gone")
    assert [line["event"] for line in lines()] == ["server.stopped", "server.stopped", "gone"]


def test_what_is_left_at_the_end_of_the_program_is_written():
    program = """
import asyncio, structlog
from bot import logs
async def last():
    structlog.get_logger().info("server.started")
    await asyncio.sleep(0.001)
    structlog.get_logger().info("server.stopped")
logs.set_up()
asyncio.run(last())
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert [json.loads(line)["event"] for line in ended.stderr.splitlines()] == ["server.started", "server.stopped"]


class _Full(io.StringIO):
    """A stream on a disk that is full until somebody makes room."""

    is_full = True

    def write(self, text: str) -> int:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)


async def test_a_log_that_can_not_be_written_stops_nobody(lines):
    stream = _Full()
    logs.set_up(stream)
    structlog.get_logger().error("look.refused")
    await asyncio.sleep(0.001)
    await asyncio.to_thread(structlog.get_logger().error, "look.refused")
    stream.is_full = False
    await asyncio.to_thread(structlog.get_logger().info, "look.kept")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["look.kept"]


def test_the_standard_library_goes_the_same_way(lines):
    logging.getLogger("aiohttp.server").warning("refused %s", TOKEN)
    logging.getLogger("aiohttp.server").debug("too quiet")
    (line,) = lines()
    assert (line["event"], line["level"], line["logger"]) == ("refused [redacted]", "warning", "aiohttp.server")


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(TOKEN, id="an installation token"),
        pytest.param("ghp_" + "x" * 36, id="a personal token"),
        pytest.param("github_pat_11AAAA_bbbbb", id="a fine-grained token"),
        pytest.param("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI3In0.c2ln", id="a JSON Web Token"),
        pytest.param(PEM, id="a private key"),
        pytest.param(PEM[:50], id="a private key cut off"),
        pytest.param("sha256=" + "0f" * 32, id="a signature"),
    ],
)
def test_a_secret_is_taken_out_wherever_it_is(lines, secret):
    log = structlog.get_logger()
    log.info("pass.failed", because=f"said {secret}", deep={"list": [secret, {"at": (secret,)}]}, sets={secret})
    log.info("pass.failed", odd=OSError(f"said {secret}"))
    try:
        int(secret)
    except ValueError:
        log.exception("pass.failed")
        logging.getLogger("asyncio").exception("bad")
    shown = json.dumps(lines())
    assert len(lines()) == 4
    assert json.dumps(secret)[1:-1] not in shown
    assert "MIIEow" not in shown
    assert "Traceback" in shown


@pytest.mark.parametrize("key", ["token", "webhook_secret", "X-Hub-Signature-256", "Authorization", "password"])
def test_what_stands_under_a_telling_key_is_taken_out(lines, key):
    structlog.get_logger().info("request.sent", headers={key: "s3cr3t"}, **{key: "s3cr3t"})
    assert "s3cr3t" not in json.dumps(lines())


def test_the_password_in_an_address_is_taken_out():
    assert logs.without_secrets("at postgresql://u:p%40@h/d") == "at postgresql://[redacted]@h/d"


def test_values_keep_their_types(lines):
    structlog.get_logger().info("x.done", a=None, b=True, c=1.5, d=b"raw", e="\ud800", f=1 << 70)
    (line,) = lines()
    assert (line["a"], line["b"], line["c"], line["d"], line["e"]) == (None, True, 1.5, "b'raw'", "\ud800")
    assert line["f"] == 1 << 70


def test_a_console_reads_like_text():
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    try:
        logs.set_up(stream, as_json=False)
        try:
            int(TOKEN)
        except ValueError:
            structlog.get_logger().exception("pass.failed", number=5)
    finally:
        structlog.reset_defaults()
        root.handlers[:], root.level = before
    assert "pass.failed" in stream.getvalue()
    assert "literal for int() with base 10: '[redacted]'" in stream.getvalue()
