"""The webhook: what is let in, what is refused and why, and that nothing in a body makes the server fail."""

import gzip
import hashlib
import hmac
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import func, select

from bot.settings import Settings, load
from bot.store import Store, open_store
from bot.store.masks import Masks
from bot.store.schema import deliveries, looks
from bot.webhook import MAX_BODY, routes

EXAMPLES = Path(__file__).parent / "contract" / "webhook-examples.json.gz"
SECRET, OLD_SECRET = "correct horse", "battery staple"
PEM = (
    rsa.generate_private_key(public_exponent=65537, key_size=2048)
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode()
)
OPENED = {
    "action": "opened",
    "installation": {"id": 3},
    "repository": {"full_name": "acme/shop"},
    "pull_request": {"number": 5},
}
BODY = json.dumps(OPENED).encode()
NOW = 1_000.0


def _settings() -> Settings:
    settings = load(
        {
            "GITHUB_APP_ID": "77",
            "GITHUB_APP_PRIVATE_KEY": PEM,
            "GITHUB_WEBHOOK_SECRET": f"{SECRET},{OLD_SECRET}",
            "SETTLE_SECONDS": "2",
        },
        None,
    )
    assert isinstance(settings, Settings)
    return settings


SETTINGS = _settings()


def _headers(body: bytes, secret: str = SECRET, **more: str | None) -> dict[str, str]:
    headers: dict[str, str | None] = {
        "Content-Type": "application/json",
        "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-GitHub-Event": "pull_request",
        "X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    return {name: value for name, value in headers.items() if value is not None}


@asynccontextmanager
async def _serving(store: Store, ready=None) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    lets = Masks(store).lets
    app.add_routes(routes(SETTINGS, store.accept, ready or store.why_not_writable, now=lambda: NOW, lets=lets))
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
async def store(tmp_path):
    async with open_store(tmp_path / "gate.sqlite3", now=lambda: NOW, busy_seconds=0.05) as opened:
        yield opened


@pytest.fixture
async def client(store):
    async with _serving(store) as serving:
        yield serving


async def _kept(store) -> tuple[int, list[tuple[str, float]]]:
    async with store._begin() as connection:
        count = (await connection.execute(select(func.count()).select_from(deliveries))).scalar_one()
        wanted = (await connection.execute(select(looks.c.target, looks.c.due_at))).all()
    return count, [tuple(row) for row in wanted]


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
async def test_a_signed_delivery_is_stored_before_the_answer(client, store, secret):
    answer = await client.post("/webhook", data=BODY, headers=_headers(BODY, secret))
    assert answer.status == 202
    assert await answer.json() == {"delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958", "looks": 1}
    assert await _kept(store) == (1, [("pull:3:acme/shop:5", NOW)])


async def test_what_is_not_urgent_settles_first(client, store):
    body = json.dumps(OPENED | {"action": "labeled"}).encode()
    assert (await client.post("/webhook", data=body, headers=_headers(body))).status == 202
    assert await _kept(store) == (1, [("pull:3:acme/shop:5", NOW + 2)])


async def test_repositories_that_arrive_together_follow_one_another_and_nobody_waits_for_them(client, store):
    listed = [{"full_name": f"acme/{name}"} for name in ("shop", "toys")]
    body = json.dumps({"action": "added", "installation": {"id": 3}, "repositories_added": listed}).encode()
    headers = _headers(body, X_GitHub_Event="installation_repositories")
    assert (await client.post("/webhook", data=body, headers=headers)).status == 202
    assert await _kept(store) == (1, [("base:3:acme/shop:", NOW + 2), ("base:3:acme/toys:", NOW + 3)])
    async with store._begin() as connection:
        assert (await connection.execute(select(func.sum(looks.c.bulk)))).scalar_one() == 2


async def test_what_concerns_nobody_is_accepted_and_not_stored(client, store):
    body = json.dumps({"zen": "Design for failure.", "action": 5}).encode()
    answer = await client.post("/webhook", data=body, headers=_headers(body, X_GitHub_Event="ping"))
    assert (answer.status, (await answer.json())["looks"]) == (202, 0)
    assert await _kept(store) == (0, [])


WRONG = hmac.new(b"guess", BODY, hashlib.sha256).hexdigest()
SHA1 = "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest()


@pytest.mark.parametrize(
    ("body", "headers", "status", "because"),
    [
        pytest.param(BODY, {"X_Hub_Signature_256": None}, 401, "is missing", id="no signature"),
        pytest.param(BODY, {"X_Hub_Signature_256": None, "X_Hub_Signature": SHA1}, 401, "is missing", id="SHA-1 alone"),
        pytest.param(BODY, {"X_Hub_Signature_256": SHA1}, 401, "64 hexadecimal", id="SHA-1 in its place"),
        pytest.param(BODY, {"X_Hub_Signature_256": "sha256=" + "g" * 64}, 401, "64 hexadecimal", id="not hex"),
        pytest.param(BODY, {"X_Hub_Signature_256": "sha256=" + WRONG}, 401, "does not match", id="forged"),
        pytest.param(b"{}", _headers(BODY), 401, "does not match", id="signed for another body"),
        pytest.param(
            b"payload=%7B%7D",
            {"Content_Type": "application/x-www-form-urlencoded"},
            415,
            "form-encoded: set the webhook's content type to application/json",
            id="form-encoded",
        ),
        pytest.param(BODY, {"Content_Type": "text/plain"}, 415, "set the webhook's content type", id="plain text"),
        pytest.param(BODY, {"X_GitHub_Delivery": None}, 400, "X-GitHub-Delivery is missing", id="no GUID"),
        pytest.param(BODY, {"X_GitHub_Delivery": "a b"}, 400, "is not a GUID", id="no good GUID"),
        pytest.param(BODY, {"X_GitHub_Event": None}, 400, "X-GitHub-Event is missing", id="no event"),
        pytest.param(BODY, {"X_GitHub_Event": "Push!"}, 400, "not the name of an event", id="no good event"),
        pytest.param(b"{", {}, 400, "not JSON", id="broken JSON"),
        pytest.param(b"\xff\xfe", {}, 400, "not JSON", id="not even text"),
        pytest.param(b"", {}, 400, "not JSON", id="an empty body"),
        pytest.param(b"[" * 100_000, {}, 400, "not JSON", id="brackets without end"),
        pytest.param(b"[{}]", {}, 400, "not a JSON object", id="a list"),
        pytest.param(b'"x"', {}, 400, "not a JSON object", id="a text"),
    ],
)
async def test_what_is_refused_says_why_and_leaves_nothing(client, store, body, headers, status, because):
    renamed = {name.replace("-", "_"): value for name, value in headers.items()}
    answer = await client.post("/webhook", data=body, headers=_headers(body, **renamed))
    assert answer.status == status
    assert because in (await answer.json())["error"]
    assert await _kept(store) == (0, [])


async def test_a_body_that_says_it_is_too_large_is_not_read(client):
    async def trickle() -> AsyncIterator[bytes]:
        yield b"x"

    headers = _headers(b"x") | {"Content-Length": str(MAX_BODY + 1)}
    answer = await client.post("/webhook", data=trickle(), headers=headers)
    assert answer.status == 413


async def test_a_body_that_turns_out_too_large_is_not_kept(client):
    async def flood() -> AsyncIterator[bytes]:
        for _ in range(26):
            yield b"x" * 1024 * 1024

    answer = await client.post("/webhook", data=flood(), headers=_headers(b""))
    assert answer.status == 413


async def test_a_body_that_unfolds_too_far_is_not_kept(client):
    body = gzip.compress(b" " * (MAX_BODY + 1))
    answer = await client.post("/webhook", data=body, headers=_headers(body, Content_Encoding="gzip"))
    assert answer.status == 413


async def test_a_body_that_is_not_compressed_as_it_says_is_refused(client):
    answer = await client.post("/webhook", data=BODY, headers=_headers(BODY, Content_Encoding="gzip"))
    assert answer.status == 400


async def test_a_disk_that_refuses_is_answered_503_and_recovers(client, store, tmp_path):
    with sqlite3.connect(tmp_path / "gate.sqlite3") as other:
        other.execute("BEGIN IMMEDIATE")
        answer = await client.post("/webhook", data=BODY, headers=_headers(BODY))
        assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
        ready = await client.get("/readyz")
        assert ready.status == 503
        assert "database is locked" in (await ready.json())["because"]
    other.close()
    assert (await client.get("/readyz")).status == 200
    assert (await client.post("/webhook", data=BODY, headers=_headers(BODY))).status == 202


async def test_health_is_that_the_process_answers(client):
    answer = await client.get("/healthz")
    assert (answer.status, await answer.json()) == (200, {"alive": True})


async def test_not_ready_says_why(store):
    async def ready() -> str:
        return "the worker has stopped"

    async with _serving(store, ready) as client:
        answer = await client.get("/readyz")
        assert (answer.status, await answer.json()) == (503, {"ready": False, "because": "the worker has stopped"})


async def test_no_published_example_makes_the_server_fail(client):
    statuses = set()
    for event in json.loads(gzip.decompress(EXAMPLES.read_bytes())):
        for example in event["examples"]:
            for payload in (example, example | {"installation": {"id": 1}}):
                body = json.dumps(payload).encode()
                headers = _headers(body, X_GitHub_Event=event["name"])
                statuses.add((await client.post("/webhook", data=body, headers=headers)).status)
    assert statuses == {202}
