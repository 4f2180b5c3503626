"""Plays the story: does a step, waits until the bot is quiet, compares what GitHub shows with what must stand there."""

import asyncio
from dataclasses import dataclass, field

from ..model.pulls import IssueComment
from ..sandbox import Sandbox
from .shop import Shop, opened
from .story import STEPS, Step

QUIET = 0.6
"""Seconds without a request after which the bot has done what it will do."""
DOUBTS = 7
"""How often something wrong is looked at again, in case that it mends itself."""
PATIENCE = 10.0
"""Seconds after which the bot had its chance."""
MINUTE = 60


@dataclass(slots=True)
class Stage:
    """The story as far as it was played."""

    sandbox: Sandbox
    shop: Shop | None = None
    played: list[Step] = field(default_factory=list)

    @property
    def next_step(self) -> Step | None:
        """What happens next; None at the end."""
        return STEPS[len(self.played)] if len(self.played) < len(STEPS) else None

    async def play(self) -> tuple[str, ...]:
        """Does the next step and returns what is not as it must be: nothing, if all is well."""
        step = STEPS[len(self.played)]
        self.sandbox.clock.advance(MINUTE)
        self.sandbox.requests.clear()
        if self.shop is None:
            self.shop = opened(self.sandbox)
        step.act(self.shop)
        self.played.append(step)
        await self._quiet()
        return await self._compared(step, self.shop)

    def comments_of_bot(self) -> list[IssueComment]:
        """What the bot says now."""
        return self.sandbox.comments(self.shop.pull, author=f"{self.sandbox.bot.slug}[bot]") if self.shop else []

    def title_of(self, step: Step) -> str:
        """What the check run must be called after the step."""
        return self.shop.filled(step.title) if self.shop else step.title

    async def _compared(self, step: Step, shop: Shop) -> tuple[str, ...]:
        """What is wrong and stays so: on a busy machine the bot may be slower than it seems."""
        for _ in range(DOUBTS):
            if not self._wrong(step, shop):
                break
            await asyncio.sleep(QUIET)
        return tuple(self._wrong(step, shop))

    async def _quiet(self) -> None:
        """Until the bot has read since the step, and has asked nothing for a while."""
        await self.sandbox.settled()
        loop = asyncio.get_running_loop()
        end, asked, since = loop.time() + PATIENCE, -1, loop.time()
        while (now := loop.time()) < end and not (asked > 0 and now - since > QUIET):
            if len(self.sandbox.requests) != asked:
                asked, since = len(self.sandbox.requests), now
            await asyncio.sleep(QUIET / 12)

    def _wrong(self, step: Step, shop: Shop) -> list[str]:
        runs = self.sandbox.check_runs(shop.pull, app=self.sandbox.bot.slug, name="release-gate: main")
        comments = self.comments_of_bot()
        if not runs or len(comments) != 1:
            return [f"wanted a check run and one comment, seen {len(runs)} and {len(comments)}"]
        state, text, title = runs[-1].state, comments[0].body, shop.filled(step.title)
        wanted, absent = ([shop.filled(part) for part in parts] for parts in (step.comment, step.silent))
        checks = [
            (state.title == title, f"title: wanted {title!r}, seen {state.title!r}"),
            (state.conclusion == step.conclusion, f"conclusion: wanted {step.conclusion}, seen {state.conclusion}"),
            (f"{title}\n" in text, "the comment does not begin with the check run's title"),
            *((part in text, f"the comment does not say {part!r}") for part in wanted),
            *((part not in text, f"the comment still says {part!r}") for part in absent),
        ]
        return [*(message for holds, message in checks if not holds), *self.sandbox.errors]
