"""How much work waits: for people who watch, not for those who do it."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from bot.store.schema import is_open, looks
from bot.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Looks that are due and nobody holds."""

    looks: int
    longest: float
    """Seconds that the first of them has been due; 0 without any."""


async def waiting(store: Store) -> Waiting:
    """What waits now, of every replica together. Raises `StoreRefused`."""
    now = store.now()
    is_due = or_(looks.c.due_at <= now, looks.c.due_at.is_(None))
    is_free = or_(looks.c.leased_by.is_(None), looks.c.lease_until <= now)
    counted = select(func.count().label("looks")).add_columns(func.min(looks.c.due_at).label("first"))
    (found,) = await store.read(counted.where(is_open, is_due, is_free))
    return Waiting(looks=found.looks, longest=0.0 if found.first is None else max(0.0, now - found.first))
