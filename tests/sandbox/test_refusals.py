"""What GitHub refuses, the sandbox refuses."""

import time
from typing import Any

import jwt
import pytest

from bot.sandbox import App
from tests.sandbox.conftest import Desk


def verdict(desk: Desk, **changed: Any) -> dict[str, Any]:
    return {
        "repositoryId": desk.repository.id,
        "pullRequestId": desk.pull.id,
        "headSha": desk.pull.head_oid,
        "checkName": "release-gate: main",
        "externalId": "x",
        "status": "COMPLETED",
        "conclusion": "FAILURE",
        "output": {"title": "Blocked", "summary": "much"},
        "createCheck": True,
        "updateCheck": False,
        "createComment": False,
        "updateComment": False,
        "commentBody": "",
        **changed,
    }


async def publish(desk: Desk, **changed: Any) -> Any:
    return await desk.document("publish_verdict", **verdict(desk, **changed))


async def test_a_verdict_is_published_in_one_mutation(desk: Desk) -> None:
    answer = await publish(desk, createComment=True, commentBody="<!-- gate -->")
    assert "errors" not in answer
    (run,) = desk.sandbox.check_runs(desk.pull, app="release-gate")
    assert answer["data"]["created"]["checkRun"]["id"] == run.id
    assert (run.state.status, run.state.conclusion, run.state.title) == ("completed", "failure", "Blocked")
    (comment,) = desk.sandbox.comments(desk.pull, author="release-gate[bot]")
    again = await publish(
        desk, createCheck=False, updateComment=True, commentId=comment.id, commentBody="<!-- gate --> again"
    )
    assert again["data"]["commentUpdated"]["issueComment"]["id"] == comment.id
    assert comment.history == ["<!-- gate -->", "<!-- gate --> again"]
    own = [one for one in desk.sandbox.deliveries.log if "release-gate[bot]" in one.payload["sender"]["login"]]
    assert [(one.event, one.action) for one in own] == [
        ("check_run", "created"),
        ("check_run", "completed"),
        ("check_suite", "completed"),
        ("issue_comment", "created"),
        ("issue_comment", "edited"),
    ]


ACTION = {"label": "Recheck", "description": "Look again", "identifier": "recheck"}
ANNOTATION = {"path": "a", "location": {"startLine": 1, "endLine": 1}, "annotationLevel": "FAILURE", "message": "m"}
SUMMARY = {"title": "Blocked", "summary": "much"}


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"headSha": "0" * 40}, id="an unknown commit"),
        pytest.param({"status": "IN_PROGRESS"}, id="a conclusion without completion"),
        pytest.param({"conclusion": None}, id="completion without a conclusion"),
        pytest.param({"output": {**SUMMARY, "summary": "x" * 65_536}}, id="a long summary"),
        pytest.param({"output": {**SUMMARY, "text": "x" * 65_536}}, id="a long text"),
        pytest.param({"output": {**SUMMARY, "title": "x" * 65_536}}, id="a long title"),
        pytest.param({"output": {**SUMMARY, "annotations": [ANNOTATION] * 51}}, id="51 annotations"),
        pytest.param({"actions": [ACTION] * 4}, id="four actions"),
        pytest.param({"actions": [{**ACTION, "label": "x" * 21}]}, id="a long label"),
        pytest.param({"repositoryId": "R_none"}, id="an unknown repository"),
    ],
)
async def test_a_bad_check_run_is_refused_with_200(desk: Desk, changed: dict[str, Any]) -> None:
    answer = await publish(desk, **changed)
    assert not (answer["data"]["created"] or {}).get("checkRun")
    assert answer["errors"][0]["path"][0] == "created"
    assert desk.sandbox.check_runs(desk.pull) == []
    assert desk.sandbox.errors == []


async def update(desk: Desk, run: Any, **changed: Any) -> Any:
    return await publish(desk, createCheck=False, updateCheck=True, checkRunId=run.id, **changed)


async def test_a_completed_run_never_goes_back(desk: Desk) -> None:
    await publish(desk)
    (run,) = desk.sandbox.check_runs(desk.pull)
    answer = await update(desk, run, status="IN_PROGRESS", conclusion=None)
    assert answer["data"]["updated"] is None
    assert run.state.status == "completed"
    assert len(run.history) == 1


async def test_a_run_in_progress_is_completed_and_keeps_its_history(desk: Desk) -> None:
    await publish(desk, status="IN_PROGRESS", conclusion=None)
    (run,) = desk.sandbox.check_runs(desk.pull)
    answer = await update(desk, run, conclusion="SUCCESS")
    assert answer["data"]["updated"]["checkRun"]["conclusion"] == "SUCCESS"
    assert [state.conclusion for _, state in run.history] == [None, "success"]


async def test_anothers_check_run_is_out_of_reach(desk: Desk) -> None:
    run = desk.sandbox.check(desk.pull, "test", status="in_progress")
    answer = await update(desk, run)
    assert answer["errors"][0]["type"] == "FORBIDDEN"
    assert run.state.status == "in_progress"


