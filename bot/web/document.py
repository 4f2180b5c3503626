"""A link to an approval document → the document as Markdown, evaluated afresh at most once a minute."""

import asyncio
from collections.abc import Hashable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog
from aiohttp import web
from cachetools import LRUCache, TTLCache

from bot.catalogues import words_of
from bot.dossiers import of_closed, of_open
from bot.gate.rules import BrokenRules, Language
from bot.github.errors import GitHubError, Gone
from bot.reading import Ended, Gate, Reading, read
from bot.report.document import Dossier, document
from bot.report.notes import notes
from bot.web.links import Links, Opened

KEPT_SECONDS: Final = 60
"""A link that is opened a thousand times a minute asks GitHub once."""

_HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_NOWHERE: Final = (
    "There is no such document: the link is not whole, the pull request has no rules, or it is closed and no decision"
    " about it is kept.\n"
)
_NO_LANGUAGE: Final = f"There is no such language; write {' or '.join(f'language={one}' for one in Language)}.\n"
_TROUBLE: Final = "GitHub did not answer; open the link again in a minute.\n"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Page:
    status: int
    text: str


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
    locks: MutableMapping[Hashable, asyncio.Lock] = field(default_factory=lambda: LRUCache(maxsize=1_024))


def routes(gate: Gate, links: Links) -> Sequence[web.RouteDef]:
    """`GET /document/OWNER/REPOSITORY/NUMBER?key=…` as text/markdown.

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
        return web.Response(
            status=page.status, text=page.text, content_type="text/markdown", charset="utf-8", headers=_HEADERS
        )

    return (web.get(r"/document/{owner}/{repository}/{number:[0-9]{1,9}}", show),)


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
    rules = dossier.rules
    words = words_of(wish.language or (Language.EN if isinstance(rules, BrokenRules) else rules.language))
    if wish.is_notes:
        return _Page(200, notes(dossier.snapshot, dossier.verdict.version, words))
    return _Page(200, document(dossier, words))


async def _dossier(gate: Gate, reading: Reading | Ended) -> Dossier | None:
    if isinstance(reading, Ended):
        return await of_closed(gate.store, reading.snapshot)
    return await of_open(gate.store, reading.ref.key, reading.grounds, reading.verdict)
