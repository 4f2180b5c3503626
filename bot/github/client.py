"""Speaks HTTP with GitHub as the App: tokens, retries, limits, and errors sorted by what to do about them."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
import jwt
import orjson
import stamina
from cachetools import LRUCache, TTLCache
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from gidgethub import sansio
from gidgethub.aiohttp import GitHubAPI

from bot import metrics
from bot.github.errors import Ambiguous, Forbidden, GitHubError, Gone, Rejected, Suspended, Unreachable
from bot.github.limits import Ask, Ceilings
from bot.github.pacing import THE_APP, Pacer, tokens_of
from bot.github.refusals import is_limit, limit_in_graphql
from bot.metrics import Api, Limit

USER_AGENT = "release-gate"
API_VERSION = {"x-github-api-version": "2022-11-28"}
TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)
TOKEN_MARGIN = 300  # seconds before its end at which a token is renewed
MAX_PAGES = 30

_MUTATION = re.compile(rb'(?:"|\\n)mutation ')
_OK = range(200, 300)
_SERVER_ERROR = range(500, 600)


_READ = Ask(hour=Limit.REST)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Who we are at one GitHub."""

    id: int
    private_key: str
    """PEM."""
    api_url: str
    graphql_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An entry of a GraphQL answer's `errors`."""

    type: str
    path: tuple[str | int, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A GraphQL answer, possibly with holes: a node that may not be read is null and has its problem."""

    data: Mapping[str, Any]
    problems: tuple[Problem, ...]
    at: datetime
    """GitHub's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    method: str
    url: str
    installation: int
    """Whose limits it counts against: of an installation, of the App itself, or of an installation's tokens."""
    body: bytes = b""
    ask: Ask = _READ
    creates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - this is where JSON comes in
        try:
            return orjson.loads(self.body) if self.body else None
        except orjson.JSONDecodeError:
            return None

    def message(self) -> str:
        said = self.json()
        return str(said.get("message", "")) if isinstance(said, dict) else ""


class Client:
    """One GitHub, seen as the App and as each of its installations. The session is the caller's to close."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        app: App,
        *,
        before_write: Callable[[], Awaitable[None]] | None = None,
        clock: Callable[[], float] = time,
        ceilings: Ceilings = Ceilings(),  # noqa: B008  frozen
    ) -> None:
        """Parses the private key once: it takes 80 times as long as signing.

        `before_write` is awaited before each attempt at a mutation, which what it raises prevents. `clock`, in epoch
        seconds, is what limits are counted by.
        """
        self.app = app
        self._before_write = before_write
        self._transport = GitHubAPI(session, USER_AGENT, base_url=app.api_url)
        self._key = load_pem_private_key(app.private_key.encode(), password=None)
        self._skew = 0.0
        """Seconds that GitHub's clock is ahead of ours, from the newest answer."""
        self._pacer = Pacer(clock, ceilings)
        self._costs: LRUCache[str, int] = LRUCache(maxsize=1_000)
        """Points of a document, as the last answer to it told."""
        self._tokens: dict[int, tuple[str, float]] = {}
        self._fetching: TTLCache[int, asyncio.Lock] = TTLCache(maxsize=100_000, ttl=3600)

    async def get(self, installation: int, path: str, params: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401
        """The JSON at a REST path, None when there is nothing (404). Raises `GitHubError`."""
        data, _ = await self._get(installation, _with(path, params))
        return data

    async def pages(
        self, installation: int, path: str, params: Mapping[str, str] | None = None, *, most: int = MAX_PAGES
    ) -> AsyncIterator[Any]:
        """Every page of a REST list, following `Link`; raises `Rejected` past `most`."""
        url: str | None = _with(path, {"per_page": "100", **(params or {})})
        for _ in range(most):
            if url is None:
                return
            data, url = await self._get(installation, url)
            yield data
        if url is not None:
            raise Rejected(f"{path} has more than {most} pages")

    async def graphql(
        self,
        installation: int,
        document: str,
        variables: Mapping[str, Any],
        *,
        creates: bool = False,
        contents: int = 0,
    ) -> Answer:
        """Executes a document. One that `creates` is sent once at most: a lost answer raises `Ambiguous`.

        `contents` is how many comments, check runs and reactions it makes or changes.
        """
        body = orjson.dumps({"query": document, "variables": variables})
        is_write = bool(_MUTATION.search(body))
        cost = self._costs.get(document, 1)
        ask = Ask(hour=Limit.GRAPHQL, cost=cost, is_write=is_write, contents=contents)
        reply = await self._as_installation(
            _Request(
                method="POST",
                url=self.app.graphql_url,
                installation=installation,
                body=body,
                ask=ask,
                creates=creates,
            )
        )
        said = reply.json()
        if not isinstance(said, dict):
            raise Unreachable("GitHub's answer was no JSON")
        if (limit := limit_in_graphql(said, reply.headers)) is not None:
            raise self._limited(installation, Limit.GRAPHQL, reply, f"GitHub's rate limit: {limit}")
        problems = tuple(_problem(error) for error in said.get("errors") or ())
        data = said.get("data")
        if not isinstance(data, dict):
            because = problems[0].message if problems else "no data"
            # A time-out inside GitHub has no type; an error in our document has one, or an `extensions.code`.
            raise (Rejected if problems and problems[0].type else Unreachable)(f"GitHub answered: {because}")
        # A mutation can't ask for its cost; it is one point.
        self._costs[document] = (data.get("rateLimit") or {}).get("cost", 1)
        metrics.POINTS[Limit.GRAPHQL].inc(self._costs[document])
        return Answer(data=data, problems=problems, at=self._date(reply))

    async def ask_as_app(self, method: str, url: str) -> tuple[Any, str | None]:
        """The JSON of an answer to the App itself, and the next page's address. None for 404. Raises `GitHubError`."""
        reply = await self._as_app(method, self._absolute(url))
        self._raise_for(THE_APP, Limit.REST, reply)
        if reply.status == 404:  # noqa: PLR2004
            return None, None
        _, _, more = sansio.decipher_response(reply.status, reply.headers, reply.body)
        return reply.json(), more

    async def _get(self, installation: int, url: str) -> tuple[Any, str | None]:
        request = _Request(method="GET", url=self._absolute(url), installation=installation)
        reply = await self._as_installation(request)
        if reply.status == 404:  # noqa: PLR2004
            return None, None
        _, _, more = sansio.decipher_response(reply.status, reply.headers, reply.body)
        return reply.json(), more

    def _absolute(self, url: str) -> str:
        if url.startswith("/"):
            return self.app.api_url + url
        if not url.startswith(f"{self.app.api_url}/"):
            raise Rejected("GitHub's answer points to another host; its token stays here")
        return url

    async def _as_installation(self, request: _Request) -> _Reply:
        installation = request.installation
        reply = await self._send(request, token=await self._token(installation))
        if reply.status == 401:  # noqa: PLR2004 - revoked, or our clock is off: once again with a new one
            self._tokens.pop(installation, None)
            reply = await self._send(request, token=await self._token(installation))
        self._raise_for(installation, request.ask.hour, reply)
        return reply

    async def _as_app(self, method: str, url: str, *, budget: int = THE_APP) -> _Reply:
        request = _Request(
            method=method, url=url, installation=budget, ask=Ask(hour=Limit.REST, is_write=method != "GET")
        )
        reply = await self._send(request, jwt_=self._jwt())
        if reply.status == 401:  # noqa: PLR2004 - the answer told us GitHub's clock
            reply = await self._send(request, jwt_=self._jwt())
        return reply

    async def _token(self, installation: int) -> str:
        """The installation's token, fetched once however many ask, and renewed before it ends."""
        async with self._fetching.setdefault(installation, asyncio.Lock()):
            token, ends = self._tokens.get(installation, ("", 0.0))
            if ends - TOKEN_MARGIN > self.now():
                return token
            url = f"{self.app.api_url}/app/installations/{installation}/access_tokens"
            reply = await self._as_app("POST", url, budget=tokens_of(installation))
            if reply.status == 404:  # noqa: PLR2004
                raise Gone(f"installation {installation} is removed")
            self._raise_for(tokens_of(installation), Limit.REST, reply)
            granted = reply.json()
            ends = datetime.fromisoformat(granted["expires_at"]).timestamp()
            self._tokens[installation] = (granted["token"], ends)
            return str(granted["token"])

    def _jwt(self) -> str:
        """Signed for nine minutes, a minute back.

        <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app>
        """
        now = int(self.now())
        claims = {"iat": now - 60, "exp": now + 540, "iss": str(self.app.id)}
        return jwt.encode(claims, self._key, algorithm="RS256")  # type: ignore[arg-type]  # any private key type

    async def _send(self, request: _Request, *, token: str | None = None, jwt_: str | None = None) -> _Reply:
        headers = sansio.create_headers(USER_AGENT, oauth_token=token, jwt=jwt_) | API_VERSION
        if request.body:
            headers["content-type"] = "application/json"
        if request.creates:
            return await self._attempt(request, headers)
        async for attempt in stamina.retry_context(on=Unreachable, attempts=3, wait_initial=0.2, wait_max=2.0):
            with attempt:
                return await self._attempt(request, headers)
        raise AssertionError  # the last attempt returned or raised

    async def _attempt(self, request: _Request, headers: Mapping[str, str]) -> _Reply:
        async with self._pacer.turn(request.installation, request.ask):
            if self._before_write is not None and request.ask.hour is Limit.GRAPHQL and request.ask.is_write:
                await self._before_write()
            self._count(request)
            reply = await self._exchange(request, headers)
        self._skew = self._date(reply).timestamp() - time()
        if reply.status in _SERVER_ERROR:
            raise _lost(creates=request.creates)(f"GitHub answered {reply.status}")
        if reply.status in _OK:
            self._pacer.hear(request.installation, request.ask.hour, reply.headers, github_now=self.now())
        return reply

    async def _exchange(self, request: _Request, headers: Mapping[str, str]) -> _Reply:
        send = self._transport._request  # noqa: SLF001  it leaves the answer as it is
        try:
            status, answered, content = await send(request.method, request.url, headers, request.body)
        except aiohttp.ClientConnectorError as error:
            # Nothing was sent: even a creation may be tried again.
            raise Unreachable(f"GitHub can't be reached ({type(error).__name__})") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _lost(creates=request.creates)(f"GitHub's answer was lost ({type(error).__name__})") from error
        return _Reply(status=status, headers=answered, body=content)

    def _count(self, request: _Request) -> None:
        """Tokens are asked for as the App and count against no installation's limit."""
        if request.ask.hour is Limit.GRAPHQL:
            metrics.REQUESTS[Api.MUTATION if request.ask.is_write else Api.QUERY].inc()
        elif request.url.endswith("/access_tokens"):
            metrics.REQUESTS[Api.TOKEN].inc()
        else:
            metrics.REQUESTS[Api.REST].inc()
            metrics.POINTS[Limit.REST].inc()

    def _raise_for(self, installation: int, hour: Limit, reply: _Reply) -> None:
        """Sorts what is neither a success nor a plain 404."""
        status, message = reply.status, reply.message()
        if status in _OK or status == 404:  # noqa: PLR2004
            return
        if status == 429 or (status == 403 and is_limit(reply.headers, message)):  # noqa: PLR2004
            raise self._limited(installation, hour, reply, f"GitHub's rate limit: {message}")
        if status == 403 and "suspended" in message:  # noqa: PLR2004
            raise Suspended("the installation is suspended")
        if status in {401, 403}:
            raise Forbidden(f"GitHub answered {status}: {message}")
        raise Rejected(f"GitHub answered {status}: {message}")

    def _limited(self, installation: int, hour: Limit, reply: _Reply, because: str) -> GitHubError:
        return self._pacer.refuse(installation, hour, reply.headers, github_now=self.now(), because=because)

    def _date(self, reply: _Reply) -> datetime:
        """GitHub's clock from `Date`; our own when a proxy took it away."""
        try:
            return parsedate_to_datetime(reply.headers.get("date", "")).astimezone(UTC)
        except ValueError:
            return datetime.fromtimestamp(int(time()), UTC)

    def now(self) -> float:
        """GitHub's clock in epoch seconds, as far as its newest answer told."""
        return time() + self._skew


def _with(path: str, params: Mapping[str, str] | None) -> str:
    return f"{path}?{urlencode(params)}" if params else path


def _lost(*, creates: bool) -> type[GitHubError]:
    return Ambiguous if creates else Unreachable


def _problem(error: Mapping[str, Any]) -> Problem:
    extensions = error.get("extensions") or {}
    return Problem(
        type=str(error.get("type") or extensions.get("code") or ""),
        path=tuple(error.get("path") or ()),
        message=str(error.get("message", "")),
    )
