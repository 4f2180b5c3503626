"""Which targets need a look, and when: take them, and write down how it went.

`wanted` counts who asked, `done` is what `wanted` was when the last good pass began. Taking and raising write the
same row, so the database puts them in an order and no wish between the two is lost.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Update, and_, case, delete, false, func, not_, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.dialect import begins_with, in_order, name_of, raise_look
from bot.store.schema import is_open, looks
from bot.store.store import Store
from bot.store.wishes import Watermark, Wish, rows

_GIVE_BACK: Final = {"lease_until": None, "leased_by": None}
_AT_ONCE: Final = 1_000  # a statement has so many parameters at most, and others wait for it
_IS_BULK: Final = and_(looks.c.bulk > 0, looks.c.wanted - looks.c.done <= looks.c.bulk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look that somebody has taken."""

    target: str
    installation: int
    lease: str
    """`HOLDER:…`, other with each take: who lost a look writes nothing, not even after taking it again."""
    seen: int
    """What `wanted` was when it was taken; success writes it to `done`."""
    wishes: int
    """How many wishes this one look answers; 0 when only its time had come."""
    attempts: int
    """Failed passes in a row before this one."""
    watermark: Watermark | None
    bulk: int = 0
    """How many of the wishes nobody waits for."""

    @property
    def is_bulk(self) -> bool:
        """Whether nobody waits for it; people do for what comes at its time alone."""
        return 0 < self.wishes <= self.bulk


async def take(
    store: Store,
    *,
    holder: str,
    lease_seconds: float,
    limit: int,
    without: Collection[int] = (),
    without_bulk: Collection[int] = (),
    running: Collection[str] = (),
) -> tuple[Look, ...]:
    """Take up to `limit` looks that are due: first those that somebody waits for, then the others, longest due first.

    None of the installations `without`, none that nobody waits for of those `without_bulk`, and none of the targets
    `running`, over which the holder makes a pass: however late it renews, or whoever took them from it.

    A look is due when its time has come, or, with no time set, when somebody wants it: such a row was taken by a
    process that died, or that never heard what it took.
    """
    now = store.instant()
    due = (
        select(looks.c.target)
        .where(_is_free(now, running), is_open, or_(looks.c.due_at <= now, looks.c.due_at.is_(None)))
        .where(*_none_of(without, without_bulk))
        .order_by(_IS_BULK, looks.c.due_at.nulls_first())
        .limit(limit)
        # Not for SQLite, which has one writer. What another transaction holds is passed over: its commit wakes us.
        .with_for_update(skip_locked=True)
        .cte("due")  # PostgreSQL might ask a subquery twice, and lock more than the limit
    )
    taking = (
        update(looks)
        .where(looks.c.target.in_(select(due.c.target)))
        .values(
            lease_until=now + lease_seconds,
            leased_by=f"{holder}:{uuid.uuid4().hex}",
            due_at=None,
            # The clock is a wish too: else a look taken for its time alone would be forgotten if we died now.
            wanted=case((looks.c.wanted > looks.c.done, looks.c.wanted), else_=looks.c.wanted + 1),
        )
        .returning(looks)
    )

    async def work(connection: AsyncConnection) -> tuple[Look, ...]:
        return tuple(_look(row) for row in await connection.execute(taking))

    return await store.transact(work)


async def next_due(
    store: Store,
    *,
    without: Collection[int] = (),
    without_bulk: Collection[int] = (),
    running: Collection[str] = (),
) -> float | None:
    """When the next free look is due (0 for at once), or None while there is nothing to wait for."""
    earliest = (
        select(func.coalesce(looks.c.due_at, 0.0).label("due_at"))
        .where(_is_free(store.instant(), running), is_open, *_none_of(without, without_bulk))
        .order_by(looks.c.due_at.nulls_first())
        .limit(1)
    )
    found = await store.read(earliest)
    return found[0].due_at if found else None


