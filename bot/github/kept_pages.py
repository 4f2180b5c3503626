"""Older pages of comments and reviews → the same pages minutes later, unless a delivery told that they changed."""

import time
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from cachetools import LRUCache, TTLCache

from bot.report.plan import MinimizeComment, UpdateComment, Write

KEPT_SECONDS = 300
MOST_CHARACTERS = 20_000_000
"""Of all pages together, counted roughly; GitHub lets a page of comments have six million."""

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an older page begins: no comment comes or goes without moving it."""

    pull: str
    """The key of the pull request."""
    name: str
    """Of the list."""
    count: int
    """Of the whole list."""
    oldest: str
    """Node id of the oldest that is known; the page ends before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Nodes in their order, and the cursor of the page before, if there is one."""

    nodes: tuple[Node, ...]
    cursor: str | None
    asked_at: float
    """When it was asked for, by `KeptPages.now`."""


class KeptPages:
    """What need not be read again within minutes.

    A page that was asked for before its pull request was dropped is not given out, whenever it arrives: a pass for
    another pull request may have read it meanwhile.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` counts seconds."""
        self.now = now
        self._pages: LRUCache[Place, Page] = LRUCache(maxsize=MOST_CHARACTERS, getsizeof=_size)
        self._dropped: MutableMapping[str, float] = TTLCache(maxsize=100_000, ttl=2 * KEPT_SECONDS, timer=now)

    def get(self, place: Place) -> Page | None:
        """The page, if it is known and still holds."""
        page = self._pages.get(place)
        if page is None:
            return None
        earliest = max(self._dropped.get(place.pull, 0.0), self.now() - KEPT_SECONDS)
        return page if page.asked_at > earliest else None

    def keep(self, place: Place, page: Page) -> None:
        """Remembers the page, if there is room for one of its size."""
        if _size(page) <= MOST_CHARACTERS:
            self._pages[place] = page

    def drop(self, pull: str) -> None:
        """Forgets what was asked for about the pull request until now."""
        self._dropped[pull] = self.now()

    def note(self, pull: str, writes: Iterable[Write]) -> None:
        """What we wrote shows in the pages as well: deliveries about our own writing are not heard."""
        for write in writes:
            match write:
                case UpdateComment(id=id, body=body):
                    self._change(pull, id, {"body": body})
                case MinimizeComment(id=id):
                    self._change(pull, id, {"isMinimized": True})
                case _:
                    pass

    def _change(self, pull: str, id: str, changed: Node) -> None:
        for place, page in list(self._pages.items()):
            if place.pull == pull and any(node["id"] == id for node in page.nodes):
                nodes = tuple({**node, **changed} if node["id"] == id else node for node in page.nodes)
                self.keep(place, replace(page, nodes=nodes))


def _size(page: Page) -> int:
    return sum(1_000 + len(node["body"]) for node in page.nodes)
