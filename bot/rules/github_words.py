"""Reads words that GitHub defines: slugs of Apps, logins that set statuses, events and conclusions of runs."""

from bot.gate.markup import code
from bot.gate.patterns import regex
from bot.rules.document import Scalar
from bot.rules.spot import Spot, suggestion

SLUG = r"^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$"
CREATOR = r"^@?(?P<login>[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?)$"

# https://docs.github.com/en/rest/checks/runs#create-a-check-run and what GitHub concludes by itself
CONCLUSIONS = (
    "action_required",
    "cancelled",
    "failure",
    "neutral",
    "skipped",
    "stale",
    "startup_failure",
    "success",
    "timed_out",
)
# https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
# and `dynamic`, by which GitHub starts workflows of its own. `workflow_call` starts none: it is part of another run.
EVENTS = (
    "branch_protection_rule",
    "check_run",
    "check_suite",
    "create",
    "delete",
    "deployment",
    "deployment_status",
    "discussion",
    "discussion_comment",
    "dynamic",
    "fork",
    "gollum",
    "image_version",
    "issue_comment",
    "issues",
    "label",
    "merge_group",
    "milestone",
    "page_build",
    "public",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_target",
    "push",
    "registry_package",
    "release",
    "repository_dispatch",
    "schedule",
    "status",
    "watch",
    "workflow_dispatch",
    "workflow_run",
)


def app_slug(spot: Spot) -> str | None:
    """An App's slug: what its page at github.com/apps/ ends with."""
    value = spot.value
    if isinstance(value, str) and regex(SLUG).search(value):
        return value
    spot.fault(f"{spot.name} is {spot.seen}; write the App's slug such as `github-actions`: github.com/apps/SLUG")
    return None


def creator(spot: Spot) -> str | None:
    """Who sets a status: a person's login, or an App's with `[bot]` at the end."""
    match = regex(CREATOR).search(spot.value) if isinstance(spot.value, str) else None
    if match:
        return str(match["login"])
    spot.fault(f'{spot.name} is {spot.seen}; write a login, an App\'s as "codecov[bot]"')
    return None


def event(spot: Spot) -> str | None:
    """What starts a workflow."""
    return _one_of(spot, EVENTS, "event")


def conclusion(spot: Spot) -> str | None:
    """How a check run or a workflow run ends."""
    return _one_of(spot, CONCLUSIONS, "conclusion")


def _one_of(spot: Spot, words: tuple[str, ...], what: str) -> str | None:
    if isinstance(spot.value, str) and spot.value in words:
        return spot.value
    if isinstance(spot.node, Scalar) and spot.node.text:
        spot.fault(f"GitHub has no {what} {code(spot.node.text, limit=40)}; {suggestion(spot.node.text, words)}")
    else:
        spot.fault(f"{spot.name} is {spot.seen}; write {what}s such as `{words[-2]}`")
    return None
