"""The address of a remote → the labels of its repository on GitHub, by one request, or why they can't be had."""

import json
from collections.abc import Callable
from http.client import HTTPException
from threading import Thread
from typing import IO, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from bot.gate.facts import Fact, Unavailable
from bot.local.remote import remote
from bot.settings import GitHub

LIMIT: Final = 3.0
"""Seconds, with names looked up and all: nobody waits for labels."""

_HEADERS: Final = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "User-Agent": "release-gate",
}
_LARGEST: Final = 1 << 20
_MAY_NOT: Final = frozenset({401, 403, 404})

Labels = Fact[tuple[str, ...]]


def read_labels(address: str, github: GitHub, *, limit: float = LIMIT) -> Labels:
    """The first hundred. Neither the remote's address nor the token, which may be in it, is in any reason.

    <https://docs.github.com/en/rest/issues/labels#list-labels-for-a-repository>
    """
    found = remote(address)
    host = urlsplit(github.server_url).hostname or ""
    if found is None or found.host != host:
        return Unavailable(f"the remote `origin` is no repository on {host}" if address else "there is no `origin`")
    path = f"{github.api_url}/repos/{found.repository}/labels?per_page=100"
    return _within(limit, lambda: _labels(path, github.token))


def _within(limit: float, work: Callable[[], Labels]) -> Labels:
    """A thread that nobody waits for at the end: a time-out of the socket would not cover the look-up of the name."""
    answers: list[Labels] = []
    thread = Thread(target=lambda: answers.append(work()), daemon=True)
    thread.start()
    thread.join(limit)
    return answers[0] if answers else Unavailable(f"no answer within {limit:g} s")


class _NoRedirect(HTTPRedirectHandler):
    """A redirect could lead to another host, and the token with it."""

    def redirect_request(self, *_: object) -> None:
        return None


def _labels(url: str, token: str) -> Labels:
    request = Request(url, headers=_HEADERS)  # noqa: S310 - settings take http and https only
    if token:
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    try:
        with build_opener(_NoRedirect).open(request, timeout=LIMIT) as reply:
            return _names(reply)
    except HTTPError as error:
        hint = "; set GITHUB_TOKEN to a token that may read the repository" if error.code in _MAY_NOT else ""
        return Unavailable(f"GitHub answered {error.code}{hint}")
    except (OSError, HTTPException, ValueError):  # their texts may hold the token
        return Unavailable("GitHub can't be reached, or its answer not be read")


def _names(reply: IO[bytes]) -> Labels:
    rows = json.loads(reply.read(_LARGEST))
    if not isinstance(rows, list):
        return Unavailable("GitHub's answer is no list of labels")
    return tuple(row["name"] for row in rows if isinstance(row, dict) and isinstance(row.get("name"), str))
