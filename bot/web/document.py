"""A link to an approval document → the document as a page or as Markdown, evaluated afresh at most once a minute."""

import asyncio
from collections.abc import Hashable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

import structlog
from aiohttp import web
from cachetools import LRUCache, TTLCache

from bot.catalogues import words_of
from bot.dossiers import of_closed, of_open
from bot.gate.rules import Language
from bot.github.errors import GitHubError, Gone
from bot.reading import Ended, Gate, Reading, read
from bot.report.document import Dossier, document
from bot.report.notes import notes
from bot.web.links import Links, Opened
from bot.web.page import Page, policy, render

KEPT_SECONDS: Final = 60
"""A link that is opened a thousand times a minute asks GitHub once."""

_HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept",
    "X-Robots-Tag": "noindex",
}
_NOWHERE: Final = (
    "There is no such document: the link is not whole, the pull request has no rules, or it is closed and no decision"
    " about it is kept.\n"
)
_NO_LANGUAGE: Final = f"There is no such language; write {' or '.join(f'language={one}' for one in Language)}.\n"
LANGUAGES: Final[Mapping[Language, str]] = {Language.EN: "English", Language.RU: "Русский"}
"""What each calls itself."""
_TROUBLE: Final = "GitHub did not answer; open the link again in a minute.\n"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Page:
    status: int
    text: str
    language: str = Language.EN


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What somebody wants to read; the language is theirs, else that of the rules."""

    opened: Opened
    language: str | None
    is_notes: bool


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Pages of the last minute, and one lock for each that is being written."""

    pages: MutableMapping[Hashable, _Page] = field(default_factory=lambda: TTLCache(maxsize=256, ttl=KEPT_SECONDS))
    rendered: MutableMapping[Page, str] = field(default_factory=lambda: TTLCache(maxsize=64, ttl=KEPT_SECONDS))
    locks: MutableMapping[Hashable, asyncio.Lock] = field(default_factory=lambda: LRUCache(maxsize=1_024))


def routes(gate: Gate, links: Links) -> Sequence[web.RouteDef]:
    """`GET /document/OWNER/REPOSITORY/NUMBER?key=…` as a page for browsers, for others as text/markdown.

    Ending in `.html` or `.md` it is always the one or the other.

    With `&notes` the draft of the release notes; with `&language=ru` in another language than that of the rules.
    404 for everything that is not to be told, in the same words; 502 while GitHub does not answer.
    """
    shelf = _Shelf()

    async def show(request: web.Request) -> web.Response:
        place = request.match_info
        opened = links.opened(
            f"{place['owner']}/{place['repository']}", int(place["number"]), request.query.get("key", "")
        )
        page = _Page(404, _NOWHERE)
        if opened is not None:
            wish = _Wish(opened=opened, language=request.query.get("language"), is_notes="notes" in request.query)
            page = await _kept(gate, shelf, wish)
        if page.status == HTTPStatus.OK and _wants_page(request):
            return await _as_page(
                shelf, Page(markdown=page.text, language=page.language, elsewhere=_elsewhere(request))
            )
        return web.Response(
            status=page.status, text=page.text, content_type="text/markdown", charset="utf-8", headers=_HEADERS
        )

    return (web.get(r"/document/{owner}/{repository}/{number:[0-9]{1,9}}{kind:(\.html|\.md)?}", show),)


def _wants_page(request: web.Request) -> bool:
    """Browsers name `text/html`, programs accept anything: <https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1>."""
    kind = request.match_info["kind"]
    return kind == ".html" or (not kind and "text/html" in request.headers.get("Accept", ""))


async def _as_page(shelf: _Shelf, page: Page) -> web.Response:
    if page not in shelf.rendered:
        shelf.rendered[page] = await asyncio.to_thread(render, page)
    headers = {**_HEADERS, "Content-Security-Policy": policy()}
    return web.Response(text=shelf.rendered[page], content_type="text/html", charset="utf-8", headers=headers)


def _elsewhere(request: web.Request) -> tuple[tuple[str, str], ...]:
    """The same as Markdown and in each language, and the other of document and notes."""
    query, is_notes = dict(request.query), "notes" in request.query
    words = words_of(request.query.get("language", Language.EN))
    others = {name: value for name, value in query.items() if name != "notes"} if is_notes else {**query, "notes": ""}
    return (
        ("Markdown", _address(f"{request.path.removesuffix('.html')}.md", query)),
        *((name, _address(request.path, {**query, "language": language})) for language, name in LANGUAGES.items()),
        (words("Release approval") if is_notes else words("Release notes"), _address(request.path, others)),
    )


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{quote(path)}?{urlencode(query)}"


async def _kept(gate: Gate, shelf: _Shelf, wish: _Wish) -> _Page:
    if wish.language not in (None, *Language):
        return _Page(400, _NO_LANGUAGE)
    key = (wish.opened.ref.key.lower(), wish.language, wish.is_notes)
    async with shelf.locks.setdefault(key, asyncio.Lock()):
        if key not in shelf.pages:
            shelf.pages[key] = await _page(gate, wish)
        return shelf.pages[key]


async def _page(gate: Gate, wish: _Wish) -> _Page:
    try:
        reading = await read(gate, wish.opened.ref)
    except Gone:
        return _Page(404, _NOWHERE)
    except GitHubError as error:
        log.warning("document.refused", because=type(error).__name__)
        return _Page(502, _TROUBLE)
    if not isinstance(reading, Reading | Ended) or reading.snapshot.repository_id != wish.opened.repository_id:
        return _Page(404, _NOWHERE)
    dossier = await _dossier(gate, reading)
    if dossier is None:
        return _Page(404, _NOWHERE)
    words = words_of(wish.language or (dossier.rules.language))
    if wish.is_notes:
        return _Page(200, notes(dossier.snapshot, dossier.verdict.version, words), words.language)
    return _Page(200, document(dossier, words), words.language)


async def _dossier(gate: Gate, reading: Reading | Ended) -> Dossier | None:
    if isinstance(reading, Ended):
        return await of_closed(gate.store, reading.snapshot)
    return await of_open(gate.store, reading.ref.key, reading.grounds, reading.verdict)
