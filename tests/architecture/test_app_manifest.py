"""app.yml asks GitHub for what the program uses, each with its reason, and for nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.sources import modules, read, tree

MANIFEST: dict[str, Any] = yaml.safe_load(read("app.yml"))
# https://docs.github.com/en/webhooks/webhook-events-and-payloads says under each event which permission it comes with.
COMES_WITH = {
    "check_run": "checks",
    "check_suite": "checks",
    "create": "contents",
    "delete": "contents",
    "deployment_status": "deployments",
    "issue_comment": "issues",
    "merge_group": "merge_queues",
    "pull_request": "pull_requests",
    "pull_request_review": "pull_requests",
    "push": "contents",
    "repository": "metadata",
    "status": "statuses",
    "workflow_run": "actions",
}
# The REST paths that installations' tokens are used for; GitHub's page of each names the permission.
PATH_NEEDS = {
    "/orgs/{}/teams/{}/members": "members",
    "/orgs/{}/teams/{}/memberships/{}": "members",
    "/repos/{}/actions/runs": "actions",
    "/repos/{}/activity": "contents",
    "/repos/{}/collaborators/{}/permission": "metadata",
    "/repos/{}/commits/{}/check-runs": "checks",
    "/repos/{}/commits/{}/pulls": "pull_requests",
    "/repos/{}/commits/{}/statuses": "statuses",
    "/repos/{}/compare/{}...{}": "contents",
    "/repos/{}/contents/{}": "contents",
    "/repos/{}/git/trees/{}": "contents",
    "/repos/{}/{}/contents/{}": "contents",
    "/repos/{}/pulls": "pull_requests",
    "/repos/{}/pulls/{}": "pull_requests",
}
WRITES = {"checks", "pull_requests", "statuses"}


def requested() -> set[str]:
    """The REST paths in bot/github, every part that is filled in written as `{}`."""
    literals = (
        node for path in modules("bot/github") for node in ast.walk(tree(path)) if isinstance(node, ast.JoinedStr)
    )
    paths = {
        "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        for node in literals
    }
    return {path for path in paths if re.match(r"/(repos|orgs|users|app|installation)\b", path)}


def handled() -> set[str]:
    """The events that the table in bot/github/deliveries.py names."""
    cases = [
        node.pattern for node in ast.walk(tree(Path("bot/github/deliveries.py"))) if isinstance(node, ast.match_case)
    ]
    return {event for case in cases for event in events_of(case)}


def events_of(pattern: ast.pattern) -> Iterator[str]:
    match pattern:
        case ast.MatchSequence(patterns=[event, _]):
            yield from (str(node.value) for node in ast.walk(event) if isinstance(node, ast.Constant))
        case ast.MatchOr(patterns=alternatives):
            for alternative in alternatives:
                yield from events_of(alternative)
        case _:
            return


def test_it_subscribes_to_what_the_program_handles():
    assert handled() >= {"pull_request", "check_run", "push"}, "the table is not read rightly"
    assert set(MANIFEST["default_events"]) == handled()


@pytest.mark.parametrize("event", MANIFEST["default_events"])
def test_every_event_comes_with_a_permission_that_is_asked_for(event):
    assert COMES_WITH[event] in MANIFEST["default_permissions"]


@pytest.mark.parametrize("section", ["default_permissions", "default_events"])
def test_every_line_has_its_reason(section):
    body = read("app.yml").partition(f"\n{section}:\n")[2].partition("\n\n")[0]
    assert len(body.splitlines()) == len(MANIFEST[section])
    assert [line for line in body.splitlines() if not re.search(r"\S +# \S.{15,}", line)] == []


def test_every_request_has_its_permission():
    assert requested() == set(PATH_NEEDS)
    assert set(PATH_NEEDS.values()) - MANIFEST["default_permissions"].keys() == set()


def test_every_permission_is_used():
    used = {"metadata", *PATH_NEEDS.values(), *(COMES_WITH[event] for event in MANIFEST["default_events"])}
    assert set(MANIFEST["default_permissions"]) == used
    assert {name for name, level in MANIFEST["default_permissions"].items() if level == "write"} == WRITES
