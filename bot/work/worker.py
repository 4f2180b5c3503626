"""Looks that are due → calls of `reconcile` and `resolve`, and what became of them → the store."""

import asyncio
import math
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar, assert_never

import structlog

from bot import metrics
from bot.github.errors import RateLimited
from bot.github.limits import Urgency, asking
from bot.github.targets import Base, Head, MergeGroup, PullRequest, Source, Sweep, Target, Tip, parse_key
from bot.metrics import Wait
from bot.store import Store, StoreRefused
from bot.store import looks as rows
from bot.store.looks import Look
from bot.store.wishes import Watermark, Wish
from bot.work.alarm import LONGEST_NAP, Alarm
from bot.work.chores import Chore, is_chore
from bot.work.context import context_of, kind_of, target_of
from bot.work.failures import Drop, PutOff, Retry, sort
from bot.work.lease import LeaseLost, holding
from bot.work.surviving import REST_AFTER_REFUSAL, guarded, persist
from bot.work.sweep import forget
from bot.work.turns import Turns

Candidate = PullRequest | MergeGroup | Tip
"""What a pass is about."""

OVER: Final = math.inf
"""Of a pull request: it is closed."""
_UNKNOWN_CHORE_REST: Final = 300.0
_MANY: Final = 20  # more pull requests than somebody looks at after one push
_CONTENTS: Final = frozenset({Wait.CONTENT_MINUTE, Wait.CONTENT_HOUR})
_BREATH: Final = 0.05
"""Seconds in which commits that follow one another closely become one look into the table."""

T = TypeVar("T")
log = structlog.get_logger()


Reconcile = Callable[[Candidate, Watermark | None], Awaitable[float | None]]
"""Read, decide, write; answers in how many seconds another look is worth while that no event asks for; or None.

`OVER` when the pull request is closed: nothing is left to look at until it is opened again.
"""

Resolve = Callable[[Head | Base | Source], Awaitable[Sequence[Target]]]
"""Which candidates a commit or a base branch stands for, and which bases a source of rules."""

SweepOne = Callable[[Sweep], Awaitable[Sequence[Wish]]]
"""Looks at what may have been missed of a repository."""

