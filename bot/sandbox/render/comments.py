"""Comments and reviews as REST and webhooks show them."""

from typing import TYPE_CHECKING, Any

from bot.sandbox.clock import iso
from bot.sandbox.model.pulls import IssueComment, PullRequest, Review

from .people import app, simple_user
from .pulls import label_payload
from .repositories import api_url, html_url

if TYPE_CHECKING:
    from bot.sandbox.world import World

# GraphQL's word for a reaction → REST's; https://docs.github.com/rest/reactions/reactions
REACTIONS = {
    "THUMBS_UP": "+1",
    "THUMBS_DOWN": "-1",
    "LAUGH": "laugh",
    "HOORAY": "hooray",
    "CONFUSED": "confused",
    "HEART": "heart",
    "ROCKET": "rocket",
    "EYES": "eyes",
}


def _rollup(url: str, comment: IssueComment | None) -> dict[str, Any]:
    given = [reaction.content for reaction in comment.reactions] if comment else []
    counts = {rest: given.count(word) for word, rest in REACTIONS.items()}
    return {"url": f"{url}/reactions", "total_count": len(given), **counts}


def issue(world: "World", pull: PullRequest) -> dict[str, Any]:
    """The `issue` that a pull request also is."""
    from bot.sandbox.actions.people import association

    repository = api_url(world, pull.repository)
    url, page = f"{repository}/issues/{pull.number}", html_url(world, pull.repository)
    page = f"{page}/pull/{pull.number}"
    return {
        "url": url,
        "repository_url": repository,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": page,
        "id": pull.database_id,
        "node_id": pull.id,
        "number": pull.number,
        "title": pull.title,
        "user": simple_user(world, pull.author),
        "labels": [label_payload(world, label) for label in pull.labels],
        "state": "open" if pull.state == "OPEN" else "closed",
        "state_reason": None,
        "locked": pull.locked,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(pull.comments),
        "created_at": iso(pull.created_at),
        "updated_at": iso(pull.updated_at),
        "closed_at": iso(pull.closed_at),
        "author_association": association(world, pull.repository, pull.author),
        "active_lock_reason": None,
        "body": pull.body or None,
        "reactions": _rollup(url, None),
        "draft": pull.is_draft,
        "pull_request": {
            "url": f"{repository}/pulls/{pull.number}",
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": iso(pull.merged_at),
        },
        "performed_via_github_app": None,
    }


def comment_url(world: "World", made: IssueComment) -> str:
    """The page of a comment."""
    pull = made.pull_request
    page = html_url(world, pull.repository)
    return f"{page}/pull/{pull.number}#issuecomment-{made.database_id}"


def issue_comment(world: "World", made: IssueComment) -> dict[str, Any]:
    """An `issue-comment`."""
    from bot.sandbox.actions.people import association

    pull = made.pull_request
    via = next((one for one in world.apps.values() if one.bot is made.author), None)
    repository = api_url(world, pull.repository)
    url = f"{repository}/issues/comments/{made.database_id}"
    return {
        "url": url,
        "html_url": comment_url(world, made),
        "issue_url": f"{repository}/issues/{pull.number}",
        "id": made.database_id,
        "node_id": made.id,
        "user": simple_user(world, made.author),
        "created_at": iso(made.created_at),
        "updated_at": iso(made.updated_at),
        "author_association": association(world, pull.repository, made.author),
        "body": made.body,
        "reactions": _rollup(url, made),
        "performed_via_github_app": app(world, via) if via else None,
    }


def review_url(world: "World", made: Review) -> str:
    """The page of a review."""
    pull = made.pull_request
    return f"{html_url(world, pull.repository)}/pull/{pull.number}#pullrequestreview-{made.database_id}"


def review(world: "World", made: Review) -> dict[str, Any]:
    """A `pull-request-review`; webhooks write its state in lower case, REST in upper."""
    from bot.sandbox.actions.people import association

    pull = made.pull_request
    url = f"{api_url(world, pull.repository)}/pulls/{pull.number}"
    page = review_url(world, made)
    return {
        "id": made.database_id,
        "node_id": made.id,
        "user": simple_user(world, made.author),
        "body": made.body or None,
        "commit_id": made.commit.oid,
        "submitted_at": iso(made.submitted_at),
        "updated_at": iso(made.last_edited_at or made.submitted_at),
        "state": made.state.lower(),
        "html_url": page,
        "pull_request_url": url,
        "author_association": association(world, pull.repository, made.author),
        "_links": {"html": {"href": page}, "pull_request": {"href": url}},
    }
