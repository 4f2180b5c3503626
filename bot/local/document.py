"""A local change into its approval document or a draft of its release notes; what git can't tell needs GitHub."""

from dataclasses import replace
from datetime import datetime

from bot.catalogues import words_of
from bot.gate.facts import Snapshot
from bot.local.asking import Asked, checked
from bot.local.check import Checked
from bot.local.history import Change
from bot.local.remote import remote
from bot.local.snapshot import snapshot_of
from bot.report.document import Dossier, document
from bot.report.notes import notes
from bot.report.words import Words
from bot.web.page import Page, render

_GITHUB = "github.com"


def document_of(
    asked: Asked, *, at: datetime, language: str | None = None, is_notes: bool = False, is_page: bool = False
) -> str:
    """As Markdown or as a page, in the language of the rules unless another is asked for."""
    rules = asked.rules
    words = words_of(language or (rules.language))
    snapshot = snapshot_of(asked.change, asked.files, repository=asked.name, at=at, code_owners=asked.code_owners)
    found = checked(asked, at=at, strict=True)
    told = _written(asked, snapshot, found, words, is_notes=is_notes)
    return render(Page(markdown=told, language=words.language)) if is_page else told


def _written(asked: Asked, snapshot: Snapshot, found: Checked, words: Words, *, is_notes: bool) -> str:
    if is_notes:
        return notes(_at_home(_by_name(snapshot, asked.change), asked.remote), found.version, words)
    return document(Dossier(rules=asked.rules, snapshot=snapshot, verdict=found.verdict), words)


def _at_home(snapshot: Snapshot, address: str) -> Snapshot:
    """Of a clone of what is on github.com, with the addresses there."""
    found = remote(address)
    if found is None or found.host != _GITHUB:
        return snapshot
    return replace(snapshot, repository=found.repository, url=f"https://{_GITHUB}/{found.repository}/")


def _by_name(snapshot: Snapshot, change: Change) -> Snapshot:
    """Notes thank people by name; an e-mail address tells them apart, and is nobody's business."""
    named = (replace(logged.commit, people=frozenset({logged.name})) for logged in change.commits)
    return replace(snapshot, commits=tuple(named))
