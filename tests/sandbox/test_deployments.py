"""Deployments: one takes another's place, and GraphQL shows them by commit and environment."""

import pytest

from bot.sandbox.world import Refused
from tests.sandbox.conftest import Desk

QUERY = """
query ($owner: String!, $name: String!, $environments: [String!]) {
  repository(owner: $owner, name: $name) {
    deployments(first: 10, environments: $environments) {
      totalCount
      nodes { environment state commitOid ref { name } latestStatus { state environmentUrl } creator { login } }
    }
    pullRequest(number: 1) { commits(last: 1) { nodes { commit {
      deployments(last: 10, environments: $environments, orderBy: { field: CREATED_AT, direction: DESC }) {
        nodes { environment state }
      }
    } } } }
  }
}
"""


def states(answer: dict[str, object]) -> list[str]:
    repository = answer["data"]["repository"]  # type: ignore[index]
    return [node["state"] for node in repository["deployments"]["nodes"]]


async def test_a_deployment_takes_the_place_of_the_one_before(desk: Desk) -> None:
    pull = desk.pull
    desk.sandbox.deploy(pull, "staging", state="in_progress")
    first = await desk.query(QUERY, owner="acme", name="shop", environments=["staging"])
    assert states(first) == ["IN_PROGRESS"]
    desk.sandbox.deploy(pull, "staging", environment_url="https://staging.test")
    desk.sandbox.deploy((desk.repository, pull.base.oid), "staging")
    desk.sandbox.deploy((desk.repository, pull.base.oid), "staging", state="failure")
    desk.sandbox.deploy(pull, "preview")
    answer = await desk.query(QUERY, owner="acme", name="shop", environments=["staging"])
    assert states(answer) == ["INACTIVE", "ACTIVE", "FAILURE"]
    commit = answer["data"]["repository"]["pullRequest"]["commits"]["nodes"][0]["commit"]
    assert commit["deployments"]["nodes"] == [{"environment": "staging", "state": "INACTIVE"}]
    everywhere = await desk.query(QUERY, owner="acme", name="shop")
    commit = everywhere["data"]["repository"]["pullRequest"]["commits"]["nodes"][0]["commit"]
    assert [node["environment"] for node in commit["deployments"]["nodes"]] == ["preview", "staging"]


async def test_production_keeps_what_was_there(desk: Desk) -> None:
    desk.sandbox.deploy(desk.pull, "production")
    desk.sandbox.deploy((desk.repository, desk.pull.base.oid), "production")
    assert states(await desk.query(QUERY, owner="acme", name="shop")) == ["ACTIVE", "ACTIVE"]


async def test_it_refuses_what_github_refuses(desk: Desk) -> None:
    with pytest.raises(Refused, match="No ref found"):
        desk.sandbox.deploy((desk.repository, "f" * 40), "staging")
    with pytest.raises(Refused, match="state is not included"):
        desk.sandbox.deploy(desk.pull, "staging", state="done")
