"""The fewest writes that make what people see equal to what should be true."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.gate.published import Published, PublishedRun
from bot.report.annotations import marked
from bot.report.text import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCheckRun:
    """A new run of the name at the head."""

    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCheckRun:
    """The same run with a new verdict."""

    id: str
    report: Report
    annotates: bool = False
    """GitHub adds annotations to those that stand: only a run without any is sent them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateComment:
    """The one comment."""

    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateComment:
    """The one comment, edited in place."""

    id: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimizeComment:
    """A second comment of ours, made by accident."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    """A sign on somebody's comment that it was heard."""

    subject: str
    content: str


Write = CreateCheckRun | UpdateCheckRun | CreateComment | UpdateComment | MinimizeComment | React

MOST_REACTIONS = 10
"""A pass; GitHub lets us make eighty contents a minute, and the rest comes with the next passes."""

_PASSING = frozenset({"success", "neutral", "skipped"})
"""Conclusions of a required check that GitHub lets merge: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks"""


def plan(report: Report, published: Published) -> tuple[Write, ...]:
    """What to write; nothing when people already see the report."""
    return (*_check_run(report, published), *_comment(report, published), *_reactions(report, published))


def turns_green(writes: tuple[Write, ...]) -> bool:
    """Whether one of the writes says success."""
    return any(
        isinstance(write, CreateCheckRun | UpdateCheckRun) and write.report.conclusion == "success" for write in writes
    )


def shuts(write: Write, published: Published) -> bool:
    """Whether it says no where people now see a check run that lets them merge."""
    if not isinstance(write, CreateCheckRun | UpdateCheckRun) or write.report.conclusion in _PASSING:
        return False
    run = _standing(write.report, published)
    return run is not None and run.conclusion in _PASSING


def _standing(report: Report, published: Published) -> PublishedRun | None:
    return next((run for run in published.runs if run.name == report.name), None)


def _check_run(report: Report, published: Published) -> Iterator[Write]:
    run = _standing(report, published)
    if run is not None and _shows(run, report) and not run.is_expiring:
        return
    if run is None or _is_spent(run, report):
        yield CreateCheckRun(report=report)
    else:
        annotates = bool(report.annotations) and not marked(run.summary)
        yield UpdateCheckRun(id=run.id, report=report, annotates=annotates)


def _is_spent(run: PublishedRun, report: Report) -> bool:
    """Whether no update makes it show the report.

    A completed run can't go back to in progress, and one in progress for too long goes stale, whatever updates it.
    <https://docs.github.com/en/rest/checks/runs#update-a-check-run>
    """
    if report.status != "completed":
        return run.status == "completed" or run.is_expiring or _is_annotated(run, report)
    return _is_annotated(run, report)


def _is_annotated(run: PublishedRun, report: Report) -> bool:
    """Whether it shows annotations that should not be there: no update takes them away."""
    return marked(run.summary) not in {"", marked(report.summary)}


def _shows(run: PublishedRun, report: Report) -> bool:
    return (run.status, run.conclusion, run.title, _normal(run.summary)) == (
        report.status,
        report.conclusion,
        report.title,
        _normal(report.summary),
    )


def _comment(report: Report, published: Published) -> Iterator[Write]:
    """The oldest comment of ours is the one; without one, a report that has nothing to say starts none."""
    for extra in published.comments[1:]:
        if not extra.is_minimized:
            yield MinimizeComment(id=extra.id)
    if not published.comments:
        if report.starts_comment and published.is_whole:
            yield CreateComment(body=report.comment)
    elif _normal(published.comments[0].body) != _normal(report.comment):
        yield UpdateComment(id=published.comments[0].id, body=report.comment)


def _reactions(report: Report, published: Published) -> Iterator[Write]:
    missing = [one for one in report.reactions if one not in published.reactions]
    for subject, content in missing[:MOST_REACTIONS]:
        yield React(subject=subject, content=content)


def _normal(text: str) -> str:
    """GitHub keeps line ends and white space at the end as it likes."""
    return text.replace("\r\n", "\n").strip()
