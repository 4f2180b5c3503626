"""Which heads were shown, and since when: which commit a comment can mean, and whose head a commit is."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from bot.store.schema import heads
from bot.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head about which a verdict was shown, and since when (epoch seconds)."""

    sha: str
    shown_at: float


async def record(store: Store, *, subject: str, target: str, head: Head) -> None:
    """Remember that a verdict about this head of `subject` is shown; `target` is the key of its look."""
    row = {"subject": subject, "target": target, "sha": head.sha, "shown_at": head.shown_at}
    await store.keep(heads, [row])


async def shown(store: Store, *, subject: str) -> tuple[Head, ...]:
    """All heads of this subject, the earliest first; one that came back is there again."""
    known = select(heads.c.sha, heads.c.shown_at).where(heads.c.subject == subject)
    found = await store.read(known.order_by(heads.c.shown_at))
    return tuple(Head(sha=row.sha, shown_at=row.shown_at) for row in found)


async def forget(store: Store, *, subject: str) -> None:
    """Nobody will ask for this subject's heads again."""
    await store.write(delete(heads).where(heads.c.subject == subject))


async def targets_at(store: Store, *, sha: str) -> tuple[str, ...]:
    """The keys of all targets whose head this commit is or was, in any repository, sorted."""
    found = await store.read(select(heads.c.target).where(heads.c.sha == sha).distinct())
    return tuple(sorted(row.target for row in found))
