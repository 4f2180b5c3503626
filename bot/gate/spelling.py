"""Guesses which known word somebody meant."""

from collections.abc import Iterable
from functools import lru_cache


def nearest(word: str, known: Iterable[str], *, within: int = 2) -> str | None:
    """The known word that is at most `within` letters away, the closest first; None when there is none."""
    return _nearest(word.lower(), tuple(known), within)


@lru_cache(maxsize=1000)
def _nearest(word: str, known: tuple[str, ...], within: int) -> str | None:
    """Kept, for the same command comes with every pass."""
    ranked = sorted((_distance(word, other.lower(), within), other) for other in known)
    return ranked[0][1] if ranked and ranked[0][0] <= within else None


def _distance(left: str, right: str, limit: int) -> int:
    """Letters to add, drop, change or swap with their neighbour; `limit + 1` as soon as it can't be fewer."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before, previous = [0] * (len(right) + 1), list(range(len(right) + 1))
    for row, letter in enumerate(left, start=1):
        current = [row]
        for column, other in enumerate(right, start=1):
            changed = previous[column - 1] + (letter != other)
            current.append(min(previous[column] + 1, current[-1] + 1, changed))
            if row > 1 and column > 1 and (letter, left[row - 2]) == (right[column - 2], other):
                current[-1] = min(current[-1], before[column - 2] + 1)
        # A swap looks back over two rows. Whoever writes thousands of words must not keep us busy with them.
        if min(*previous, *current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]