OnTrouble = Callable[[Candidate, str, float], Awaitable[None]]
"""Tell people that passes for a candidate keep failing, because of what, and the next try (epoch seconds)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    next_due: float | None = None
    raising: Sequence[Wish] = ()
    is_over: bool = False


class Worker:
    """Takes looks and makes passes, `passes` at a time and of one installation three in four, one for each target.

    It survives every exception of a pass. `lease_seconds` is how long another process would wait before it takes
    over, `pass_limit` how long one pass may last, `nap` how long the clock may have jumped unseen. Where replicas share
    the database, `poll` is how long what one leaves may go unseen by the others.
    """

    def __init__(
        self,
        store: Store,
        *,
        reconcile: Reconcile,
        resolve: Resolve,
        on_trouble: OnTrouble | None = None,
        sweep: SweepOne | None = None,
        passes: int = 8,
        chores: Sequence[Chore] = (),
        lease_seconds: float = 20.0,
        pass_limit: float = 600.0,
        nap: float = LONGEST_NAP,
        poll: float = 5.0,
    ) -> None:
        self._store = store
        self._reconcile = reconcile
        self._resolve = resolve
        self._on_trouble = on_trouble
        self._sweep = sweep or _nothing_missed
        self._turns = Turns(passes=passes)
        self._chores = {chore.key: chore for chore in chores}
        self._lease_seconds = lease_seconds
        self._pass_limit = pass_limit
        self._poll = poll if store.is_shared else None
        self._holder = uuid.uuid4().hex
        self._alarm = Alarm(store.now, nap=nap)
        self._running: dict[asyncio.Task[None], Look] = {}
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    def start(self) -> None:
        """Begin to take looks; from now on the store's commits wake us."""
        self._store.on_commit(self._alarm.ring)
        log.info("worker.started", holder=self._holder)
        self._tasks = (
            asyncio.create_task(self._take_looks(), name="take looks"),
            asyncio.create_task(self._renew_leases(), name="renew leases"),
        )

    async def stop(self, *, limit: float = 10.0) -> None:
        """Take no more looks, let running passes end within `limit` seconds, cancel the rest; they come again."""
        if not self._tasks:
            return
        taking, renewing = self._tasks
        taking.cancel()
        await asyncio.wait((taking,))
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=limit)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        renewing.cancel()
        await asyncio.wait((renewing,))
        try:
            given_back = await rows.give_back(self._store, holder=self._holder)
        except StoreRefused as refused:  # the next start clears them
            log.warning("leases.kept", because=str(refused))
        else:
            log.info("worker.stopped", given_back=given_back)

    def why_not_running(self) -> str | None:
        """For `/readyz`: why no passes are made, or None."""
        if not self._tasks:
            return "the worker has not started"
        if any(task.done() for task in self._tasks):
            return "the worker has stopped"
        return None

    async def _take_looks(self) -> None:
        for key in self._chores:
            await persist(partial(rows.schedule, self._store, target=key, due_at=self._store.now()))
        while True:
            if len(self._running) >= self._turns.passes:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            self._alarm.clear()
            more = await guarded(self._take_due())
            if isinstance(more, Exception):
                log.error("looks.refused", exc_info=more)
                self._alarm.ring(self._store.now() + REST_AFTER_REFUSAL)
            elif more:
                continue
            await self._alarm.wait()
            await asyncio.sleep(_BREATH)

    async def _take_due(self) -> bool:
        """Begin as many passes as there is room for; true when there may be more to take."""
        turn = self._turns.next(self._store.now())
        taken = await rows.take(
            self._store,
            holder=self._holder,
            lease_seconds=self._lease_seconds,
            limit=turn.limit,
            without=turn.without,
            without_bulk=turn.without_bulk,
            running=self._at_work(),
        )
        for look in taken:
            self._turns.begin(look)
            task = asyncio.create_task(self._pass(look), name=look.target)
            self._running[task] = look
            task.add_done_callback(partial(self._ended, look))
        if len(taken) == turn.limit:
            return True
        for until in (*self._turns.shut.values(), *self._turns.shut_to_bulk.values()):
            self._alarm.ring(until)
        due = await rows.next_due(
            self._store, without=turn.without, without_bulk=turn.without_bulk, running=self._at_work()
        )
        if due is not None:
            self._alarm.ring(due)
        if self._poll is not None:
            self._alarm.ring(self._store.now() + self._poll)
        return False

    def _at_work(self) -> Sequence[str]:
        return [look.target for look in self._running.values()]

    def _ended(self, look: Look, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._turns.end(look)
        self._alarm.ring(self._store.now())

    async def _renew_leases(self) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            if self._running:
                taken = tuple(self._running.values())
                renewed = await guarded(rows.renew(self._store, taken, lease_seconds=self._lease_seconds))
                if isinstance(renewed, Exception):
                    log.warning("leases.refused", exc_info=renewed)

    async def _pass(self, look: Look) -> None:
        began, began_at = time.monotonic(), self._store.now()
        with structlog.contextvars.bound_contextvars(**context_of(look)):
            if look.wishes > 1:
                metrics.COALESCED[kind_of(look.target)].inc(look.wishes - 1)
                log.info("pass.coalesced", wishes=look.wishes)
            with holding(partial(rows.keep_lease, self._store, look, lease_seconds=self._lease_seconds)):
                with asking(Urgency.BULK if look.is_bulk or is_chore(look.target) else Urgency.PEOPLE):
                    outcome = await guarded(self._limited_in_time(self._answer(look)))
                seconds = round(time.monotonic() - began, 3)
                metrics.PASS_SECONDS[kind_of(look.target)].observe(seconds)
                await self._write_outcome(look, outcome, seconds, began_at)

    async def _write_outcome(self, look: Look, outcome: _Answered | Exception, seconds: float, began_at: float) -> None:
        match outcome:
            case _Answered() as done:
                self._turns.went(look)
                held = await persist(lambda: self._write_answer(look, done, began_at))
                metrics.PASSES[kind_of(look.target), metrics.Pass.FINISHED if held else metrics.Pass.LEASE_LOST].inc()
                log.info("pass.finished", seconds=seconds, raised=len(done.raising), held=held)
            case LeaseLost():  # the look is another replica's: nothing is ours to write
                metrics.PASSES[kind_of(look.target), metrics.Pass.LEASE_LOST].inc()
                log.warning("pass.overtaken", seconds=seconds)
            case error:
                await self._write_failure(look, error)

    async def _answer(self, look: Look) -> _Answered:
        if is_chore(look.target):
            return await self._do(self._chores.get(look.target))
        match parse_key(look.target):
            case PullRequest() | MergeGroup() | Tip() as candidate:
                again = await self._reconcile(candidate, look.watermark)
                if again is None or again == OVER:
                    return _Answered(is_over=again == OVER)
                return _Answered(next_due=self._store.now() + again)
            case Head() | Base() | Source() as group:
                found = await self._resolve(group)
                return _Answered(raising=self._wishes(found, look))
            case Sweep() as repository:
                return _Answered(raising=await self._sweep(repository))
            case never:
                assert_never(never)

    async def _do(self, chore: Chore | None) -> _Answered:
        """A chore that only another version knows is left to a replica of that version."""
        if chore is not None:
            await chore.work()
        rest = _UNKNOWN_CHORE_REST if chore is None else chore.every
        return _Answered(next_due=self._store.now() + rest)

    def _wishes(self, targets: Sequence[Target], look: Look) -> Sequence[Wish]:
        """The settle window was waited for already, so these are due at once; who pushed waits for none of hundreds."""
        now, is_bulk = self._store.now(), look.is_bulk or len(targets) > _MANY
        return [
            Wish(
                target=target.key,
                installation=target.repository.installation,
                due_at=now,
                watermark=look.watermark,
                is_bulk=is_bulk,
            )
            for target in targets
        ]

    async def _write_answer(self, look: Look, done: _Answered, began_at: float) -> bool:
        began = None if done.is_over else began_at
        return await rows.finish(
            self._store, look, next_due=done.next_due, raising=done.raising, began=began, is_over=done.is_over
        )

    async def _write_failure(self, look: Look, error: Exception) -> None:
        limited_for = 0.0
        if isinstance(error, RateLimited):
            limited_for = self._turns.limited_for(look, self._store.now())
        else:
            self._turns.went(look)
        is_sweep = isinstance(target_of(look), Sweep)
        match sort(error, attempts=look.attempts, limited_for=limited_for, is_sweep=is_sweep):
            case Drop(because=because):
                metrics.PASSES[kind_of(look.target), metrics.Pass.DROPPED].inc()
                log.info("pass.dropped", because=because)
                await persist(lambda: self._drop(look))
            case PutOff() as limit:
                await self._put_off(look, limit)
            case Retry() as retry:
                next_try_at = self._store.now() + retry.delay
                self._log_failure(look, error, retry)
                if retry.is_trouble:  # told while the lease is ours: the next pass may find a better verdict
                    await self._tell(look, retry.because, next_try_at)
                await persist(lambda: rows.retry(self._store, look, due_at=next_try_at))
            case never:
                assert_never(never)

    async def _drop(self, look: Look) -> None:
        held = await rows.drop(self._store, look)
        target = target_of(look)
        if held and isinstance(target, Sweep):
            await forget(self._store, target.repository)

    async def _put_off(self, look: Look, limit: PutOff) -> None:
        next_try_at = self._store.now() + limit.delay
        # What GitHub itself asked for holds for all; a share that is used up leaves the rest to people. What people
        # wait for and can't be written holds up nothing: the next look may find a green check that must go.
        if look.is_bulk or limit.wait not in _CONTENTS:
            self._turns.put_off(look, next_try_at, only_bulk=look.is_bulk and limit.wait is not Wait.TOLD)
        metrics.count_limit_wait(limit.wait, limit.delay)
        metrics.PASSES[kind_of(look.target), metrics.Pass.POSTPONED].inc()
        log.warning("pass.limited", because=limit.because, next_try_in=limit.delay)
        if limit.is_trouble and not look.is_bulk:
            with asking(Urgency.TELLING):
                await self._tell(look, limit.because, next_try_at)
        await persist(lambda: rows.put_off(self._store, look, due_at=next_try_at))

    def _log_failure(self, look: Look, error: Exception, retry: Retry) -> None:
        facts: dict[str, Any] = {"because": retry.because, "attempts": look.attempts + 1, "next_try_in": retry.delay}
        metrics.PASSES[kind_of(look.target), metrics.Pass.FAILED if retry.is_ours else metrics.Pass.POSTPONED].inc()
        if retry.is_ours:
            log.error("pass.failed", exc_info=error, **facts)
        else:
            log.warning("pass.postponed", **facts)

    async def _limited_in_time(self, work: Awaitable[T]) -> T:
        async with asyncio.timeout(self._pass_limit):
            return await work

    async def _tell(self, look: Look, because: str, next_try_at: float) -> None:
        target = target_of(look)
        if self._on_trouble is None or not isinstance(target, PullRequest | MergeGroup):
            return
        told = await guarded(self._limited_in_time(self._on_trouble(target, because, next_try_at)))
        if isinstance(told, Exception):
            log.warning("trouble.unshown", because=str(told), exc_info=None if isinstance(told, RateLimited) else told)


async def _nothing_missed(_repository: Sweep) -> Sequence[Wish]:
    return ()
