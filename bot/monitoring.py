"""`GET /metrics` → the numbers of `bot.metrics` and how much work waits, as Prometheus reads them."""

from collections.abc import Sequence

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot import metrics
from bot.store import Store, StoreRefused
from bot.store.waiting import waiting


def routes(store: Store) -> Sequence[web.RouteDef]:
    """One route. A database that refuses makes what waits `NaN`, never an old number."""

    async def scrape(_request: web.Request) -> web.Response:
        try:
            now = await waiting(store)
        except StoreRefused:
            metrics.LOOKS_WAITING.set(float("nan"))
            metrics.LONGEST_WAIT.set(float("nan"))
        else:
            metrics.LOOKS_WAITING.set(now.looks)
            metrics.LONGEST_WAIT.set(now.longest)
        return web.Response(body=metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return (web.get("/metrics", scrape),)
