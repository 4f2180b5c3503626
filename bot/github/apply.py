"""Writes what has to change in one mutation, and what shuts a gate before all else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot.gate.facts import Snapshot
from bot.github.client import Answer, Client
from bot.github.errors import RateLimited, Rejected
from bot.github.limits import Urgency, asking
from bot.github.queries import publish as document
from bot.report.annotations import Annotation
from bot.report.plan import (
    CreateCheckRun,
    CreateComment,
    MinimizeComment,
    React,
    UpdateCheckRun,
    UpdateComment,
    Write,
    shuts,
)
from bot.report.text import Report

_IDLE: Mapping[str, Any] = {
    "checkName": "",
    "status": "COMPLETED",
    "output": {"title": "", "summary": ""},
    "commentBody": "",
    "createCheck": False,
    "updateCheck": False,
    "createComment": False,
    "updateComment": False,
    "minimize": False,
}
"""What the document wants to be told of the parts that this mutation leaves out."""

_CHECK_RUN = ("createCheckRun", "updateCheckRun")
_COMMENT = ("addComment", "updateIssueComment", "minimizeComment")

_Alone = CreateCheckRun | UpdateCheckRun | CreateComment | UpdateComment | MinimizeComment
"""A mutation has room for one of each kind."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was written, and what a limit kept back."""

    at: datetime
    """GitHub's time of the first mutation, the snapshot's when there was none."""
    writes: tuple[Write, ...]
    again_in: float | None = None
    """Seconds until the rest may be written; None when nothing is left."""


async def apply_shutting_first(
    client: Client, installation: int, writes: tuple[Write, ...], snapshot: Snapshot
) -> Applied:
    """As `apply`, but a check run that lets people merge and no longer should is changed alone, as urgently as can be.

    It may use the last of every limit. Beside a check run that says what it should, a comment can wait: a limit that
    keeps it back is told in the answer and not raised.
    """
    shutting = tuple(write for write in writes if shuts(write, snapshot.published))
    at = snapshot.taken_at
    if shutting:
        with asking(Urgency.TELLING):
            at = await apply(client, installation, shutting, snapshot)
    rest = tuple(write for write in writes if write not in shutting)
    if not rest:
        return Applied(at=at, writes=writes)
    try:
        rest_at = await apply(client, installation, rest, snapshot)
    except RateLimited as limit:
        if any(isinstance(write, CreateCheckRun | UpdateCheckRun) for write in rest):
            raise
        log.info("comment.postponed", because=str(limit), next_try_in=limit.retry_after)
        return Applied(at=at, writes=shutting, again_in=limit.retry_after)
    return Applied(at=at if shutting else rest_at, writes=writes)


async def apply(client: Client, installation: int, writes: tuple[Write, ...], snapshot: Snapshot) -> datetime:
    """Makes the writes about a pull request or merge group true; returns GitHub's time of it, raises as `publish`."""
    return await publish(
        client,
        installation,
        writes,
        repository_id=snapshot.repository_id,
        head_sha=snapshot.tested_sha,
        pull_request_id=snapshot.id,
    )


async def publish(
    client: Client,
    installation: int,
    writes: tuple[Write, ...],
    *,
    repository_id: str,
    head_sha: str,
    pull_request_id: str = "",
) -> datetime:
    """One mutation; returns GitHub's time of it. A second comment to minimise is an accident and takes one more each.

    Raises `Ambiguous` when something was to be created and the answer got lost, `Rejected` when the check run was
    refused. A refused comment or reaction (GitHub takes none from us where the conversation is locked) is logged: the
    check run says the same. Reactions that are there already may be made again.
    """
    fixed = {**_IDLE, "repositoryId": repository_id, "pullRequestId": pull_request_id, "headSha": head_sha}
    reactions = [write for write in writes if isinstance(write, React)]
    at_once, more = _one_of_each([write for write in writes if not isinstance(write, React)])
    variables = fixed | _reactions(reactions)
    for write in at_once:
        variables |= _variables(write)
    creates = any(isinstance(write, CreateCheckRun | CreateComment) for write in at_once)
    contents = len(reactions) + sum(not isinstance(write, MinimizeComment) for write in at_once)
    answer = await client.graphql(installation, document(len(reactions)), variables, creates=creates, contents=contents)
    _tell_refused(answer)
    for extra in more:
        _tell_refused(await client.graphql(installation, document(0), fixed | _variables(extra), contents=1))
    return answer.at


def _reactions(reactions: Sequence[React]) -> dict[str, str]:
    """<https://docs.github.com/en/graphql/reference/mutations#addreaction>; `pull_requests: write` allows them."""
    subjects = {f"subject{number}": one.subject for number, one in enumerate(reactions)}
    return subjects | {f"content{number}": one.content for number, one in enumerate(reactions)}


def _one_of_each(writes: Sequence[_Alone]) -> tuple[tuple[_Alone, ...], tuple[_Alone, ...]]:
    """What one mutation has room for, and the rest."""
    first = {type(write): write for write in reversed(writes)}
    return tuple(first.values()), tuple(write for write in writes if write is not first[type(write)])


def _variables(write: _Alone) -> dict[str, Any]:
    match write:
        case CreateCheckRun(report=report):
            return {"createCheck": True, **_check(report, report.annotations)}
        case UpdateCheckRun(id=id, report=report, annotates=annotates):
            noted = report.annotations if annotates else ()
            return {"updateCheck": True, "checkRunId": id, **_check(report, noted)}
        case CreateComment(body=body):
            return {"createComment": True, "commentBody": body}
        case UpdateComment(id=id, body=body):
            return {"updateComment": True, "commentId": id, "commentBody": body}
        case MinimizeComment(id=id):
            return {"minimize": True, "minimizeId": id}


def _check(report: Report, annotations: tuple[Annotation, ...]) -> dict[str, Any]:
    output: dict[str, Any] = {"title": report.title, "summary": report.summary}
    if annotations:
        output["annotations"] = [_annotation(annotation) for annotation in annotations]
    return {
        "checkName": report.name,
        "status": report.status.upper(),
        "conclusion": report.conclusion.upper() if report.conclusion else None,
        "output": output,
    }


def _annotation(annotation: Annotation) -> dict[str, Any]:
    """<https://docs.github.com/en/graphql/reference/input-objects#checkannotationdata>."""
    line, column = annotation.line, annotation.column
    return {
        "path": annotation.path,
        "location": {"startLine": line, "endLine": line, "startColumn": column, "endColumn": column},
        "annotationLevel": "WARNING" if annotation.is_warning else "FAILURE",
        "message": annotation.message,
    }


def _tell_refused(answer: Answer) -> None:
    """A refused root field is null with HTTP 200, and too many annotations give `checkRun: null` without an error."""
    refused = [name for name, result in answer.data.items() if not _took_place(result)]
    reactions = [name for name in refused if name.startswith("react")]
    if reactions:
        log.info("reaction.refused", writes=len(reactions), because=_because(answer, reactions))
    if any(name in _CHECK_RUN for name in refused):
        names = [name for name in refused if name not in reactions]
        raise Rejected(f"GitHub refused {', '.join(names)}: {_because(answer, names)}")
    if comments := [name for name in refused if name in _COMMENT]:
        log.warning("comment.refused", writes=comments, because=_because(answer, comments))


def _because(answer: Answer, names: Sequence[str]) -> str:
    messages = dict.fromkeys(problem.message for problem in answer.problems if {*problem.path} & {*names})
    return "; ".join(messages) or "it gave no reason"


def _took_place(result: Mapping[str, Any] | None) -> bool:
    return result is not None and all(value is not None for value in result.values())