async def test_anothers_comment_is_out_of_reach(desk: Desk) -> None:
    comment = desk.sandbox.comment(desk.pull, "ann", "mine")
    answer = await publish(desk, createCheck=False, updateComment=True, commentId=comment.id, commentBody="x")
    assert answer["errors"][0]["type"] == "FORBIDDEN"
    assert comment.body == "mine"


@pytest.mark.parametrize("body", [pytest.param("x" * 65_537, id="too long"), pytest.param("  ", id="blank")])
async def test_a_bad_comment_is_refused(desk: Desk, body: str) -> None:
    answer = await publish(desk, createCheck=False, createComment=True, commentBody=body)
    assert answer["data"]["commentCreated"] is None
    assert desk.pull.comments == []


async def test_writing_needs_write(desk: Desk) -> None:
    desk.sandbox.grant(desk.sandbox.installation("acme"), checks="read")
    answer = await publish(desk, createComment=True, commentBody="still there")
    assert answer["errors"][0]["type"] == "FORBIDDEN"
    assert [one.body for one in desk.pull.comments] == ["still there"]


async def test_rest_without_a_permission_is_403(desk: Desk) -> None:
    desk.sandbox.grant(desk.sandbox.installation("acme"), members="")
    reply = await desk.get("/orgs/acme/teams/security/memberships/ann")
    assert reply.status == 403
    assert reply.body["message"] == "Resource not accessible by integration"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/orgs/acme/teams/security/memberships/ann", 200, id="an active member"),
        pytest.param("/orgs/acme/teams/security/memberships/pia", 200, id="a pending member"),
        pytest.param("/orgs/acme/teams/security/memberships/eve", 404, id="an outsider"),
        pytest.param("/repos/acme/none", 404, id="no such repository"),
        pytest.param("/repos/acme/shop/pulls/99", 404, id="no such pull request"),
        pytest.param("/repos/acme/shop/commits/nope/check-runs", 422, id="no such commit"),
        pytest.param("/repos/acme/shop/compare/main...nope", 404, id="no such head"),
        pytest.param("/repos/acme/shop/contents/nope", 404, id="no such file"),
    ],
)
async def test_what_is_not_there_is_not_found(desk: Desk, path: str, status: int) -> None:
    reply = await desk.get(path)
    assert reply.status == status
    assert desk.sandbox.errors == []


async def test_a_route_that_is_not_modelled_is_noticed(desk: Desk) -> None:
    reply = await desk.get("/repos/acme/shop/stargazers")
    assert reply.status == 404
    assert desk.sandbox.errors == ["REST: the sandbox does not model GET /repos/acme/shop/stargazers"]


NOW = int(time.time())


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        pytest.param({}, 200, id="a good one"),
        pytest.param({"exp": NOW + 3600}, 401, id="an hour is too long"),
        pytest.param({"exp": NOW - 10}, 401, id="expired"),
        pytest.param({"iat": NOW + 600}, 401, id="from the future"),
        pytest.param({"iss": "1"}, 404, id="an unknown App"),
    ],
)
async def test_json_web_tokens_are_judged(desk: Desk, claims: dict[str, Any], status: int) -> None:
    reply = await desk.get("/app", bearer=desk.app_jwt(**claims))
    assert reply.status == status


async def test_a_number_as_issuer_or_a_foreign_key_is_refused(desk: Desk) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = {"iss": "4242", "iat": NOW - 60, "exp": NOW + 500}
    reply = await desk.get("/app", bearer=jwt.encode(claims, key, algorithm="RS256"))
    assert reply.status == 401
    hmac = jwt.encode({**claims}, "k" * 32, algorithm="HS256")
    assert (await desk.get("/app", bearer=hmac)).status == 401


async def test_each_door_has_its_key(desk: Desk) -> None:
    assert (await desk.get("/app")).status == 401
    assert (await desk.get("/repos/acme/shop", bearer=desk.app_jwt())).status == 401
    assert (await desk.get("/repos/acme/shop", bearer="")).status == 401
    no_agent = {"User-Agent": ""}
    assert (await desk.get("/repos/acme/shop", headers=no_agent)).status == 403


async def test_a_token_lives_an_hour(desk: Desk) -> None:
    desk.sandbox.clock.advance(3500)
    assert (await desk.get("/repos/acme/shop")).status == 200
    desk.sandbox.clock.advance(101)
    assert (await desk.get("/repos/acme/shop")).status == 401


async def test_a_narrowed_token_reaches_less(desk: Desk) -> None:
    await desk.sign_in(permissions={"checks": "read"})
    assert (await desk.get("/repos/acme/shop/commits/main/check-runs")).status == 200
    assert (await desk.get("/repos/acme/shop/pulls")).status == 403
    too_much = await desk.sign_in(permissions={"administration": "write"})
    assert too_much.status == 422


async def test_a_suspended_installation_gets_nothing(desk: Desk) -> None:
    desk.sandbox.suspend(desk.sandbox.installation("acme"))
    assert (await desk.get("/repos/acme/shop")).status == 403
    assert (await desk.sign_in()).status == 403


async def test_another_apps_key_is_its_own(desk: Desk) -> None:
    desk.sandbox.register(App(database_id=7, slug="other", private_key_pem=""))
    reply = await desk.get("/app", bearer=desk.app_jwt(iss="7"))
    assert reply.status == 404  # it never brought a key
