"""Faults of a rules file as annotations on its lines, and the mark by which we know those that stand already."""

import hashlib
from dataclasses import dataclass

from bot.gate.patterns import regex
from bot.gate.rules import Fault, Severity
from bot.gate.verdict import Verdict
from bot.report.sentences import said
from bot.report.words import Words

MOST = 50
"""GitHub takes no more in one request, <https://docs.github.com/en/rest/checks/runs#create-a-check-run>."""

_MARK = regex(r"<!-- release-gate:annotations ([0-9a-f]{12}) -->")


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A sentence on one place of a file; line and column from 1."""

    path: str
    line: int
    column: int
    message: str
    is_warning: bool = False


def annotations(verdict: Verdict, words: Words) -> tuple[Annotation, ...]:
    """What is wrong with the rules of the base and with those proposed, as far as the files are in this repository."""
    proposed = verdict.proposed
    found = [*annotated(verdict.rules_file, verdict.faults, words)]
    if proposed is not None:
        found += annotated(proposed.file, (*proposed.faults, *proposed.warnings), words)
    return tuple(found[:MOST])


def mark(wanted: tuple[Annotation, ...]) -> str:
    """What to add to a summary, unseen, to know later which annotations stand beside it; empty for none.

    GitHub adds the annotations of every update to those that are there, and takes none away.
    """
    if not wanted:
        return ""
    digest = hashlib.sha256(repr(wanted).encode()).hexdigest()[:12]
    return f"\n\n<!-- release-gate:annotations {digest} -->"


def marked(summary: str) -> str:
    """The mark in a summary, without anything around it; empty when there is none."""
    found = _MARK.search(summary)
    return found[1] if found else ""


def annotated(file: str, faults: tuple[Fault, ...], words: Words) -> tuple[Annotation, ...]:
    """One for each fault; none on a file of another repository, which is named `owner/repo:path`."""
    if not file or ":" in file:
        return ()
    return tuple(
        Annotation(
            path=file,
            line=fault.line,
            column=fault.column,
            message=said(words, fault.message),
            is_warning=fault.severity is Severity.WARNING,
        )
        for fault in faults[:MOST]
    )
