"""The demo's pull request under rules that want Russian: what stands there first, half-way and in the end."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
import yaml

from bot import demo
from bot.sandbox.demo import STEPS, Stage, shop
from tests.architecture.sources import read
from tests.heard import english_in
from tests.report.golden import assert_golden
from tests.report.test_document import timeless

STATES = {
    1: ("first", "Заблокировано: не выполнено 6 из 10 критических пунктов · следующая версия 1.0.0 (major)"),
    8: ("blocked", "Заблокировано: не выполнено 3 из 10 критических пунктов · следующая версия 1.0.0 (major)"),
    9: ("waiting", "Ждёт 3 проверки · следующая версия 1.0.0 (major)"),
    len(STEPS): ("ready", "Готово · 1.0.0 (major)"),
}
"""After so many steps: the name of the file, and the title."""
TRIES = 100


def written(value: Any) -> Iterator[str]:
    """Every line that stands in the rules."""
    match value:
        case str():
            yield from value.strip().splitlines()
        case dict():
            yield from (line for pair in value.items() for one in pair for line in written(one))
        case list():
            yield from (line for one in value for line in written(one))
        case _:
            pass


def same_each_time(text: str) -> str:
    """Without what differs from run to run."""
    return re.sub(r'key=[^"]*', "key=KEY", re.sub(r"(коммит) [0-9a-f]{7}", r"\1 COMMIT", timeless(text)))


async def shown(stage: Stage, title: str) -> tuple[str, str, str]:
    """The check run's title and summary and the comment, once the title is the one that is awaited."""
    assert stage.shop
    pull, app = stage.shop.pull, stage.sandbox.bot.slug
    state = None
    for _ in range(TRIES):
        runs = stage.sandbox.check_runs(pull, app=app, name="release-gate: main")
        state = runs[-1].state if runs else None
        if state and state.title == title and stage.comments_of_bot():
            break
        await asyncio.sleep(0.2)
    assert state, stage.sandbox.errors
    return state.title or "", state.summary or "", stage.comments_of_bot()[0].body


async def test_everything_is_said_in_russian(monkeypatch):
    theirs = tuple(one for one in written(yaml.safe_load(read("config/release.yml"))) if " " in one)
    monkeypatch.setitem(shop.BASE, ".release-gate.yml", f"language: ru\n{shop.RULES}")
    monkeypatch.setattr("bot.sandbox.demo.stage.DOUBTS", 0)  # what the story expects is English
    async with demo.staged(port=0) as stage:
        for number in range(1, len(STEPS) + 1):
            await stage.play()
            if number in STATES:
                name, expected = STATES[number]
                title, summary, comment = await shown(stage, expected)
                assert_golden(f"ru/demo-{name}", f"title: {title}\n\n{same_each_time(comment)}\n")
                english = english_in(f"{summary}\n{comment}", theirs=theirs)
                assert (title, english) == (expected, [])


@pytest.fixture(autouse=True)
def _logs_as_before():
    """The demo sets up the logs of this process, which other tests read."""
    yield
    structlog.reset_defaults()
