"""Tells whether a snapshot is older than what a delivery has already told us, or what we kept of comments."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from bot.gate.facts import Snapshot, Unavailable
from bot.store.wishes import Watermark

FULL: Final = "full"
"""The mark that stands for those that were too many to keep, see `bot.store.dialect`."""


def lags(snapshot: Snapshot, watermark: Watermark | None) -> bool:
    """Whether a check or status that a delivery was about is missing, or further on than the snapshot says.

    GraphQL's roll-up can lag behind the deliveries by minutes; REST does not. Of too many nothing is known but that.
    """
    return FULL in (watermark or {}) or any(
        (kind == "check_run" and _check_lags(snapshot, mark)) or (kind == "status" and _status_lags(snapshot, mark))
        for key, mark in (watermark or {}).items()
        for kind in [key.partition(":")[0]]
    )


def tells_of_remarks(watermark: Watermark | None) -> bool:
    """Whether a comment or review was edited, deleted or dismissed: what is kept of them may not hold any more."""
    return any(key == FULL or key.startswith("remark:") for key in watermark or {})


def told_at(watermark: Watermark | None) -> datetime | None:
    """When the oldest thing happened that deliveries told of, as GitHub wrote it; None where they gave no instant."""
    return min(filter(None, (_instant(str(mark.get("at", ""))) for mark in (watermark or {}).values())), default=None)


def _check_lags(snapshot: Snapshot, mark: Mapping[str, str | int]) -> bool:
    """A run that is not there yet, is not as far, or ended before: an App may end its run a second time."""
    if isinstance(snapshot.checks, Unavailable):
        return False
    run = next((run for run in snapshot.checks if run.id == mark["id"]), None)
    if run is None or _progress(run.status) < _progress(str(mark["status"])):
        return True
    return mark["status"] == "completed" and _is_older(run.completed_at, str(mark["at"]))


def _status_lags(snapshot: Snapshot, mark: Mapping[str, str | int]) -> bool:
    if isinstance(snapshot.statuses, Unavailable):
        return False
    status = next((status for status in snapshot.statuses if status.context == mark["context"]), None)
    if status is None or _is_older(status.at, str(mark["at"])):
        return True
    # Two within one second differ in what they say.
    return status.state != mark["state"] and not _is_older(_instant(str(mark["at"])), status.at.isoformat())


def _progress(status: str) -> int:
    return {"completed": 2, "in_progress": 1}.get(status, 0)


def _is_older(at: datetime | None, mark: str) -> bool:
    marked = _instant(mark)
    return at is not None and marked is not None and at < marked


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:  # a payload that names no instant
        return None
