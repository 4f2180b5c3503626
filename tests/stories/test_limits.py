"""GitHub's limits: what would break one waits, what GitHub refuses is waited out, and nothing turns green by it."""

import asyncio
from functools import partial
from typing import Any

import pytest

from bot.github import limits
from bot.github.client import Client
from bot.sandbox import Ceilings
from tests.stories.rig import MINUTE, PATIENCE, Rig, rigged

HOUR = 60 * MINUTE


async def until_shown(rig: Rig, pull: Any, beginning: str, *, step: float = 5.0) -> str:
    """The title, once it begins like that; GitHub's clock goes on meanwhile."""
    async with asyncio.timeout(2 * PATIENCE):
        while not (rig.runs(pull) and rig.shown(pull)[0].startswith(beginning)):
            rig.sandbox.clock.advance(step)
            await asyncio.sleep(0.1)
    return rig.shown(pull)[0]


def refused(rig: Rig) -> list[str]:
    """The limits that were broken."""
    return [one.limit for one in rig.sandbox.requests if one.limit]


@pytest.mark.parametrize(
    ("settings", "step"),
    [
        pytest.param({"status": 403, "retry_after": 20}, 5.0, id="403 with Retry-After"),
        pytest.param({"status": 429, "retry_after": 20}, 5.0, id="429 with Retry-After"),
        pytest.param({"status": 403}, 15.0, id="403 without a time"),
        pytest.param({"status": 429}, 15.0, id="429 without a time"),
        pytest.param({"retry_after": 20}, 5.0, id="200, RATE_LIMITED, with Retry-After"),
        pytest.param({}, 15.0, id="200, RATE_LIMITED, without a time"),
    ],
)
@pytest.mark.parametrize("matching", ["Gate", "Publish"])
async def test_a_refusal_is_waited_out_and_asked_once(rig: Rig, settings: dict[str, int], step: float, matching: str):
    repository = rig.shop()
    fault = rig.sandbox.arm("secondary_limit", matching=matching, **settings)
    pull = rig.release(repository)
    await rig.sandbox.settled()
    begun = rig.sandbox.clock.now()
    await until_shown(rig, pull, "Blocked", step=step)
    assert fault.used == 1
    assert (rig.sandbox.clock.now() - begun).total_seconds() >= settings.get("retry_after", 60)
    assert (len(rig.runs(pull)), len(rig.comments(pull))) == (1, 1)


@pytest.mark.parametrize("matching", ["memberships", "graphql"])
async def test_an_hour_that_is_spent_is_waited_out(rig: Rig, matching: str):
    repository = rig.shop()
    pull = rig.release(repository)
    await rig.later()
    rig.sandbox.check(pull, "test")
    rig.sandbox.arm("primary_limit", matching=matching)
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.sandbox.settled()
    begun = rig.sandbox.clock.now()
    await until_shown(rig, pull, "Ready", step=120.0)
    assert (rig.sandbox.clock.now() - begun).total_seconds() >= HOUR - 2 * MINUTE
    assert len(rig.runs(pull)) == 1


async def test_no_content_is_written_beyond_the_limit_of_a_minute(tmp_path):
    async with rigged(tmp_path, limits=Ceilings(content_minute=80)) as rig:
        repository = rig.shop()
        begun = rig.sandbox.clock.now()
        pulls = [rig.release(repository, head=f"release/{n}", files={f"src/{n}.py": "1\n"}) for n in range(42)]
        for pull in pulls:
            await until_shown(rig, pull, "Blocked", step=0.5)
        assert refused(rig) == []
        assert (rig.sandbox.clock.now() - begun).total_seconds() >= MINUTE
        assert [len(rig.comments(pull)) for pull in pulls] == [1] * 42


async def test_what_the_hour_still_has_goes_to_people(tmp_path):
    async with rigged(tmp_path, limits=Ceilings(hour=400)) as rig:
        repository = rig.shop()
        pulls = [rig.release(repository, head=f"release/{n}", files={f"src/{n}.py": "1\n"}) for n in range(25)]
        await rig.later(2 * MINUTE)
        # More than twenty of one push would take what is left.
        quota = rig.sandbox.auth.quota(rig.sandbox.installation("acme").database_id, "graphql")
        quota.used = 368
        tip = repository.branch("main")
        assert tip is not None
        rig.sandbox.push_branch(
            repository,
            "main",
            author="dan",
            files={".release-gate.yml": tip.tree[".release-gate.yml"] + "# again\n"},
            message="rules",
        )
        await rig.sandbox.settled()
        rig.sandbox.comment(pulls[0], "dan", "/hold because the shop is full")
        await until_shown(rig, pulls[0], "Held by dan", step=0.5)
        assert refused(rig) == []
        assert quota.used <= 380


async def test_a_limit_that_lasts_shuts_a_green_gate_and_says_when_it_tries_again(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    assert rig.shown(pull)[1] == "success"
    rig.sandbox.push(pull, author="dan", files={"src/auth/a.py": "2\n"}, message="fix: more")
    await rig.later()
    rig.sandbox.check(pull, "test")
    rig.sandbox.arm("primary_limit", matching="memberships")
    rig.sandbox.comment(pull, "sam", "/approve security")
    title = await until_shown(rig, pull, "Cannot evaluate", step=60.0)
    assert "rate limit" in title
    assert ", next try " in title
    assert rig.shown(pull)[1] == "failure"
    await until_shown(rig, pull, "Ready", step=120.0)
    assert refused(rig) == []


async def test_a_green_gate_shuts_when_only_the_last_content_is_left_and_its_comment_follows(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.app.Client", partial(Client, ceilings=limits.Ceilings(content_minute=6)))
    async with rigged(tmp_path) as rig:
        repository = rig.shop()
        pull = rig.release(repository)
        await rig.make_green(pull)
        await until_shown(rig, pull, "Ready")
        await rig.later(2 * MINUTE)
        for number in range(2):  # four contents
            await rig.quiet()
            rig.release(repository, head=f"release/{number}", files={f"src/{number}.py": "1\n"})
        await rig.quiet()
        rig.sandbox.comment(pull, "sam", "/hold because the shop is full")
        await rig.quiet()
        assert rig.shown(pull)[0].startswith("Held by sam")
        assert rig.shown(pull)[1] == "action_required"
        assert "the shop is full" not in rig.comment(pull)
        await rig.later(2 * MINUTE)
        async with asyncio.timeout(PATIENCE):
            while "the shop is full" not in rig.comment(pull):
                await asyncio.sleep(0.05)
        assert rig.shown(pull)[0].startswith("Held by sam")
        assert refused(rig) == []


async def test_a_limited_installation_delays_no_other(rig: Rig):
    ours = rig.release(rig.shop())
    rig.sandbox.arm("secondary_limit", matching="acme|Gate", times=1, retry_after=3_000)
    await rig.sandbox.settled()
    async with asyncio.timeout(PATIENCE):
        while not rig.sandbox.faults.armed[0].used:
            await asyncio.sleep(0.02)
    toys = rig.sandbox.repository("ann/toys", files={".release-gate.yml": "version: 1\n", "a.txt": "1\n"})
    theirs = rig.sandbox.open_pull_request(toys, author="ann", head="topic", files={"b.txt": "2\n"})
    async with asyncio.timeout(PATIENCE):
        while not rig.runs(theirs):
            await asyncio.sleep(0.05)
    assert rig.runs(ours) == []
    await until_shown(rig, ours, "Blocked", step=120.0)
