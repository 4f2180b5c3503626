"""Reads the pages that did not fit into the first answer, all lists in one request a round."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.gate.facts import Fact, Unavailable
from bot.github.client import Client
from bot.github.errors import Unreachable
from bot.github.kept_pages import KeptPages, Page, Place
from bot.github.queries import document
from bot.github.targets import PullRequest

MAX_PAGES: Final = 31
"""Of a list; what is longer is not known."""

REMARKS: Final = ("comments", "reviews")
"""They come from the newest backwards, and what is older changes with a delivery only."""

_LISTS: Final = ("commits", "contexts", *REMARKS)

Node = Mapping[str, Any]
Lists = Mapping[str, Fact[list[Node]]]
"""Nodes of `commits`, `contexts`, `comments` and `reviews`, whole, or why they are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """The long lists of a pull request."""

    lists: Lists
    is_kept: bool
    """A page of them was not read now, but minutes ago."""


@dataclass(slots=True)
class _List:
    """A list as far as it is known."""

    name: str
    nodes: list[Node] = field(default_factory=list)
    count: int = 0
    pages: int = 0
    cursor: str | None = None
    """Of the next page; None when there is no more."""

    def add(self, nodes: Iterable[Node], cursor: str | None) -> None:
        some = list(nodes)
        self.nodes = some + self.nodes if self.name in REMARKS else self.nodes + some
        self.pages, self.cursor = self.pages + 1, cursor

    def place(self, ref: PullRequest) -> Place | None:
        """Where its next page could be kept."""
        if self.name not in REMARKS or not self.nodes:
            return None
        return Place(pull=ref.key, name=self.name, count=self.count, oldest=self.nodes[0]["id"])


async def all_pages(
    client: Client,
    ref: PullRequest,
    pull: Node,
    kept: KeptPages,
    *,
    outputs: bool = False,
    names: tuple[str, ...] = _LISTS,
) -> Paged:
    """The long lists of these names, starting from the first answer. A push in between raises `Unreachable`."""
    lists = [_List(name) for name in names]
    for one in lists:
        if connection := _connections(pull).get(one.name):
            one.count = connection.get("totalCount", 0)
            one.add(*_read(one.name, connection))
    is_kept = False
    while True:
        for one in lists:
            is_kept |= _take_kept(one, ref, kept)
        open_lists = [one for one in lists if one.cursor and one.pages < MAX_PAGES]
        if not open_lists:
            return Paged(lists={one.name: _whole(one) for one in lists}, is_kept=is_kept)
        asked_at = kept.now()
        answered = await _turn(client, ref, pull, open_lists, outputs=outputs)
        for one in open_lists:
            place, (nodes, cursor) = one.place(ref), _read(one.name, answered[one.name])
            if place:
                kept.keep(place, Page(nodes=tuple(nodes), cursor=cursor, asked_at=asked_at))
            one.add(nodes, cursor)


def _take_kept(one: _List, ref: PullRequest, kept: KeptPages) -> bool:
    """Goes on with pages that are known; whether there were any."""
    began = one.pages
    while one.cursor and one.pages < MAX_PAGES and (place := one.place(ref)) and (page := kept.get(place)):
        one.add(page.nodes, page.cursor)
    return one.pages > began


async def _turn(
    client: Client, ref: PullRequest, pull: Node, open_lists: list[_List], *, outputs: bool
) -> Mapping[str, Node]:
    """The next page of each of these lists."""
    wanted = {name: name in {one.name for one in open_lists} for name in _LISTS}
    after = {f"{one.name}{'Before' if one.name in REMARKS else 'After'}": one.cursor for one in open_lists}
    answer = await client.graphql(
        ref.repository.installation, document("pages"), {"id": pull["id"], "outputs": outputs, **wanted, **after}
    )
    page = answer.data["node"]
    if answer.problems or page is None or page["headRefOid"] != pull["headRefOid"]:
        raise Unreachable("the pull request changed while it was read")
    answered = _connections(page)
    if missing := [one.name for one in open_lists if one.name not in answered]:
        raise Unreachable(f"GitHub shows no more {', '.join(missing)} than before, and said that there are some")
    return answered


def _read(name: str, connection: Node) -> tuple[list[Node], str | None]:
    """A page's nodes, and the cursor of the next one."""
    nodes, info = [node for node in connection["nodes"] or () if node], connection["pageInfo"]
    if name in REMARKS:
        return nodes, info["startCursor"] if info["hasPreviousPage"] else None
    return nodes, info["endCursor"] if info["hasNextPage"] else None


def _whole(one: _List) -> Fact[list[Node]]:
    if one.cursor:
        return Unavailable(f"it has more than {len(one.nodes):,} {one.name}, too many to read")
    return one.nodes


def _connections(page: Node) -> Mapping[str, Node]:
    """The long lists that a page holds."""
    found = {name: page.get(name) for name in _LISTS} | {"contexts": contexts_of(page.get("head"))}
    return {name: connection for name, connection in found.items() if connection}


def contexts_of(head: Node | None) -> Node | None:
    """Checks and statuses of the head commit; None where there are none yet."""
    for node in (head or {}).get("nodes") or ():
        rollup: Node = node["commit"].get("statusCheckRollup") or {}
        return rollup.get("contexts")
    return None
