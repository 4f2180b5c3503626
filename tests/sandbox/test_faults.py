"""What goes wrong on demand, and the machinery around every answer."""

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest

from bot.sandbox import App, Clock, Sandbox
from tests.sandbox.conftest import Desk
from tests.sandbox.test_refusals import publish

RATE = "{ rateLimit { remaining } }"


async def test_bad_gateway_comes_as_often_as_armed(desk: Desk) -> None:
    desk.sandbox.arm("bad_gateway", times=2, matching="/pulls")
    statuses = [(await desk.get(f"/repos/acme/shop{path}")).status for path in ("/pulls", "", "/pulls", "/pulls")]
    assert statuses == [502, 200, 502, 200]


async def test_the_work_is_done_but_the_answer_lost(desk: Desk) -> None:
    desk.sandbox.arm("answer_lost", matching="PublishVerdict")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await publish(desk)
    assert [run.state.conclusion for run in desk.sandbox.check_runs(desk.pull)] == ["failure"]
    assert "errors" not in await publish(desk)


async def test_secondary_limits(desk: Desk) -> None:
    desk.sandbox.arm("secondary_limit", retry_after=7)
    reply = await desk.get("/repos/acme/shop")
    assert (reply.status, reply.headers["Retry-After"]) == (403, "7")
    desk.sandbox.arm("secondary_limit", status=429)
    reply = await desk.get("/repos/acme/shop")
    assert reply.status == 429
    assert "Retry-After" not in reply.headers
    desk.sandbox.arm("secondary_limit")
    assert (await desk.query(RATE))["errors"][0]["type"] == "RATE_LIMITED"


async def test_the_primary_limit_ends_with_the_hour(desk: Desk) -> None:
    desk.sandbox.arm("primary_limit", times=1)
    reply = await desk.get("/repos/acme/shop")
    assert (reply.status, reply.headers["X-RateLimit-Remaining"]) == (403, "0")
    assert (await desk.get("/repos/acme/shop")).status == 403
    assert "errors" not in await desk.query(RATE)  # GraphQL has its own
    desk.sandbox.clock.advance(3601)
    await desk.sign_in()
    assert (await desk.get("/repos/acme/shop")).status == 200


async def test_all_tokens_die_at_once(desk: Desk) -> None:
    desk.sandbox.arm("expired_tokens")
    assert (await desk.get("/repos/acme/shop")).status == 401
    await desk.sign_in()
    assert (await desk.get("/repos/acme/shop")).status == 200


async def test_latency(desk: Desk) -> None:
    desk.sandbox.arm("latency", times=1, seconds=0.15)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await desk.get("/repos/acme/shop")
    assert loop.time() - begun >= 0.15


async def test_graphql_lags_while_rest_is_fresh(desk: Desk) -> None:
    desk.sandbox.check(desk.pull, "test", status="in_progress")
    desk.sandbox.clock.advance(120)
    desk.sandbox.stale_by = 60
    desk.sandbox.check(desk.pull, "test", conclusion="failure")
    text = """{ repository(owner: "acme", name: "shop") { pullRequest(number: 1) { statusCheckRollup {
        state contexts(first: 9) { nodes { ... on CheckRun { status conclusion } } } } } } }"""

    async def seen() -> Any:
        return (await desk.query(text))["data"]["repository"]["pullRequest"]["statusCheckRollup"]

    assert await seen() == {
        "state": "PENDING",
        "contexts": {"nodes": [{"status": "IN_PROGRESS", "conclusion": None}]},
    }
    fresh = await desk.get(f"/repos/acme/shop/commits/{desk.pull.head_oid}/check-runs")
    assert [run["conclusion"] for run in fresh.body["check_runs"]] == ["failure"]
    desk.sandbox.clock.advance(61)
    assert (await seen())["state"] == "FAILURE"


async def test_deliveries_doubled_lost_and_reordered(desk: Desk) -> None:
    sandbox = desk.sandbox
    await sandbox.settled()
    desk.received.clear()
    sandbox.arm("duplicate_delivery", matching=r"issue_comment\.created")
    comment = sandbox.comment(desk.pull, "ann", "one")
    await sandbox.settled()
    first, second = (headers["X-GitHub-Delivery"] for headers, _ in desk.received)
    assert first == second
    desk.received.clear()
    sandbox.arm("lost_delivery", matching="issue_comment")
    sandbox.edit_comment(comment, by="ann", body="two")
    await sandbox.settled()
    assert desk.received == []
    sandbox.arm("reordered_delivery", times=2, matching="issue_comment")
    sandbox.edit_comment(comment, by="ann", body="three")
    sandbox.edit_comment(comment, by="ann", body="four")
    await sandbox.settled()
    assert [b"three" in body.partition(b'"changes"')[0] for _, body in desk.received] == [False, True]


