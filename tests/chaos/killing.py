"""A stage → rounds of kills under load, each followed by rest, judgement and a fresh server with nothing to add."""

import asyncio
import signal
import time
from dataclasses import dataclass
from typing import Final

from tests.chaos.books import (
    NEWEST,
    PULLS,
    REDELIVERY,
    Books,
    File,
    age,
    end_leases,
    hasten,
    open_looks,
    put_off,
    schema_of,
    work_of,
)
from tests.chaos.judging import judge
from tests.chaos.moments import APPROACHES, WEIGHTS, Moment
from tests.chaos.replica import Replica
from tests.chaos.stage import Broken, Stage
from tests.chaos.tally import Tally
from tests.histories.acts import differing
from tests.store.test_migrating import VERSION_1

_HEALING: Final = 12
_LEFT_TO_US: Final = 80  # a server asks for a hundred at once, and then five minutes later
_PATIENCE: Final = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Of one round."""

    kills: int
    waits_for_takeover: bool = False
    """What the last one killed had in hand is left to the others, in real time."""


async def round_(stage: Stage, tally: Tally, plan: Plan) -> None:
    """Raises `Broken`, or `AssertionError` when a server does not start or end as it should."""
    stage.load.renew()
    stage.load.may_miss = stage.chance.random() < 0.3
    await stage.start()
    aim = tally.total + plan.kills
    async with stage.loaded():
        while tally.total < aim:
            await strike(stage, tally)
    stage.load.calm()
    if plan.waits_for_takeover and len(stage.replicas) > 1:
        await _take_over(stage, tally)
    await come_to_rest(stage, tally)


async def come_to_rest(stage: Stage, tally: Tally) -> None:
    """What failed is sent again, all is looked at, and a fresh server finds nothing to write."""
    await _heal(stage, tally)
    await judge(stage)
    before = stage.load.shown()
    await stage.stop()
    await hasten(stage.books, PULLS)
    await stage.start()
    await stage.quiet()
    stage.note_reads()
    after = stage.load.shown()
    for was, now in zip(before, after, strict=True):
        if was != now:
            raise Broken(f"a fresh server says something else: {differing(was, now)}")
    tally.counts["compared"] += len(after)
    tally.counts["compared green"] += sum(bool(runs) and runs[-1][1] == "success" for _, runs, _ in after)
    tally.counts.update(stage.counts)
    stage.counts.clear()
    _forget_log(stage)


def _forget_log(stage: Stage) -> None:
    """GitHub keeps it for three days; a server reads all of it at each start."""
    deliveries = stage.sandbox.deliveries
    deliveries.first_id += len(deliveries.log)
    deliveries.log.clear()


async def strike(stage: Stage, tally: Tally) -> None:
    """Somebody dies, and comes back."""
    moment = stage.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    if moment is Moment.MIGRATING:
        await _migrating(stage, tally)
        return
    replica = stage.chance.choice(stage.replicas)
    if not replica.has_started:
        moment = Moment.STARTING
    elif not await APPROACHES[moment](stage, replica) and moment is not Moment.STARTING:
        moment = Moment.ANY  # it did not come in time
    dying = stage.replicas if moment is Moment.ANY and stage.chance.random() < 0.3 else [replica]  # all of them
    await _kill(stage, tally, moment, [one for one in dying if one.is_alive])
    await asyncio.sleep(stage.chance.choice((0.0, 0.0, 0.1, 0.5)))
    for one in stage.replicas:
        if not one.is_alive:
            one.start(imports=stage.chance.random() < 0.05)
            if stage.chance.random() < 0.85:
                await one.ready()


async def _kill(stage: Stage, tally: Tally, moment: Moment, dying: list[Replica], *, leases_end: bool = True) -> None:
    """The books are read before anybody else can change what was left."""
    if not dying:  # it ended in order before it could be killed
        tally.counts["ended before the kill"] += 1
        return
    holders = {one.holder for one in dying}
    flying = sum(stage.front.in_flight[one.port] for one in dying)
    for one in dying:
        one.signal(signal.SIGKILL)
    await asyncio.gather(*(one.dead() for one in dying))
    left = stage.books.left()
    if await schema_of(left) == NEWEST:
        work = await work_of(left, holders if len(stage.replicas) > 1 else None)
        tally.add(moment, kills=len(dying), passes=work.leased, waiting=work.waiting, deliveries=flying)
    else:
        tally.add(Moment.MIGRATING, kills=len(dying), deliveries=flying)
    if isinstance(left, File) and (broken := await left.why_broken()):
        raise Broken(f"after a kill {moment}: {broken}")
    if leases_end and len(stage.replicas) > 1 and stage.chance.random() < 0.8:
        await end_leases(stage.books, holders)


async def _migrating(stage: Stage, tally: Tally) -> None:
    """On a database of its own, empty or, on SQLite, of the first schema; the one after it finishes the job."""
    books = await stage.books.another()
    if isinstance(books, File) and stage.chance.random() < 0.5:
        for statement in filter(None, (one.strip() for one in VERSION_1.split(";"))):
            await books.tell(statement)
    environ = {**stage.replicas[0].environ, "DATABASE_URL": books.address}
    servers = [Replica(environ, stage.replicas[0].directory) for _ in stage.replicas]
    try:
        for one in servers:
            one.start()
        await _until_there(books)
        await asyncio.sleep(stage.chance.uniform(0.0, 0.3))
        await servers[0].kill()
        unfinished = await schema_of(books.left()) != NEWEST
        tally.add(Moment.MIGRATING if unfinished else Moment.STARTING, schema=int(unfinished))
        servers[0].start()
        for one in servers:
            await one.ready()
            await one.stop()
        if broken := await books.why_broken():
            raise Broken(f"after a kill in a migration: {broken}")
    finally:
        await books.close()
        for one in servers:
            if one.is_alive:
                await one.kill()


async def _until_there(books: Books) -> None:
    if isinstance(books, File):
        while not books.path.exists():
            await asyncio.sleep(0.002)
    else:
        await asyncio.sleep(0.15)


async def _take_over(stage: Stage, tally: Tally) -> None:
    """One dies in its passes and stays dead; the others look at all that it had in hand."""
    stage.sandbox.arm("latency", times=4, matching="Gate", seconds=2.0)
    for pull in stage.load.pulls:
        stage.load.says(pull)
    async with asyncio.timeout(_PATIENCE):
        while not (dead := await _busy(stage)):
            await asyncio.sleep(0.05)
    holder, began = dead.holder, time.monotonic()
    await _kill(stage, tally, Moment.READING, [dead], leases_end=False)
    async with asyncio.timeout(_PATIENCE):
        while (await work_of(stage.books, {holder})).leased:
            await asyncio.sleep(0.1)
    tally.longest_takeover = max(tally.longest_takeover, time.monotonic() - began)
    tally.counts["takeovers awaited"] += 1


async def _busy(stage: Stage) -> Replica | None:
    for one in stage.replicas:
        if one.is_alive and one.holder and (await work_of(stage.books, {one.holder})).leased:
            return one
    return None


async def _heal(stage: Stage, tally: Tally) -> None:
    """Minutes pass, and a day, until GitHub has delivered all that it could not."""
    for _ in range(_HEALING):
        for one in stage.replicas:
            if one.is_alive:
                await one.ready()
        await stage.sandbox.settled()
        await stage.stop()
        await end_leases(stage.books, {row[4] for row in await open_looks(stage.books)})
        await hasten(stage.books, f"attempts > 0 OR wanted > done OR {REDELIVERY}")
        if stage.load.has_missed:
            stage.load.has_missed = False
            tally.counts["sweeps"] += 1
            await age(stage.books)
        await stage.start()
        await stage.quiet()
        arrived = {one.guid for one in stage.sandbox.deliveries.log if one.succeeded}
        lost = {one.guid for one in stage.sandbox.deliveries.log} - arrived
        tally.counts["redeliveries"] += sum(one.redelivery for one in stage.sandbox.deliveries.log)
        if not lost and not await put_off(stage.books):
            return
        for guid in sorted(lost)[_LEFT_TO_US:]:  # people press Redeliver
            stage.sandbox.deliveries.again(next(one for one in stage.sandbox.deliveries.log if one.guid == guid))
    raise Broken(f"{len(lost)} deliveries were never made good")
