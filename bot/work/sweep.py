"""Repositories that were ever looked at, and their open pull requests → looks at those that may have been missed."""

import math
from collections.abc import Sequence
from typing import Final

from bot.github.open_pulls import OpenPull
from bot.github.targets import Base, PullRequest, Repository, Sweep, parse_key, parse_repository
from bot.store import Store, looks, masks
from bot.store.wishes import Wish
from bot.work.chores import Chore

ROUND_SECONDS: Final = 4 * 3_600
"""How often the open pull requests of a repository are listed. Each round's looks are spread over as long."""

OLD_SECONDS: Final = 16 * 3_600
"""What was not looked at for so long is, moved or not: neither checks nor members move a pull request's `updatedAt`."""

ABSENCE_SECONDS: Final = 86_400
"""After which GitHub may soon not tell any more of every delivery that we missed: it keeps them for three days."""
CATCH_UP_SECONDS: Final = 3_600
"""Over how long the repositories are spread then, at most."""

_OLD_AT_MOST: Final = ROUND_SECONDS / OLD_SECONDS
"""Of the open ones a round takes so many that are only old: enough for all in time, however they came to be old."""

_APART: Final = 2.0  # seconds between two of twenty or fewer: nobody should have to wait for those
_MARGIN: Final = 120.0  # between GitHub's clock and ours


async def sweep(store: Store) -> int:
    """How many repositories will be listed within this round. Raises `StoreRefused`."""
    repositories, now = await _repositories(store), store.now()
    apart = _apart(len(repositories))
    wishes = [_bulk(Sweep(repository=repository), now + apart * at) for at, repository in enumerate(repositories)]
    await looks.raise_all(store, wishes)
    return len(wishes)


async def catch_up(store: Store, pulse: Chore) -> int | None:
    """Have everything open looked at if nobody did `pulse`, a chore of every few minutes, for long.

    How many repositories that concerns; None without an absence. Call it before the work starts. Raises `StoreRefused`.
    """
    last, now = await looks.looked_at(store, targets=[pulse.key]), store.now()
    if pulse.key not in last or now - last[pulse.key] < ABSENCE_SECONDS:
        return None
    repositories = await _repositories(store)
    apart = min(_APART, CATCH_UP_SECONDS / max(1, len(repositories)))
    wishes = [_bulk(Base(repository=one, branch=""), now + apart * at) for at, one in enumerate(repositories)]
    await looks.raise_all(store, wishes)
    return len(wishes)


async def _repositories(store: Store) -> Sequence[Repository]:
    """All that were ever looked at: looks are forgotten when they are idle for long, what rules heed is not."""
    targets = [parse_key(key) for key in await looks.targets(store, kind="pull")]
    found = {target.repository for target in targets if isinstance(target, PullRequest)}
    found |= {parse_repository(key) for key in await masks.repositories(store)}
    return sorted(found, key=lambda one: (one.name, one.installation))


async def forget(store: Store, repository: Repository) -> None:
    """It is not there any more, so no round shall list it again. Raises `StoreRefused`.

    What its rules heed stays for three days, as masks do. So it is listed for as long.
    """
    await looks.forget_unwanted(store, kind="pull", repository=repository.key)
    await masks.forget(store, repository=repository.key)


async def missed(store: Store, repository: Repository, open_pulls: Sequence[OpenPull]) -> Sequence[Wish]:
    """Looks at those that moved since they were looked at, at some that were not for long, and at those now closed.

    Nobody may have told that a pull request was merged. Once a pass has seen it, it is left alone. Raises
    `StoreRefused`.
    """
    last = await looks.looked_at_in(store, kind="pull", repository=repository.key)
    now = store.now()
    aged = [(last.get(_target(repository, one).key, -math.inf), one) for one in open_pulls]
    moved = [one for at, one in aged if one.updated_at >= at - _MARGIN]
    old = sorted((at, one.number, one) for at, one in aged if one.updated_at < at - _MARGIN and at <= now - OLD_SECONDS)
    most_old = math.ceil(len(open_pulls) * _OLD_AT_MOST)
    found = [_target(repository, one) for one in (*moved, *(one for _, _, one in old[:most_old]))]
    closed = sorted(last.keys() - {_target(repository, one).key for one in open_pulls})
    found += [target for target in map(parse_key, closed) if isinstance(target, PullRequest)]
    apart = _apart(len(found))
    return [_bulk(target, now + apart * at) for at, target in enumerate(found)]


def _apart(count: int) -> float:
    return min(_APART * max(1.0, count / 20), ROUND_SECONDS / max(1, count))


def _target(repository: Repository, one: OpenPull) -> PullRequest:
    return PullRequest(repository=repository, number=one.number)


def _bulk(target: PullRequest | Sweep | Base, due_at: float) -> Wish:
    return Wish(target=target.key, installation=target.repository.installation, due_at=due_at, is_bulk=True)
