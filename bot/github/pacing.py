"""Requests that want to leave → those that may, each in its time; those that would wait for long are refused here."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

from cachetools import LRUCache

from bot import metrics
from bot.github.errors import RateLimited
from bot.github.limits import Ask, Budget, Ceilings, Delay, urgency
from bot.metrics import Limit, Wait

THE_APP: Final = 0
"""Stands for the App itself where an installation would: the log of deliveries."""

PATIENCE: Final = 2.0
"""Seconds that a request waits here. A longer wait would hold a pass that others could make."""

_NAP: Final = 0.1  # a sandbox's clock jumps

_SAYS: Final[Mapping[Wait, str]] = {
    Wait.REST_HOUR: "GitHub's limit of REST requests an hour is used up",
    Wait.REST_MINUTE: "GitHub's limit of REST requests a minute is used up",
    Wait.GRAPHQL_HOUR: "GitHub's limit of GraphQL points an hour is used up",
    Wait.GRAPHQL_MINUTE: "GitHub's limit of GraphQL points a minute is used up",
    Wait.CONTENT_HOUR: "GitHub's limit of comments and check runs an hour is used up",
    Wait.CONTENT_MINUTE: "GitHub's limit of comments and check runs a minute is used up",
    Wait.CONCURRENT: "GitHub's limit of requests at a time is used up",
    Wait.TOLD: "GitHub asked for a pause",
}


def tokens_of(installation: int) -> int:
    """Stands for an installation's tokens: the App asks for them, and a refusal is no other installation's."""
    return -installation


class Pacer:
    """The budgets of the App, of its installations and of their tokens. None of them waits for another."""

    def __init__(self, now: Callable[[], float], ceilings: Ceilings) -> None:
        """`now` is a clock in epoch seconds, which need not be GitHub's."""
        self._now = now
        self._ceilings = ceilings
        self._budgets: LRUCache[int, Budget] = LRUCache(maxsize=20_000)

    @contextlib.asynccontextmanager
    async def turn(self, installation: int, ask: Ask) -> AsyncIterator[None]:
        """The request leaves within the block. Raises `RateLimited` when it would have to wait for long."""
        budget = self._budget(installation)
        await self._until_open(budget, ask)
        budget.begin(ask, self._now())
        try:
            yield
        finally:
            budget.end(ask)

    def hear(self, installation: int, hour: Limit, headers: Mapping[str, str], *, github_now: float) -> None:
        """An answer's headers, and GitHub's clock when it gave them."""
        now = self._now()
        self._budget(installation).hear(hour, headers, ahead=github_now - now, now=now)

    def refuse(
        self, installation: int, hour: Limit, headers: Mapping[str, str], *, github_now: float, because: str
    ) -> RateLimited:
        """A refusal for a limit, to be raised; until it is over no request of the installation leaves."""
        now = self._now()
        metrics.LIMIT_REFUSALS[hour].inc()
        delay = self._budget(installation).refuse(hour, headers, ahead=github_now - now, now=now)
        return RateLimited(because, retry_after=delay.seconds, wait=delay.wait)

    async def _until_open(self, budget: Budget, ask: Ask) -> None:
        waited: Delay | None = None
        began = self._now()
        while delay := budget.delay(ask, urgency(), self._now()):
            if self._now() + delay.seconds > began + PATIENCE:
                raise RateLimited(_SAYS[delay.wait], retry_after=delay.seconds, wait=delay.wait)
            waited = delay
            await asyncio.sleep(min(delay.seconds, _NAP))
        if waited:
            metrics.count_limit_wait(waited.wait, self._now() - began)

    def _budget(self, installation: int) -> Budget:
        return self._budgets.setdefault(installation, Budget(self._ceilings))
