"""What went wrong in a pass → what happens to its look: the one place where GitHub's errors are handled."""

from dataclasses import dataclass
from typing import Final

from bot.github.errors import Ambiguous, Forbidden, Gone, RateLimited, Rejected, Unreachable
from bot.store import StoreRefused

_TRIES_BEFORE_TROUBLE: Final = 3
_SECONDS_BEFORE_TROUBLE: Final = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Look again after `delay` seconds."""

    delay: float
    because: str
    limits_installation: bool = False
    """Nothing else of this installation is worth a try before then."""
    is_ours: bool = False
    """A bug: the log gets the traceback."""
    is_trouble: bool = False
    """It has gone on for so long that people should be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """There is nothing left to look at."""

    because: str


def sort(error: Exception, *, attempts: int) -> Retry | Drop:
    """What to do about an error, `attempts` failed passes in a row before it.

    Trouble is the third failure in a row, or a next try ten minutes away; never a rate limit, which could not be
    told to anybody on GitHub anyway.
    """
    match error:
        case Gone():
            return Drop(because=str(error))
        case RateLimited():
            return Retry(delay=max(error.retry_after, 0.0), because=str(error), limits_installation=True)
        case Unreachable() | Ambiguous() | StoreRefused():
            # After a lost answer the next pass reads first, so a second's rest is enough.
            return _backing_off(attempts, str(error), first=1.0, longest=300.0)
        case Forbidden() | Rejected():
            # Somebody has to act, an owner or we: asking often does not help.
            return _backing_off(attempts, str(error), first=60.0, longest=900.0)
        case _:
            because = f"an error inside release-gate ({type(error).__name__})"
            return _backing_off(attempts, because, first=1.0, longest=300.0, is_ours=True)


def _backing_off(attempts: int, because: str, *, first: float, longest: float, is_ours: bool = False) -> Retry:
    delay = min(first * 2.0 ** min(attempts, 30), longest)
    lasting = attempts + 1 >= _TRIES_BEFORE_TROUBLE or delay >= _SECONDS_BEFORE_TROUBLE
    return Retry(delay=delay, because=because, is_ours=is_ours, is_trouble=lasting)
