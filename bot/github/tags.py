"""The beginning of tag names → all tags that have it, when there are more than the first answer brings."""

from bot.gate.facts import Fact, Snapshot, Tag, Unavailable
from bot.gate.markup import code
from bot.github import decode
from bot.github.client import Client
from bot.github.pages import MAX_PAGES
from bot.github.queries import document
from bot.github.targets import Repository


async def tags_of(client: Client, repository: Repository, start: str, snapshot: Snapshot) -> Fact[tuple[Tag, ...]]:
    """All tags whose names begin so, by a few pages of GraphQL. Raises `GitHubError`.

    GitHub's `query` narrows the list by a text somewhere in the name; how exactly it does not say, so a list that lacks
    a tag which the first answer has is not believed.
    <https://docs.github.com/en/graphql/reference/objects#repository>
    """
    owner, _, name = repository.name.partition("/")
    found: list[Tag] = []
    after: str | None = None
    for _ in range(MAX_PAGES):
        variables = {"owner": owner, "name": name, "text": start or None, "after": after}
        answer = await client.graphql(repository.installation, document("tags"), variables)
        connection = decode.fact(answer, "repository", "refs")
        if connection is None or isinstance(connection, Unavailable):
            return connection or Unavailable("GitHub shows no tags")
        if connection["totalCount"] > 100 * MAX_PAGES:
            break
        found += [tag for tag in decode.tags_in(connection) if tag.name.startswith(start)]
        if not connection["pageInfo"]["hasNextPage"]:
            return _believed(start, tuple(found), snapshot)
        after = connection["pageInfo"]["endCursor"]
    like = f" like {code(start)}" if start else ""
    return Unavailable(f"there are more than {100 * MAX_PAGES:,} tags{like}, too many to read")


def _believed(start: str, found: tuple[Tag, ...], snapshot: Snapshot) -> Fact[tuple[Tag, ...]]:
    newest = () if isinstance(snapshot.tags, Unavailable) else snapshot.tags
    missing = {tag.name for tag in newest if tag.name.startswith(start)} - {tag.name for tag in found}
    if missing:
        return Unavailable(f"GitHub does not list {code(min(missing))} among the tags like {code(start)}")
    return found
