"""A local change into its approval document or a draft of its release notes; what git can't tell needs GitHub."""

from datetime import datetime

from bot.catalogues import words_of
from bot.gate.rules import BrokenRules, Language
from bot.local.asking import Asked, checked
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
        return notes(snapshot, found.version, words)
    return document(Dossier(rules=rules, snapshot=snapshot, verdict=found.verdict), words)
