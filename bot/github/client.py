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
from cachetools import TTLCache
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from gidgethub import sansio
from gidgethub.aiohttp import GitHubAPI

from bot import metrics
from bot.github.errors import Ambiguous, Forbidden, GitHubError, Gone, RateLimited, Rejected, Unreachable

USER_AGENT = "release-gate"
API_VERSION = {"x-github-api-version": "2022-11-28"}
TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)
TOKEN_MARGIN = 300  # seconds before its end at which a token is renewed
DEFAULT_WAIT = 60.0  # seconds; what GitHub asks for when it names no time
MAX_PAGES = 30

_MUTATION = re.compile(rb'(?:"|\\n)mutation ')
_OK = range(200, 300)
_SERVER_ERROR = range(500, 600)


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
        self, session: aiohttp.ClientSession, app: App, *, before_write: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Parses the private key once: it takes 80 times as long as signing.

        `before_write` is awaited before each attempt at a mutation, which what it raises prevents.
        """
        self.app = app
        self._before_write = before_write
        self._transport = GitHubAPI(session, USER_AGENT, base_url=app.api_url)
        self._key = load_pem_private_key(app.private_key.encode(), password=None)
        self._skew = 0.0
        """Seconds that GitHub's clock is ahead of ours, from the newest answer."""
        self._tokens: dict[int, tuple[str, float]] = {}
        self._fetching: TTLCache[int, asyncio.Lock] = TTLCache(maxsize=100_000, ttl=3600)

    async def get(self, installation: int, path: str, params: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401
        """The JSON at a REST path, None when there is nothing (404). Raises `GitHubError`."""
        data, _ = await self._get(installation, _with(path, params))
        return data

    async def pages(self, installation: int, path: str, params: Mapping[str, str] | None = None) -> AsyncIterator[Any]:
        """Every page of a REST list, following `Link`; raises `Rejected` past `MAX_PAGES`."""
        url: str | None = _with(path, {"per_page": "100", **(params or {})})
        for _ in range(MAX_PAGES):
            if url is None:
                return
            data, url = await self._get(installation, url)
            yield data
        if url is not None:
            raise Rejected(f"{path} has more than {MAX_PAGES} pages")

    async def graphql(
        self, installation: int, document: str, variables: Mapping[str, Any], *, creates: bool = False
    ) -> Answer:
        """Executes a document. One that `creates` is sent once at most: a lost answer raises `Ambiguous`."""
        body = orjson.dumps({"query": document, "variables": variables})
        reply = await self._as_installation(installation, "POST", self.app.graphql_url, body, creates=creates)
        said = reply.json()
        if not isinstance(said, dict):
            raise Unreachable("GitHub's answer was no JSON")
        problems = tuple(_problem(error) for error in said.get("errors") or ())
        if any(problem.type == "RATE_LIMITED" for problem in problems):
            raise RateLimited("GitHub's GraphQL limit is used up", retry_after=self._wait(reply))
        data = said.get("data")
        if not isinstance(data, dict):
            because = problems[0].message if problems else "no data"
            # A time-out inside GitHub has no type; an error in our document has one, or an `extensions.code`.
            raise (Rejected if problems and problems[0].type else Unreachable)(f"GitHub answered: {because}")
        # A mutation can't ask for its cost; it is one point.
        metrics.POINTS[metrics.Limit.GRAPHQL].inc((data.get("rateLimit") or {}).get("cost", 1))
        return Answer(data=data, problems=problems, at=self._date(reply))

    async def ask_as_app(self, method: str, url: str) -> tuple[Any, str | None]:
        """The JSON of an answer to the App itself, and the next page's address. None for 404. Raises `GitHubError`."""
        reply = await self._send(method, self._absolute(url), b"", jwt_=self._jwt(), creates=False)
        if reply.status == 401:  # noqa: PLR2004 - the answer told us GitHub's clock
            reply = await self._send(method, self._absolute(url), b"", jwt_=self._jwt(), creates=False)
        self._raise_for(reply)
        if reply.status == 404:  # noqa: PLR2004
            return None, None
        _, _, more = sansio.decipher_response(reply.status, reply.headers, reply.body)
        return reply.json(), more

    async def _get(self, installation: int, url: str) -> tuple[Any, str | None]:
        reply = await self._as_installation(installation, "GET", self._absolute(url), b"", creates=False)
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

    async def _as_installation(self, installation: int, method: str, url: str, body: bytes, *, creates: bool) -> _Reply:
        reply = await self._send(method, url, body, token=await self._token(installation), creates=creates)
        if reply.status == 401:  # noqa: PLR2004 - revoked, or our clock is off: once again with a new one
            self._tokens.pop(installation, None)
            reply = await self._send(method, url, body, token=await self._token(installation), creates=creates)
        self._raise_for(reply)
        return reply

    async def _token(self, installation: int) -> str:
        """The installation's token, fetched once however many ask, and renewed before it ends."""
        async with self._fetching.setdefault(installation, asyncio.Lock()):
            token, ends = self._tokens.get(installation, ("", 0.0))
            if ends - TOKEN_MARGIN > self.now():
                return token
            url = f"{self.app.api_url}/app/installations/{installation}/access_tokens"
            reply = await self._send("POST", url, b"", jwt_=self._jwt(), creates=False)
            if reply.status == 401:  # noqa: PLR2004 - the answer told us GitHub's clock
                reply = await self._send("POST", url, b"", jwt_=self._jwt(), creates=False)
            if reply.status == 404 or (reply.status == 403 and "suspended" in reply.message()):  # noqa: PLR2004
                raise Gone(f"installation {installation} is removed or suspended")
            self._raise_for(reply)
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

    async def _send(
        self, method: str, url: str, body: bytes, *, token: str | None = None, jwt_: str | None = None, creates: bool
    ) -> _Reply:
        headers = sansio.create_headers(USER_AGENT, oauth_token=token, jwt=jwt_) | API_VERSION
        if body:
            headers["content-type"] = "application/json"
        if creates:
            return await self._attempt(method, url, headers, body, creates=True)
        async for attempt in stamina.retry_context(on=Unreachable, attempts=3, wait_initial=0.2, wait_max=2.0):
            with attempt:
                return await self._attempt(method, url, headers, body, creates=False)
        raise AssertionError  # the last attempt returned or raised

    async def _attempt(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, creates: bool
    ) -> _Reply:
        if self._before_write is not None and url == self.app.graphql_url and _MUTATION.search(body):
            await self._before_write()
        self._count(url, body)
        try:
            status, answered, content = await self._transport._request(method, url, headers, body)  # noqa: SLF001
        except aiohttp.ClientConnectorError as error:
            # Nothing was sent: even a creation may be tried again.
            raise Unreachable(f"GitHub can't be reached ({type(error).__name__})") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _lost(creates=creates)(f"GitHub's answer was lost ({type(error).__name__})") from error
        reply = _Reply(status=status, headers=answered, body=content)
        self._skew = self._date(reply).timestamp() - time()
        if status in _SERVER_ERROR:
            raise _lost(creates=creates)(f"GitHub answered {status}")
        return reply

    def _count(self, url: str, body: bytes) -> None:
        """Tokens are asked for as the App and count against no installation's limit."""
        if url == self.app.graphql_url:
            metrics.REQUESTS[metrics.Api.MUTATION if _MUTATION.search(body) else metrics.Api.QUERY].inc()
        elif url.endswith("/access_tokens"):
            metrics.REQUESTS[metrics.Api.TOKEN].inc()
        else:
            metrics.REQUESTS[metrics.Api.REST].inc()
            metrics.POINTS[metrics.Limit.REST].inc()

    def _raise_for(self, reply: _Reply) -> None:
        """Sorts what is neither a success nor a plain 404."""
        status, message = reply.status, reply.message()
        if status in _OK or status == 404:  # noqa: PLR2004
            return
        if status == 429 or (status == 403 and _is_limit(reply.headers, message)):  # noqa: PLR2004
            raise RateLimited(f"GitHub's rate limit: {message}", retry_after=self._wait(reply))
        if status == 403 and "suspended" in message:  # noqa: PLR2004 - since its token was made
            raise Gone("the installation is suspended")
        if status in {401, 403}:
            raise Forbidden(f"GitHub answered {status}: {message}")
        raise Rejected(f"GitHub answered {status}: {message}")

    def _wait(self, reply: _Reply) -> float:
        """Seconds to wait, <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>."""
        after = reply.headers.get("retry-after", "")
        if after.isdigit():
            return float(after)
        reset = reply.headers.get("x-ratelimit-reset", "")
        if reply.headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
            return max(1.0, float(reset) - self.now())
        return DEFAULT_WAIT

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


def _is_limit(headers: Mapping[str, str], message: str) -> bool:
    return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or "rate limit" in message.lower()


def _problem(error: Mapping[str, Any]) -> Problem:
    extensions = error.get("extensions") or {}
    return Problem(
        type=str(error.get("type") or extensions.get("code") or ""),
        path=tuple(error.get("path") or ()),
        message=str(error.get("message", "")),
    )
