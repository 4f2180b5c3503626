"""What the rules of each base heed → whether a delivery about a repository can matter to any of them.

A mask is widened before the snapshot is read from which a pass decides, and narrowed days later. So whatever was left
alone is older than the snapshot of the next pass, on whichever replica: a process that shares its database leaves
nothing alone by what it remembers, it asks.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

from cachetools import LRUCache, TTLCache
from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics
from bot.gate.mask import ALL, Mask, Subject, Topic, matters
from bot.store.dialect import insert_new, name_of
from bot.store.errors import StoreRefused
from bot.store.looks import raise_in
from bot.store.schema import masks
from bot.store.store import Store
from bot.store.wishes import Wish

_FORMAT: Final = 1
"""Raised when a mask comes to mean something else, so that those of older versions leave nothing alone."""
_SUBJECTS: Final = frozenset(map(str, Subject))
_DAY: Final = 86_400.0
REMEMBERED_SECONDS: Final = 3_600
"""How long a process may take for heeded what is not heeded any more."""
TOUCH_SECONDS: Final = _DAY / 4
"""How often it is written down that rules are still read, at most."""
SURE_SECONDS: Final = 2 * _DAY
"""For how long a mask that was written down is there without asking; less than any is kept."""
SUPERSEDED_SECONDS: Final = 3 * _DAY
"""After which a mask goes when others were read for the same base since."""
BASE_SECONDS: Final = 30 * _DAY
"""After which that of a base goes into which nothing was looked at, when others of the repository are there."""
REPOSITORY_SECONDS: Final = 400 * _DAY


@dataclass(frozen=True, slots=True)
class _Kept:
    """A mask that we wrote down."""

    touched_at: float
    """By the store's clock."""
    sure_since: float
    """By the clock of `heed`: from then on nothing was left alone that it heeds."""


