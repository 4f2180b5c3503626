"""A whole release, and every request that it took is one that GitHub knows: by its OpenAPI and its GraphQL schema."""

import re
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse, validate
from graphql.execution.values import get_variable_values
from graphql.utilities import get_operation_ast

from bot.sandbox.graph.schema import schema
from bot.sandbox.server import RequestLog
from tests.sandbox.contracts import contract
from tests.stories.rig import RULES, WEAK_RULES, rigged

HEADERS = {
    *("accept", "accept-encoding", "authorization", "content-length", "content-type", "host", "user-agent"),
    "x-github-api-version",
}


async def _played(directory: Path) -> list[RequestLog]:
    """Checks, statuses, commands, pushes, a fork, a twin, a changed base, a merge group, a lag: what asks for most."""
    async with rigged(directory) as rig:
        sandbox = rig.sandbox
        repository = rig.shop(RULES)
        sandbox.tag(repository, "v0.9.0")
        for number in range(100):
            sandbox.tag(repository, f"nightly-{number}")
        sandbox.branch(repository, "scratch")
        sandbox.push_branch(repository, "main", author="rita", files={"x": "1"}, message="fix: x")
        pull = rig.release(repository)
        await rig.make_green(pull)
        await rig.later()
        sandbox.push(pull, author="dan", files={"src/auth/a.py": "1"}, message="feat: sign in")
        await rig.make_green(pull)
        sandbox.push(pull, author="dan", files={f"many/{number}": "1" for number in range(310)}, message="feat: many")
        for number in range(101):
            sandbox.comment(pull, "rita", f"remark {number}")
        sandbox.comment(pull, "rita", "/hold because the migration is not ready")
        sandbox.status(pull, context="coverage", state="success", creator="codecov[bot]")
        sandbox.stale_by = 600
        sandbox.check(pull, "test", conclusion="failure", rerun=True)
        await rig.quiet()
        sandbox.stale_by = 0
        sandbox.retarget(pull, base="scratch")
        twin = sandbox.open_pull_request(repository, author="dan", head="release/1.0.0", base="scratch")
        fork = sandbox.fork(repository, "eve")
        foreign = sandbox.open_pull_request(
            repository, author="eve", head="fix", fork=fork, files={"y": "1"}, title="fix: y"
        )
        await rig.quiet()
        sandbox.check(foreign, "test")
        sandbox.push_branch(repository, "main", author="rita", files={".release-gate.yml": WEAK_RULES}, message="weak")
        await rig.quiet()
        sandbox.merge_group(twin)
        await rig.quiet()
        return list(sandbox.requests)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> list[RequestLog]:
    import asyncio

    return asyncio.run(_played(tmp_path_factory.mktemp("played")))


def _operation(method: str, path: str) -> str | None:
    """GitHub's `METHOD template` for a path, the one with the fewest blanks; only a path and a range hold slashes."""
    fitting = []
    for key in contract("openapi")["queries"]:
        own, template = key.split(" ")
        pattern = re.sub(r"\\{(path|basehead)\\}", ".+", re.escape(template))
        if own == method and re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", pattern), path):
            fitting.append(key)
    return min(fitting, key=lambda key: key.count("{"), default=None)


def _why_invalid(text: str, variables: dict[str, Any]) -> list[str]:
    """What GitHub's schema says against a document and its variables."""
    document = parse(text)
    faults = [fault.message for fault in validate(schema(), document)]
    operation = get_operation_ast(document)
    assert isinstance(operation, OperationDefinitionNode)
    definitions = operation.variable_definitions or ()
    values = get_variable_values(schema(), definitions, variables)
    declared = {one.variable.name.value for one in definitions}
    wrong = [fault.message for fault in values] if isinstance(values, list) else []
    return faults + wrong + [f"${name} is not declared" for name in variables.keys() - declared]


def test_every_rest_request_is_one_of_githubs(played: list[RequestLog]):
    asked = {(one.method, one.path, tuple(one.query)) for one in played if one.kind != "graphql"}
    unknown = [one for one in asked if _operation(one[0], one[1]) is None]
    assert unknown == []
    queries = contract("openapi")["queries"]
    strange = [
        (path, name) for verb, path, names in asked for name in names if name not in queries[_operation(verb, path)]
    ]
    assert strange == []


def test_every_document_is_valid_with_its_variables(played: list[RequestLog]):
    sent = [one for one in played if one.kind == "graphql"]
    assert [(one.operation, why) for one in sent if (why := _why_invalid(one.document, one.variables))] == []


def test_no_header_is_unusual(played: list[RequestLog]):
    assert {name.lower() for one in played for name in one.headers} - HEADERS == set()


def test_the_story_asks_for_everything_that_we_ever_ask_for(played: list[RequestLog]):
    rest = {_operation(one.method, one.path) for one in played if one.kind != "graphql"}
    assert rest >= {
        "POST /app/installations/{installation_id}/access_tokens",
        "GET /orgs/{org}/teams/{team_slug}/members",
        "GET /orgs/{org}/teams/{team_slug}/memberships/{username}",
        "GET /repos/{owner}/{repo}/activity",
        "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
        "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
        "GET /repos/{owner}/{repo}/commits/{ref}/statuses",
        "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls",
        "GET /repos/{owner}/{repo}/compare/{basehead}",
        "GET /repos/{owner}/{repo}/git/trees/{tree_sha}",
        "GET /repos/{owner}/{repo}/pulls",
    }
    assert {one.operation for one in played} >= {"Gate", "Pages", "Publish", "Group", "Tags"}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/repos/a/b/nowhere"), ("POST", "/repos/a/b/pulls"), ("GET", "/repos/a/b/commits/main/nothing")],
)
def test_a_made_up_request_is_noticed(method: str, path: str):
    assert _operation(method, path) is None


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        pytest.param("query Q { nothing }", {}, id="an unknown field"),
        pytest.param("query Q($id: ID!) { node(id: $id) { id } }", {}, id="a missing variable"),
        pytest.param("query Q { rateLimit { cost } }", {"id": "1"}, id="one variable too many"),
    ],
)
def test_a_wrong_document_is_noticed(text: str, variables: dict[str, Any]):
    assert _why_invalid(text, variables) != []
