"""Decoded JSON of any shape → what stands at a path in it."""

from collections.abc import Mapping
from typing import Any


def inside(value: Any, *path: str) -> Any:  # noqa: ANN401
    """What stands at this path, or None if anything on the way is missing or not an object."""
    for step in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value
