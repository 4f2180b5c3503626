"""What was asked of GitHub and what it told of its limits → whether the next request may go, or when.

Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api and
https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
"""

import contextlib
import math
from collections import deque
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from bot.metrics import Limit, Wait

_MARGIN: Final = 1.0  # seconds; GitHub counts a request when it arrives, we when it leaves
_NEW_WINDOW: Final = 60.0
"""Seconds by which a reset differs when it is another hour's, and not a clock that is read in whole seconds."""

_FIRST_REST: Final = 60.0
_LONGEST_REST: Final = 3_600.0
_LONGEST_HOUR: Final = 3_700.0
"""Seconds; a reset that is further away is none: milliseconds, or a proxy's invention."""


class Urgency(IntEnum):
    """Who waits for a request."""

    BULK = 0
    """Nobody in particular: a sweep, or one of the many looks that one push asks for."""
    PEOPLE = 1
    """Whoever did something just now."""
    TELLING = 2
    """People are to be told that nothing else can be asked."""


SHARES: Final[Mapping[Urgency, float]] = {Urgency.BULK: 0.75, Urgency.PEOPLE: 0.95, Urgency.TELLING: 1.0}
"""How much of a limit may be used up for whom; the rest is kept for what is more urgent."""

_urgency: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.PEOPLE)


@contextlib.contextmanager
def asking(urgency: Urgency) -> Iterator[None]:
    """Whatever the block asks of GitHub is as urgent as that."""
    token = _urgency.set(urgency)
    try:
        yield
    finally:
        _urgency.reset(token)


def urgency() -> Urgency:
    """How urgent it is what is asked here; people wait unless somebody said otherwise."""
    return _urgency.get()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a request counts for."""

    hour: Limit
    """Whose hour it is."""
    cost: int = 1
    """Points of that hour, as far as they are known beforehand."""
    is_write: bool = False
    contents: int = 0
    """Comments, check runs and reactions that it makes or changes."""

    @property
    def points(self) -> int:
        """Of the secondary limit of a minute."""
        return 5 if self.is_write else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """It may go in so many seconds, because of which limit."""

    wait: Wait
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """GitHub's secondary limits of one installation. Those of a minute are points, but for contents."""

    rest_minute: int = 900
    graphql_minute: int = 2_000
    content_minute: int = 80
    content_hour: int = 500
    concurrent: int = 100


@dataclass(slots=True)
class Window:
    """What was spent within the last `seconds`: it slides, so it is right wherever GitHub's own window begins."""

    limit: int
    seconds: float
    spent: deque[tuple[float, int]] = field(default_factory=deque)
    total: int = 0

    def spend(self, points: int, now: float) -> None:
        """So many more, now."""
        if points:
            self.spent.append((now, points))
            self.total += points

    def opens_in(self, points: int, share: float, now: float) -> float:
        """In how many seconds there is room for so many more within the share, 0 for now.

        What is more than the whole share goes when nothing else is counted: it could never go otherwise.
        """
        while self.spent and self.spent[0][0] + self.seconds + _MARGIN <= now:
            self.total -= self.spent.popleft()[1]
        allowed = math.floor(self.limit * share)
        over = self.total + min(points, allowed) - allowed
        if points == 0 or over <= 0:
            return 0.0
        for at, freed in self.spent:
            over -= freed
            if over <= 0:
                return at + self.seconds + _MARGIN - now
        raise AssertionError  # with all of it freed there is room


@dataclass(slots=True)
class Hour:
    """GitHub's hourly limit of one kind, as its newest answers tell it."""

    limit: int = 0
    """0 while nothing was told."""
    remaining: int = 0
    resets_at: float = 0.0
    under_way: int = 0
    """Points of requests that no answer has counted yet."""

    def opens_in(self, cost: int, share: float, now: float) -> float:
        """In how many seconds so much may be spent within the share, 0 for now."""
        if self.resets_at <= now or self.remaining - cost >= self.limit * (1 - share):
            return 0.0
        return self.resets_at - now

    def told(self, *, limit: int, remaining: int, resets_at: float) -> None:
        """An answer says so. Answers come out of order, and what is under way is not in them."""
        if resets_at < self.resets_at - _NEW_WINDOW:
            return
        left = max(0, remaining - self.under_way)
        self.remaining = left if resets_at > self.resets_at + _NEW_WINDOW else min(self.remaining, left)
        self.limit, self.resets_at = limit, max(resets_at, self.resets_at)


_HOURS: Final[Mapping[Limit, Wait]] = {Limit.REST: Wait.REST_HOUR, Limit.GRAPHQL: Wait.GRAPHQL_HOUR}
_MINUTES: Final[Mapping[Limit, Wait]] = {Limit.REST: Wait.REST_MINUTE, Limit.GRAPHQL: Wait.GRAPHQL_MINUTE}
_UNTIL_ONE_ENDS: Final = 0.05


