"""Repositories as REST shows them."""

from typing import TYPE_CHECKING, Any

from bot.sandbox.clock import iso
from bot.sandbox.model.git import Repository

from .people import simple_user

if TYPE_CHECKING:
    from bot.sandbox.world import World

_LINKS = {
    "forks_url": "/forks",
    "keys_url": "/keys{/key_id}",
    "collaborators_url": "/collaborators{/collaborator}",
    "teams_url": "/teams",
    "hooks_url": "/hooks",
    "issue_events_url": "/issues/events{/number}",
    "events_url": "/events",
    "assignees_url": "/assignees{/user}",
    "branches_url": "/branches{/branch}",
    "tags_url": "/tags",
    "blobs_url": "/git/blobs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "trees_url": "/git/trees{/sha}",
    "statuses_url": "/statuses/{sha}",
    "languages_url": "/languages",
    "stargazers_url": "/stargazers",
    "contributors_url": "/contributors",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "commits_url": "/commits{/sha}",
    "git_commits_url": "/git/commits{/sha}",
    "comments_url": "/comments{/number}",
    "issue_comment_url": "/issues/comments{/number}",
    "contents_url": "/contents/{+path}",
    "compare_url": "/compare/{base}...{head}",
    "merges_url": "/merges",
    "archive_url": "/{archive_format}{/ref}",
    "downloads_url": "/downloads",
    "issues_url": "/issues{/number}",
    "pulls_url": "/pulls{/number}",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "labels_url": "/labels{/name}",
    "releases_url": "/releases{/id}",
    "deployments_url": "/deployments",
}


def api_url(world: "World", repository: Repository) -> str:
    """The repository's address under REST."""
    return f"{world.api_url}/repos/{repository.name_with_owner}"


def html_url(world: "World", repository: Repository) -> str:
    """The repository's page."""
    return f"{world.html_url}/{repository.name_with_owner}"


def in_brief(made: Repository) -> dict[str, Any]:
    """The five fields that `installation` deliveries give."""
    return {
        "id": made.database_id,
        "node_id": made.id,
        "name": made.name,
        "full_name": made.name_with_owner,
        "private": made.is_private,
    }


def minimal(world: "World", made: Repository) -> dict[str, Any]:
    """A `minimal-repository`: names and links."""
    url = api_url(world, made)
    return {
        **in_brief(made),
        "owner": simple_user(world, made.owner),
        "html_url": html_url(world, made),
        "description": None,
        "fork": made.parent is not None,
        "url": url,
        **{key: url + path for key, path in _LINKS.items()},
    }


def repository(world: "World", made: Repository) -> dict[str, Any]:
    """A `full-repository`, which also serves where a `repository` is wanted."""
    page, name = html_url(world, made), made.name_with_owner
    pulls = sum(pull.state == "OPEN" for pull in world.pulls_of(made))
    created = iso(made.created_at)
    host = world.html_url.partition("://")[2]
    return {
        **minimal(world, made),
        "created_at": created,
        "updated_at": created,
        "pushed_at": created,
        "git_url": f"git://{host}/{name}.git",
        "ssh_url": f"git@{host}:{name}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "homepage": None,
        "size": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": None,
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "forks_count": 0,
        "mirror_url": None,
        "archived": made.is_archived,
        "disabled": False,
        "open_issues_count": pulls,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "visibility": "private" if made.is_private else "public",
        "forks": 0,
        "open_issues": pulls,
        "watchers": 0,
        "default_branch": made.default_branch,
        "custom_properties": {},
    }
