"""The client over HTTP: one token for many, renewed in time; retries, limits, refusals; and no secret in any text."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web

from bot.github.client import MAX_PAGES, Client
from bot.github.errors import Ambiguous, Forbidden, GitHubError, Gone, RateLimited, Rejected, Suspended, Unreachable
from bot.sandbox import Sandbox
from tests.github.conftest import Desk

READ = "query Read { rateLimit { cost } }"
COMMENT = 'mutation Say($id: ID!) { addComment(input: {subjectId: $id, body: "hi"}) { clientMutationId } }'
SHOP = "/repos/acme/shop"
A_MINUTE = 60.0  # what GitHub asks for when it names no time


async def _query(desk: Desk, text: str = READ, **variables: Any) -> Any:
    return await desk.client.graphql(desk.installation, text, variables)


async def _create(desk: Desk) -> Any:
    return await desk.client.graphql(desk.installation, COMMENT, {"id": desk.pull.id}, creates=True)


async def test_many_requests_at_once_fetch_one_token(desk: Desk):
    found = await asyncio.gather(*(desk.get() for _ in range(30)))
    assert {one["full_name"] for one in found} == {"acme/shop"}
    assert len(desk.asked("token")) == 1


@pytest.mark.parametrize(
    ("seconds", "tokens"),
    [
        pytest.param(50 * 60, 1, id="ten minutes before its end it is still good"),
        pytest.param(56 * 60, 2, id="four minutes before its end it is renewed"),
    ],
)
async def test_a_token_is_renewed_before_it_ends(desk: Desk, seconds: int, tokens: int):
    await desk.get()
    desk.sandbox.clock.advance(seconds)
    await desk.get()  # its answer tells GitHub's clock
    await desk.get()
    assert len(desk.asked("token")) == tokens
    assert {one.status for one in desk.asked()} == {200}


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda sandbox: sandbox.clock.advance(2 * 3600), id="ended, as our clock could not know"),
        pytest.param(lambda sandbox: sandbox.auth.revoke_all(), id="revoked"),
    ],
)
async def test_a_dead_token_is_replaced_and_the_request_made_once_more(desk: Desk, spoil: Callable[[Sandbox], Any]):
    await desk.get()
    spoil(desk.sandbox)
    assert (await desk.get())["full_name"] == "acme/shop"
    assert [one.status for one in desk.asked()] == [200, 401, 200]
    assert len(desk.asked("token")) == 2


async def test_a_request_that_is_refused_with_a_new_token_too_is_forbidden(desk: Desk):
    desk.sandbox.arm("expired_tokens", times=None)
    with pytest.raises(Forbidden, match="401: Bad credentials"):
        await desk.get()
    assert len(desk.asked()) == 2


async def test_a_creation_with_a_dead_token_happens_once(desk: Desk):
    await desk.get()
    desk.sandbox.auth.revoke_all()
    await _create(desk)
    assert len(desk.sandbox.comments(desk.pull)) == 1


@pytest.mark.parametrize("ask", [pytest.param(Desk.get, id="REST"), pytest.param(_query, id="GraphQL")])
async def test_a_read_is_tried_three_times(desk: Desk, ask):
    desk.sandbox.arm("bad_gateway", times=2, matching="Read|shop")
    assert await ask(desk)
    assert len(desk.asked()) == 3
    desk.sandbox.arm("bad_gateway", times=3, matching="Read|shop")
    with pytest.raises(Unreachable, match="502"):
        await ask(desk)
    assert len(desk.asked()) == 6


@pytest.mark.parametrize("ask", [pytest.param(Desk.get, id="REST"), pytest.param(_query, id="GraphQL")])
async def test_a_read_whose_answer_is_lost_is_made_again(desk: Desk, ask):
    desk.sandbox.arm("answer_lost", times=2, matching="Read|shop")
    assert await ask(desk)
    desk.sandbox.arm("answer_lost", times=None, matching="Read|shop")
    with pytest.raises(Unreachable, match="lost"):
        await ask(desk)


@pytest.mark.parametrize(("kind", "made"), [("bad_gateway", 0), ("answer_lost", 1)])
async def test_a_creation_is_never_sent_again(desk: Desk, kind, made: int):
    desk.sandbox.arm(kind, times=1, matching="Say")
    with pytest.raises(Ambiguous):
        await _create(desk)
    assert len(desk.asked()) == 1
    assert len(desk.sandbox.comments(desk.pull)) == made


async def test_a_creation_that_never_left_may_be_tried_again(desk: Desk):
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        desk.client = Client(session, desk.identity())
        await desk.get()
        await desk.sandbox.close_server()
        with pytest.raises(Unreachable, match="can't be reached"):
            await _create(desk)


@pytest.mark.parametrize("ask", [pytest.param(Desk.get, id="REST"), pytest.param(_query, id="GraphQL")])
@pytest.mark.parametrize(
    ("settings", "wait"),
    [
        pytest.param({"status": 403, "retry_after": 7}, 7, id="403 with Retry-After"),
        pytest.param({"status": 429, "retry_after": 9}, 9, id="429 with Retry-After"),
        pytest.param({"status": 403}, A_MINUTE, id="403 without a time"),
        pytest.param({"status": 429}, A_MINUTE, id="429 without a time"),
    ],
)
async def test_a_secondary_limit_says_how_long_to_wait(desk: Desk, ask, settings: dict[str, int], wait: float):
    desk.sandbox.arm("secondary_limit", times=None, matching="Read|shop", **settings)
    with pytest.raises(RateLimited, match="rate limit") as caught:
        await ask(desk)
    assert caught.value.retry_after == wait
    assert len(desk.asked()) == 1


@pytest.mark.parametrize(
    ("settings", "wait"), [pytest.param({"retry_after": 11}, 11, id="a time"), pytest.param({}, 60, id="no time")]
)
@pytest.mark.parametrize(
    "shape",
    [
        pytest.param("typed", id="an error of type RATE_LIMITED"),
        pytest.param("short", id="an error of type RATE_LIMIT"),
        pytest.param("untyped", id="an error without a type"),
        pytest.param("bare", id="a message alone"),
        pytest.param("partial", id="an error beside data"),
    ],
)
async def test_a_secondary_limit_with_http_200_is_a_limit(desk: Desk, shape: str, settings: dict[str, int], wait: int):
    desk.sandbox.arm("secondary_limit", matching="Read", shape=shape, **settings)
    with pytest.raises(RateLimited, match="GitHub's rate limit: ") as caught:
        await _query(desk)
    assert caught.value.retry_after == wait


@pytest.mark.parametrize("ask", [pytest.param(Desk.get, id="REST"), pytest.param(_query, id="GraphQL")])
async def test_a_spent_hour_lasts_until_its_reset(desk: Desk, ask):
    desk.sandbox.arm("primary_limit", matching="Read|shop")
    with pytest.raises(RateLimited) as caught:
        await ask(desk)
    assert 3595 <= caught.value.retry_after <= 3600


async def test_a_missing_permission_is_forbidden(desk: Desk):
    desk.sandbox.grant(desk.sandbox.installation("acme"), contents="")
    with pytest.raises(Forbidden, match="Resource not accessible by integration"):
        await desk.get(f"{SHOP}/branches/main")


async def test_nothing_there_is_none(desk: Desk):
    assert await desk.get(f"{SHOP}/branches/nowhere") is None


def _suspend(desk: Desk) -> None:
    desk.sandbox.suspend(desk.sandbox.installation("acme"))


def _remove(desk: Desk) -> None:
    desk.sandbox.installations.clear()
    desk.sandbox.auth.revoke_all()


@pytest.mark.parametrize("knows_a_token", [True, False])
@pytest.mark.parametrize(
    ("leave", "error"),
    [pytest.param(_suspend, Suspended, id="suspended"), pytest.param(_remove, Gone, id="removed")],
)
async def test_an_installation_that_left_is_gone(desk: Desk, leave, error, knows_a_token: bool):
    installation = desk.installation
    if knows_a_token:
        await desk.get()
    leave(desk)
    with pytest.raises(Gone) as caught:
        await desk.client.get(installation, SHOP)
    assert type(caught.value) is error


async def test_every_page_is_read(desk: Desk):
    for number in range(250):
        desk.sandbox.comment(desk.pull, "rita", f"{number}")
    pages = [page async for page in desk.client.pages(desk.installation, f"{SHOP}/issues/1/comments")]
    assert [len(page) for page in pages] == [100, 100, 50]
    assert [one["body"] for page in pages for one in page] == [f"{number}" for number in range(250)]


# What the sandbox never answers: a server that says what it is told, one answer after another.


@dataclass(kw_only=True, slots=True)
class Told:
    status: int = 200
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def _telling(desk: Desk, *answers: Told) -> AsyncIterator[tuple[Client, list[str]]]:
    """A client of a server that gives these answers, and the paths it was asked for; tokens cost no answer."""
    asked: list[str] = []
    left = list(answers)

    async def handle(request: web.Request) -> web.Response:
        if request.path.endswith("/access_tokens"):
            return web.json_response({"token": "ghs_secret", "expires_at": "2099-01-01T00:00:00Z"}, status=201)
        asked.append(request.path_qs)
        told = left.pop(0) if len(left) > 1 else left[0]
        headers = {name: value.replace("HOST", str(request.url.origin())) for name, value in told.headers.items()}
        return web.Response(status=told.status, text=told.body, headers=headers, content_type="application/json")

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield Client(desk.session, replace(desk.identity(), api_url=host, graphql_url=f"{host}/graphql")), asked
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("answer", "error", "text"),
    [
        pytest.param(Told(body="no json"), Unreachable, "no JSON", id="no JSON"),
        pytest.param(Told(body="[]"), Unreachable, "no JSON", id="a list"),
        pytest.param(Told(body="{}"), Unreachable, "no data", id="nothing at all"),
        pytest.param(
            Told(body='{"errors": [{"message": "Something went wrong"}]}'), Unreachable, "went wrong", id="a time-out"
        ),
        pytest.param(
            Told(body='{"data": null, "errors": [{"type": "NOT_FOUND", "message": "nowhere"}]}'),
            Rejected,
            "nowhere",
            id="an error with a type",
        ),
        pytest.param(
            Told(body='{"errors": [{"message": "no such field", "extensions": {"code": "undefinedField"}}]}'),
            Rejected,
            "no such field",
            id="an error in the document",
        ),
        pytest.param(Told(status=422, body='{"message": "Invalid"}'), Rejected, "422: Invalid", id="422"),
        pytest.param(Told(status=422, body="<html>"), Rejected, "422: ", id="422 that is no JSON"),
        pytest.param(Told(status=403, body='{"message": "No"}'), Forbidden, "403: No", id="403"),
        pytest.param(
            Told(body='{"errors": [{"message": "Slow down"}]}', headers={"retry-after": "9"}),
            RateLimited,
            "Slow down",
            id="an error and a time to wait",
        ),
        pytest.param(
            Told(headers={"x-ratelimit-remaining": "0"}), RateLimited, "no reason", id="no data and nothing remaining"
        ),
        pytest.param(
            Told(status=403, body='{"message": "No"}', headers={"x-ratelimit-remaining": "0"}),
            RateLimited,
            "limit",
            id="403 with nothing remaining",
        ),
    ],
)
async def test_graphql_answers_that_are_none(desk: Desk, answer: Told, error: type[GitHubError], text: str):
    async with _telling(desk, answer) as (client, _):
        with pytest.raises(error, match=text):
            await client.graphql(1, READ, {})


async def test_holes_in_an_answer_come_with_their_reason(desk: Desk):
    body = '{"data": {"a": null}, "errors": [{"type": "FORBIDDEN", "path": ["a"], "message": "no"}, {"message": "m"}]}'
    async with _telling(desk, Told(body=body)) as (client, _):
        answer = await client.graphql(1, READ, {})
    assert answer.data == {"a": None}
    assert [(one.type, one.path, one.message) for one in answer.problems] == [
        ("FORBIDDEN", ("a",), "no"),
        ("", (), "m"),
    ]


async def test_the_last_point_of_an_hour_buys_an_answer(desk: Desk):
    async with _telling(desk, Told(body='{"data": {"a": 1}}', headers={"x-ratelimit-remaining": "0"})) as (client, _):
        assert (await client.graphql(1, READ, {})).data == {"a": 1}


async def test_tokens_of_many_installations_are_asked_for_within_one_minute(desk: Desk):
    async with _telling(desk, Told()) as (client, asked):
        for installation in range(1, 201):
            await client.get(installation, "/x")
    assert len(asked) == 200


async def test_a_list_without_end_is_refused(desk: Desk):
    endless = Told(body="[]", headers={"Link": '<HOST/list?page=2>; rel="next"'})
    async with _telling(desk, endless) as (client, asked):
        with pytest.raises(Rejected, match=f"more than {MAX_PAGES} pages"):
            [page async for page in client.pages(1, "/list")]
    assert len(asked) == MAX_PAGES
    assert asked[:2] == ["/list?per_page=100", "/list?page=2"]


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("https://evil.test/list?page=2", id="another host"),
        pytest.param("HOST.evil.test/list", id="a host that begins like ours"),
        pytest.param("HOST@evil.test/list", id="our host as a user name"),
    ],
)
async def test_a_token_goes_to_no_other_host(desk: Desk, address: str):
    async with _telling(desk, Told(body="[]", headers={"Link": f'<{address}>; rel="next"'})) as (client, asked):
        with pytest.raises(Rejected, match="another host"):
            [page async for page in client.pages(1, "/list")]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        pytest.param({"retry-after": "3", "x-ratelimit-reset": "9", "x-ratelimit-remaining": "0"}, 3, id="both"),
        pytest.param({"retry-after": "soon"}, A_MINUTE, id="a time that is no number"),
        pytest.param({"retry-after": "99999999999"}, 3_600, id="a time without end"),
        pytest.param({"x-ratelimit-reset": "9", "x-ratelimit-remaining": "0"}, 1, id="a reset in the past"),
        pytest.param({"x-ratelimit-reset": "99999999999", "x-ratelimit-remaining": "5"}, A_MINUTE, id="some remain"),
    ],
)
async def test_how_long_to_wait(desk: Desk, headers: dict[str, str], wait: float):
    async with _telling(desk, Told(status=429, headers=headers)) as (client, _):
        with pytest.raises(RateLimited) as caught:
            await client.get(1, "/x")
    assert caught.value.retry_after == wait


async def test_an_answer_without_a_date_has_our_time(desk: Desk):
    async with _telling(desk, Told(body='{"data": {}}', headers={"Date": "yesterday"})) as (client, _):
        assert (await client.graphql(1, READ, {})).at.tzinfo is not None


async def _token_refused(desk: Desk) -> None:
    desk.client.app = replace(desk.client.app, id=12345)
    await desk.get()


async def _bad_document(desk: Desk) -> None:
    try:
        await _query(desk, "query Nonsense { nonsense }")
    finally:
        desk.sandbox.errors.clear()


TROUBLES = [
    pytest.param("expired_tokens", "", Desk.get, id="a dead token"),
    pytest.param("bad_gateway", "shop", Desk.get, id="502"),
    pytest.param("answer_lost", "shop", Desk.get, id="a lost answer"),
    pytest.param("answer_lost", "Say", _create, id="a lost answer to a creation"),
    pytest.param("bad_gateway", "access_tokens", Desk.get, id="no token to be had"),
    pytest.param("secondary_limit", "shop", Desk.get, id="a limit"),
    pytest.param("bad_gateway", "never", _token_refused, id="an unknown App"),
    pytest.param("bad_gateway", "never", _bad_document, id="a wrong document"),
]


@pytest.mark.parametrize(("kind", "matching", "act"), TROUBLES)
async def test_no_token_stands_in_any_text(desk: Desk, kind, matching: str, act, capsys, caplog):
    bearers: list[str] = []

    async def remember(_session, _context, params: aiohttp.TraceRequestStartParams) -> None:
        bearers.append(params.headers["authorization"].partition(" ")[2])

    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(remember)
    caplog.set_level("DEBUG")
    with structlog.testing.capture_logs() as lines:
        async with aiohttp.ClientSession(trace_configs=[tracing]) as session:
            desk.client = Client(session, desk.identity())
            desk.sandbox.arm(kind, times=None, matching=matching)
            with pytest.raises(GitHubError) as caught:
                await act(desk)
    told = "".join(traceback.format_exception(caught.value)) + repr(lines) + caplog.text + "".join(capsys.readouterr())
    assert bearers
    assert not [one for one in bearers if one in told]
    assert desk.sandbox.bot.private_key_pem[40:80] not in told


async def test_the_headers_are_those_that_github_asks_for(desk: Desk):
    await desk.get()
    await desk.gathered("README.md")
    usual = {"accept", "accept-encoding", "authorization", "content-length", "content-type", "host", "user-agent"}
    assert {name.lower() for one in desk.sandbox.requests for name in one.headers} == usual | {"x-github-api-version"}
