"""Commits, comparisons, pushes and files as REST shows them."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.sandbox.clock import iso
from bot.sandbox.model.accounts import Account
from bot.sandbox.model.git import Commit, FileChange, GitActor, Repository, blob_oid, commits_between, digest

from .people import simple_user
from .repositories import api_url, html_url

if TYPE_CHECKING:
    from bot.sandbox.world import World

ZERO = "0" * 40


def _git_actor(actor: GitActor) -> dict[str, Any]:
    return {"name": actor.name, "email": actor.email, "date": iso(actor.date)}


def tree_oid(commit: Commit) -> str:
    """The id of a commit's tree."""
    return digest(*(part for pair in commit.tree.items() for part in pair))


def commit(world: "World", repository: Repository, made: Commit) -> dict[str, Any]:
    """A `commit` of the REST API."""
    url, page = api_url(world, repository), html_url(world, repository)
    tree = tree_oid(made)

    def user(actor: GitActor) -> dict[str, Any] | None:
        return simple_user(world, actor.user) if actor.user else None

    verification = {
        "verified": False,
        "reason": "unsigned",
        "signature": None,
        "payload": None,
        "verified_at": None,
    }
    return {
        "sha": made.oid,
        "node_id": made.id,
        "commit": {
            "author": _git_actor(made.author),
            "committer": _git_actor(made.committer),
            "message": made.message,
            "tree": {"sha": tree, "url": f"{url}/git/trees/{tree}"},
            "url": f"{url}/git/commits/{made.oid}",
            "comment_count": 0,
            "verification": verification,
        },
        "url": f"{url}/commits/{made.oid}",
        "html_url": f"{page}/commit/{made.oid}",
        "comments_url": f"{url}/commits/{made.oid}/comments",
        "author": user(made.author),
        "committer": user(made.committer),
        "parents": [
            {
                "sha": parent.oid,
                "url": f"{url}/commits/{parent.oid}",
                "html_url": f"{page}/commit/{parent.oid}",
            }
            for parent in made.parents
        ],
    }


def simple_commit(made: Commit) -> dict[str, Any]:
    """A `simple-commit`, as suites and merge groups carry it."""
    return {
        "id": made.oid,
        "tree_id": tree_oid(made),
        "message": made.message,
        "timestamp": iso(made.committer.date),
        "author": {"name": made.author.name, "email": made.author.email},
        "committer": {"name": made.committer.name, "email": made.committer.email},
    }


def file(world: "World", repository: Repository, change: FileChange, head: Commit) -> dict[str, Any]:
    """A `diff-entry`."""
    url, page = api_url(world, repository), html_url(world, repository)
    path = quote(change.path)
    entry: dict[str, Any] = {
        "sha": blob_oid(change.after if change.status != "removed" else change.before),
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{page}/blob/{head.oid}/{path}",
        "raw_url": f"{page}/raw/{head.oid}/{path}",
        "contents_url": f"{url}/contents/{path}?ref={head.oid}",
    }
    if change.previous_path:
        entry["previous_filename"] = change.previous_path
    if change.patch:
        entry["patch"] = change.patch
    return entry


def _pushed_commit(world: "World", repository: Repository, made: Commit) -> dict[str, Any]:
    before = made.parents[0].tree if made.parents else {}

    def person(actor: GitActor) -> dict[str, Any]:
        own = {"username": actor.user.login} if actor.user else {}
        return {"name": actor.name, "email": actor.email, **own}

    return {
        **simple_commit(made),
        "distinct": True,
        "url": f"{html_url(world, repository)}/commit/{made.oid}",
        "author": person(made.author),
        "committer": person(made.committer),
        "added": [path for path in made.tree if path not in before],
        "removed": [path for path in before if path not in made.tree],
        "modified": [path for path, text in made.tree.items() if before.get(path, text) != text],
    }


def push_payload(
    world: "World", repository: Repository, ref: str, before: str | None, made: Commit, by: Account
) -> dict[str, Any]:
    """The body of a `push` delivery."""
    old = repository.commits.get(before or "")
    new = commits_between(old, made)[:2048] if old else [made]
    return {
        "ref": ref,
        "before": before or ZERO,
        "after": made.oid,
        "base_ref": None,
        "created": before is None,
        "deleted": False,
        "forced": old is not None and old.oid not in {one.oid for one in made.ancestry()},
        "compare": f"{html_url(world, repository)}/compare/{(before or ZERO)[:12]}...{made.oid[:12]}",
        "commits": [_pushed_commit(world, repository, one) for one in new],
        "head_commit": _pushed_commit(world, repository, made),
        "pusher": {"name": by.login, "email": by.email},
    }
