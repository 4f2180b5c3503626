"""Deliveries from GitHub → durable wishes to look, answered 202 after the commit; and how the process is doing."""

import hashlib
import hmac
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson
import structlog
from aiohttp import web

from bot import metrics
from bot.gate.mask import Topic
from bot.github.deliveries import Concern, concerning
from bot.metrics import Delivery
from bot.settings import Settings
from bot.store import StoreRefused
from bot.store.wishes import Wish

MAX_BODY: Final = 25 * 1024 * 1024
"""Bytes; https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap"""

_RETRY_AFTER: Final = "30"
_BULK_APART: Final = 1.0
"""Seconds; each is a request, and an installation has 5,000 in an hour."""
_GUID: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
_EVENT: Final = re.compile(r"[a-z0-9_]{1,64}")
_SIGNATURE: Final = re.compile(r"sha256=([0-9a-f]{64})")
_FORM: Final = "application/x-www-form-urlencoded"

log = structlog.get_logger()

Ready = Callable[[], Awaitable[str | None]]
"""Why the process cannot do its work, or None."""

Lets = Callable[[str, Sequence[Topic]], Awaitable[bool]]
"""Whether a delivery about these topics may matter to the rules of the repository of that key; `Masks.lets`."""


class Accept(Protocol):
    """Keep a delivery for good before returning; `Store.accept`."""

    async def __call__(self, *, guid: str, event: str, wishes: Sequence[Wish]) -> bool:
        """Whether the GUID was new; raises `StoreRefused`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    guid: str
    event: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    result: Delivery
    status: int
    because: str


def routes(
    settings: Settings,
    accept: Accept,
    ready: Ready,
    *,
    now: Callable[[], float] = time.time,
    lets: Lets,
) -> Sequence[web.RouteDef]:
    """`POST /webhook`, `GET /healthz` (the process is alive) and `GET /readyz` (it can do its work).

    The body limit is our own; the application's `client_max_size` does not matter.
    """
    secrets = [secret.get_secret_value().encode() for secret in settings.github_webhook_secrets]

    async def webhook(request: web.Request) -> web.Response:
        delivery = await _read(request, secrets)
        if isinstance(delivery, _Refusal):
            metrics.DELIVERIES[delivery.result].inc()
            log.warning("delivery.refused", status=delivery.status, because=delivery.because)
            return _json(delivery.status, {"error": delivery.because})
        told = concerning(delivery.event, delivery.payload, app_id=settings.github_app_id)
        concerns = [one for one in told if await lets(one.target.repository.key, one.topics)]
        wishes = _wishes(concerns, now(), settings.settle_seconds)
        return await _accept(delivery, wishes, accept)

    async def healthz(_request: web.Request) -> web.Response:
        return _json(200, {"alive": True})

    async def readyz(_request: web.Request) -> web.Response:
        because = await ready()
        if because is not None:
            return _json(503, {"ready": False, "because": because}, retry_after=_RETRY_AFTER)
        return _json(200, {"ready": True})

    return (
        web.post("/webhook", webhook),
        web.get("/healthz", healthz),
        web.get("/readyz", readyz),
    )


async def _accept(delivery: _Read, wishes: Sequence[Wish], accept: Accept) -> web.Response:
    told = {"delivery_id": delivery.guid, "github_event": delivery.event, "action": _action(delivery)}
    if not wishes:
        metrics.DELIVERIES[Delivery.IGNORED].inc()
        log.debug("delivery.ignored", **told)
        return _json(202, {"delivery": delivery.guid, "looks": 0})
    try:
        is_new = await accept(guid=delivery.guid, event=delivery.event, wishes=wishes)
    except StoreRefused as refused:
        metrics.DELIVERIES[Delivery.LOST].inc()
        log.error("delivery.lost", because=str(refused), **told)  # noqa: TRY400  its text says it all
        error = {"error": "the delivery could not be stored; please redeliver it later"}
        return _json(503, error, retry_after=_RETRY_AFTER)
    metrics.DELIVERIES[Delivery.ACCEPTED if is_new else Delivery.REPEATED].inc()
    log.info("delivery.accepted", looks=len(wishes), is_new=is_new, **told)
    return _json(202, {"delivery": delivery.guid, "looks": len(wishes)})


async def _read(request: web.Request, secrets: Sequence[bytes]) -> _Read | _Refusal:
    """The delivery, if GitHub sent it; the cheapest test comes first and nothing is parsed before the signature."""
    if (request.content_length or 0) > MAX_BODY:
        return _too_large()
    if request.content_type == _FORM:
        return _Refusal(
            result=Delivery.WRONG_TYPE,
            status=415,
            because="form-encoded: set the webhook's content type to application/json",
        )
    if request.content_type != "application/json":
        return _Refusal(
            result=Delivery.WRONG_TYPE, status=415, because="set the webhook's content type to application/json"
        )
    try:
        body = await _body(request)
    except web.RequestPayloadError:
        return _Refusal(result=Delivery.UNREADABLE, status=400, because="the body is not encoded as its headers say")
    if body is None:
        return _too_large()
    unsigned = _why_unsigned(request.headers.get("X-Hub-Signature-256"), body, secrets)
    if unsigned is not None:
        return _Refusal(result=Delivery.UNSIGNED, status=401, because=unsigned)
    return _parse(request.headers, body)


def _parse(headers: Mapping[str, str], body: bytes) -> _Read | _Refusal:
    guid, event = headers.get("X-GitHub-Delivery", ""), headers.get("X-GitHub-Event", "")
    if not _GUID.fullmatch(guid):
        return _Refusal(result=Delivery.UNREADABLE, status=400, because="X-GitHub-Delivery is missing or is not a GUID")
    if not _EVENT.fullmatch(event):
        return _Refusal(
            result=Delivery.UNREADABLE, status=400, because="X-GitHub-Event is missing or is not the name of an event"
        )
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _Refusal(result=Delivery.UNREADABLE, status=400, because="the body is not JSON")
    if not isinstance(payload, dict):
        return _Refusal(result=Delivery.UNREADABLE, status=400, because="the body is not a JSON object")
    return _Read(guid=guid, event=event, payload=payload)


async def _body(request: web.Request) -> bytes | None:
    """The raw bytes, or None for more than GitHub ever sends: a length may be unknown, or a body may unfold."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
        if size > MAX_BODY:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def _why_unsigned(header: str | None, body: bytes, secrets: Sequence[bytes]) -> str | None:
    """None when one of the secrets made this signature of these very bytes; SHA-1 alone does not count.

    Source: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    """
    if header is None:
        return "X-Hub-Signature-256 is missing: set the webhook's secret"
    found = _SIGNATURE.fullmatch(header)
    if found is None:
        return "X-Hub-Signature-256 is not sha256= and 64 hexadecimal digits"
    digests = [hmac.digest(secret, body, hashlib.sha256).hex() for secret in secrets]
    if not any([hmac.compare_digest(found[1], digest) for digest in digests]):  # noqa: C419  constant time
        return "X-Hub-Signature-256 does not match: the webhook's secret differs, or a proxy changed the body"
    return None


def _wishes(concerns: Sequence[Concern], now: float, settle_seconds: float) -> Sequence[Wish]:
    """Those for which nobody waits follow one another, and leave room for others."""
    return [
        Wish(
            target=concern.target.key,
            installation=concern.target.repository.installation,
            due_at=now if concern.is_urgent else now + settle_seconds + (_BULK_APART * at if concern.is_bulk else 0.0),
            watermark=concern.watermark,
            is_bulk=concern.is_bulk,
        )
        for at, concern in enumerate(concerns)
    ]


def _action(delivery: _Read) -> str | None:
    action = delivery.payload.get("action")
    return action[:64] if isinstance(action, str) else None


def _too_large() -> _Refusal:
    return _Refusal(
        result=Delivery.TOO_LARGE, status=413, because="the body is larger than 25 MB, more than GitHub sends"
    )


def _json(status: int, body: Mapping[str, Any], *, retry_after: str | None = None) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json", headers=headers)
