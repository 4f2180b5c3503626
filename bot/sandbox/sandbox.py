"""A stateful GitHub in one object: actions for people and machines, HTTP for the bot."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Self, TypedDict, Unpack

from aiohttp import web

from .actions.deployments import DeploymentActions
from .actions.queue import QueueActions
from .auth import Auth
from .clock import Clock
from .deliveries import Deliveries
from .faults import Fault, FaultKind, Faults, Setting
from .limits import Ceilings, Limits
from .model.accounts import App, Installation
from .model.checks import CheckRun
from .model.git import Repository
from .model.pulls import IssueComment, PullRequest
from .render.envelope import envelope
from .server import RequestLog, Server

BODY_LIMIT = 1 << 26


class Settings(TypedDict, total=False):
    """The constructor's settings beside the App."""

    clock: Clock
    prefix: str
    host: str
    port: int
    routes: Sequence[web.RouteDef]
    limits: Ceilings | None


class Sandbox(QueueActions, DeploymentActions):
    """The sandbox; make one with `async with Sandbox.start(app=App(…)) as sandbox`."""

    def __init__(
        self,
        *,
        app: App,
        clock: Clock | None = None,
        prefix: str = "",
        host: str = "127.0.0.1",
        port: int = 0,
        routes: Sequence[web.RouteDef] = (),
        limits: Ceilings | None = Ceilings(),  # noqa: B008  frozen
    ) -> None:
        super().__init__(clock=clock or Clock())
        self.faults = Faults()
        self.deliveries = Deliveries(clock=self.clock, faults=self.faults)
        self.auth = Auth(world=self)
        self._server = Server(
            world=self,
            auth=self.auth,
            deliveries=self.deliveries,
            faults=self.faults,
            limits=None,
            prefix=prefix,
        )
        self.limit(limits)
        self.emitted, self.envelope = self.deliveries.emitted, envelope
        self._address, self._routes, self._runner = (host, port), routes, None
        self.prefix = prefix
        self.url = ""
        app.key()
        self.bot = self.register(app)

    _runner: web.AppRunner | None

    @classmethod
    @asynccontextmanager
    async def start(cls, *, app: App, **settings: Unpack[Settings]) -> AsyncIterator[Self]:
        """A running sandbox; the settings are the constructor's."""
        sandbox = cls(app=app, **settings)
        await sandbox.open()
        try:
            yield sandbox
        finally:
            await sandbox.close_server()

    async def open(self) -> None:
        """Listen, and begin to deliver."""
        application = web.Application(client_max_size=BODY_LIMIT)
        application.add_routes(self._routes)
        application.router.add_route("*", "/{path:.*}", self._server.handle)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        host, port = self._address
        await web.TCPSite(self._runner, host, port).start()
        bound = self._runner.addresses[0]
        self.url = f"http://{host}:{bound[1]}"
        self.api_url, self.html_url = self.url + self.prefix, self.html_url or self.url
        self.deliveries.start()

    async def close_server(self) -> None:
        """Stop delivering and listening."""
        await self.deliveries.stop()
        if self._runner:
            await self._runner.cleanup()

    async def settled(self) -> None:
        """Wait until every queued delivery was attempted."""
        await self.deliveries.settled()

    @property
    def requests(self) -> list[RequestLog]:
        """Every request answered so far; clear it to count afresh."""
        return self._server.requests

    @property
    def graphql_url(self) -> str:
        """Where GraphQL answers."""
        return self.url + self._server.graphql_path

    def repository_made(self, repository: Repository) -> None:
        """Install the App on the owner."""
        self.install(self.bot, repository.owner.login)

    def installation(self, owner: str) -> Installation:
        """The App's installation on an account, made if new."""
        return self.install(self.bot, owner)

    def arm(self, kind: FaultKind, *, times: int | None = 1, matching: str = "", **settings: Setting) -> Fault:
        """Arm a fault; see `faults.py` for the table."""
        return self.faults.arm(kind, times=times, matching=matching, **settings)

    def limit(self, ceilings: Ceilings | None) -> None:
        """Other limits from now on, nothing counted yet; None for none."""
        self._server.limits = Limits(clock=self.clock, ceilings=ceilings) if ceilings else None
        self.auth.hour = (ceilings or Ceilings()).hour
        self.auth.quotas.clear()

    def ping(self) -> None:
        """What a new webhook gets first."""
        body = {
            "zen": "Anything added dilutes everything else.",
            "hook_id": self.bot.hook_id,
            "hook": {
                "type": "App",
                "id": self.bot.hook_id,
                "name": "web",
                "active": True,
                "events": list(self.bot.events),
                "config": {
                    "content_type": "json",
                    "insecure_ssl": "0",
                    "secret": "********",
                    "url": self.bot.webhook_url,
                },
                "updated_at": "2026-01-01T00:00:00Z",
                "created_at": "2026-01-01T00:00:00Z",
                "app_id": self.bot.database_id,
                "deliveries_url": f"{self.api_url}/app/hook/deliveries",
            },
        }
        nowhere = Installation(
            database_id=0, app=self.bot, account=self.account("ghost"), permissions={}, created_at=self.clock.now()
        )
        self.deliveries.emitted(self.bot, nowhere, "ping", body)

    def check_runs(
        self, where: PullRequest | tuple[Repository, str], *, app: str | None = None, name: str | None = None
    ) -> list[CheckRun]:
        """Every run ever made on a commit, oldest first, each with its whole `history`."""
        repository, sha = (where.repository, where.head_oid) if isinstance(where, PullRequest) else where
        runs = self.sha_history(repository, sha)
        return [run for run in runs if app in (None, run.suite.app.slug) and name in (None, run.name)]

    def comments(self, pull: PullRequest, *, author: str | None = None) -> list[IssueComment]:
        """The comments that stand now; `history` holds what each once said."""
        return [one for one in pull.comments if author in (None, one.author.login)]
