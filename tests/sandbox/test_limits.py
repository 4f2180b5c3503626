"""Limits: the sandbox counts as GitHub says it does, and refuses what breaks one."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Ceilings
from tests.sandbox.conftest import Desk
from tests.sandbox.test_refusals import publish

SHOP = "/repos/acme/shop"
RATE = "{ rateLimit { remaining } }"
REACT = "mutation R($id: ID!) { addReaction(input: {subjectId: $id, content: EYES}) { reaction { content } } }"


async def raw(desk: Desk, text: str, **variables: Any) -> tuple[int, Any, Any]:
    reply = await desk.ask("POST", "/graphql", json={"query": text, "variables": variables})
    return reply.status, reply.body, reply.headers


async def test_a_minute_has_so_many_rest_requests(desk: Desk) -> None:
    desk.sandbox.limit(Ceilings(rest_minute=3))
    statuses = [(await desk.get(SHOP)).status for _ in range(4)]
    assert statuses == [200, 200, 200, 403]
    refused = await desk.get(SHOP)
    assert "secondary rate limit" in refused.body["message"]
    assert 58 <= int(refused.headers["Retry-After"]) <= 60
    assert (await raw(desk, RATE))[0] == 200  # GraphQL has its own
    assert [one.limit for one in desk.sandbox.requests][-3:] == ["rest_minute", "rest_minute", ""]
    desk.sandbox.clock.advance(61)
    assert (await desk.get(SHOP)).status == 200


async def test_a_mutation_counts_five_points_of_a_minute(desk: Desk) -> None:
    comment = desk.sandbox.comment(desk.pull, "ann", "hello")
    desk.sandbox.limit(Ceilings(graphql_minute=6))
    assert (await raw(desk, REACT, id=comment.id))[0] == 200
    assert [(await raw(desk, RATE))[0] for _ in range(2)] == [200, 403]
    assert desk.sandbox.requests[-1].limit == "graphql_minute"


async def test_each_content_of_a_mutation_counts_by_itself(desk: Desk) -> None:
    desk.sandbox.limit(Ceilings(content_minute=3))
    await publish(desk, createComment=True, commentBody="one")
    with pytest.raises(AssertionError):  # GitHub refuses, and the desk wants 200
        await publish(desk, createComment=True, commentBody="two")
    assert desk.sandbox.requests[-1].limit == "content_minute"
    assert len(desk.sandbox.comments(desk.pull)) == 1
    await publish(desk)  # one more has room


async def test_an_hour_has_so_many_contents(desk: Desk) -> None:
    comment = desk.sandbox.comment(desk.pull, "ann", "hello")
    desk.sandbox.limit(Ceilings(content_hour=3))
    for _ in range(3):
        assert (await raw(desk, REACT, id=comment.id))[0] == 200
        desk.sandbox.clock.advance(400)
    status, _, headers = await raw(desk, REACT, id=comment.id)
    assert (status, desk.sandbox.requests[-1].limit) == (403, "content_hour")
    assert 2_390 <= int(headers["Retry-After"]) <= 2_400


async def test_so_many_at_a_time(desk: Desk) -> None:
    desk.sandbox.limit(Ceilings(concurrent=2))
    desk.sandbox.arm("latency", times=None, seconds=0.2)
    replies = await asyncio.gather(*(desk.get(SHOP) for _ in range(3)))
    refused = [reply for reply in replies if reply.status == 403]
    assert refused
    assert "Retry-After" not in refused[0].headers


async def test_the_hour_is_of_the_installation(desk: Desk) -> None:
    desk.sandbox.limit(Ceilings(hour=2))
    replies = [await desk.get(SHOP) for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 403]
    assert replies[2].headers["X-RateLimit-Remaining"] == "0"
    bodies = [(await raw(desk, RATE))[1] for _ in range(3)]
    assert bodies[2]["errors"][0]["type"] == "RATE_LIMITED"
    assert [one.limit for one in desk.sandbox.requests if one.limit] == ["core_hour", "graphql_hour"]
    assert (await desk.get("/app/hook/deliveries", bearer=desk.app_jwt())).status == 200


async def test_the_app_itself_has_an_hour(desk: Desk) -> None:
    desk.sandbox.limit(Ceilings(hour=1))
    statuses = [(await desk.get("/app/hook/deliveries", bearer=desk.app_jwt())).status for _ in range(2)]
    assert statuses == [200, 403]
    assert (await desk.get(SHOP)).status == 200


async def test_without_limits_nothing_is_told_of_them(desk: Desk) -> None:
    desk.sandbox.limit(None)
    reply = await desk.get(SHOP)
    assert [name for name in reply.headers if name.lower().startswith("x-ratelimit")] == []


async def test_a_connection_is_dropped_before_any_work(desk: Desk) -> None:
    comment = desk.sandbox.comment(desk.pull, "ann", "hello")
    desk.sandbox.arm("dropped_connection", matching="graphql")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await raw(desk, REACT, id=comment.id)
    assert comment.reactions == []
    assert (await desk.get(SHOP)).status == 200