class Budget:
    """What one installation, or the App itself, has spent, and when it may go on. Times are epoch seconds."""

    def __init__(self, ceilings: Ceilings) -> None:
        self._concurrent = ceilings.concurrent
        self._under_way = 0
        self._hours = {limit: Hour() for limit in Limit}
        self._windows = {
            Wait.REST_MINUTE: Window(ceilings.rest_minute, 60),
            Wait.GRAPHQL_MINUTE: Window(ceilings.graphql_minute, 60),
            Wait.CONTENT_MINUTE: Window(ceilings.content_minute, 60),
            Wait.CONTENT_HOUR: Window(ceilings.content_hour, 3_600),
        }
        self._is_counted = True
        """False on an Enterprise Server that limits nobody."""
        self._shut_until = 0.0
        self._rest = 0.0
        """Seconds of the last wait for which GitHub named no time."""

    def delay(self, ask: Ask, urgency: Urgency, now: float) -> Delay | None:
        """What the request has to wait for longest, or None when it may go."""
        share = SHARES[urgency]
        waits = {
            Wait.TOLD: self._shut_until - now,
            _HOURS[ask.hour]: self._hours[ask.hour].opens_in(ask.cost, share, now),
        }
        if self._is_counted:
            waits |= {wait: self._windows[wait].opens_in(n, share, now) for wait, n in _counts(ask).items()}
            is_full = self._under_way >= max(1, math.floor(self._concurrent * share))
            waits[Wait.CONCURRENT] = _UNTIL_ONE_ENDS if is_full else 0.0
        worst = max(waits, key=lambda wait: waits[wait])
        return Delay(wait=worst, seconds=waits[worst]) if waits[worst] > 0 else None

    def begin(self, ask: Ask, now: float) -> None:
        """The request leaves."""
        self._under_way += 1
        hour = self._hours[ask.hour]
        hour.under_way += ask.cost
        hour.remaining -= ask.cost
        for wait, points in _counts(ask).items():
            self._windows[wait].spend(points, now)

    def end(self, ask: Ask) -> None:
        """It was answered, or never will be."""
        self._under_way -= 1
        self._hours[ask.hour].under_way -= ask.cost

    def hear(self, hour: Limit, headers: Mapping[str, str], *, ahead: float, now: float) -> None:
        """What a good answer tells; GitHub's clock is `ahead` of ours by so many seconds. Its own cost is in it."""
        self._is_counted = bool(headers.get("x-ratelimit-limit"))
        limit, remaining = _number(headers, "x-ratelimit-limit"), _number(headers, "x-ratelimit-remaining")
        resets_in = _resets_in(headers, now + ahead)
        if limit is not None and remaining is not None and resets_in is not None:
            self._hours[hour].told(limit=limit, remaining=remaining, resets_at=now + resets_in)

    def refuse(self, hour: Limit, headers: Mapping[str, str], *, ahead: float, now: float) -> Delay:
        """GitHub has had enough: it said for how long, or until its hour ends, or we wait longer each time."""
        after, resets_in = _number(headers, "retry-after"), _resets_in(headers, now + ahead)
        if after is not None:
            return self._shut(min(float(after), _LONGEST_REST), now)
        if headers.get("x-ratelimit-remaining") == "0" and resets_in is not None:
            seconds = max(1.0, resets_in)
            known = self._hours[hour]
            known.limit, known.remaining, known.resets_at = max(known.limit, 1), 0, now + seconds
            return Delay(wait=_HOURS[hour], seconds=seconds)
        if now < self._shut_until:  # several were under way
            return Delay(wait=Wait.TOLD, seconds=self._shut_until - now)
        went_well = now - self._shut_until > self._rest
        self._rest = _FIRST_REST if went_well else min(self._rest * 2, _LONGEST_REST)
        return self._shut(self._rest, now)

    def _shut(self, seconds: float, now: float) -> Delay:
        self._shut_until = max(self._shut_until, now + seconds)
        return Delay(wait=Wait.TOLD, seconds=seconds)


def _counts(ask: Ask) -> Mapping[Wait, int]:
    return {_MINUTES[ask.hour]: ask.points, Wait.CONTENT_MINUTE: ask.contents, Wait.CONTENT_HOUR: ask.contents}


def _number(headers: Mapping[str, str], name: str) -> int | None:
    told = headers.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() else None


def _resets_in(headers: Mapping[str, str], github_now: float) -> float | None:
    """Seconds; below 0 when the hour is over."""
    reset = _number(headers, "x-ratelimit-reset")
    return None if reset is None or reset - github_now > _LONGEST_HOUR else reset - github_now
