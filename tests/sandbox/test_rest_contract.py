"""Every REST answer is what GitHub's OpenAPI description says."""

import pytest

from tests.sandbox.conftest import Desk
from tests.sandbox.contracts import contract, faults

R = "/repos/{owner}/{repo}"
CASES = [
    pytest.param("/orgs/{org}/memberships/{username}", "/orgs/acme/memberships/ann", id="org membership"),
    pytest.param("/orgs/{org}/teams/{team_slug}/members", "/orgs/acme/teams/security/members", id="team"),
    pytest.param(
        "/orgs/{org}/teams/{team_slug}/memberships/{username}",
        "/orgs/acme/teams/security/memberships/ann",
        id="team membership",
    ),
    pytest.param("/installation/repositories", "/installation/repositories", id="repositories"),
    pytest.param(R, "", id="repository"),
    pytest.param(f"{R}/actions/runs", "/actions/runs?head_sha=HEAD_SHA", id="workflow runs"),
    pytest.param(f"{R}/activity", "/activity?ref=release/1.0.0", id="activity"),
    pytest.param(f"{R}/branches/{{branch}}", "/branches/release/1.0.0", id="branch"),
    pytest.param(f"{R}/collaborators/{{username}}/permission", "/collaborators/dev/permission", id="role"),
    pytest.param(f"{R}/commits/{{commit_sha}}/pulls", "/commits/HEAD_SHA/pulls", id="pulls of a commit"),
    pytest.param(f"{R}/commits/{{ref}}", "/commits/release%2F1.0.0", id="commit"),
    pytest.param(f"{R}/commits/{{ref}}/check-runs", "/commits/HEAD_SHA/check-runs", id="check runs"),
    pytest.param(f"{R}/check-runs/{{check_run_id}}", "/check-runs/RUN_ID", id="check run"),
    pytest.param(f"{R}/commits/{{ref}}/check-suites", "/commits/HEAD_SHA/check-suites", id="check suites"),
    pytest.param(f"{R}/commits/{{ref}}/status", "/commits/HEAD_SHA/status", id="combined status"),
    pytest.param(f"{R}/commits/{{ref}}/statuses", "/commits/HEAD_SHA/statuses", id="statuses"),
    pytest.param(f"{R}/compare/{{basehead}}", "/compare/main...release%2F1.0.0", id="compare"),
    pytest.param(f"{R}/contents/{{path}}", "/contents/src/a.py?ref=release/1.0.0", id="file"),
    pytest.param(f"{R}/contents/{{path}}", "/contents/src", id="directory"),
    pytest.param(f"{R}/git/trees/{{tree_sha}}", "/git/trees/HEAD_SHA?recursive=1", id="tree"),
    pytest.param(f"{R}/issues/{{issue_number}}/comments", "/issues/1/comments", id="comments"),
    pytest.param(f"{R}/labels", "/labels?per_page=100", id="labels"),
    pytest.param(f"{R}/pulls", "/pulls?state=open&base=main&head=acme:release/1.0.0", id="pulls"),
    pytest.param(f"{R}/pulls/{{pull_number}}", "/pulls/1", id="pull"),
    pytest.param(f"{R}/pulls/{{pull_number}}/commits", "/pulls/1/commits", id="commits of a pull"),
    pytest.param(f"{R}/pulls/{{pull_number}}/files", "/pulls/1/files", id="files"),
    pytest.param(f"{R}/pulls/{{pull_number}}/reviews", "/pulls/1/reviews", id="reviews"),
]


@pytest.fixture
def busy(desk: Desk) -> Desk:
    sandbox, pull = desk.sandbox, desk.pull
    sandbox.check(pull, "test", title="12 passed")
    sandbox.check(pull, "lint", app="linter", status="in_progress", conclusion=None)
    sandbox.status(pull, context="coverage", state="success", creator="codecov[bot]")
    sandbox.comment(pull, "ann", "/approve security")
    sandbox.review(pull, "ann", state="APPROVED", body="fine")
    sandbox.label(pull, "release", by="dev")
    return desk


@pytest.mark.parametrize(("operation", "path"), CASES)
async def test_answer_follows_the_contract(busy: Desk, operation: str, path: str) -> None:
    run = busy.sandbox.check_runs(busy.pull)[0]
    path = path.replace("HEAD_SHA", busy.pull.head_oid).replace("RUN_ID", str(run.database_id))
    reply = await busy.get(path if path.startswith(("/orgs", "/inst")) else f"/repos/acme/shop{path}")
    assert reply.status == 200
    assert reply.body
    assert faults("openapi", f"GET {operation} 200", reply.body) == []
    assert busy.sandbox.errors == []


async def test_the_apps_own_answers_follow_the_contract(busy: Desk) -> None:
    made = busy.sandbox.installation("acme").database_id
    await busy.sandbox.settled()
    delivery = busy.sandbox.deliveries.log[0].id
    for operation, path in [
        ("/app", "/app"),
        ("/app/installations/{installation_id}", f"/app/installations/{made}"),
        ("/repos/{owner}/{repo}/installation", "/repos/acme/shop/installation"),
        ("/app/hook/deliveries", "/app/hook/deliveries?per_page=3"),
        ("/app/hook/deliveries/{delivery_id}", f"/app/hook/deliveries/{delivery}"),
    ]:
        reply = await busy.get(path, bearer=busy.app_jwt())
        assert reply.status == 200
        assert faults("openapi", f"GET {operation} 200", reply.body) == []


async def test_installations_follow_the_contract_where_it_can_be_met(busy: Desk) -> None:
    # The contract wants an `account` that is a user and an enterprise at once.
    reply = await busy.get("/app/installations", bearer=busy.app_jwt())
    found = faults("openapi", "GET /app/installations 200", reply.body)
    assert [fault for fault in found if "/account" not in fault.partition(":")[0]] == []
    assert reply.body[0]["account"]["login"] == "acme"


async def test_token_follows_the_contract(desk: Desk) -> None:
    reply = await desk.sign_in(repositories=["shop"], permissions={"checks": "read"})
    assert reply.status == 201
    key = "POST /app/installations/{installation_id}/access_tokens 201"
    assert faults("openapi", key, reply.body) == []
    assert [one["name"] for one in reply.body["repositories"]] == ["shop"]


def test_every_operation_of_the_cut_is_tried() -> None:
    tried = {case.values[0] for case in CASES} | {
        "/app",
        "/app/installations",
        "/app/installations/{installation_id}",
        "/app/installations/{installation_id}/access_tokens",
        "/app/hook/deliveries",
        "/app/hook/deliveries/{delivery_id}",
        "/app/hook/deliveries/{delivery_id}/attempts",  # its body is empty: see test_deliveries
        "/repos/{owner}/{repo}/installation",
    }
    assert {key.split()[1] for key in contract("openapi")["schemas"]} == tried
