"""The demo: it plays the true program, says when that is wrong, and shows it on a page."""

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog
from playwright.async_api import Page, async_playwright, expect
from typer.testing import CliRunner

from bot import demo
from bot.cli import app
from bot.gate.evaluate import evaluate
from bot.gate.verdict import Outcome
from bot.sandbox.demo import STEPS

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="chromium is not installed; CI installs it"
)


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """The demo sets up the logs of this process, which other tests read."""
    yield
    structlog.reset_defaults()


def test_the_script_plays_from_blocked_to_ready_and_ends_with_0():
    played = CliRunner().invoke(app, ["demo", "--script"])
    assert played.exit_code == 0, played.output
    assert played.output.count("✓") == len(STEPS)
    assert "## 🟩 Ready · 1.0.0 (major)" in played.output


def test_the_script_ends_with_1_when_the_core_is_broken(monkeypatch):
    broken = lambda *facts: replace(evaluate(*facts), outcome=Outcome.READY)  # noqa: E731
    monkeypatch.setattr("bot.gate.proposal.evaluate", broken)
    played = CliRunner().invoke(app, ["demo", "--script"])
    assert played.exit_code == 1
    assert "title: wanted 'Blocked: 6 of 10 critical items open" in played.output


def test_a_story_that_expects_something_else_is_told(monkeypatch):
    """Wrong once more: the comparison reads GitHub, so a wrong expectation is seen as well."""
    wrong = (replace(STEPS[0], comment=("all is well",), silent=("Blocked",)), *STEPS[1:])
    monkeypatch.setattr("bot.sandbox.demo.stage.STEPS", wrong)
    played = CliRunner().invoke(app, ["demo", "--script"])
    assert played.exit_code == 1
    assert "the comment does not say 'all is well'" in played.output
    assert "the comment still says 'Blocked'" in played.output


def test_a_port_that_is_taken_is_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        played = CliRunner().invoke(app, ["demo", "--port", str(taken.getsockname()[1])])
    assert played.exit_code == 1
    assert "Try another: release-gate demo --port 0" in played.output


@needs_chromium
async def test_the_page_shows_the_pull_request_live_and_plays_the_next_step():
    async with demo.staged(port=0) as stage:
        await stage.play()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = await browser.new_page()
            complaints: list[str] = []
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(stage.sandbox.url)
            await _sees(page, STEPS[0].title)
            await page.get_by_role("button", name="Next step").click()
            await _sees(page, STEPS[1].title)
            await expect(page.locator("#played li")).to_have_count(2)
            await expect(page.locator("#checks li", has_text="release-gate: main")).to_contain_text(STEPS[1].title)
            # Somebody else moves on: the page follows by itself.
            await stage.play()
            await expect(page.locator("#played li")).to_have_count(3)
            assert complaints == []
            await browser.close()


@needs_chromium
async def test_the_page_at_the_end_has_no_next_step():
    async with demo.staged(port=0) as stage:
        for _ in STEPS:
            assert await stage.play() == ()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = await browser.new_page()
            await page.goto(stage.sandbox.url)
            await _sees(page, STEPS[-1].title)
            await expect(page.get_by_role("button", name="Next step")).to_be_disabled()
            answer = await page.request.post(f"{stage.sandbox.url}/next")
            assert (answer.status, await answer.json()) == (409, {"wrong": ["the story is over"]})
            await browser.close()


async def _sees(page: Page, title: str) -> None:
    await expect(page.locator("article.bot h2")).to_contain_text(title)
