"""A wish to look at a target → the statement that raises its look, the same one for every writer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

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


# The first wish opens a window that later ones don't extend: the earlier `due_at` stays. A look that backs off
# keeps its own time, or a busy pull request would hammer a broken GitHub. `json_patch` merges watermarks.
RAISE_LOOK: Final = """
INSERT INTO looks (target, installation, wanted, done, due_at, attempts, watermark)
VALUES (:target, :installation, 1, 0, :due_at, 0, :watermark)
ON CONFLICT (target) DO UPDATE SET
    wanted = wanted + 1,
    due_at = CASE WHEN attempts > 0 AND due_at IS NOT NULL THEN due_at
                  ELSE min(coalesce(due_at, excluded.due_at), excluded.due_at) END,
    watermark = CASE WHEN excluded.watermark IS NULL THEN watermark
                     ELSE json_patch(coalesce(watermark, '{}'), excluded.watermark) END
"""


def rows(wishes: Iterable[Wish]) -> list[dict[str, Any]]:
    """The parameters of `RAISE_LOOK`, keys sorted, so that two writers never wait for each other in a ring."""
    return [
        {
            "target": wish.target,
            "installation": wish.installation,
            "due_at": wish.due_at,
            "watermark": orjson.dumps(wish.watermark).decode() if wish.watermark else None,
        }
        for wish in sorted(wishes, key=lambda wish: wish.target)
    ]
