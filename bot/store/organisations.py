"""Whose rules file in `.github` was read once: one that can't be read any more is then no silence."""

from sqlalchemy import delete, select

from bot.store.schema import organisations
from bot.store.store import Store


async def record(store: Store, *, owner: str) -> None:
    """The owner's file was read."""
    await store.keep(organisations, [{"owner": owner}])


async def forget(store: Store, *, owner: str) -> None:
    """The owner's repository was read, and there is no such file in it any more."""
    await store.write(delete(organisations).where(organisations.c.owner == owner))


async def is_known(store: Store, *, owner: str) -> bool:
    """Whether the owner's file was ever read, and not taken away since."""
    return bool(await store.read(select(organisations.c.owner).where(organisations.c.owner == owner)))
