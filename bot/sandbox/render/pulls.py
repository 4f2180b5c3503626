"""Pull requests as REST and webhooks show them."""

from typing import TYPE_CHECKING, Any

from bot.sandbox.clock import iso
from bot.sandbox.model.accounts import Account, Team
from bot.sandbox.model.git import Label, Repository, commits_between
from bot.sandbox.model.pulls import PullRequest

from .people import simple_user
from .repositories import api_url, html_url, repository

if TYPE_CHECKING:
    from bot.sandbox.world import World


def label_payload(world: "World", label: Label) -> dict[str, Any]:
    """A `label`."""
    return {
        "id": label.database_id,
        "node_id": label.id,
        "url": f"{api_url(world, label.repository)}/labels/{label.name}",
        "name": label.name,
        "description": label.description,
        "color": label.color,
        "default": False,
    }


def team(world: "World", made: Team) -> dict[str, Any]:
    """A `team` in brief."""
    url = f"{world.api_url}/organizations/{made.organization.database_id}/team/{made.database_id}"
    return {
        "id": made.database_id,
        "node_id": made.id,
        "url": url,
        "html_url": f"{world.html_url}/orgs/{made.organization.login}/teams/{made.slug}",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "name": made.name,
        "slug": made.slug,
        "description": None,
        "permission": "pull",
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "parent": None,
    }


def _side(world: "World", source: Repository, ref: str, sha: str) -> dict[str, Any]:
    return {
        "label": f"{source.owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": simple_user(world, source.owner),
        "repo": repository(world, source),
    }


def _links(world: "World", pull: PullRequest) -> dict[str, str]:
    url = api_url(world, pull.repository)
    page = f"{html_url(world, pull.repository)}/pull/{pull.number}"
    return {
        "url": f"{url}/pulls/{pull.number}",
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": f"{url}/issues/{pull.number}",
        "commits_url": f"{url}/pulls/{pull.number}/commits",
        "review_comments_url": f"{url}/pulls/{pull.number}/comments",
        "review_comment_url": f"{url}/pulls/comments{{/number}}",
        "comments_url": f"{url}/issues/{pull.number}/comments",
        "statuses_url": f"{url}/statuses/{pull.head_oid}",
    }


def _hal(links: dict[str, str]) -> dict[str, dict[str, str]]:
    names = {
        "self": "url",
        "html": "html_url",
        "issue": "issue_url",
        "comments": "comments_url",
        "review_comments": "review_comments_url",
        "review_comment": "review_comment_url",
        "commits": "commits_url",
        "statuses": "statuses_url",
    }
    return {name: {"href": links[key]} for name, key in names.items()}


def pull_request(world: "World", pull: PullRequest, *, full: bool = False) -> dict[str, Any]:
    """A `pull-request-simple`, or the `full` `pull-request` with its counts."""
    from bot.sandbox.actions.people import association

    links = _links(world, pull)
    asked = [request.requested_reviewer for request in pull.review_requests]
    return {
        **links,
        "id": pull.database_id,
        "node_id": pull.id,
        "number": pull.number,
        "state": "open" if pull.state == "OPEN" else "closed",
        "locked": pull.locked,
        "title": pull.title,
        "user": simple_user(world, pull.author),
        "body": pull.body or None,
        "created_at": iso(pull.created_at),
        "updated_at": iso(pull.updated_at),
        "closed_at": iso(pull.closed_at),
        "merged_at": iso(pull.merged_at),
        "merge_commit_sha": pull.merge_commit.oid if pull.merge_commit else None,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [simple_user(world, one) for one in asked if isinstance(one, Account)],
        "requested_teams": [team(world, one) for one in asked if isinstance(one, Team)],
        "labels": [label_payload(world, label) for label in pull.labels],
        "milestone": None,
        "draft": pull.is_draft,
        "head": _side(world, pull.head_repository, pull.head_ref_name, pull.head_oid),
        "base": _side(world, pull.repository, pull.base_ref_name, pull.base_oid),
        "_links": _hal(links),
        "author_association": association(world, pull.repository, pull.author),
        "auto_merge": None,
        "active_lock_reason": None,
        **(_counts(world, pull) if full else {}),
    }


def _counts(world: "World", pull: PullRequest) -> dict[str, Any]:
    files = world.changes(pull)
    return {
        "merged": pull.state == "MERGED",
        "mergeable": {"MERGEABLE": True, "CONFLICTING": False}.get(pull.mergeable),
        "rebaseable": None,
        "mergeable_state": "clean" if pull.mergeable == "MERGEABLE" else "dirty",
        "merged_by": simple_user(world, pull.merged_by) if pull.merged_by else None,
        "comments": len(pull.comments),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(commits_between(pull.base, pull.head)),
        "additions": sum(one.additions for one in files),
        "deletions": sum(one.deletions for one in files),
        "changed_files": len(files),
    }


def pull_minimal(world: "World", pull: PullRequest) -> dict[str, Any]:
    """A `pull-request-minimal`, as check runs list it."""

    def side(source: Repository, ref: str, sha: str) -> dict[str, Any]:
        url = api_url(world, source)
        return {"ref": ref, "sha": sha, "repo": {"id": source.database_id, "url": url, "name": source.name}}

    return {
        "id": pull.database_id,
        "number": pull.number,
        "url": f"{api_url(world, pull.repository)}/pulls/{pull.number}",
        "head": side(pull.head_repository, pull.head_ref_name, pull.head_oid),
        "base": side(pull.repository, pull.base_ref_name, pull.base_oid),
    }
