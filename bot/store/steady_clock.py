"""What this machine's clock showed once → what it would show now, had nobody set it since."""

import time
from collections.abc import Callable


def steady() -> Callable[[], float]:
    """A clock in epoch seconds that never jumps: looks wait for so many seconds, whatever somebody sets the time to.

    It goes on while the machine sleeps, where the system can tell (Linux, macOS).
    """
    ahead = time.time() - _uptime()
    return lambda: _uptime() + ahead


def _uptime() -> float:
    """https://docs.python.org/3/library/time.html#time.CLOCK_BOOTTIME; macOS' monotonic clock counts its sleep."""
    clock = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
    return time.monotonic() if clock is None else time.clock_gettime(clock)