async def finish(
    store: Store,
    look: Look,
    *,
    next_due: float | None = None,
    raising: Sequence[Wish] = (),
    began: float | None = None,
    is_over: bool = False,
) -> bool:
    """Write that all wishes up to `look.seen` are answered, and raise other looks in the same transaction.

    `began` is when the pass did, before it read anything. The next look comes at `next_due`, or earlier if a wish came
    meanwhile. With `is_over` there is nothing left to see: as if it was never looked at, for `looked_at` and
    `forget_idle`. False when the lease was lost: then another holder answers them, and nothing but `raising` is
    written.
    """

    async def work(connection: AsyncConnection) -> bool:
        # Rows in the order of their keys, as every writer takes them.
        await raise_in(connection, [wish for wish in raising if wish.target <= look.target])
        held = await _finish(connection, look, next_due, began, is_over=is_over)
        await raise_in(connection, [wish for wish in raising if wish.target > look.target])
        return held

    return await store.transact(work)


async def retry(store: Store, look: Look, *, due_at: float) -> bool:
    """Write that the pass failed and shall be tried again at `due_at`, whoever asks meanwhile; false as `finish`."""
    again = update(looks).values(due_at=due_at, attempts=looks.c.attempts + 1, **_GIVE_BACK)
    return await store.write(again.where(_is_held(look))) == 1


async def put_off(store: Store, look: Look, *, due_at: float) -> bool:
    """Write that the pass came to nothing and nothing failed: once more at `due_at`, or when somebody asks.

    False as `finish`.
    """
    earlier = case((looks.c.due_at < due_at, looks.c.due_at), else_=due_at)
    again = update(looks).values(due_at=earlier, **_GIVE_BACK)
    return await store.write(again.where(_is_held(look))) == 1


async def drop(store: Store, look: Look) -> bool:
    """Forget the target, unless somebody asked for it meanwhile: then it was looked at, and will be again."""

    async def work(connection: AsyncConnection) -> bool:
        unasked = delete(looks).where(_is_held(look), looks.c.wanted == look.seen)
        if (await connection.execute(unasked)).rowcount == 1:
            return True
        return await _finish(connection, look, None, None)

    return await store.transact(work)


async def renew(store: Store, taken: Sequence[Look], *, lease_seconds: float) -> None:
    """Keep those of `taken` that are not lost."""
    held = or_(false(), *map(_is_held, taken))
    await store.write(_all_in_order(store, held).values(lease_until=store.instant() + lease_seconds))


async def keep_lease(store: Store, look: Look, *, lease_seconds: float) -> bool:
    """Keep this look for so long from now; false when the lease was lost."""
    again = update(looks).where(_is_held(look)).values(lease_until=store.instant() + lease_seconds)
    return await store.write(again) == 1


async def give_back(store: Store, *, holder: str) -> int:
    """End all leases of `holder`, done or not; how many there were."""
    held = looks.c.leased_by.startswith(f"{holder}:", autoescape=True)
    return await store.write(_all_in_order(store, held).values(**_GIVE_BACK))


async def raise_all(store: Store, wishes: Sequence[Wish]) -> None:
    """Raise looks for no delivery's sake."""

    async def work(connection: AsyncConnection) -> None:
        await raise_in(connection, wishes)

    await store.transact(work)


async def targets(store: Store, *, kind: str) -> tuple[str, ...]:
    """The keys of all looks of a kind, idle or not: `pull` for `pull:…`."""
    found = await store.read(select(looks.c.target).where(looks.c.target.startswith(f"{kind}:", autoescape=True)))
    return tuple(row.target for row in found)


async def forget_idle(store: Store, *, idle_seconds: float) -> int:
    """Forget what nobody wanted for so long, how many they were; a wish that comes meanwhile keeps its look."""
    idle = and_(not_(is_open), looks.c.leased_by.is_(None))
    is_old = func.coalesce(looks.c.looked_at, 0.0) < store.instant() - idle_seconds
    some = select(looks.c.target).where(idle, is_old).order_by(looks.c.target).limit(_AT_ONCE)
    # What another transaction holds is passed over: it is not idle.
    old = delete(looks).where(looks.c.target.in_(some.with_for_update(skip_locked=True)), idle, is_old)
    gone = more = await store.write(old)
    while more == _AT_ONCE:
        more = await store.write(old)
        gone += more
    return gone


async def forget_unwanted(store: Store, *, kind: str, repository: str) -> int:
    """Forget a repository's looks of a kind that nobody took or asks for, those with a time too; how many."""
    theirs = looks.c.target.startswith(f"{kind}:{repository}:", autoescape=True)
    unwanted = and_(looks.c.leased_by.is_(None), looks.c.wanted <= looks.c.done)
    return await store.write(delete(looks).where(theirs, unwanted))


