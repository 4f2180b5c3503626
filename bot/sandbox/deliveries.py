"""Deliveries: queued when something happens, signed, sent once, logged with what came back.

https://docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries
"""

import asyncio
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic
from typing import Any

import aiohttp

from .clock import Clock
from .faults import Faults
from .model.accounts import App, Installation

TIME_LIMIT = aiohttp.ClientTimeout(total=10)


@dataclass(eq=False, kw_only=True, slots=True)
class Delivery:
    """One attempt; a redelivery is another attempt under the same `guid`."""

    id: int
    guid: str
    event: str
    action: str | None
    app: App
    installation: Installation
    repository_id: int | None
    body: bytes
    created_at: datetime
    redelivery: bool = False
    delivered_at: datetime | None = None
    duration: float = 0.0
    status_code: int = 0
    status: str = "pending"

    @property
    def succeeded(self) -> bool:
        """Whether the answer was in the 200s; anything else counts as failed."""
        return self.status == "OK"

    @property
    def payload(self) -> dict[str, Any]:
        """The body, decoded."""
        decoded: dict[str, Any] = json.loads(self.body)
        return decoded


def signature(secret: str, body: bytes) -> str:
    """`X-Hub-Signature-256`; https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries"""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers(delivery: Delivery) -> dict[str, str]:
    """The headers GitHub sends; https://docs.github.com/webhooks/webhook-events-and-payloads#delivery-headers"""
    app = delivery.app
    return {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/5a1d0b3",
        "X-GitHub-Delivery": delivery.guid,
        "X-GitHub-Event": delivery.event,
        "X-GitHub-Hook-ID": str(app.hook_id),
        "X-GitHub-Hook-Installation-Target-ID": str(app.database_id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature-256": signature(app.secret, delivery.body),
    }


@dataclass(eq=False, kw_only=True)
class Deliveries:
    """The queue and the log; one task sends in order, one at a time, unless more are started."""

    clock: Clock
    faults: Faults
    log: list[Delivery] = field(default_factory=list)
    held: list[Delivery] = field(default_factory=list)
    queue: "asyncio.Queue[Delivery]" = field(default_factory=asyncio.Queue)
    tasks: "list[asyncio.Task[None]]" = field(default_factory=list)
    first_id: int = 900_000_001

    def emitted(self, app: App, installation: Installation, event: str, payload: dict[str, Any]) -> None:
        """Queue what just happened, through the armed faults."""
        repository = payload.get("repository", {})
        delivery = Delivery(
            id=self.first_id + len(self.log),
            guid=str(uuid.uuid4()),
            event=event,
            action=payload.get("action"),
            app=app,
            installation=installation,
            repository_id=repository.get("id"),
            body=json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode(),
            created_at=self.clock.now(),
        )
        self.log.append(delivery)
        subject = f"{event}.{delivery.action}" if delivery.action else event
        if self.faults.take("lost_delivery", subject):
            delivery.status = "lost"
            return
        fault = self.faults.take("reordered_delivery", subject)
        if fault:
            self.held.append(delivery)
            if fault.times == 0:
                self.release()
            return
        self.queue.put_nowait(delivery)
        if self.faults.take("duplicate_delivery", subject):
            self.again(delivery, redelivery=False)

    def release(self) -> None:
        """Queue what the reordering fault held back, newest first."""
        while self.held:
            self.queue.put_nowait(self.held.pop())

    def again(self, delivery: Delivery, *, redelivery: bool = True) -> Delivery:
        """Queue the same body under the same GUID once more."""
        copy = replace(
            delivery,
            id=self.first_id + len(self.log),
            redelivery=redelivery,
            status="pending",
            status_code=0,
            delivered_at=None,
        )
        self.log.append(copy)
        self.queue.put_nowait(copy)
        return copy

    def start(self) -> None:
        """Begin sending; each further call lets one more be under way, in no order, as GitHub's are."""
        self.tasks.append(asyncio.create_task(self._run()))

    async def stop(self) -> None:
        """Stop sending; what is queued stays unsent."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until everything queued was attempted."""
        self.release()
        await self.queue.join()

    async def _run(self) -> None:
        async with aiohttp.ClientSession(timeout=TIME_LIMIT, auto_decompress=False) as session:
            while True:
                delivery = await self.queue.get()
                try:
                    await self._send(session, delivery)
                finally:
                    self.queue.task_done()

    async def _send(self, session: aiohttp.ClientSession, delivery: Delivery) -> None:
        begun = monotonic()
        sent = headers(delivery)
        try:
            async with session.post(delivery.app.webhook_url, data=delivery.body, headers=sent) as answer:
                await answer.read()
                delivery.status_code, delivery.status = answer.status, answer.reason or ""
                if answer.ok:
                    delivery.status = "OK"
        except TimeoutError:
            delivery.status = "timed out"
        except aiohttp.ClientError:
            delivery.status = "failed to connect to host"
        delivery.delivered_at = self.clock.now()
        delivery.duration = monotonic() - begun
