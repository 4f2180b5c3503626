"""Every repository that was ever looked at → a look at all its open pull requests, whatever deliveries were missed."""

from typing import Final

from bot.github.targets import Base, PullRequest, parse_key
from bot.store import Store, looks
from bot.store.wishes import Wish

SPREAD_SECONDS: Final = 20 * 3_600
"""Over how long the repositories are spread, so that a sweep costs a little all day and not a limit at once."""


async def sweep(store: Store) -> int:
    """How many repositories will be looked at. Raises `StoreRefused`."""
    targets = [parse_key(key) for key in await looks.targets(store, kind="pull")]
    repositories = sorted(
        {target.repository for target in targets if isinstance(target, PullRequest)},
        key=lambda one: (one.name, one.installation),
    )
    now = store.now()
    wishes = [
        Wish(
            target=Base(repository=one, branch="").key,
            installation=one.installation,
            due_at=now + SPREAD_SECONDS * at / len(repositories),
        )
        for at, one in enumerate(repositories)
    ]
    await looks.raise_all(store, wishes)
    return len(wishes)
