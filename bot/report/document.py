"""Rules, snapshot and verdict into the whole approval document as Markdown, in the language of the words."""

import hashlib
from dataclasses import dataclass

from bot.gate.facts import Snapshot, Unavailable
from bot.gate.markup import code
from bot.gate.rules import BrokenRules, Rules
from bot.gate.verdict import Outcome, Verdict
from bot.report.document_checklist import before_deployment, checklist
from bot.report.document_decision import OUTCOMES, assessment, timeline, version
from bot.report.document_delivery import attachments, deliverables, pipeline
from bot.report.document_parts import section
from bot.report.document_reach import metrics, radius, risks
from bot.report.markdown import exact, joined, link
from bot.report.moved import moved
from bot.report.past import Closed, Past, ending, history
from bot.report.proposed import fault_table
from bot.report.sentences import said
from bot.report.words import ENGLISH, Words, at

_LIMIT = 4_000_000
"""Bytes: no limit of GitHub's holds here."""
_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What a document is made of."""

    rules: Rules | BrokenRules
    snapshot: Snapshot
    verdict: Verdict
    previous: Verdict | None = None
    """The last one that said something else, where it is known."""
    past: tuple[Past, ...] = ()
    """All that was decided of it, as far as it is kept, the first one first."""
    closed: Closed | None = None
    """How it ended; None while it is open."""


def document(dossier: Dossier, words: Words) -> str:
    """The document. The same dossier always gives the same text."""
    parts = [_head(dossier, words), *_sections(dossier, words), _foot(dossier, words)]
    return joined(parts, limit=_LIMIT) + "\n"


def edition(dossier: Dossier) -> str:
    """The document's version: it differs when the rules, the head or anything that is said differs."""
    told = joined([_head(dossier, ENGLISH), *_sections(dossier, ENGLISH)], limit=_LIMIT)
    made_of = f"{dossier.rules.source}\0{dossier.snapshot.tested_sha}\0{told}"
    return hashlib.sha256(made_of.encode()).hexdigest()[:_DIGITS]


def _head(dossier: Dossier, words: Words) -> str:
    verdict, snapshot = dossier.verdict, dossier.snapshot
    pull = words("pull request {number}", number=snapshot.number)
    facts = [
        (words("Status"), _status(verdict.outcome, words)),
        (words("Release"), exact(snapshot.title) or code(snapshot.repository)),
        (words("Where"), f"{code(snapshot.repository)}, {link(pull, snapshot.url)}" if snapshot.number else ""),
        (words("Branch"), f"{code(snapshot.head_ref)} → {code(snapshot.base_ref)}"),
        (words("Commit"), f"`{snapshot.tested_sha}`"),
    ]
    notes = [words("This is a draft.")] if verdict.is_draft else []
    notes += [words("Shadow mode: nothing is blocked.")] if verdict.is_shadow else []
    lines = [f"**{name}**: {value}  " for name, value in facts if value]
    title = words("Release approval")
    named = title if isinstance(verdict.version, Unavailable) else f"{title} {verdict.version.next}"
    ended = ending(dossier.closed, words) if dossier.closed else ""
    return joined([f"# {named}", "\n".join(lines), ended, " ".join(notes)])


def _status(outcome: Outcome, words: Words) -> str:
    """What it is called, with its machine name where that is another word."""
    name = words(OUTCOMES[outcome])
    return f"**{name}**" if name == outcome else f"**{name}** (`{outcome}`)"


def _sections(dossier: Dossier, words: Words) -> list[str]:
    rules, snapshot, verdict = dossier.rules, dossier.snapshot, dossier.verdict
    if isinstance(rules, BrokenRules):
        return [section(words("Faults in the rules"), fault_table(rules.faults, words))]
    if verdict.outcome is Outcome.ERROR:
        return [section(words("Not evaluated"), exact(said(words, verdict.trouble)))]
    if verdict.outcome is Outcome.NOT_A_RELEASE:
        return [words("The rules of the base branch ask nothing of this change.")]
    return [
        version(verdict, words),
        metrics(rules, verdict, words),
        checklist(verdict, words),
        risks(verdict, words),
        radius(rules, verdict, words),
        deliverables(rules, snapshot, verdict, words),
        pipeline(rules, snapshot, words),
        before_deployment(verdict, words),
        assessment(rules, verdict, words),
        timeline(verdict, words),
        attachments(rules, snapshot, verdict, words),
    ]


def _foot(dossier: Dossier, words: Words) -> str:
    verdict = dossier.verdict
    by_event = (
        words("at the next event on GitHub") if dossier.snapshot.number else words("when the command is run again")
    )
    again = f"{at(verdict.again_at)} UTC" if verdict.again_at else by_event
    known = code(verdict.rules_file) if verdict.rules_file else words("not known")
    rules = words("{file} on {branch}", file=known, branch=code(verdict.base_ref))
    facts = [
        (words("Document version"), f"`{edition(dossier)}`"),
        (words("Last update"), f"{at(dossier.snapshot.taken_at)} UTC"),
        (words("Next review"), again),
        (words("Rules"), rules),
    ]
    lines = "\n".join(f"- **{name}**: {value}" for name, value in facts)
    before = dossier.previous
    changed = (
        words("What was said before is not known.") if before is None else "\n".join(moved(before, verdict, words))
    )
    title = words("What has changed since the last version")
    changes = (f"### {title}", changed or words("Nothing."))
    return section(words("This document"), lines, *changes, history(dossier.past, words))
