"""HTTP in front of the world: authentication, limits, faults and GitHub's headers around every answer."""

import asyncio
import contextlib
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .auth import Auth, Caller, etag
from .deliveries import Deliveries
from .faults import Fault, Faults
from .graph import execute as graph
from .limits import Excess, Limits
from .rest.call import Answer, Call
from .rest.routes import find
from .world import Refused, not_found

if TYPE_CHECKING:
    from .world import World

_OPERATION = re.compile(r"^\s*(query|mutation)\b\s*(\w+)?", re.MULTILINE)
NOT_MODIFIED = 304
DOCUMENTATION = "https://docs.github.com/rest"
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


@dataclass(eq=False, kw_only=True, slots=True)
class RequestLog:
    """One request that was answered: what tests and benchmarks count."""

    method: str
    path: str
    kind: str
    at: datetime
    """When it came."""
    operation: str = ""
    is_write: bool = False
    status: int = 0
    cost: int = 0
    limit: str = ""
    """The limit that it was refused for, when it broke one and no fault was armed."""
    headers: tuple[str, ...] = ()
    query: dict[str, str] = field(default_factory=dict)
    document: str = ""
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, kw_only=True)
class Server:
    """Answers under `prefix`: empty as on api.github.com, `/api/v3` as on GHES."""

    world: "World"
    auth: Auth
    deliveries: Deliveries
    faults: Faults
    limits: Limits | None
    """None: nobody is limited, and no answer tells of limits, as on an Enterprise Server."""
    prefix: str = ""
    requests: list[RequestLog] = field(default_factory=list)

    @property
    def graphql_path(self) -> str:
        """`/graphql`, or `/api/graphql` beside `/api/v3`."""
        return f"{self.prefix.removesuffix('/v3')}/graphql"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        log = self._logged(request)
        self.requests.append(log)
        body = await request.read()
        payload = self._decoded(body)
        if log.kind == "graphql":
            log.operation, log.is_write = _named(str(payload.get("query") or ""))
            log.document = str(payload.get("query") or "")
            log.variables = payload.get("variables") or {}
        subject = f"{log.method} {log.path} {log.operation}"
        with self._under_way(request):
            late = self.faults.take("latency", subject)
            if late:
                await asyncio.sleep(float(late.settings["seconds"] or 0))
            if self.faults.take("dropped_connection", subject):
                return _cut(request)
            answer = self._answered(request, log, payload, subject)
            log.status = answer.status
            if self.faults.take("answer_lost", subject):
                return _cut(request)
            return self._response(request, answer)

    @contextlib.contextmanager
    def _under_way(self, request: web.Request) -> Iterator[None]:
        holder = self.auth.holder(request.headers)
        if self.limits and holder:
            self.limits.under_way[holder] += 1
        try:
            yield
        finally:
            if self.limits and holder:
                self.limits.under_way[holder] -= 1

    def _logged(self, request: web.Request) -> RequestLog:
        path = request.rel_url.raw_path
        kind = "graphql" if path == self.graphql_path else "rest"
        if path.endswith("/access_tokens"):
            kind = "token"
        return RequestLog(
            method=request.method,
            path=path.removeprefix(self.prefix),
            kind=kind,
            at=self.world.clock.instant(),
            is_write=kind == "rest" and request.method not in ("GET", "HEAD"),
            headers=tuple(request.headers),
            query=dict(request.query),
        )

    @staticmethod
    def _decoded(body: bytes) -> dict[str, Any]:
        try:
            decoded = json.loads(body) if body else {}
        except ValueError:
            return {}
        return decoded if isinstance(decoded, dict) else {}

    def _answered(self, request: web.Request, log: RequestLog, payload: dict[str, Any], subject: str) -> Answer:
        struck = self._struck(log, subject)
        if struck:
            return struck
        try:
            _agent(request)
            if log.kind == "graphql":
                return self._graphql(request, log, payload, subject)
            return self._rest(request, log, payload, subject)
        except Refused as refused:
            return _refusal(refused)

    def _struck(self, log: RequestLog, subject: str) -> Answer | None:
        if self.faults.take("bad_gateway", subject):
            return Answer(status=502, body={"message": "Server Error"})
        if log.kind != "token" and self.faults.take("expired_tokens", subject):
            self.auth.revoke_all()
        if self.faults.take("forbidden", subject):
            return Answer(status=403, body=_message("Resource not accessible by integration"))
        if self.faults.take("rejected", subject):
            return _rejected(log.kind)
        limited = self.faults.take("secondary_limit", subject)
        return _secondary(limited, log.kind) if limited else None

    def _rest(self, request: web.Request, log: RequestLog, payload: dict[str, Any], subject: str) -> Answer:
        path = request.rel_url.raw_path
        found = find(request.method, path.removeprefix(self.prefix)) if path.startswith(self.prefix) else None
        if found is None:
            self.world.errors.append(f"REST: the sandbox does not model {request.method} {path}")
            raise not_found()
        route, parts = found
        caller = self.auth.caller(request.headers, as_app=not route.permission)
        headers: dict[str, str] = {}
        refusal = self._limited(caller, log) or self._spend(caller, log, "core", 1, subject, headers)
        if refusal:
            return refusal
        if caller.token:
            caller.require(route.permission)
        call = Call(
            world=self.world,
            auth=self.auth,
            deliveries=self.deliveries,
            caller=caller,
            parts=parts,
            query=dict(request.query),
            body=payload,
            url=f"{self.world.api_url}{log.path}",
        )
        answer = route.handler(call)
        return self._conditional(
            request, caller, Answer(status=answer.status, body=answer.body, headers={**headers, **answer.headers})
        )

    def _conditional(self, request: web.Request, caller: Caller, answer: Answer) -> Answer:
        """304 for what the client has, free; https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api"""
        if request.method != "GET":
            return answer
        tag = etag(_encoded(answer.body))
        headers = {**answer.headers, "ETag": tag}
        if request.headers.get("If-None-Match") != tag:
            return Answer(status=answer.status, body=answer.body, headers=headers)
        if self.limits:
            quota = self.auth.quota(caller.limited_as, "core")
            quota.used -= 1
            headers |= quota.headers()
        return Answer(status=NOT_MODIFIED, headers=headers)

    def _limited(self, caller: Caller, log: RequestLog, contents: int = 0) -> Answer | None:
        """A secondary limit that the request would break."""
        if self.limits is None:
            return None
        excess = self.limits.take(
            caller.limited_as, graphql=log.kind == "graphql", is_write=log.is_write, contents=contents
        )
        if excess is None:
            return None
        log.limit = excess.kind
        return _exceeded(excess)

    def _spend(
        self, caller: Caller, log: RequestLog, resource: str, points: int, subject: str, headers: dict[str, str]
    ) -> Answer | None:
        quota = self.auth.quota(caller.limited_as, resource)
        is_struck = self.faults.take("primary_limit", subject)
        if self.limits is None and not is_struck:
            return None
        if is_struck:
            quota.used = quota.limit
        spent = quota.used + points > quota.limit
        quota.used += 0 if spent else points
        headers.update(quota.headers())
        if not spent:
            return None
        log.limit = "" if is_struck else f"{resource}_hour"
        message = f"API rate limit exceeded for installation ID {caller.limited_as}."
        if resource == "graphql":
            return Answer(body={"errors": [{"type": "RATE_LIMITED", "message": message}]}, headers=headers)
        return Answer(status=403, body=_message(message), headers=headers)

    def _graphql(self, request: web.Request, log: RequestLog, payload: dict[str, Any], subject: str) -> Answer:
        if request.method != "POST":
            raise not_found()
        caller = self.auth.caller(request.headers, as_app=False)
        question = graph.understand(self.world, payload)
        headers: dict[str, str] = {}
        if isinstance(question, dict):
            return Answer(body=question)
        log.operation, log.is_write, log.cost = question.name, question.writes, question.cost.points
        refusal = self._limited(caller, log, question.contents) or self._spend(
            caller, log, "graphql", question.cost.points, subject, headers
        )
        if refusal:
            return refusal
        if self.faults.take("broken_inside", subject):
            return Answer(body=_broken_inside(), headers=headers)
        quota = self.auth.quota(caller.limited_as, "graphql")
        return Answer(body=graph.answer(self.world, question, caller, quota), headers=headers)

    def _response(self, request: web.Request, answer: Answer) -> web.Response:
        body = b"" if answer.status == NOT_MODIFIED or answer.body is None else _encoded(answer.body)
        response = web.Response(status=answer.status, body=body, headers=dict(answer.headers))
        if answer.status != NOT_MODIFIED:
            response.content_type, response.charset = "application/json", "utf-8"
        now = self.world.clock.now().astimezone(UTC)
        response.headers["Date"] = format_datetime(now, usegmt=True)
        response.headers["Server"] = "github.com"
        response.headers["X-GitHub-Request-Id"] = uuid.uuid4().hex[:20].upper()
        response.headers["X-GitHub-Media-Type"] = "github.v3; format=json"
        if request.version.major == 1:
            response.headers["Vary"] = "Accept, Authorization, Accept-Encoding"
        return response


