"""Pacing over HTTP: what would break a limit waits or never leaves, each installation by itself."""

import asyncio
from typing import Any

import pytest

from bot import metrics
from bot.github.client import Client
from bot.github.errors import RateLimited
from bot.github.limits import Ask, Ceilings, Urgency, asking
from bot.github.pacing import Pacer
from bot.metrics import Limit, Wait
from tests.github.conftest import Desk

READ = "query Read { rateLimit { cost } }"
SAY = 'mutation Say($id: ID!) { addComment(input: {subjectId: $id, body: "hi"}) { clientMutationId } }'


class Clock:
    """Runs when it is looked at."""

    def __init__(self, step: float = 0.0) -> None:
        self.time, self.step = 1_000_000.0, step

    def __call__(self) -> float:
        self.time += self.step
        return self.time


def paced(desk: Desk, **ceilings: int) -> Desk:
    """The same desk with smaller limits of our own."""
    clock = lambda: desk.sandbox.clock.instant().timestamp()  # noqa: E731
    desk.client = Client(desk.session, desk.identity(), clock=clock, ceilings=Ceilings(**ceilings))
    return desk


async def query(desk: Desk) -> Any:
    return await desk.client.graphql(desk.installation, READ, {})


async def say(desk: Desk) -> Any:
    return await desk.client.graphql(desk.installation, SAY, {"id": desk.pull.id}, creates=True, contents=1)


async def test_a_request_that_would_break_a_limit_of_a_minute_never_leaves(desk: Desk):
    paced(desk, content_minute=3)
    await say(desk)
    await say(desk)
    with pytest.raises(RateLimited, match="comments and check runs a minute") as caught:
        await say(desk)
    assert caught.value.wait is Wait.CONTENT_MINUTE
    assert 60 <= caught.value.retry_after <= 61
    assert len(desk.asked()) == 2
    await query(desk)
    desk.sandbox.clock.advance(62)
    await say(desk)


async def test_after_a_refusal_nothing_of_the_installation_leaves_until_it_is_over(desk: Desk):
    paced(desk)
    desk.sandbox.arm("secondary_limit", matching="Read", retry_after=30)
    for _ in range(3):
        with pytest.raises(RateLimited):
            await query(desk)
    with pytest.raises(RateLimited, match="GitHub asked for a pause"):
        await desk.get()
    assert len(desk.asked()) == 1
    desk.sandbox.clock.advance(31)
    await query(desk)


async def test_the_hour_that_github_tells_of_is_heeded(desk: Desk):
    paced(desk)
    installation = desk.sandbox.installation("acme")
    desk.sandbox.auth.quota(installation.database_id, "graphql").used = 3_749
    with asking(Urgency.BULK):
        await query(desk)
        with pytest.raises(RateLimited, match="GraphQL points an hour") as caught:
            await query(desk)
    assert 3_500 <= caught.value.retry_after <= 3_600
    await query(desk)
    assert {one.status for one in desk.asked()} == {200}


async def test_another_installation_does_not_wait(desk: Desk):
    paced(desk)
    other = desk.sandbox.repository("ann/toys", files={"README.md": "toys"})
    desk.sandbox.arm("secondary_limit", matching="shop", times=None)
    with pytest.raises(RateLimited):
        await desk.get()
    number = desk.sandbox.installation("ann").database_id
    assert (await desk.client.get(number, "/repos/ann/toys"))["id"] == other.database_id


async def test_a_refused_token_holds_up_its_installation_only(desk: Desk):
    paced(desk)
    other = desk.sandbox.repository("ann/toys", files={"README.md": "toys"})
    desk.sandbox.arm("secondary_limit", matching=f"{desk.installation}/access_tokens", times=None, retry_after=300)
    for _ in range(3):
        with pytest.raises(RateLimited) as caught:
            await desk.get()
        assert 299 <= caught.value.retry_after <= 300
    assert len(desk.asked("token")) == 1
    number = desk.sandbox.installation("ann").database_id
    assert (await desk.client.get(number, "/repos/ann/toys"))["id"] == other.database_id
    assert await desk.client.ask_as_app("GET", "/app/hook/deliveries")


async def test_the_app_itself_has_limits_too(desk: Desk):
    paced(desk)
    desk.sandbox.arm("secondary_limit", matching="hook", retry_after=40)
    with pytest.raises(RateLimited):
        await desk.client.ask_as_app("GET", "/app/hook/deliveries")
    with pytest.raises(RateLimited, match="GitHub asked for a pause"):
        await desk.client.ask_as_app("GET", "/app/hook/deliveries")
    assert len(desk.asked()) == 1
    desk.sandbox.clock.advance(41)
    assert await desk.client.ask_as_app("GET", "/app/hook/deliveries")


async def test_a_short_wait_is_waited_for_and_counted():
    pacer = Pacer(Clock(step=0.4), Ceilings(concurrent=1))
    before = metrics.LIMIT_WAITS[Wait.CONCURRENT]._value.get()
    ask, done = Ask(hour=Limit.REST), asyncio.Event()

    async def first() -> None:
        async with pacer.turn(3, ask):
            await done.wait()

    async def second() -> None:
        async with pacer.turn(3, ask):
            pass

    running = asyncio.create_task(first())
    await asyncio.sleep(0)
    waiting = asyncio.create_task(second())
    await asyncio.sleep(0.01)
    assert not waiting.done()
    done.set()
    await asyncio.gather(running, waiting)
    assert metrics.LIMIT_WAITS[Wait.CONCURRENT]._value.get() == before + 1


async def test_patience_ends():
    pacer = Pacer(Clock(step=0.5), Ceilings(concurrent=1))
    async with pacer.turn(3, Ask(hour=Limit.REST)):
        with pytest.raises(RateLimited, match="requests at a time"):
            async with pacer.turn(3, Ask(hour=Limit.REST)):
                raise AssertionError
        async with pacer.turn(4, Ask(hour=Limit.REST)):
            pass
