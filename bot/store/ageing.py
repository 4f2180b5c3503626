"""What nobody will ask for any more → gone.

GUIDs that GitHub forgot, looks long since idle, masks of former rules, heads of pull requests left alone.
"""

from typing import Final

from sqlalchemy import delete, func, select

from bot.store import decisions, looks, masks
from bot.store.schema import deliveries, heads
from bot.store.store import Store

DELIVERY_SECONDS: Final = 30 * 86_400
"""GitHub redelivers for 3 days, GitHub Enterprise Server for 7."""
HEAD_SECONDS: Final = 400 * 86_400
"""Since the newest head of a pull request was shown; after that `/approve` has to name the commit."""
FACTS_DAYS: Final = 400
"""Since a decision was made, unless a setting says otherwise; after that only what it was stays, not from what."""
IDLE_SECONDS: Final = 7 * 86_400
"""Since the last pass over what nobody wants to be looked at any more."""
_DAY: Final = 86_400

_AT_ONCE: Final = 2_000  # rows for which others wait


async def forget_old(store: Store, *, keep_facts_days: int = FACTS_DAYS) -> int:
    """How many rows or bodies went. Closing commands stay: they hold whatever happens. Raises `StoreRefused`."""
    now = store.now()
    old = select(deliveries.c.guid).where(deliveries.c.received_at < now - DELIVERY_SECONDS)
    some = delete(deliveries).where(deliveries.c.guid.in_(old.order_by(deliveries.c.received_at).limit(_AT_ONCE)))
    gone = more = await store.write(some)
    while more == _AT_ONCE:
        more = await store.write(some)
        gone += more
    is_old = func.max(heads.c.shown_at) < now - HEAD_SECONDS
    left_alone = select(heads.c.subject).group_by(heads.c.subject).having(is_old)
    gone += await store.write(delete(heads).where(heads.c.subject.in_(left_alone)))
    gone += await looks.forget_idle(store, idle_seconds=IDLE_SECONDS) + await masks.forget_old(store)
    return gone + await decisions.drop_bodies(store, before=now - keep_facts_days * _DAY)
