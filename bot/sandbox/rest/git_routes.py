"""Routes of git's own objects."""

from typing import Any

from bot.sandbox.model.git import blob_oid
from bot.sandbox.render.commits import tree_oid
from bot.sandbox.render.repositories import api_url
from bot.sandbox.world import Refused, not_found

from .call import Answer, Call

MOST_ENTRIES = 100_000


def tree(call: Call) -> Answer:
    """A tree with all below it, by its own id, a commit's or a ref; https://docs.github.com/rest/git/trees#get-a-tree"""
    if not call.query.get("recursive"):
        raise Refused("the sandbox lists trees with recursive=1 only")
    repository, ref = call.repository, call.parts["ref"]
    own = (one for one in repository.commits.values() if tree_oid(one) == ref)
    found = repository.resolve(ref) or next(own, None)
    if found is None:
        raise not_found()
    url = f"{api_url(call.world, repository)}/git"
    folders = {path.rsplit("/", depth)[0] for path in found.tree for depth in range(1, path.count("/") + 1)}
    entries = [_entry(url, path, found.tree.get(path)) for path in sorted({*found.tree, *folders})]
    sha = tree_oid(found)
    body = {
        "sha": sha,
        "url": f"{url}/trees/{sha}",
        "tree": entries[:MOST_ENTRIES],
        "truncated": len(entries) > MOST_ENTRIES,
    }
    return Answer(body=body)


def _entry(url: str, path: str, text: str | None) -> dict[str, Any]:
    if text is None:
        sha = blob_oid(path)
        return {"path": path, "mode": "040000", "type": "tree", "sha": sha, "url": f"{url}/trees/{sha}"}
    sha, size = blob_oid(text), len(text.encode())
    return {"path": path, "mode": "100644", "type": "blob", "sha": sha, "size": size, "url": f"{url}/blobs/{sha}"}
