"""Questions to GitHub → answers side by side; what it won't tell becomes `Unavailable`."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import TypeVar

from bot.gate.facts import Fact, Unavailable
from bot.github.errors import Forbidden, Rejected

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


async def all_of(questions: Iterable[K], answer: Callable[[K], Awaitable[Fact[T]]]) -> dict[K, Fact[T]]:
    """The answers to all questions, asked side by side; the first error stops the rest and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = {key: group.create_task(or_unavailable(answer(key))) for key in questions}
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return {key: task.result() for key, task in tasks.items()}


async def or_unavailable(question: Awaitable[Fact[T]]) -> Fact[T]:
    """A missing permission makes one fact unavailable and leaves the rest of the pass alone."""
    try:
        return await question
    except (Forbidden, Rejected) as error:
        return Unavailable(str(error))
