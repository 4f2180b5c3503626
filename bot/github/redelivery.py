"""GitHub's log of deliveries → those that never reached us are asked for again: GitHub itself sends each but once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import structlog

from bot.github.client import Client
from bot.github.errors import Rejected

KEPT_SECONDS: Final = 7 * 86_400
"""How long a delivery is asked for. An Enterprise Server keeps it for so long, github.com for three days only.

<https://docs.github.com/en/enterprise-server/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks>
"""

_LOG: Final = "/app/hook/deliveries"
_MARGIN_SECONDS: Final = 60.0  # a delivery may have been under way, and is logged when it ends
_FIRST_REST: Final = 240.0
_MOST_PAGES: Final = 100
_MOST_AT_ONCE: Final = 100

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class _Failed:
    """A delivery of which no attempt was answered well."""

    id: int
    """Of the newest attempt."""
    since: float
    """When the first attempt failed that we know of, in epoch seconds."""
    tries: int = 0
    next_at: float = 0.0


@dataclass(slots=True, kw_only=True)
class Redelivery:
    """Reads the log since the last time, at first all of it, and asks again for what failed, ever more seldom."""

    client: Client
    read_until: float = 0.0
    failed: dict[str, _Failed] = field(default_factory=dict)
    """By GUID, which all attempts share."""

    async def ask_again(self) -> int:
        """How many were asked for. Raises `GitHubError`; whatever was not asked for then is the next time."""
        now = self.client.now()
        forgotten = now - KEPT_SECONDS
        for guid, newest, is_good in _by_guid(await self._entries(max(self.read_until, forgotten))):
            if is_good:
                self.failed.pop(guid, None)
            else:
                known = self.failed.setdefault(guid, _Failed(id=0, since=_at(newest)))
                known.id = newest["id"]
        self.read_until = now - _MARGIN_SECONDS
        self.failed = {guid: one for guid, one in self.failed.items() if one.since > forgotten}
        due = sorted((one.since, guid) for guid, one in self.failed.items() if one.next_at <= now)[:_MOST_AT_ONCE]
        for _, guid in due:
            one = self.failed[guid]
            one.tries += 1
            one.next_at = now + _FIRST_REST * 2.0 ** min(one.tries - 1, 10)
            await self._ask_for(guid, one)
        return len(due)

    async def _ask_for(self, guid: str, one: _Failed) -> None:
        """What GitHub refuses to send again holds up no other."""
        try:
            await self.client.ask_as_app("POST", f"{_LOG}/{one.id}/attempts")
        except Rejected as refused:
            log.warning("redelivery.refused", delivery_id=guid, tries=one.tries, because=str(refused))
        else:
            log.info("delivery.redelivered", delivery_id=guid, tries=one.tries)

    async def _entries(self, since: float) -> list[Mapping[str, Any]]:
        """Newest first; <https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook>."""
        entries: list[Mapping[str, Any]] = []
        url: str | None = f"{_LOG}?per_page=100"
        for _ in range(_MOST_PAGES):
            if url is None or (entries and _at(entries[-1]) < since):
                break
            page, url = await self.client.ask_as_app("GET", url)
            entries += page or ()
        else:
            log.warning("deliveries.unread", read=len(entries))
        return [entry for entry in entries if _at(entry) >= since]


def _by_guid(entries: Iterable[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any], bool]]:
    """Each GUID with its newest attempt, and whether any attempt was answered well."""
    attempts: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        attempts.setdefault(entry["guid"], []).append(entry)
    return [(guid, found[0], any(one["status"] == "OK" for one in found)) for guid, found in attempts.items()]


def _at(entry: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(entry["delivered_at"]).timestamp()
