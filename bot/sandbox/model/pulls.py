"""Pull requests and what people do on them: comments, reviews, labels, the timeline, merge groups."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from .accounts import Account, Team
from .git import Commit, Label, Repository


@dataclass(eq=False, kw_only=True, slots=True)
class Reaction:
    """An emoji of one person on one comment; `content` is GraphQL's word (`THUMBS_UP`)."""

    typename: ClassVar[str] = "Reaction"
    id: str
    database_id: int
    user: Account
    content: str
    created_at: datetime


@dataclass(eq=False, kw_only=True, slots=True)
class IssueComment:
    """A comment of a pull request's conversation, with every text it ever had in `history`."""

    typename: ClassVar[str] = "IssueComment"
    id: str
    database_id: int
    pull_request: "PullRequest"
    author: Account
    body: str
    created_at: datetime
    updated_at: datetime
    last_edited_at: datetime | None = None
    editor: Account | None = None
    is_minimized: bool = False
    minimized_reason: str | None = None
    deleted_at: datetime | None = None
    created_via_email: bool = False
    reactions: list[Reaction] = field(default_factory=list)
    history: list[str] = field(default_factory=list)


@dataclass(eq=False, kw_only=True, slots=True)
class Review:
    """A review; `state` is GraphQL's word (`APPROVED`). A pending one is not submitted: only its author sees it."""

    typename: ClassVar[str] = "PullRequestReview"
    id: str
    database_id: int
    pull_request: "PullRequest"
    author: Account
    body: str
    state: str
    commit: Commit
    submitted_at: datetime | None
    last_edited_at: datetime | None = None
    editor: Account | None = None
    is_minimized: bool = False
    created_via_email: bool = False
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(eq=False, kw_only=True, slots=True)
class ReviewRequest:
    """Somebody, or a team, asked to review."""

    typename: ClassVar[str] = "ReviewRequest"
    id: str
    requested_reviewer: Account | Team
    as_code_owner: bool = False


@dataclass(eq=False, kw_only=True, slots=True)
class ReviewThread:
    """A thread of review comments, as far as its resolution goes."""

    typename: ClassVar[str] = "PullRequestReviewThread"
    id: str
    is_resolved: bool = False
    is_outdated: bool = False


@dataclass(eq=False, kw_only=True, slots=True)
class TimelineItem:
    """One event of the timeline; `typename` is GraphQL's, `facts` its own fields."""

    id: str
    typename: str
    actor: Account
    created_at: datetime
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, kw_only=True)
class PullRequest:
    """A pull request; `base_oid` is the base branch's tip when the pull request last moved."""

    typename: ClassVar[str] = "PullRequest"
    id: str
    database_id: int
    number: int
    repository: Repository
    title: str
    body: str
    author: Account
    base_ref_name: str
    base_oid: str
    head_repository: Repository
    head_ref_name: str
    head_oid: str
    created_at: datetime
    updated_at: datetime
    is_draft: bool = False
    state: str = "OPEN"
    locked: bool = False
    last_edited_at: datetime | None = None
    editor: Account | None = None
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    merged_by: Account | None = None
    merge_commit: Commit | None = None
    mergeable: str = "MERGEABLE"
    labels: list[Label] = field(default_factory=list)
    comments: list[IssueComment] = field(default_factory=list)
    deleted_comments: list[IssueComment] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    review_requests: list[ReviewRequest] = field(default_factory=list)
    review_threads: list[ReviewThread] = field(default_factory=list)
    timeline: list[TimelineItem] = field(default_factory=list)

    @property
    def is_cross_repository(self) -> bool:
        """Whether it comes from a fork."""
        return self.head_repository is not self.repository

    @property
    def head(self) -> Commit:
        """The head commit."""
        return self.repository.commits[self.head_oid]

    @property
    def base(self) -> Commit:
        """The base branch's tip now, or when it was last known; once merged, what it was merged onto."""
        if self.merge_commit is not None:
            return self.merge_commit.parents[0]
        return self.repository.branch(self.base_ref_name) or self.repository.commits[self.base_oid]


@dataclass(eq=False, kw_only=True, slots=True)
class MergeGroup:
    """A merge queue's entry with the commit it builds; `state` is GraphQL's word (`AWAITING_CHECKS`)."""

    typename: ClassVar[str] = "MergeQueueEntry"
    id: str
    pull_request: PullRequest
    enqueuer: Account
    enqueued_at: datetime
    base_commit: Commit
    head_commit: Commit
    head_ref: str
    state: str = "AWAITING_CHECKS"
    jump: bool = False
    solo: bool = False
