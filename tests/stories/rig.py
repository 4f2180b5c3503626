"""The server and a sandbox GitHub side by side, as in production: they speak HTTP, and only HTTP."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.app import running
from bot.sandbox import App, Ceilings, Clock, Sandbox
from bot.sandbox.model.git import Repository
from bot.sandbox.model.pulls import PullRequest
from bot.settings import Settings, load
from tests.record.kept import the_record_holds

NAME = "release-gate: main"
MINUTE = 60
PATIENCE = 20  # seconds
NAP = 0.05  # seconds of real time after which the server sees that the clock was moved

RULES = """\
version: 1
release: {when: {base: [main, scratch]}}
roles:
  security: {teams: [acme/security], required: true, stale: {paths: ["**/auth/**"]}}
checklist:
  TEST-001:
    title: Tests pass
    tier: critical
    evidence: {check: {name: test, workflow: ci.yml}}
"""

WEAK_RULES = """\
version: 1
checklist:
  DOC-001: {title: There is a readme, tier: critical, evidence: {file: README.md}}
"""


@dataclass(slots=True)
class Rig:
    """What a story needs: the sandbox to act on, and what GitHub shows afterwards."""

    sandbox: Sandbox
    database: Path
    settle: str = "0.05"
    public_url: str = ""
    heals: bool = False
    server: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    async def start(self) -> None:
        """The server comes up, and GitHub knows where."""
        settings = settings_for(self.sandbox, self.database, self.settle, public_url=self.public_url)
        serving = running(settings, now=lambda: seconds_of(self.sandbox), nap=NAP, heals=self.heals)
        self.sandbox.bot.webhook_url = f"{await self.server.enter_async_context(serving)}/webhook"

    async def stop(self) -> None:
        """The server goes down; what GitHub delivers from now on is lost."""
        await self.server.aclose()

    def shop(self, rules: str | None = RULES, files: Mapping[str, str] | None = None) -> Repository:
        """`acme/shop` with its rules; sam is in security, dan and rita may write."""
        contents = {"README.md": "# shop\n", **({".release-gate.yml": rules} if rules else {}), **(files or {})}
        repository = self.sandbox.repository("acme/shop", files=contents)
        self.sandbox.team("acme/security", ["sam"])
        for login in ("sam", "dan", "rita"):
            self.sandbox.collaborator(repository, login, "write")
        return repository

    def release(self, repository: Repository, **settings: Any) -> PullRequest:
        """Dan's pull request from `release/1.0.0`."""
        wanted = {
            "author": "dan",
            "title": "Ship it",
            "head": "release/1.0.0",
            "files": {"src/app.py": "1\n"},
            **settings,
        }
        return self.sandbox.open_pull_request(repository, **wanted)

    async def quiet(self) -> None:
        """Until every delivery was made and every look that is due was taken."""
        async with asyncio.timeout(PATIENCE):
            await self.sandbox.settled()
            while self._open_looks():
                await asyncio.sleep(0.02)
                await self.sandbox.settled()

    async def later(self, seconds: float = MINUTE) -> None:
        """Quiet, and then some time has passed at GitHub."""
        await self.quiet()
        self.sandbox.clock.advance(seconds)

    def runs(self, pull: PullRequest, name: str = NAME) -> list[Any]:
        """Every run of ours of that name at the head."""
        return self.sandbox.check_runs(pull, app="release-gate", name=name)

    def shown(self, pull: PullRequest, name: str = NAME) -> tuple[str, str | None]:
        """Title and conclusion of the newest run."""
        state = self.runs(pull, name)[-1].state
        return state.title or "", state.conclusion

    def ever(self, pull: PullRequest, name: str = NAME) -> set[str | None]:
        """Every conclusion that any run of the name ever had at the head."""
        return {state.conclusion for run in self.runs(pull, name) for _, state in run.history}

    def comments(self, pull: PullRequest) -> list[Any]:
        """What the bot says."""
        return self.sandbox.comments(pull, author="release-gate[bot]")

    def comment(self, pull: PullRequest) -> str:
        """The one comment."""
        (comment,) = self.comments(pull)
        return str(comment.body)

    def counted(self) -> tuple[int, int]:
        """Requests and writes since the log was cleared, tokens left out."""
        asked = [request for request in self.sandbox.requests if request.kind != "token"]
        return len(asked), sum(request.is_write for request in asked)

    async def make_green(self, pull: PullRequest) -> None:
        """CI passes and security signs."""
        await self.later()
        self.sandbox.check(pull, "test")
        self.sandbox.comment(pull, "sam", f"/approve security {pull.head_oid}")
        await self.quiet()

    def poke(self, pull: PullRequest) -> None:
        """Asks for a look, and changes nothing: somebody saves the title as it is."""
        self.sandbox.edit(pull, by="rita", title=pull.title)

    def due_in(self) -> float:
        """Seconds until the one look wakes up by itself."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=5)) as connection:
            ((due_at,),) = connection.execute("SELECT due_at FROM looks WHERE target LIKE 'pull:%'").fetchall()
        return float(due_at) - seconds_of(self.sandbox)

    def _open_looks(self) -> int:
        with contextlib.closing(sqlite3.connect(self.database, timeout=5)) as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM looks WHERE leased_by IS NOT NULL OR due_at <= :now"
                # What is wanted later than anybody waits for is looked at when the clock is moved.
                " OR (wanted > done AND coalesce(due_at, 0) <= :now + :patience)",
                {"now": seconds_of(self.sandbox), "patience": PATIENCE},
            ).fetchone()
        return int(count)


@contextlib.asynccontextmanager
async def rigged(
    directory: Path,
    *,
    settle: str = "0.05",
    prefix: str = "",
    clock: Clock | None = None,
    heals: bool = False,
    limits: Ceilings | None = Ceilings(),  # noqa: B008  frozen
    **app: Any,
) -> AsyncIterator[Rig]:
    """A rig with our App installed wherever a repository is made; `heals`: it looks for what it missed, too."""
    github = App(database_id=77, slug="release-gate", **app)
    database = directory / "gate.sqlite3"
    async with Sandbox.start(app=github, clock=clock or Clock(), prefix=prefix, limits=limits) as sandbox:
        rig = Rig(sandbox, database, settle, heals=heals)
        await rig.start()
        async with rig.server:
            yield rig
        assert sandbox.errors == []
    await the_record_holds(database)


def seconds_of(sandbox: Sandbox) -> float:
    """GitHub's clock, which the server goes by as well."""
    return sandbox.clock.instant().timestamp()


def settings_for(
    sandbox: Sandbox, database: Path, settle: str = "0.05", port: int = 0, public_url: str = ""
) -> Settings:
    """The server's settings, from an environment as somebody would write it."""
    settings = load(
        {
            "PORT": str(port),
            "PUBLIC_URL": public_url,
            "GITHUB_API_URL": sandbox.api_url,
            "GITHUB_APP_ID": str(sandbox.bot.database_id),
            "GITHUB_APP_PRIVATE_KEY": sandbox.bot.private_key_pem,
            "GITHUB_WEBHOOK_SECRET": sandbox.bot.secret,
            "DATABASE_URL": f"sqlite:///{database}",
            "SETTLE_SECONDS": settle,
        },
        None,
    )
    assert isinstance(settings, Settings)
    return settings
