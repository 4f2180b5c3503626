"""Writes what has to change in one mutation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.gate.facts import Snapshot
from bot.github.client import Answer, Client
from bot.github.errors import Rejected
from bot.github.queries import document
from bot.report.annotations import Annotation
from bot.report.plan import CreateCheckRun, CreateComment, MinimizeComment, UpdateCheckRun, UpdateComment, Write
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

log = structlog.get_logger()


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
    refused. A refused comment (GitHub takes none from us where the conversation is locked) is logged: the check run
    says the same.
    """
    fixed = {**_IDLE, "repositoryId": repository_id, "pullRequestId": pull_request_id, "headSha": head_sha}
    at_once, more = _one_of_each(writes)
    variables = fixed.copy()
    for write in at_once:
        variables |= _variables(write)
    creates = any(isinstance(write, CreateCheckRun | CreateComment) for write in at_once)
    answer = await client.graphql(installation, document("publish"), variables, creates=creates)
    _tell_refused(answer)
    for extra in more:
        _tell_refused(await client.graphql(installation, document("publish"), fixed | _variables(extra)))
    return answer.at


def _one_of_each(writes: tuple[Write, ...]) -> tuple[tuple[Write, ...], tuple[Write, ...]]:
    """What one mutation has room for, and the rest."""
    first = {type(write): write for write in reversed(writes)}
    return tuple(first.values()), tuple(write for write in writes if write is not first[type(write)])


def _variables(write: Write) -> dict[str, Any]:
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
    refused = [name for name in (*_CHECK_RUN, *_COMMENT) if name in answer.data and not _took_place(answer.data[name])]
    if not refused:
        return
    because = "; ".join(problem.message for problem in answer.problems) or "it gave no reason"
    if any(name in _CHECK_RUN for name in refused):
        raise Rejected(f"GitHub refused {', '.join(refused)}: {because}")
    log.warning("comment.refused", writes=refused, because=because)


def _took_place(result: Mapping[str, Any] | None) -> bool:
    return result is not None and all(value is not None for value in result.values())
