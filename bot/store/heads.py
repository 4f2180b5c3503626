"""For which heads we published, and since when: which commit a comment can mean, and whose head a commit is."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from bot.store.opening import Store
from bot.store.schema import heads


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedHead:
    """A head that was shown, and since when (epoch seconds)."""

    sha: str
    published_at: float


async def record(store: Store, *, target: str, sha: str, at: float) -> None:
    """Remember that we published for this head; a head that comes back is recorded anew."""
    first = insert(heads).values(target=target, sha=sha, published_at=at).on_conflict_do_nothing()
    await store.write(first)


async def published(store: Store, *, target: str) -> tuple[PublishedHead, ...]:
    """All heads of this target for which we published, the earliest first."""
    known = select(heads.c.sha, heads.c.published_at).where(heads.c.target == target)
    found = await store.read(known.order_by(heads.c.published_at))
    return tuple(PublishedHead(sha=row.sha, published_at=row.published_at) for row in found)


async def forget(store: Store, *, target: str) -> None:
    """Nobody will ask for this target's heads again."""
    await store.write(delete(heads).where(heads.c.target == target))


async def targets_at(store: Store, *, sha: str) -> tuple[str, ...]:
    """The keys of all targets whose head this commit is or was, in any repository, sorted."""
    found = await store.read(select(heads.c.target).where(heads.c.sha == sha))
    return tuple(sorted(row.target for row in found))
