"""A sandbox with a repository, a pull request, a place for deliveries and a client that holds a token."""

import functools
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.sandbox import App, Clock, Sandbox
from bot.sandbox.model.git import Repository
from bot.sandbox.model.pulls import PullRequest

DOCUMENTS = Path(__file__).parent / "documents"


@functools.cache
def _key(pem: str) -> Any:
    return load_pem_private_key(pem.encode(), password=None)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Any
    headers: Any


@dataclass(kw_only=True)
class Desk:
    """What a test has at hand."""

    sandbox: Sandbox
    session: aiohttp.ClientSession
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    repository: Repository
    pull: PullRequest
    token: str = ""

    def app_jwt(self, **claims: Any) -> str:
        now = int(time.time())
        own = {"iss": str(self.sandbox.bot.database_id), "iat": now - 60, "exp": now + 540, **claims}
        return jwt.encode(own, _key(self.sandbox.bot.private_key_pem), algorithm="RS256")

    async def ask(self, method: str, path: str, *, bearer: str | None = None, **given: Any) -> Reply:
        bearer = self.token if bearer is None else bearer
        headers = {"Authorization": f"Bearer {bearer}", **given.pop("headers", {})}
        address = self.sandbox.api_url + path
        async with self.session.request(method, address, headers=headers, **given) as answer:
            text = await answer.read()
            body = await answer.json() if text else None
            return Reply(answer.status, body, answer.headers)

    async def get(self, path: str, **given: Any) -> Reply:
        return await self.ask("GET", path, **given)

    async def query(self, text: str, /, **variables: Any) -> Any:
        body = {"query": text, "variables": variables}
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.session.post(self.sandbox.graphql_url, json=body, headers=headers) as answer:
            assert answer.status == 200
            return await answer.json()

    async def document(self, document: str, /, **variables: Any) -> Any:
        return await self.query((DOCUMENTS / f"{document}.graphql").read_text(), **variables)

    async def sign_in(self, **asked: Any) -> Reply:
        made = self.sandbox.installation("acme")
        path = f"/app/installations/{made.database_id}/access_tokens"
        reply = await self.ask("POST", path, bearer=self.app_jwt(), json=asked)
        self.token = reply.body.get("token", "")
        return reply


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    received: list[tuple[dict[str, str], bytes]] = []

    async def accept(request: web.Request) -> web.Response:
        received.append((dict(request.headers), await request.read()))
        return web.Response(status=202)

    application = web.Application(client_max_size=1 << 25)
    application.router.add_post("/webhook", accept)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app = App(
        database_id=4242,
        slug="release-gate",
        webhook_url=f"http://127.0.0.1:{runner.addresses[0][1]}/webhook",
        secret="shared secret",
    )
    async with Sandbox.start(app=app, clock=Clock()) as sandbox, aiohttp.ClientSession() as session:
        files = {"README.md": "# Shop\n", "src/old.py": "one\ntwo\n", "src/a.py": "a\n", "gone.txt": "x\n"}
        repository = sandbox.repository("acme/shop", files=files)
        sandbox.team("acme/security", members=["ann"], pending=["pia"])
        sandbox.collaborator(repository, "dev", "write")
        sandbox.tag(repository, "v0.9.0")
        changed = {"src/a.py": "a\nb\n", "src/old.py": None, "src/new.py": "one\ntwo\n", "gone.txt": None}
        pull = sandbox.open_pull_request(
            repository, author="dev", head="release/1.0.0", files=changed, title="feat: release 1.0.0"
        )
        made = Desk(sandbox=sandbox, session=session, received=received, repository=repository, pull=pull)
        await made.sign_in()
        yield made
    await runner.cleanup()
