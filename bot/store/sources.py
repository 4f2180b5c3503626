"""Which repositories take their rules, or part of them, from which other one: whom its push concerns."""

from sqlalchemy import select

from bot.store.schema import sources
from bot.store.store import Store


async def record(store: Store, *, installation: int, source: str, repository: str) -> None:
    """The rules of `repository` were read from `source`, both `owner/name`; GitHub ignores the case of a source."""
    row = {"installation": installation, "source": source.lower(), "repository": repository}
    await store.keep(sources, [row])


async def taking_from(store: Store, *, installation: int, source: str) -> tuple[str, ...]:
    """All repositories of the installation whose rules were ever read from this one, sorted."""
    theirs = (sources.c.installation == installation, sources.c.source == source.lower())
    found = await store.read(select(sources.c.repository).where(*theirs))
    return tuple(sorted(row.repository for row in found))
