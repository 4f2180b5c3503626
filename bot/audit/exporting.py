"""Chains of decisions → lines of JSON that can be verified without the database."""

from collections.abc import AsyncIterator
from datetime import datetime

from bot.audit.asking import NoAnswer, chains, name_of
from bot.record.body import line_of
from bot.record.codec import Unreadable
from bot.store import Store, decisions


async def lines(store: Store, pull_request: str | None, since: datetime | None) -> AsyncIterator[bytes]:
    """Chain by chain, each from its beginning or from `since`. Raises `NoAnswer`."""
    start = since.timestamp() if since else 0
    async for chain in chains(store, pull_request):
        for decision in chain:
            if decision.at >= start:
                try:
                    yield line_of(await decisions.with_body(store, decision))
                except Unreadable as error:
                    raise NoAnswer(f"decision {decision.number} of {name_of(decision)}: {error}") from error
