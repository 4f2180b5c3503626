"""Two servers on one PostgreSQL, as behind one address: GitHub can't tell them from one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bot.app import running
from bot.sandbox import App, Sandbox
from tests.stories.rig import NAME, PATIENCE, RULES, settings_for


@pytest.fixture
async def github() -> AsyncIterator[Sandbox]:
    async with Sandbox.start(app=App(database_id=77, slug="release-gate")) as sandbox:
        yield sandbox
        assert sandbox.errors == []


@asynccontextmanager
async def _serving(github: Sandbox, address: str, tmp_path, settle: str = "0.3") -> AsyncIterator[str]:
    settings = settings_for(github, tmp_path / "unused.sqlite3", settle)
    async with running(settings.model_copy(update={"database_url": address})) as served:
        yield f"{served}/webhook"


def _release(github: Sandbox):
    repository = github.repository("acme/shop", files={".release-gate.yml": RULES})
    github.team("acme/security", ["sam"])
    github.collaborator(repository, "sam", "write")
    return github.open_pull_request(repository, author="dan", head="release/1.0.0", files={"src/app.py": "1\n"})


async def _shown(github: Sandbox, pull, title: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            runs = github.check_runs(pull, app="release-gate", name=NAME)
            if runs and title in (runs[-1].state.title or ""):
                return
            await asyncio.sleep(0.05)


async def test_a_rolling_restart_loses_nothing(github, shared_database, tmp_path):
    async with AsyncExitStack() as old:
        github.bot.webhook_url = await old.enter_async_context(_serving(github, shared_database, tmp_path, "3"))
        async with _serving(github, shared_database, tmp_path, "3") as new:
            pull = _release(github)
            await _shown(github, pull, "Blocked")
            github.comment(pull, "sam", "/hold because the migration is not ready")
            await github.settled()
            assert "Held" not in (github.check_runs(pull, app="release-gate", name=NAME)[-1].state.title or "")
            github.bot.webhook_url = new
            await old.aclose()
            await _shown(github, pull, "Held")
            assert len(github.comments(pull, author="release-gate[bot]")) == 1


async def test_deliveries_to_either_are_answered_by_one_run_and_one_comment(github, shared_database, tmp_path):
    async with _serving(github, shared_database, tmp_path) as one, _serving(github, shared_database, tmp_path) as two:
        github.bot.webhook_url = one
        pull = _release(github)
        await _shown(github, pull, "Blocked")
        for turn in range(12):
            await github.settled()
            github.bot.webhook_url = two if turn % 2 else one
            github.label(pull, f"label-{turn}", by="dan")
            await asyncio.sleep(0.1)
        github.comment(pull, "sam", f"/approve security {pull.head_oid}")
        await _shown(github, pull, "Waiting")
        github.check(pull, "test")
        await _shown(github, pull, "Ready")
        assert len(github.comments(pull, author="release-gate[bot]")) == 1
