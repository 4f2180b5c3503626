"""Decisions as links of their pull request's chain: put behind the last one, read back, without a body when old."""

from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import func, select, update

from bot.record.body import unpacked
from bot.record.chain import Decision, Entry, Kept, linked
from bot.record.codec import Unreadable, decoded
from bot.store.dialect import insert_new, name_of
from bot.store.errors import StoreRefused
from bot.store.schema import decisions, has_body
from bot.store.store import Store

_TRIES: Final = 5
_AT_ONCE: Final = 500  # bodies that one statement drops
_FIELDS: Final = [column for column in decisions.c if column.name != "body"]


async def last(store: Store, *, subject: str, target: str | None = None) -> Decision | None:
    """The newest decision of the chain, or the newest that came from a look at this target."""
    newest = select(*_FIELDS).where(decisions.c.subject == subject).order_by(decisions.c.number.desc()).limit(1)
    found = await store.read(newest if target is None else newest.where(decisions.c.target == target))
    return _decision(found[0]) if found else None


async def append(store: Store, entry: Entry, body: bytes | None) -> Decision:
    """The entry with its place in the chain. Raises `StoreRefused`, also when others are always quicker."""
    for _ in range(_TRIES):
        decision = linked(entry, await last(store, subject=entry.subject))
        row = {**asdict(decision), "body": body}
        if await store.write(insert_new(name_of(store.engine), decisions, [row])):
            return decision
    raise StoreRefused("others write decisions about the same pull request")


async def chain(store: Store, *, subject: str) -> tuple[Decision, ...]:
    """All decisions about one pull request without their bodies, the first one first. Raises `Unreadable`."""
    links = select(*_FIELDS).where(decisions.c.subject == subject).order_by(decisions.c.number)
    return tuple(_decision(row) for row in await store.read(links))


async def with_body(store: Store, decision: Decision) -> Kept:
    """The decision with its body, None once it went. Raises `Unreadable` for one that is damaged."""
    its = select(decisions.c.body).where(decisions.c.subject == decision.subject)
    found = await store.read(its.where(decisions.c.number == decision.number))
    data = found[0].body if found else None
    return Kept(decision=decision, body=None if data is None else unpacked(data))


async def subjects(store: Store, *, repository: str = "", pull: int = 0) -> tuple[str, ...]:
    """Whose chains there are: all, or those of pull requests that were ever called so, in any case."""
    known = select(decisions.c.subject).distinct().order_by(decisions.c.subject)
    if repository:
        known = known.where(func.lower(decisions.c.repository) == repository.lower(), decisions.c.pull == pull)
    return tuple(row.subject for row in await store.read(known))


async def beginning_with(store: Store, digest: str) -> tuple[Decision, ...]:
    """The decisions whose digests begin so, at most three."""
    # Not LIKE, which no index serves on PostgreSQL. "g" comes after every digit of a digest.
    between = select(*_FIELDS).where(decisions.c.digest >= digest, decisions.c.digest < f"{digest}g")
    return tuple(_decision(row) for row in await store.read(between.order_by(decisions.c.digest).limit(3)))


async def drop_bodies(store: Store, *, before: float) -> int:
    """Drop what decisions older than this (epoch seconds) were made from; how many went. The chains stay."""
    old = select(decisions.c.digest).where(has_body, decisions.c.at < int(before)).limit(_AT_ONCE)
    some = update(decisions).where(decisions.c.digest.in_(old)).values(body=None)
    gone = more = await store.write(some)
    while more == _AT_ONCE:
        more = await store.write(some)
        gone += more
    return gone


def _decision(row: Any) -> Decision:  # noqa: ANN401
    """Raises `Unreadable` for what we never wrote."""
    try:
        return decoded(Decision, row._asdict())
    except Unreadable as error:
        raise Unreadable(f"decision {row.number} of {row.repository}#{row.pull} can't be read: {error}") from error
