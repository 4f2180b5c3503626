"""What an App may change through GraphQL; every one is an action of the sandbox, so it emits deliveries."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.sandbox.actions.checks import ANNOTATION_LIMIT
from bot.sandbox.model.checks import CheckRun, CheckRunState
from bot.sandbox.model.git import Label, Repository
from bot.sandbox.model.pulls import IssueComment, PullRequest, Review
from bot.sandbox.world import Refused, forbidden, not_found

from .resolve import Context, Handler

Payload = dict[str, Any]
Found = TypeVar("Found")


def _find(context: Context, node: str, kind: type[Found]) -> Found:
    found = context.world.nodes.get(node)
    if not isinstance(found, kind):
        raise not_found(f"Could not resolve to a node with the global id of '{node}'")
    return found


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(UTC) if value else None


def _payload(name: str, given: dict[str, Any], **body: object) -> Payload:
    return {"typename": f"{name}Payload", "clientMutationId": given.get("clientMutationId"), **body}


def _changes(given: dict[str, Any]) -> dict[str, Any]:
    """What the input says about the run, as fields of its state; what it leaves out stays."""
    plain = {"name": "name", "externalId": "external_id", "detailsUrl": "details_url"}
    changed = {ours: given[theirs] for theirs, ours in plain.items() if given.get(theirs) is not None}
    for theirs in ("status", "conclusion"):
        if given.get(theirs) is not None:
            changed[theirs] = given[theirs].lower()
    for theirs, ours in {"startedAt": "started_at", "completedAt": "completed_at"}.items():
        if given.get(theirs) is not None:
            changed[ours] = _moment(given[theirs])
    if given.get("actions") is not None:
        changed["actions"] = tuple(given["actions"])
    if "conclusion" in changed:
        # "Providing conclusion will automatically set the status parameter to completed."
        changed.setdefault("status", "completed")
    output = given.get("output")
    if output:
        changed |= {key: output.get(key) for key in ("title", "summary", "text")}
        changed["annotations"] = tuple(_annotation(one) for one in output.get("annotations") or ())
    return changed


def _annotation(given: dict[str, Any]) -> dict[str, Any]:
    return {"typename": "CheckAnnotation", **given}


def _too_many(given: dict[str, Any]) -> bool:
    """More than fifty annotations: HTTP 200, `checkRun: null` and an error."""
    return len((given.get("output") or {}).get("annotations") or ()) > ANNOTATION_LIMIT


def _own_repository(context: Context, node: str) -> Repository:
    found: Repository = _find(context, node, Repository)
    if found.owner is not context.caller.installation.account:
        raise forbidden()
    return found


def _create_check_run(_: object, context: Context, *, input: dict[str, Any]) -> Payload:  # noqa: A002 - GitHub's
    repository = _own_repository(context, input["repositoryId"])
    if _too_many(input):
        return _payload("CreateCheckRun", input, checkRun=_annotations_refused())
    state = CheckRunState(**_changes(input))
    run = context.world.create_check_run(repository, input["headSha"], context.caller.app, state)
    return _payload("CreateCheckRun", input, checkRun=run)


def _update_check_run(_: object, context: Context, *, input: dict[str, Any]) -> Payload:  # noqa: A002
    _own_repository(context, input["repositoryId"])
    run: CheckRun = _find(context, input["checkRunId"], CheckRun)
    if _too_many(input):
        return _payload("UpdateCheckRun", input, checkRun=_annotations_refused())
    context.world.update_check_run(run, context.caller.app, **_changes(input))
    return _payload("UpdateCheckRun", input, checkRun=run)


def _annotations_refused() -> Refused:
    return Refused(f"No more than {ANNOTATION_LIMIT} annotations are allowed per request.")


def _bot(context: Context) -> str:
    return f"{context.caller.app.slug}[bot]"


def _add_comment(_: object, context: Context, *, input: dict[str, Any]) -> Payload:  # noqa: A002
    pull: PullRequest = _find(context, input["subjectId"], PullRequest)
    _own_repository(context, pull.repository.id)
    made = context.world.comment(pull, _bot(context), input["body"])
    edge = {"typename": "IssueCommentEdge", "cursor": made.id, "node": made}
    return _payload("AddComment", input, commentEdge=edge, subject=pull)


def _own_comment(context: Context, node: str, mutation: str) -> IssueComment:
    found: IssueComment = _find(context, node, IssueComment)
    _own_repository(context, found.pull_request.repository.id)
    if found.author is not context.caller.app.bot and not context.caller.allows("contents", "write"):
        raise forbidden(f"{_bot(context)} does not have the correct permissions to execute `{mutation}`")
    return found


def _update_comment(_: object, context: Context, *, input: dict[str, Any]) -> Payload:  # noqa: A002
    comment = _own_comment(context, input["id"], "UpdateIssueComment")
    context.world.edit_comment(comment, by=_bot(context), body=input["body"])
    return _payload("UpdateIssueComment", input, issueComment=comment)


def _delete_comment(_: object, context: Context, *, input: dict[str, Any]) -> Payload:  # noqa: A002
    comment = _own_comment(context, input["id"], "DeleteIssueComment")
    context.world.delete_comment(comment, by=_bot(context))
    return _payload("DeleteIssueComment", input)


def _comment_or_review(context: Context, node: str) -> IssueComment | Review:
    if isinstance(context.world.nodes.get(node), Review):
        return _find(context, node, Review)
    return _find(context, node, IssueComment)


def _minimize(_: object, context: Context, *, input: dict[str, Any]) -> Payload:  # noqa: A002
    comment = _comment_or_review(context, input["subjectId"])
    context.world.minimize_comment(comment, reason=input["classifier"])
    return _payload("MinimizeComment", input, minimizedComment=comment)


def _unminimize(_: object, context: Context, *, input: dict[str, Any]) -> Payload:  # noqa: A002
    comment = _comment_or_review(context, input["subjectId"])
    comment.is_minimized = False
    return _payload("UnminimizeComment", input, unminimizedComment=comment)


def _react(_: object, context: Context, *, input: dict[str, Any]) -> Payload:  # noqa: A002
    comment = _comment_or_review(context, input["subjectId"])
    reaction = context.world.react(comment, _bot(context), input["content"])
    return _payload("AddReaction", input, reaction=reaction, subject=comment)


def _labels(context: Context, given: dict[str, Any]) -> tuple[PullRequest, list[Label]]:
    pull: PullRequest = _find(context, given["labelableId"], PullRequest)
    _own_repository(context, pull.repository.id)
    return pull, [_find(context, node, Label) for node in given["labelIds"]]


def _add_labels(_: object, context: Context, *, input: dict[str, Any]) -> Payload:  # noqa: A002
    pull, labels = _labels(context, input)
    for label in labels:
        context.world.label(pull, label.name, by=_bot(context))
    return _payload("AddLabelsToLabelable", input, labelable=pull)


def _remove_labels(_: object, context: Context, *, input: dict[str, Any]) -> Payload:  # noqa: A002
    pull, labels = _labels(context, input)
    for label in labels:
        context.world.unlabel(pull, label.name, by=_bot(context))
    return _payload("RemoveLabelsFromLabelable", input, labelable=pull)


FIELDS: dict[str, Handler] = {
    "Mutation.addComment": _add_comment,
    "Mutation.addLabelsToLabelable": _add_labels,
    "Mutation.addReaction": _react,
    "Mutation.createCheckRun": _create_check_run,
    "Mutation.deleteIssueComment": _delete_comment,
    "Mutation.minimizeComment": _minimize,
    "Mutation.removeLabelsFromLabelable": _remove_labels,
    "Mutation.unminimizeComment": _unminimize,
    "Mutation.updateCheckRun": _update_check_run,
    "Mutation.updateIssueComment": _update_comment,
}
