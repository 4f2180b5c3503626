"""A local change into its approval document or a draft of its release notes; what git can't tell needs GitHub."""

from dataclasses import replace
from datetime import datetime

from bot.catalogues import words_of
from bot.gate.facts import Snapshot
from bot.gate.rules import BrokenRules, Language
from bot.local.asking import Asked, checked
from bot.local.history import Change
from bot.local.snapshot import snapshot_of
from bot.report.document import Dossier, document
from bot.report.notes import notes


def document_of(asked: Asked, *, at: datetime, language: str | None = None, is_notes: bool = False) -> str:
    """As Markdown, in the language of the rules unless another is asked for."""
    rules = asked.rules
    words = words_of(language or (Language.EN if isinstance(rules, BrokenRules) else rules.language))
    snapshot = snapshot_of(asked.change, asked.files, repository=asked.name, at=at, code_owners=asked.code_owners)
    found = checked(asked, at=at, strict=True)
    if is_notes:
        return notes(_by_name(snapshot, asked.change), found.version, words)
    return document(Dossier(rules=rules, snapshot=snapshot, verdict=found.verdict), words)


def _by_name(snapshot: Snapshot, change: Change) -> Snapshot:
    """Notes thank people by name; an e-mail address tells them apart, and is nobody's business."""
    named = (replace(logged.commit, people=frozenset({logged.name})) for logged in change.commits)
    return replace(snapshot, commits=tuple(named))