async def looked_at(store: Store, *, targets: Sequence[str]) -> Mapping[str, float]:
    """When the last good pass over each of them began, in epoch seconds; those without one are left out."""
    found: dict[str, float] = {}
    for begin in range(0, len(targets), _AT_ONCE):
        asked = looks.c.target.in_(targets[begin : begin + _AT_ONCE])
        rows = await store.read(select(looks.c.target, looks.c.looked_at).where(asked, looks.c.looked_at.is_not(None)))
        found |= {row.target: row.looked_at for row in rows}
    return found


async def looked_at_in(store: Store, *, kind: str, repository: str) -> Mapping[str, float]:
    """As `looked_at`, of all looks of a kind in a repository."""
    theirs = begins_with(name_of(store.engine), looks.c.target, f"{kind}:{repository}:")
    rows = await store.read(select(looks.c.target, looks.c.looked_at).where(theirs, looks.c.looked_at.is_not(None)))
    return {row.target: row.looked_at for row in rows}


async def schedule(store: Store, *, target: str, due_at: float) -> None:
    """Have `target` looked at by `due_at` at the latest, unless its look is there already."""
    row = {"target": target, "installation": 0, "wanted": 0, "done": 0, "due_at": due_at, "attempts": 0}
    await store.keep(looks, [row])


def _all_in_order(store: Store, held: ColumnElement[bool]) -> Update:
    # Locked in the order of their keys: acceptances lock several, too.
    order = in_order(name_of(store.engine), looks.c.target)
    theirs = select(looks.c.target).where(held).order_by(order).with_for_update()
    return update(looks).where(looks.c.target.in_(theirs), held)


async def raise_in(connection: AsyncConnection, wishes: Sequence[Wish]) -> None:
    """Raise looks in a transaction that does something else, too."""
    if wishes:
        await connection.execute(text(raise_look(name_of(connection))), rows(wishes))


async def _finish(
    connection: AsyncConnection, look: Look, next_due: float | None, began: float | None, *, is_over: bool = False
) -> bool:
    values: dict[str, Any] = {"done": look.seen, "attempts": 0, "bulk": looks.c.bulk - look.bulk, **_GIVE_BACK}
    if began is not None or is_over:
        values["looked_at"] = None if is_over else began
    if next_due is not None:
        values["due_at"] = case((looks.c.due_at < next_due, looks.c.due_at), else_=next_due)
    if look.watermark:
        values["watermark"] = await _not_honoured(connection, look, look.watermark)
    return (await connection.execute(update(looks).where(_is_held(look)).values(**values))).rowcount == 1


async def _not_honoured(connection: AsyncConnection, look: Look, honoured: Watermark) -> str | None:
    """What deliveries told meanwhile: other subjects, and newer things of the same."""
    # The row is locked first: nobody raises the look between this reading and the writing that follows.
    await connection.execute(update(looks).where(_is_held(look)).values(leased_by=look.lease))
    kept = (await connection.execute(select(looks.c.watermark).where(_is_held(look)))).scalar_one_or_none()
    marks = {key: mark for key, mark in orjson.loads(kept or "{}").items() if honoured.get(key) != mark}
    return orjson.dumps(marks).decode() if marks else None


def _none_of(without: Collection[int], without_bulk: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    allowed = looks.c.installation.not_in(without)
    if not without_bulk:
        return (allowed,)
    return (allowed, or_(looks.c.installation.not_in(without_bulk), not_(_IS_BULK)))


def _is_free(now: ColumnElement[float], running: Collection[str]) -> ColumnElement[bool]:
    return and_(or_(looks.c.leased_by.is_(None), looks.c.lease_until <= now), looks.c.target.not_in(running))


def _is_held(look: Look) -> ColumnElement[bool]:
    return and_(looks.c.target == look.target, looks.c.leased_by == look.lease)


def _look(row: Any) -> Look:  # noqa: ANN401
    return Look(
        target=row.target,
        installation=row.installation,
        lease=row.leased_by,
        seen=row.wanted,
        wishes=row.wanted - row.done,
        attempts=row.attempts,
        watermark=(orjson.loads(row.watermark) or None) if row.watermark else None,
        bulk=row.bulk,
    )
