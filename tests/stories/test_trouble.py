"""Poison: what can't be evaluated shuts a green gate with the reason and the next try, and opens when it can again."""

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from tests.stories.rig import PATIENCE, Rig
from tests.stories.test_limits import until_shown

TITLE = re.compile(r"Cannot evaluate: (.+), next try \d\d:\d\d UTC")


@contextlib.contextmanager
def armed(rig: Rig, kind: Any, matching: str = "Gate") -> Iterator[None]:
    """It fails from now on, each time."""
    rig.sandbox.arm(kind, times=None, matching=matching)
    yield
    rig.sandbox.faults.disarm(kind)


@contextlib.contextmanager
def without_heads(rig: Rig) -> Iterator[None]:
    """Our database refuses."""
    with contextlib.closing(sqlite3.connect(rig.database, timeout=5)) as connection:
        connection.execute("ALTER TABLE heads RENAME TO elsewhere")
        yield
        connection.execute("ALTER TABLE elsewhere RENAME TO heads")


@contextlib.contextmanager
def with_a_bug(_: Rig) -> Iterator[None]:
    """What nobody thought of."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.reconcile.report_of", lambda *_, **__: 1 // 0)
        yield


@pytest.mark.parametrize(
    ("trouble", "because"),
    [
        pytest.param(lambda rig: armed(rig, "bad_gateway"), "GitHub answered 502", id="GitHub answers 502"),
        pytest.param(
            lambda rig: armed(rig, "dropped_connection"), "GitHub's answer was lost", id="connections are dropped"
        ),
        pytest.param(lambda rig: armed(rig, "answer_lost"), "GitHub's answer was lost", id="answers are lost"),
        pytest.param(lambda rig: armed(rig, "broken_inside"), "GitHub does not show", id="GitHub breaks inside"),
        pytest.param(lambda rig: armed(rig, "forbidden"), "GitHub answered 403: Resource not", id="GitHub forbids it"),
        pytest.param(lambda rig: armed(rig, "rejected"), "GitHub answered: Validation Failed", id="GitHub rejects it"),
        pytest.param(without_heads, "the database refused: no such table: heads", id="our database refuses"),
        pytest.param(with_a_bug, "an error inside release-gate (ZeroDivisionError)", id="a bug of ours"),
    ],
)
async def test_what_keeps_failing_shuts_a_green_gate_and_says_so(rig: Rig, trouble, because: str):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    assert rig.shown(pull)[1] == "success"
    with trouble(rig):
        rig.poke(pull)
        await rig.sandbox.settled()
        title = await until_shown(rig, pull, "Cannot evaluate", step=20.0)
        found = TITLE.fullmatch(title)
        assert found
        assert found[1].startswith(because)
        assert rig.shown(pull)[1] == "failure"
        assert len(rig.comments(pull)) == 1
    await until_shown(rig, pull, "Ready", step=60.0)
    assert rig.shown(pull)[1] == "success"


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("bad_gateway", id="502"),
        pytest.param("answer_lost", id="the answers are lost"),
        pytest.param("forbidden", id="it is forbidden"),
    ],
)
async def test_while_nothing_can_be_written_nothing_turns_green_and_later_it_is_right(rig: Rig, kind):
    pull = rig.release(rig.shop())
    await rig.later()
    with armed(rig, kind, "Publish"):
        rig.sandbox.check(pull, "test")
        await rig.sandbox.settled()
        async with asyncio.timeout(PATIENCE):
            while sum(one.operation == "Publish" for one in rig.sandbox.requests) < 3:
                rig.sandbox.clock.advance(20)
                await asyncio.sleep(0.1)
    rig.sandbox.comment(pull, "sam", f"/approve security {pull.head_oid}")
    await until_shown(rig, pull, "Ready", step=60.0)
    assert len(rig.comments(pull)) == 1


async def test_a_pull_request_that_is_poison_delays_no_other(rig: Rig):
    repository = rig.shop()
    poison = rig.release(repository)
    await rig.quiet()
    with armed(rig, "bad_gateway", "Publish"):
        rig.sandbox.check(poison, "test")
        await rig.sandbox.settled()
        await asyncio.sleep(0.3)
    other = rig.release(repository, head="release/2", files={"src/b.py": "1\n"})
    await until_shown(rig, other, "Blocked", step=0.0)
