"""Pull requests, comments, reviews and the timeline."""

from collections.abc import Sequence
from typing import Any

from bot.sandbox.actions.people import association, role_in
from bot.sandbox.model.accounts import ROLES
from bot.sandbox.model.git import FileChange, Label, commits_between
from bot.sandbox.model.pulls import IssueComment, MergeGroup, PullRequest, Review, TimelineItem
from bot.sandbox.render.comments import REACTIONS, comment_url, review_url
from bot.sandbox.render.repositories import html_url
from bot.sandbox.world import Refused

from .git_fields import Ref
from .resolve import Context, Handler, world_of

CHANGE_TYPES = {"removed": "DELETED"}
OPINIONATED = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")


def _writes(context: Context, one: Review) -> bool:
    role = role_in(world_of(context), one.pull_request.repository, one.author)
    return ROLES.index(role) >= ROLES.index("write")


def _opinionated(pull: PullRequest, context: Context, *, writersOnly: bool = False) -> list[Review]:  # noqa: N803
    newest = {review.author.login: review for review in pull.reviews if review.state in OPINIONATED}
    return [review for review in newest.values() if not writersOnly or _writes(context, review)]


def _reviews(
    pull: PullRequest, context: Context, *, author: str | None = None, states: Sequence[str] | None = None
) -> list[Review]:
    return [
        review
        for review in pull.reviews
        if author in (None, review.author.login)
        and (states is None or review.state in states)
        and (review.submitted_at or review.author is context.caller.app.bot)
    ]


def _timeline(
    pull: PullRequest,
    _: Context,
    *,
    itemTypes: Sequence[str] | None = None,  # noqa: N803
    since: str | None = None,
    skip: int | None = None,
) -> list[TimelineItem]:
    if itemTypes is None or since or skip:
        raise Refused("the sandbox wants the timeline by itemTypes, without since and skip")
    wanted = {name.replace("_", "").lower() for name in itemTypes}
    return [item for item in pull.timeline if item.typename.lower() in wanted]


def _comments(pull: PullRequest, _: Context, *, orderBy: dict[str, str] | None = None) -> list[IssueComment]:  # noqa: N803
    if orderBy is None:
        return pull.comments
    found = sorted(pull.comments, key=lambda comment: comment.updated_at)
    return found[::-1] if orderBy["direction"] == "DESC" else found


def _labels(pull: PullRequest, _: Context, *, orderBy: dict[str, str] | None = None) -> list[Label]:  # noqa: N803
    if orderBy and orderBy.get("field") == "NAME":
        return sorted(pull.labels, key=lambda label: label.name, reverse=orderBy["direction"] == "DESC")
    return pull.labels


def _commits(pull: PullRequest, _: Context) -> list[dict[str, Any]]:
    return [
        {"typename": "PullRequestCommit", "id": f"PRC_{commit.oid}", "commit": commit, "pullRequest": pull}
        for commit in commits_between(pull.base, pull.head)
    ]


def _head_ref(pull: PullRequest, _: Context) -> Ref | None:
    qualified = f"refs/heads/{pull.head_ref_name}"
    known = qualified in pull.head_repository.refs
    return Ref(repository=pull.head_repository, qualified=qualified) if known else None


def _base_ref(pull: PullRequest, _: Context) -> Ref | None:
    qualified = f"refs/heads/{pull.base_ref_name}"
    return Ref(repository=pull.repository, qualified=qualified) if qualified in pull.repository.refs else None


def _merge_state(pull: PullRequest, _: Context) -> str:
    if pull.is_draft:
        return "DRAFT"
    return {"MERGEABLE": "CLEAN", "CONFLICTING": "DIRTY"}.get(pull.mergeable, "UNKNOWN")


def _entry(pull: PullRequest, context: Context) -> MergeGroup | None:
    return next((one for one in world_of(context).groups if one.pull_request is pull), None)


def _total(name: str) -> Handler:
    def total(pull: PullRequest, context: Context) -> int:
        return sum(getattr(change, name) for change in world_of(context).changes(pull))

    return total


def _pull_url(pull: PullRequest, context: Context) -> str:
    return f"{html_url(world_of(context), pull.repository)}/pull/{pull.number}"


def _position(group: MergeGroup, context: Context) -> int:
    base = group.pull_request.base_ref_name
    queue = [one for one in world_of(context).groups if one.pull_request.base_ref_name == base]
    return queue.index(group) + 1


