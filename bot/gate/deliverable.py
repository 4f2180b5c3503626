"""What a release delivers beside its code, and where that can be seen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable:
    """A document or the like: a file at the head, or what an item shows."""

    id: str
    title: str
    path: str | None = None
    item: str | None = None
