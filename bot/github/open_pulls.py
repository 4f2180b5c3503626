"""A repository → its open pull requests and when each moved last, a hundred for a point."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.github import decode
from bot.github.client import Client
from bot.github.errors import Rejected
from bot.github.queries import document
from bot.github.targets import Repository

MAX_PAGES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPull:
    """What a list tells of a pull request."""

    number: int
    updated_at: float
    """Epoch seconds, by GitHub's clock: of a push, comment, review, label or edit, but of no check or status."""


async def open_pulls(client: Client, repository: Repository) -> tuple[OpenPull, ...]:
    """All of them, oldest first. Raises `GitHubError`; `Gone` without the repository.

    <https://docs.github.com/en/graphql/reference/objects#repository>
    """
    owner, _, name = repository.name.partition("/")
    found: list[OpenPull] = []
    after: str | None = None
    for _ in range(MAX_PAGES):
        variables = {"owner": owner, "name": name, "after": after}
        answer = await client.graphql(repository.installation, document("open"), variables)
        decode.required(answer, "repository")
        page = decode.shown(answer, "repository", "pullRequests", what="open pull requests")
        found += [
            OpenPull(number=node["number"], updated_at=datetime.fromisoformat(node["updatedAt"]).timestamp())
            for node in page["nodes"]
            if node
        ]
        if not page["pageInfo"]["hasNextPage"]:
            return tuple(found)
        after = page["pageInfo"]["endCursor"]
    raise Rejected(f"{repository.name} has more than {MAX_PAGES} pages of open pull requests")
