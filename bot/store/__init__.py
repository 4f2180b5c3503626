"""What GitHub does not keep for us → rows: looks, deliveries, published heads, closing commands."""

from bot.store.errors import StoreRefused, StoreUnusable
from bot.store.opening import open_store
from bot.store.store import Store

__all__ = ["Store", "StoreRefused", "StoreUnusable", "open_store"]