def _association(one: PullRequest | IssueComment | Review, context: Context) -> str:
    repository = one.repository if isinstance(one, PullRequest) else one.pull_request.repository
    return association(world_of(context), repository, one.author)


def _change_type(change: FileChange, _: Context) -> str:
    return CHANGE_TYPES.get(change.status, change.status.upper())


def _did_author(one: PullRequest | IssueComment | Review, context: Context) -> bool:
    return one.author is context.caller.app.bot


def _reaction_groups(one: IssueComment | Review, context: Context) -> list[dict[str, Any]]:
    """All kinds, those that nobody gave as well."""
    own = {reaction.content for reaction in one.reactions if reaction.user is context.caller.app.bot}
    return [
        {"typename": "ReactionGroup", "content": content, "viewerHasReacted": content in own} for content in REACTIONS
    ]


def _never(*_: object, **__: object) -> None:
    return None


FIELDS: dict[str, Handler] = {
    "PullRequest.additions": _total("additions"),
    "PullRequest.authorAssociation": _association,
    "PullRequest.assignees": lambda *_: [],
    # No auto-merge, milestones or required reviews in the sandbox.
    "PullRequest.autoMergeRequest": _never,
    "PullRequest.milestone": _never,
    "PullRequest.reviewDecision": _never,
    "PullRequest.baseRef": _base_ref,
    "PullRequest.baseRefOid": lambda one, _: one.base_oid,
    "PullRequest.baseRepository": lambda one, _: one.repository,
    "PullRequest.changedFiles": lambda one, context: len(world_of(context).changes(one)),
    "PullRequest.closed": lambda one, _: one.state != "OPEN",
    "PullRequest.comments": _comments,
    "PullRequest.commits": _commits,
    "PullRequest.deletions": _total("deletions"),
    "PullRequest.files": lambda one, context: world_of(context).changes(one),
    "PullRequest.fullDatabaseId": lambda one, _: one.database_id,
    "PullRequest.headRef": _head_ref,
    "PullRequest.headRefOid": lambda one, _: one.head_oid,
    "PullRequest.headRepositoryOwner": lambda one, _: one.head_repository.owner,
    "PullRequest.isInMergeQueue": lambda one, context: _entry(one, context) is not None,
    "PullRequest.labels": _labels,
    "PullRequest.latestOpinionatedReviews": _opinionated,
    "PullRequest.mergeQueueEntry": _entry,
    "PullRequest.mergeStateStatus": _merge_state,
    "PullRequest.merged": lambda one, _: one.state == "MERGED",
    "PullRequest.permalink": _pull_url,
    "PullRequest.reviews": _reviews,
    "PullRequest.timelineItems": _timeline,
    "PullRequest.url": _pull_url,
    "PullRequest.viewerDidAuthor": _did_author,
    "PullRequestChangedFile.changeType": _change_type,
    "PullRequestTimelineItemsConnection.filteredCount": lambda page, _: page.total_count,
    "PullRequestTimelineItemsConnection.pageCount": lambda page, _: len(page.nodes),
    "IssueComment.authorAssociation": _association,
    "IssueComment.fullDatabaseId": lambda one, _: one.database_id,
    # GitHub means: was it edited since, so that the edit history holds its creation.
    "IssueComment.includesCreatedEdit": lambda one, _: one.last_edited_at is not None,
    "IssueComment.reactions": lambda one, _, content=None, **__: [
        reaction for reaction in one.reactions if content in (None, reaction.content)
    ],
    "IssueComment.reactionGroups": _reaction_groups,
    "IssueComment.url": lambda one, context: comment_url(world_of(context), one),
    "IssueComment.viewerDidAuthor": _did_author,
    "PullRequestReview.authorAssociation": _association,
    "PullRequestReview.authorCanPushToRepository": lambda one, context: _writes(context, one),
    "PullRequestReview.fullDatabaseId": lambda one, _: one.database_id,
    "PullRequestReview.includesCreatedEdit": lambda one, _: one.last_edited_at is not None,
    "PullRequestReview.onBehalfOf": lambda *_: [],
    "PullRequestReview.reactionGroups": _reaction_groups,
    "PullRequestReview.url": lambda one, context: review_url(world_of(context), one),
    "PullRequestReview.viewerDidAuthor": _did_author,
    "MergeQueueEntry.position": _position,
}