def _cut(request: web.Request) -> web.Response:
    """The connection ends without an answer."""
    if request.transport is not None:  # a client may be gone
        request.transport.abort()
    return web.Response()


def _agent(request: web.Request) -> None:
    if not request.headers.get("User-Agent"):
        message = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header."
        raise Refused(message, status=403)


def _encoded(body: object) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def _message(text: str, status: int | None = None) -> dict[str, str]:
    own = {"status": str(status)} if status else {}
    return {"message": text, "documentation_url": DOCUMENTATION, **own}


def _refusal(refused: Refused) -> Answer:
    return Answer(status=refused.status, body=_message(refused.message, refused.status))


def _rejected(kind: str) -> Answer:
    if kind == "graphql":
        return Answer(body={"data": None, "errors": [{"type": "UNPROCESSABLE", "message": "Validation Failed"}]})
    return Answer(status=422, body=_message("Validation Failed"))


def _exceeded(excess: Excess) -> Answer:
    headers = {} if excess.retry_after is None else {"Retry-After": str(excess.retry_after)}
    return Answer(status=403, body=_message(SECONDARY), headers=headers)


_LIMITED: Mapping[str, Mapping[str, Any]] = {
    "typed": {"errors": [{"type": "RATE_LIMITED", "message": SECONDARY}]},
    "short": {"data": None, "errors": [{"type": "RATE_LIMIT", "message": "API calls are exceeded."}]},
    "untyped": {"errors": [{"message": SECONDARY}]},
    "bare": {"message": SECONDARY, "documentation_url": "https://docs.github.com/graphql"},
    "partial": {"data": {"repository": None}, "errors": [{"message": SECONDARY, "path": ["repository"]}]},
}
"""Shapes of a GraphQL refusal with HTTP 200."""


def _secondary(fault: Fault, kind: str) -> Answer:
    """https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit"""
    after = fault.settings.get("retry_after")
    headers = {} if after is None else {"Retry-After": str(after)}
    if kind == "graphql" and "status" not in fault.settings:
        return Answer(body=_LIMITED[str(fault.settings.get("shape", "typed"))], headers=headers)
    return Answer(status=int(fault.settings.get("status") or 403), body=_message(SECONDARY), headers=headers)


def _named(query: str) -> tuple[str, bool]:
    """The first operation's name, and whether it is a mutation: faults strike before anything is parsed."""
    found = _OPERATION.search(query)
    return (found[2] or "", found[1] == "mutation") if found else ("", False)


def _broken_inside() -> dict[str, Any]:
    """What a time-out inside GitHub looks like: the field is null, and its error has no type."""
    error = {"message": "Something went wrong while executing your query.", "path": ["repository"]}
    return {"data": {"repository": None}, "errors": [error]}
