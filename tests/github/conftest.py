"""A client and a sandbox GitHub that it speaks HTTP with."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
import stamina

from bot.gate.facts import Snapshot
from bot.gate.needs import Needs, Questions
from bot.github.answers import Answers, Caches
from bot.github.client import App as Identity
from bot.github.client import Client
from bot.github.gather import Gathered, gather
from bot.github.targets import PullRequest, Repository
from bot.sandbox import App, Clock, Sandbox
from bot.sandbox.model.pulls import PullRequest as Pull
from bot.sandbox.server import RequestLog

FILES = {"README.md": "# shop\n", ".release-gate.yml": "version: 1\n", "src/old.py": "1\n"}


@dataclass(kw_only=True, slots=True)
class Desk:
    """`acme/shop` with dan's pull request; sam is in security."""

    sandbox: Sandbox
    client: Client
    pull: Pull
    session: aiohttp.ClientSession
    caches: Caches = field(default_factory=Caches)

    @property
    def installation(self) -> int:
        return self.sandbox.installation("acme").database_id

    @property
    def ref(self) -> PullRequest:
        return PullRequest(
            repository=Repository(installation=self.installation, name="acme/shop"), number=self.pull.number
        )

    @property
    def answers(self) -> Answers:
        return Answers(self.client, self.caches, self.ref)

    def identity(self) -> Identity:
        return identity(self.sandbox)

    def asked(self, kind: str = "") -> list[RequestLog]:
        """The requests so far, of one kind or without the tokens'."""
        return [one for one in self.sandbox.requests if (one.kind == kind if kind else one.kind != "token")]

    async def get(self, path: str = "/repos/acme/shop", params: dict[str, str] | None = None) -> Any:
        return await self.client.get(self.installation, path, params)

    async def gathered(self, *files: str) -> Gathered:
        return await gather(self.client, self.ref, Needs(files=frozenset(files)))

    async def snapshot(self, *files: str) -> Snapshot:
        return (await self.gathered(*files)).snapshot

    async def answered(self, **questions: Any) -> Snapshot:
        return await self.answers.to(Questions(**questions), await self.snapshot())


def identity(sandbox: Sandbox) -> Identity:
    """Our App at the sandbox."""
    bot = sandbox.bot
    return Identity(
        id=bot.database_id,
        private_key=bot.private_key_pem,
        api_url=sandbox.api_url,
        graphql_url=sandbox.graphql_url,
    )


@pytest.fixture(autouse=True)
def _no_pauses():
    """Retries follow one another at once."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    app = App(database_id=77, slug="release-gate")
    async with Sandbox.start(app=app, clock=Clock()) as sandbox, aiohttp.ClientSession() as session:
        repository = sandbox.repository("acme/shop", files=FILES)
        sandbox.team("acme/security", ["sam"], pending=["pia"])
        pull = sandbox.open_pull_request(repository, author="dan", head="release/1.0.0", files={"src/app.py": "1\n"})
        yield Desk(sandbox=sandbox, client=Client(session, identity(sandbox)), pull=pull, session=session)
        assert sandbox.errors == []
