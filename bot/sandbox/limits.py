"""How much an installation may ask, by GitHub's published rules: what breaks one is refused.

https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

import math
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Literal

from .clock import Clock

Kind = Literal["concurrent", "rest_minute", "graphql_minute", "content_minute", "content_hour"]

CONTENTS = frozenset({"addComment", "updateIssueComment", "createCheckRun", "updateCheckRun", "addReaction"})
"""Mutations that make or change what people see."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ceilings:
    """Of one installation; `hour` is the primary limit of REST and of GraphQL each."""

    hour: int = 5_000
    concurrent: int = 100
    rest_minute: int = 900
    graphql_minute: int = 2_000
    content_minute: int = 80
    content_hour: int = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Excess:
    """A secondary limit that a request would break, and after how many seconds it would not."""

    kind: Kind
    retry_after: int | None


@dataclass(eq=False, kw_only=True, slots=True)
class Limits:
    """What each installation did within the last hour; windows slide."""

    clock: Clock
    ceilings: Ceilings
    under_way: Counter[int] = field(default_factory=Counter)
    spent: dict[tuple[int, Kind], deque[tuple[float, int]]] = field(default_factory=dict)

    def take(self, who: int, *, graphql: bool, is_write: bool, contents: int = 0) -> Excess | None:
        """Count one request, or say which limit it would break; what is refused counts for nothing."""
        if self.under_way[who] > self.ceilings.concurrent:
            return Excess(kind="concurrent", retry_after=None)
        counts: dict[Kind, tuple[int, int, int]] = {
            "graphql_minute" if graphql else "rest_minute": (
                5 if is_write else 1,
                self.ceilings.graphql_minute if graphql else self.ceilings.rest_minute,
                60,
            ),
            "content_minute": (contents, self.ceilings.content_minute, 60),
            "content_hour": (contents, self.ceilings.content_hour, 3_600),
        }
        now = self.clock.instant().timestamp()
        for kind, (points, limit, seconds) in counts.items():
            window = self.spent.setdefault((who, kind), deque())
            while window and window[0][0] <= now - seconds:
                window.popleft()
            if points and sum(one for _, one in window) + points > limit:
                return Excess(kind=kind, retry_after=max(1, math.ceil(window[0][0] + seconds - now)) if window else 1)
        for kind, (points, _, _) in counts.items():
            if points:
                self.spent[who, kind].append((now, points))
        return None
