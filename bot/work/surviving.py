"""Work that may fail → its result, or what it raised; a write that is refused → the same write until it is taken."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog

from bot.store import StoreRefused

REST_AFTER_REFUSAL: Final = 1.0
"""Seconds after which the database is asked again."""
_LONGEST_REST: Final = 30.0

T = TypeVar("T")
log = structlog.get_logger()


async def guarded(work: Awaitable[T]) -> T | Exception:
    """The one place that catches everything: a pass may fail in ways nobody thought of, the worker goes on."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001  every caller logs it
        return error


async def persist(write: Callable[[], Awaitable[T]]) -> T:
    """Write until the database takes it: a look whose end is not written would stay taken for ever."""
    rest = REST_AFTER_REFUSAL
    while True:
        try:
            return await write()
        except StoreRefused as refused:
            log.error("look.refused", because=str(refused), next_try_in=rest)  # noqa: TRY400  its text says it all
            await asyncio.sleep(rest)
            rest = min(rest * 2, _LONGEST_REST)
