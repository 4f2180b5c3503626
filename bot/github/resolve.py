"""Finds the open pull requests and merge groups that a commit or a base branch stands for."""

from typing import Any, Final

from bot.github.client import Client
from bot.github.targets import Base, Head, MergeGroup, PullRequest, parse_key
from bot.store import Store
from bot.store.heads import targets_at

_MOST_PAGES: Final = 500  # of a hundred each; all are needed, or a change of the rules would reach some of them only


async def resolve(client: Client, store: Store, target: Head | Base) -> tuple[PullRequest | MergeGroup, ...]:
    """Open pull requests of the target's own repository with this head, or into this base, and the commit's group.

    Raises `GitHubError`.
    """
    known = await _known(store, target) if isinstance(target, Head) else ()
    found = await _pull_requests(client, target)
    return tuple(dict.fromkeys((*known, *found)))


async def _known(store: Store, head: Head) -> tuple[PullRequest | MergeGroup, ...]:
    """What we have looked at: GitHub lists no open pull request for a commit of the default branch, and no group."""
    targets = [parse_key(key) for key in await targets_at(store, sha=head.sha)]
    ours = (one for one in targets if isinstance(one, PullRequest | MergeGroup))
    return tuple(one for one in ours if one.repository == head.repository)


async def _pull_requests(client: Client, target: Head | Base) -> tuple[PullRequest, ...]:
    name = target.repository.name
    match target:
        case Head(sha=sha):
            # https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit
            path, params = f"/repos/{name}/commits/{sha}/pulls", {}
        case Base(branch=branch):
            # https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
            path, params = f"/repos/{name}/pulls", {"state": "open"} | ({"base": branch} if branch else {})
    pages = [page async for page in client.pages(target.repository.installation, path, params, most=_MOST_PAGES)]
    return tuple(
        PullRequest(repository=target.repository, number=pull["number"])
        for page in pages
        for pull in page or ()
        if _concerns(target, pull)
    )


def _concerns(target: Head | Base, pull: dict[str, Any]) -> bool:
    """Lists hold closed pull requests, those of other repositories, and commits that are no head."""
    if pull["state"] != "open" or (pull["base"]["repo"] or {}).get("full_name") != target.repository.name:
        return False
    return isinstance(target, Base) or pull["head"]["sha"] == target.sha
