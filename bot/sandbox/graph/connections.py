"""Pages of lists, as every connection gives them.

https://docs.github.com/graphql/guides/using-pagination-in-the-graphql-api
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.world import Refused

MOST = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """One page and what it was cut from; `forbidden` makes its nodes an error and leaves the rest."""

    typename: str
    items: Sequence[Any]
    start: int
    stop: int
    forbidden: Refused | None = None

    @property
    def nodes(self) -> Sequence[Any]:
        """The page."""
        if self.forbidden:
            raise self.forbidden
        return self.items[self.start : self.stop]

    @property
    def edges(self) -> list[dict[str, Any]]:
        """The page with a cursor at each node."""
        numbered = enumerate(self.nodes, self.start)
        return [
            {"typename": self.typename.replace("Connection", "Edge"), "cursor": _cursor(at), "node": node}
            for at, node in numbered
        ]

    @property
    def total_count(self) -> int:
        """How many there are on all pages."""
        return len(self.items)

    @property
    def page_info(self) -> dict[str, Any]:
        """Where the page stands."""
        some = self.stop > self.start
        return {
            "typename": "PageInfo",
            "hasNextPage": self.stop < len(self.items),
            "hasPreviousPage": self.start > 0,
            "startCursor": _cursor(self.start) if some else None,
            "endCursor": _cursor(self.stop - 1) if some else None,
        }


def connection(
    typename: str,
    items: Sequence[Any],
    *,
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
    forbidden: Refused | None = None,
) -> Connection:
    """The page asked for; GitHub refuses a connection without bounds, or with more than a hundred."""
    size = first if first is not None else last
    if size is None:
        raise Refused(
            f"You must provide a `first` or `last` value to properly paginate the `{typename}` connection.",
            kind="MISSING_PAGINATION_BOUNDARIES",
        )
    if not 0 <= size <= MOST:
        raise Refused(
            f"Requesting {size} records on the connection exceeds the `first` limit of {MOST} records.",
            kind="EXCESSIVE_PAGINATION",
        )
    start = _position(after) + 1 if after else 0
    stop = min(_position(before), len(items)) if before else len(items)
    if first is not None:
        stop = min(stop, start + first)
    else:
        start = max(start, stop - size)
    return Connection(typename=typename, items=items, start=start, stop=max(start, stop), forbidden=forbidden)


def _cursor(position: int) -> str:
    return base64.b64encode(f"cursor:v2:{position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("cursor:v2:"))
    except (binascii.Error, ValueError) as error:
        message = f"`{cursor}` does not appear to be a valid cursor."
        raise Refused(message, kind="INVALID_CURSOR_ARGUMENTS") from error
