"""One REST call as its handler sees it, and lists cut into pages with `Link`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bot.sandbox.auth import Auth, Caller
from bot.sandbox.deliveries import Deliveries
from bot.sandbox.model.git import Commit, Repository
from bot.sandbox.model.pulls import PullRequest
from bot.sandbox.world import Refused, World, not_found

MOST = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A status, a body to be written as JSON, and headers."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """Who asks for what, with the path's parts and the query."""

    world: World
    auth: Auth
    deliveries: Deliveries
    caller: Caller
    parts: Mapping[str, str]
    query: Mapping[str, str]
    body: dict[str, Any]
    url: str

    @property
    def repository(self) -> Repository:
        """The repository of the path, if the caller may know of it."""
        found = self.world.find_repository(f"{self.parts['owner']}/{self.parts['repo']}")
        if not self.caller.reaches(found):
            raise not_found()
        return found

    @property
    def commit(self) -> Commit:
        """The commit of the path's `ref`."""
        ref = self.parts["ref"]
        found = self.repository.resolve(ref)
        if found is None:
            raise Refused(f"No commit found for SHA: {ref}")
        return found

    @property
    def pull_request(self) -> PullRequest:
        """The pull request of the path's number."""
        number = self.parts["number"]
        for pull in self.world.pulls_of(self.repository):
            if str(pull.number) == number:
                return pull
        raise not_found()


def page(call: Call, items: Sequence[Any]) -> tuple[Sequence[Any], dict[str, str]]:
    """The page asked for and its `Link` header.

    https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
    """
    size = min(_number(call, "per_page", 30), MOST)
    at = _number(call, "page", 1)
    last = max(1, -(-len(items) // size))
    relations: dict[str, int] = {}
    if at > 1:
        relations |= {"prev": at - 1, "first": 1}
    if at < last:
        relations |= {"next": at + 1, "last": last}
    links = [f'<{_address(call, page=number)}>; rel="{name}"' for name, number in relations.items()]
    return items[(at - 1) * size : at * size], {"Link": ", ".join(links)} if links else {}


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "")
    return int(text) if text.isdigit() and int(text) > 0 else default


def _address(call: Call, **changed: int) -> str:
    return f"{call.url}?{urlencode({**call.query, **changed})}"


def listed(call: Call, items: Sequence[Any], *, under: str = "") -> Answer:
    """A page of a list, or of a list `under` a key beside `total_count`."""
    some, links = page(call, items)
    body = {"total_count": len(items), under: list(some)} if under else list(some)
    return Answer(body=body, headers=links)
