"""Tells whether a snapshot is older than what a delivery has already told us."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.gate.facts import Snapshot, Unavailable
from bot.store.wishes import Watermark


def lags(snapshot: Snapshot, watermark: Watermark | None) -> bool:
    """Whether a check or status that a delivery was about is missing, or further on than the snapshot says.

    GraphQL's roll-up can lag behind the deliveries by minutes; REST does not.
    """
    return any(
        _check_lags(snapshot, mark) if key.startswith("check_run:") else _status_lags(snapshot, mark)
        for key, mark in (watermark or {}).items()
    )


def _check_lags(snapshot: Snapshot, mark: Mapping[str, str | int]) -> bool:
    if isinstance(snapshot.checks, Unavailable) or mark["status"] != "completed":
        return False
    run = next((run for run in snapshot.checks if run.id == mark["id"]), None)
    return run is None or run.status != "completed"


def _status_lags(snapshot: Snapshot, mark: Mapping[str, str | int]) -> bool:
    if isinstance(snapshot.statuses, Unavailable):
        return False
    status = next((status for status in snapshot.statuses if status.context == mark["context"]), None)
    return status is None or _is_older(status.at, str(mark["at"]))


def _is_older(at: datetime, mark: str) -> bool:
    try:
        return at < datetime.fromisoformat(mark).astimezone(UTC)
    except ValueError:  # a payload that names no instant
        return False
