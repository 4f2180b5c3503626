"""Reads the pages that did not fit into the first answer, all lists in one request a round."""

from collections.abc import Mapping
from typing import Any

from bot.gate.facts import Fact, Unavailable
from bot.github.client import Client
from bot.github.errors import Unreachable
from bot.github.queries import document

MAX_ROUNDS = 30

Node = Mapping[str, Any]
Lists = dict[str, Fact[list[Node]]]
"""Nodes of `commits`, `contexts` and `comments`, whole, or why they are not."""


async def all_pages(client: Client, installation: int, pull: Node, *, outputs: bool) -> Lists:
    """The long lists of a pull request, starting from the first answer. A push in between raises `Unreachable`."""
    lists: Lists = {"commits": [], "contexts": [], "comments": []}
    cursors = _take(lists, pull)
    for _ in range(MAX_ROUNDS):
        if not cursors:
            return lists
        variables = {name: name in cursors for name in lists}
        after = {f"{name}{'Before' if name == 'comments' else 'After'}": cursor for name, cursor in cursors.items()}
        answer = await client.graphql(
            installation, document("pages"), {"id": pull["id"], "outputs": outputs, **variables, **after}
        )
        page = answer.data["node"]
        if answer.problems or page is None or page["headRefOid"] != pull["headRefOid"]:
            raise Unreachable("the pull request changed while it was read")
        cursors = _take(lists, page)
    return lists | {name: Unavailable(f"it has too many {name} to read") for name in cursors}


def _take(lists: Lists, page: Node) -> dict[str, str]:
    """Adds a page's nodes; returns where the next page of each list starts."""
    cursors = {}
    for name, connection in _connections(page).items():
        known = lists[name]
        if isinstance(known, Unavailable):
            continue
        nodes = [node for node in connection["nodes"] if node]
        # Comments come from the newest backwards.
        lists[name] = nodes + known if name == "comments" else known + nodes
        info = connection["pageInfo"]
        if name == "comments" and info["hasPreviousPage"]:
            cursors[name] = info["startCursor"]
        elif name != "comments" and info["hasNextPage"]:
            cursors[name] = info["endCursor"]
    return cursors


def _connections(page: Node) -> dict[str, Node]:
    """The long lists that a page holds."""
    commits, comments, head = page.get("commits"), page.get("comments"), page.get("head")
    found = {"commits": commits, "comments": comments, "contexts": contexts_of(head)}
    return {name: connection for name, connection in found.items() if connection}


def contexts_of(head: Node | None) -> Node | None:
    """Checks and statuses of the head commit; None where there are none yet."""
    for node in (head or {}).get("nodes") or ():
        rollup: Node = node["commit"].get("statusCheckRollup") or {}
        return rollup.get("contexts")
    return None
