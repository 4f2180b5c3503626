"""A verdict in the form in which people see it: one check run and one comment."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.gate.verdict import Outcome, Verdict
from bot.report.annotations import Annotation, annotations, mark
from bot.report.body import body
from bot.report.markdown import joined, plain
from bot.report.marker import MARKER
from bot.report.title import title
from bot.report.words import ENGLISH, Words

SIGNS = {
    Outcome.ERROR: "🟥",
    Outcome.BLOCKED: "🟥",
    Outcome.WAITING: "🟨",
    Outcome.SCHEDULED: "🟦",
    Outcome.CONDITIONAL: "🟩",
    Outcome.READY: "🟩",
    Outcome.NOT_A_RELEASE: "⬜",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What should stand on the pull request."""

    name: str
    status: str
    """`in_progress` or `completed`."""
    conclusion: str | None
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()
    comment: str
    starts_comment: bool
    """Whether there is enough to say for a first comment."""
    reactions: tuple[tuple[str, str], ...] = ()
    """To what we react how, newest first: (node id, content in GraphQL's words)."""


def report_of(verdict: Verdict, twins: Sequence[Verdict] = (), *, document: str = "", words: Words = ENGLISH) -> Report:
    """The comment speaks of the verdict; the check run of the worst one among those that share it.

    `document` is where the approval document can be read; empty: nowhere.
    Each of the twins says the same in the run, so that they don't write over one another for ever.
    """
    worst = min((verdict, *twins), key=lambda one: (tuple(Outcome).index(one.outcome), one.number))
    line = title(verdict, words)
    shared = f"#{worst.number}: {title(worst, words)}" if twins else title(worst, words)
    waiting = worst.outcome is Outcome.WAITING and not worst.is_shadow
    noted = annotations(worst, words)
    return Report(
        name=verdict.check_name,
        status="in_progress" if waiting else "completed",
        conclusion=None if waiting else _conclusion(worst),
        title=shared,
        summary=body(worst, words) + mark(noted),
        annotations=noted,
        comment=joined(
            [f"{MARKER}\n## {_sign(verdict)} {plain(line)}", body(verdict, words, document=document)], words=words
        ),
        starts_comment=_starts_comment(verdict),
        reactions=() if verdict.group_sha else verdict.reactions,
    )


def _starts_comment(verdict: Verdict) -> bool:
    if verdict.group_sha:
        return False
    return verdict.outcome is not Outcome.NOT_A_RELEASE or verdict.proposed is not None


def _sign(verdict: Verdict) -> str:
    return "⬜" if verdict.is_shadow else SIGNS[verdict.outcome]


def _conclusion(verdict: Verdict) -> str:
    if verdict.is_shadow:
        return "neutral"
    if verdict.outcome.passes:
        return "success"
    if verdict.outcome is Outcome.ERROR or verdict.machine_failed:
        return "failure"
    return "action_required"
