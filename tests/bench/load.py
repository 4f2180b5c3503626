"""Deliveries on many connections, one after another on each: how many a second, and how long the slowest took."""

import asyncio
import hashlib
import hmac
import time
import uuid
from dataclasses import dataclass, field
from typing import cast


@dataclass(slots=True)
class Load:
    """What one run measured."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def p99(self) -> float:
        """Milliseconds that all but one in a hundred stayed below."""
        return sorted(self.latencies)[int(len(self.latencies) * 0.99)] * 1000


class _Connection(asyncio.Protocol):
    """Sends, waits for the answer, sends the next."""

    def __init__(self, head: bytes, body: bytes, load: Load, ends_at: float) -> None:
        self.head, self.body, self.load, self.ends_at = head, body, load, ends_at
        self.sent_at = 0.0
        self.received = b""
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class
        self._send()

    def _send(self) -> None:
        self.sent_at = time.perf_counter()
        self.transport.writelines([self.head % uuid.uuid4().bytes.hex().encode(), self.body])

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, rest = self.received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        if not found or len(rest) < length:
            return
        now = time.perf_counter()
        self.load.latencies.append(now - self.sent_at)
        self.load.refused += not head.startswith(b"HTTP/1.1 202")
        self.received = b""
        if now < self.ends_at:
            self._send()
        else:
            self.transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


async def deliver(port: int, secret: str, body: bytes, *, connections: int, seconds: float) -> Load:
    """The same body again and again, each time with a GUID of its own."""
    signature = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
    head = (
        f"POST /webhook HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-GitHub-Event: pull_request\r\nX-GitHub-Delivery: %b\r\nX-Hub-Signature-256: sha256={signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    load = Load(seconds)
    loop, ends_at = asyncio.get_running_loop(), time.perf_counter() + seconds
    opened = [
        await loop.create_connection(lambda: _Connection(head, body, load, ends_at), "127.0.0.1", port)
        for _ in range(connections)
    ]
    async with asyncio.timeout(seconds + 30):
        await asyncio.gather(*(connection.ended for _, connection in opened))
    return load
