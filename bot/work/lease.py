"""The look that a pass answers → leave to write to GitHub, as long as no other replica has taken it over."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar

Keep = Callable[[], Awaitable[bool]]
"""Keep the lease from now on; false when it is lost."""

_kept: ContextVar[Keep | None] = ContextVar("kept", default=None)


class LeaseLost(Exception):
    """Another replica has taken over what this pass is about: it reads and writes anew."""


@contextlib.contextmanager
def holding(keep: Keep) -> Iterator[None]:
    """Whatever the block writes, it asks `keep` first."""
    token = _kept.set(keep)
    try:
        yield
    finally:
        _kept.reset(token)


async def ensure_held() -> None:
    """Ask right before each write: a process that was paused can't know how long. Raises `LeaseLost`.

    Outside a pass there is no lease, and nothing to lose.
    """
    keep = _kept.get()
    if keep is not None and not await keep():
        raise LeaseLost
