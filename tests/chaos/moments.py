"""The moments at which a server can die, each reached on purpose: where chance alone would seldom come."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Final

from tests.chaos.replica import Replica
from tests.chaos.stage import Stage

_PATIENCE: Final = 1.5


class Moment(StrEnum):
    """When it was killed."""

    ANY = "at any moment"
    STARTING = "while it starts"
    MIGRATING = "while it changes the schema"
    COMMITTING = "while a delivery is handed over"
    ANSWERED = "right after a 202"
    READING = "while a pass reads GitHub"
    WRITING = "while a pass writes to GitHub"
    WRITTEN = "right after GitHub did what a pass wrote"
    STOPPING = "while it stops in order"


Approach = Callable[[Stage, Replica], Awaitable[bool]]
"""Wait for the moment; whether it came."""


async def _any(stage: Stage, _replica: Replica) -> bool:
    await asyncio.sleep(stage.chance.uniform(0.02, 0.8))
    return True


async def _starting(stage: Stage, replica: Replica) -> bool:
    """In which it imports, in a quarter of the cases."""
    await replica.kill()
    imports = stage.chance.random() < 0.25
    replica.start(imports=imports)
    await asyncio.sleep(stage.chance.uniform(0.0, 1.2 if imports else 0.3))
    return not replica.has_started


async def _committing(stage: Stage, replica: Replica) -> bool:
    came = await _until(lambda: stage.front.in_flight[replica.port] > 0)
    if came and stage.chance.random() < 0.5:
        await asyncio.sleep(stage.chance.uniform(0.0, 0.003))
    return came


async def _answered(stage: Stage, replica: Replica) -> bool:
    known = len(stage.front.answered)
    return await _until(lambda: any(one.looks and one.port == replica.port for one in stage.front.answered[known:]))


async def _reading(stage: Stage, _replica: Replica) -> bool:
    stage.sandbox.arm("latency", times=1, matching="Gate", seconds=stage.chance.uniform(0.05, 0.3))
    came = await _requested(stage, "Gate", is_answered=False)
    await asyncio.sleep(stage.chance.uniform(0.0, 0.05))
    return came


async def _writing(stage: Stage, _replica: Replica) -> bool:
    stage.sandbox.arm("latency", times=1, matching="Publish", seconds=0.1)
    return await _requested(stage, "Publish", is_answered=False)


async def _written(stage: Stage, _replica: Replica) -> bool:
    came = await _requested(stage, "Publish", is_answered=True)
    if stage.chance.random() < 0.5:
        await asyncio.sleep(stage.chance.uniform(0.0, 0.01))
    return came


async def _stopping(stage: Stage, replica: Replica) -> bool:
    stage.sandbox.arm("latency", times=1, matching="Gate", seconds=0.3)
    await _requested(stage, "Gate", is_answered=False)
    replica.signal(signal.SIGTERM)
    await asyncio.sleep(stage.chance.uniform(0.0, 0.25))
    return replica.is_alive


async def _requested(stage: Stage, operation: str, *, is_answered: bool) -> bool:
    known = len(stage.sandbox.requests)
    return await _until(
        lambda: any(
            one.operation == operation and bool(one.status) == is_answered for one in stage.sandbox.requests[known:]
        )
    )


async def _until(came: Callable[[], bool]) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            while not came():
                await asyncio.sleep(0.001)
    except TimeoutError:
        return False
    return True


APPROACHES: Final[Mapping[Moment, Approach]] = {
    Moment.ANY: _any,
    Moment.STARTING: _starting,
    Moment.COMMITTING: _committing,
    Moment.ANSWERED: _answered,
    Moment.READING: _reading,
    Moment.WRITING: _writing,
    Moment.WRITTEN: _written,
    Moment.STOPPING: _stopping,
}
WEIGHTS: Final[Mapping[Moment, int]] = {
    Moment.ANY: 4,
    Moment.STARTING: 2,
    Moment.MIGRATING: 1,
    Moment.COMMITTING: 2,
    Moment.ANSWERED: 2,
    Moment.READING: 3,
    Moment.WRITING: 3,
    Moment.WRITTEN: 3,
    Moment.STOPPING: 1,
}