async def test_failed_deliveries_are_listed_and_sent_again_on_request(desk: Desk) -> None:
    sandbox = desk.sandbox
    await sandbox.settled()
    there = sandbox.bot.webhook_url
    sandbox.bot.webhook_url = there.replace("/webhook", "/nowhere")
    sandbox.comment(desk.pull, "ann", "hello")
    await sandbox.settled()
    sandbox.bot.webhook_url = there
    newest = (await desk.get("/app/hook/deliveries?per_page=1", bearer=desk.app_jwt())).body[0]
    assert (newest["event"], newest["status_code"], newest["redelivery"]) == ("issue_comment", 404, False)
    desk.received.clear()
    path = f"/app/hook/deliveries/{newest['id']}/attempts"
    assert (await desk.ask("POST", path, bearer=desk.app_jwt())).status == 202
    await sandbox.settled()
    assert [headers["X-GitHub-Delivery"] for headers, _ in desk.received] == [newest["guid"]]
    both = (await desk.get("/app/hook/deliveries?per_page=2", bearer=desk.app_jwt())).body
    assert [(one["guid"], one["redelivery"]) for one in both] == [(newest["guid"], True), (newest["guid"], False)]


async def test_the_delivery_log_pages_by_cursor(desk: Desk) -> None:
    await desk.sandbox.settled()
    address, ids = "/app/hook/deliveries?per_page=2", []
    while address:
        reply = await desk.get(address, bearer=desk.app_jwt())
        ids += [one["id"] for one in reply.body]
        link = reply.headers.get("Link", "")
        address = link.partition(">")[0].removeprefix(f"<{desk.sandbox.api_url}") if link else ""
    assert ids == [one.id for one in reversed(desk.sandbox.deliveries.log)]


async def test_an_unchanged_answer_is_free(desk: Desk) -> None:
    first = await desk.get("/repos/acme/shop/pulls/1")
    tag = first.headers["ETag"]
    second = await desk.get("/repos/acme/shop/pulls/1", headers={"If-None-Match": tag})
    assert second.status == 304
    assert second.headers["X-RateLimit-Used"] == first.headers["X-RateLimit-Used"]
    desk.sandbox.label(desk.pull, "release", by="dev")
    assert (await desk.get("/repos/acme/shop/pulls/1", headers={"If-None-Match": tag})).status == 200


async def test_rest_pages_have_links(desk: Desk) -> None:
    for number in range(5):
        desk.sandbox.comment(desk.pull, "ann", str(number))
    reply = await desk.get("/repos/acme/shop/issues/1/comments?per_page=2&page=2")
    assert [one["body"] for one in reply.body] == ["2", "3"]
    assert 'rel="next"' in reply.headers["Link"]
    assert "page=3>" in reply.headers["Link"]


async def test_the_log_of_requests_tells_reads_from_writes(desk: Desk) -> None:
    desk.sandbox.requests.clear()
    await publish(desk)
    await desk.query(RATE)
    await desk.get("/repos/acme/shop")
    await desk.sign_in()
    assert [(one.kind, one.operation, one.is_write, one.status, one.cost) for one in desk.sandbox.requests] == [
        ("graphql", "PublishVerdict", True, 200, 1),
        ("graphql", "", False, 200, 1),
        ("rest", "", False, 200, 0),
        ("token", "", False, 201, 0),
    ]


async def test_a_frozen_clock_is_in_every_answer() -> None:
    start = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    app = App(database_id=1, slug="gate")
    async with (
        Sandbox.start(app=app, clock=Clock(start, frozen=True)) as sandbox,
        aiohttp.ClientSession() as session,
    ):
        sandbox.clock.advance(90)
        async with session.get(f"{sandbox.url}/app") as answer:
            assert answer.status == 401
            assert parsedate_to_datetime(answer.headers["Date"]) == datetime(2026, 12, 1, 9, 1, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="forward"):
        sandbox.clock.advance(-1)


async def test_addresses_of_an_enterprise_server() -> None:
    async with (
        Sandbox.start(app=App(database_id=1, slug="gate"), prefix="/api/v3") as sandbox,
        aiohttp.ClientSession() as session,
    ):
        repository = sandbox.repository("acme/shop")
        token = sandbox.auth.issue(sandbox.installation("acme")).value
        headers = {"Authorization": f"token {token}"}
        assert sandbox.graphql_url == f"{sandbox.url}/api/graphql"
        async with session.get(f"{sandbox.url}/api/v3/repos/acme/shop", headers=headers) as answer:
            assert (await answer.json())["id"] == repository.database_id
        async with session.post(sandbox.graphql_url, headers=headers, json={"query": RATE}) as answer:
            assert (await answer.json())["data"]["rateLimit"]["remaining"] == 4999
