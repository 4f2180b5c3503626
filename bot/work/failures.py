"""What went wrong in a pass → what happens to its look: the one place where GitHub's errors are handled."""

from dataclasses import dataclass, replace
from typing import Final

from bot.github.errors import Ambiguous, Forbidden, Gone, RateLimited, Rejected, Suspended, Unreachable
from bot.metrics import Wait
from bot.store import StoreRefused

_TRIES_BEFORE_TROUBLE: Final = 3
_SECONDS_BEFORE_TROUBLE: Final = 600.0
_TRIES_BEFORE_GONE: Final = 3
"""GitHub may say of what is there that it is not: a replica of it lags behind, or it has trouble of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Look again after `delay` seconds."""

    delay: float
    because: str
    is_ours: bool = False
    """A bug: the log gets the traceback."""
    is_trouble: bool = False
    """It has gone on for so long that people should be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """Nothing failed: a limit opens in `delay` seconds, and before that nothing like it is worth a try."""

    delay: float
    because: str
    wait: Wait
    is_trouble: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """There is nothing left to look at."""

    because: str


def sort(error: Exception, *, attempts: int, limited_for: float = 0.0, is_sweep: bool = False) -> Retry | PutOff | Drop:
    """What to do about an error, `attempts` failed passes in a row before it, put off since `limited_for` seconds.

    Trouble is the third failure in a row, a next try ten minutes away, or a limit that lasts for ten minutes. When a
    sweep is dropped its repository is forgotten, so it is asked about for half an hour.
    """
    match error:
        case Suspended():
            # Nobody can be told, and what stands may turn wrong: it is looked at soon after the owner lifts that.
            return replace(_backing_off(attempts, str(error), first=60.0, longest=3_600.0), is_trouble=False)
        case Gone() if attempts + 1 < _TRIES_BEFORE_GONE:
            return _backing_off(attempts, str(error), first=600.0 if is_sweep else 5.0, longest=3_600.0)
        case Gone():
            return Drop(because=str(error))
        case RateLimited():
            delay = max(error.retry_after, 0.0)
            lasting = limited_for + delay >= _SECONDS_BEFORE_TROUBLE
            return PutOff(delay=delay, because=str(error), wait=error.wait, is_trouble=lasting)
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