class Masks:
    """Those of an open store, one for each process. A `repository` is the key of one in `bot.github.targets`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: MutableMapping[tuple[str, str, str], _Kept] = LRUCache(maxsize=50_000)
        self._known: MutableMapping[str, Mask | None] = TTLCache(maxsize=50_000, ttl=REMEMBERED_SECONDS)
        """Of all bases together; None where nothing is known."""
        self._changes = 0
        self._asked: dict[str, list[asyncio.Future[Mask | None]]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def lets(self, repository: str, topics: Sequence[Topic]) -> bool:
        """Whether a delivery about this can matter; where the database refuses to say it may."""
        if not topics or _matters(topics, self._known.get(repository, frozenset())):
            return True
        is_sure = repository in self._known and not self._store.is_shared
        if not is_sure and _matters(topics, await self._read(repository)):
            return True
        metrics.LEFT_ALONE[topics[0].subject].inc()
        return False

    async def heed(self, repository: str, base: str, mask: Mask, *, since: float, first: Sequence[Wish] = ()) -> bool:
        """Write down what the rules of the base heed; whether nothing of it was left alone after `since`.

        `since` is a reading of `time.monotonic`. `first` is raised together with the first mask of a repository, of
        whose other bases nothing is known. Raises `StoreRefused`.
        """
        text = _encode(mask)
        digest = _digest(text)
        key, now = (repository, base, digest), self._store.now()
        kept = self._kept.get(key)
        if kept is None or now - kept.touched_at >= TOUCH_SECONDS:
            row = {"repository": repository, "base": base, "digest": digest, "mask": text}
            await self._store.transact(partial(_write, self._store, row, first))
            self._changes += 1
            self._known.pop(repository, None)
            is_sure = kept is not None and now - kept.touched_at < SURE_SECONDS
            kept = _Kept(now, kept.sure_since if kept and is_sure else time.monotonic())
            self._kept[key] = kept
        return not mask or kept.sure_since <= since

    async def _read(self, repository: str) -> Mask | None:
        """The union of what is written down: one query for all who ask while another is under way."""
        answer: asyncio.Future[Mask | None] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(repository, []).append(answer)
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._answer(), name="read masks")
        return await answer

    async def _answer(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            changes = self._changes
            try:
                found = await _select(self._store, asked)
            except StoreRefused:
                found, changes = {}, -1
            for repository, answers in asked.items():
                self._remember(repository, found.get(repository), is_sure=changes == self._changes)
                for answer in answers:
                    if not answer.done():  # its request went away
                        answer.set_result(found.get(repository))

    def _remember(self, repository: str, mask: Mask | None, *, is_sure: bool) -> None:
        """A mask that another replica writes down first is not heard of, so that there is none is not remembered."""
        if is_sure and (mask is not None or not self._store.is_shared):
            self._known[repository] = mask


async def repositories(store: Store) -> tuple[str, ...]:
    """The keys of all repositories with a mask, sorted."""
    found = await store.read(select(masks.c.repository).distinct())
    return tuple(sorted(row.repository for row in found))


async def without_rules(store: Store, *, owner: str) -> tuple[str, ...]:
    """The keys of those of an owner (`INSTALLATION:OWNER`) that have a base without rules, sorted."""
    theirs = masks.c.repository.istartswith(f"{owner}/", autoescape=True)
    nothing = masks.c.digest == _digest(_encode(frozenset()))
    found = await store.read(select(masks.c.repository).where(theirs, nothing).distinct())
    return tuple(sorted(row.repository for row in found))


async def forget_old(store: Store) -> int:
    """Forget masks of rules that are not read any more, how many they were. Raises `StoreRefused`."""
    now, newer = store.now(), masks.alias("newer")
    is_beside = and_(newer.c.repository == masks.c.repository, newer.c.seen_at > masks.c.seen_at)
    superseded = exists(select(newer.c.digest).where(is_beside, newer.c.base == masks.c.base))
    is_old = or_(
        and_(masks.c.seen_at < now - SUPERSEDED_SECONDS, superseded),
        and_(masks.c.seen_at < now - BASE_SECONDS, exists(select(newer.c.digest).where(is_beside))),
        masks.c.seen_at < now - REPOSITORY_SECONDS,
    )
    return await store.write(delete(masks).where(is_old))


async def forget(store: Store, *, repository: str) -> int:
    """Forget those of a repository that is gone, how many they were; not yet those that somebody may still be sure of.

    Raises `StoreRefused`.
    """
    is_old = masks.c.seen_at < store.now() - SUPERSEDED_SECONDS
    return await store.write(delete(masks).where(masks.c.repository == repository, is_old))


async def _write(store: Store, row: dict[str, Any], first: Sequence[Wish], connection: AsyncConnection) -> None:
    here = and_(*(masks.c[name] == row[name] for name in ("repository", "base", "digest")))
    touched = update(masks).where(here).values(seen_at=store.instant())
    if (await connection.execute(touched)).rowcount:
        return
    others = select(func.count()).where(masks.c.repository == row["repository"])
    is_first = (await connection.execute(others)).scalar_one() == 0
    await connection.execute(insert_new(name_of(connection), masks, [{**row, "seen_at": store.now()}]))
    await raise_in(connection, first if is_first else ())


async def _select(store: Store, repositories: Collection[str]) -> Mapping[str, Mask]:
    found: dict[str, Mask] = {}
    for row in await store.read(select(masks).where(masks.c.repository.in_(repositories))):
        found[row.repository] = found.get(row.repository, frozenset()) | _decode(row.mask)
    return found


def _matters(topics: Sequence[Topic], mask: Mask | None) -> bool:
    return mask is None or matters(topics, mask)


def _encode(mask: Mask) -> str:
    """ASCII: every database takes it, whatever people call their checks."""
    topics = sorted([topic.subject.value, topic.name] for topic in mask)
    return json.dumps({"format": _FORMAT, "topics": topics}, separators=(",", ":"))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=10_000)
def _decode(text: str) -> Mask:
    """What another version wrote in another way, or calls by other names, heeds everything."""
    written = json.loads(text)
    if written["format"] != _FORMAT or any(subject not in _SUBJECTS for subject, _ in written["topics"]):
        return ALL
    return frozenset(Topic(Subject(subject), name) for subject, name in written["topics"])
