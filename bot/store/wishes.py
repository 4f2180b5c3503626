"""Wishes to look at targets → the parameters of the statement that raises their looks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

Watermark = Mapping[str, Mapping[str, str | int]]
"""What a snapshot must not be older than, by subject; two of them merge key by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Please look at `target` (a key of `bot.github.targets`) at `due_at` (epoch seconds)."""

    target: str
    installation: int
    due_at: float
    watermark: Watermark | None = None
    is_bulk: bool = False
    """Nobody waits for it in particular: whatever people wait for comes first."""


def rows(wishes: Iterable[Wish]) -> list[dict[str, Any]]:
    """The parameters of `raise_look`, keys sorted, so that two writers never wait for each other in a ring."""
    return [
        {
            "target": wish.target,
            "installation": wish.installation,
            "due_at": wish.due_at,
            "watermark": orjson.dumps(wish.watermark).decode() if wish.watermark else None,
            "bulk": int(wish.is_bulk),
        }
        for wish in sorted(wishes, key=lambda wish: wish.target)
    ]
