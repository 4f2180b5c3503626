"""What is known about one pull request at one instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, TypeVar

from bot.gate.differences import Comparison, OwnChange
from bot.gate.published import Published, PublishedHead

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A fact that could not be found out; `because` is half a sentence for a person. It is never evidence."""

    because: str


Fact: TypeAlias = T | Unavailable

NOT_READ = Unavailable("it was not read")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun:
    """A check run at the head, <https://docs.github.com/en/rest/checks/runs>."""

    id: int
    name: str
    app: str
    """The slug of the App that made it."""
    suite: int
    workflow: Fact[str | None]
    """Path of the workflow file, for GitHub Actions; None for other Apps."""
    event: str | None
    status: str
    conclusion: str | None
    completed_at: datetime | None
    url: str | None
    title: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSuite:
    """A check suite at the head: for GitHub Actions one run of a workflow, whether or not it has check runs yet."""

    id: int
    app: str
    workflow: str | None
    event: str | None
    status: str
    conclusion: str | None
    updated_at: datetime | None
    url: str | None

    @property
    def is_unfinished(self) -> bool:
        """Something may still come of it.

        GitHub makes a suite for every App with access to checks and leaves it queued for ever when the App does
        nothing; so only a suite with a workflow, or one that runs, counts.
        """
        return self.status != "completed" and (self.workflow is not None or self.status == "in_progress")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitStatus:
    """The newest commit status of one context, <https://docs.github.com/en/rest/commits/statuses>."""

    context: str
    state: str
    creator: str | None
    """Login as REST spells it: a bot's ends in `[bot]`."""
    description: str | None
    url: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file at the head."""

    path: str
    size: int
    text: str | None
    """None for what is binary or too large for GitHub to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """A file that the pull request changes."""

    path: str
    previous: str | None
    """Its old name, when it was renamed."""
    additions: int
    deletions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The newest opinion of somebody with write access."""

    author: str | None
    is_bot: bool = False
    """It is anything but a user: a bot, or a mannequin of somebody who was imported."""
    is_approval: bool
    sha: str | None
    """The commit that was looked at."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A deployment of the head with its newest status."""

    environment: str
    state: str
    created_at: datetime
    at: datetime
    """When it came to that state."""
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit of the pull request."""

    sha: str
    message: str
    people: frozenset[str]
    """Logins of authors and committer, as far as GitHub knows them."""
    paths: frozenset[str] = frozenset()
    """What it changes; empty where that is not known, as on GitHub, and for a merge."""


class Permission(StrEnum):
    """What somebody may do in the repository, <https://docs.github.com/en/rest/collaborators/collaborators>."""

    ADMIN = "admin"
    WRITE = "write"
    READ = "read"
    NONE = "none"

    @property
    def may_write(self) -> bool:
        """They may push; GitHub counts maintainers among these."""
        return self in {Permission.ADMIN, Permission.WRITE}


class ReviewState(StrEnum):
    """<https://docs.github.com/en/graphql/reference/enums#pullrequestreviewstate>; a pending one nobody sees."""

    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    COMMENTED = "COMMENTED"
    DISMISSED = "DISMISSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment on the pull request or the body of a review, as it stands now."""

    id: int
    body: str
    author: str | None
    """None when the account is gone."""
    author_id: int | None = None
    """GitHub's number of the account, which stays when its login changes."""
    is_bot: bool
    """It is anything but a user: a bot, a mannequin of somebody who was imported, or nobody any more."""
    app: str | None = None
    """The slug of the App that wrote it, when one did."""
    created_at: datetime
    """For a review, when it was submitted."""
    edited_at: datetime | None
    editor: str | None = None
    """Who edited it last; None when nobody did or the account is gone."""
    url: str
    node_id: str = ""
    by_mail: bool = False
    """It came as a reply by e-mail, which may carry what others wrote."""
    review: ReviewState | None = None
    """What became of the review that it is the body of; None: it is no review."""
    sha: str | None = None
    """The commit that was reviewed."""
    reactions: frozenset[str] = frozenset()
    """How we reacted, in GraphQL's words."""

    @property
    def key(self) -> str:
        """Tells it from all others: GitHub numbers comments and reviews apart."""
        return f"{'review-' if self.review else ''}{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """A comment was deleted, <https://docs.github.com/en/graphql/reference/objects#commentdeletedevent>."""

    author: str | None
    """Who had written it."""
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseChange:
    """The pull request was put onto another base branch.

    By a person, <https://docs.github.com/en/graphql/reference/objects#baserefchangedevent>, or by GitHub when the base
    branch was deleted.
    """

    before: str
    after: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Somebody merged the pull request."""

    by: str | None
    """None when the account is gone."""
    at: datetime
    commit: str | None
    """What the base got by it; None where it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag with the commit that it points at."""

    name: str
    sha: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A closing command once seen; it stands whatever happens to its comment."""

    comment: str
    """The comment's key."""
    verb: str
    argument: str
    """What it is about: a role, an item, or when a hold ends (ISO 8601); empty when it says nothing of that."""
    login: str
    login_id: int | None = None
    """Of the account; None where it was kept without."""
    at: datetime
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything known about a pull request at one instant.

    A fact about checks, statuses, suites, files and deployments is of `tested_sha`, one about commits of `head_sha`.
    """

    taken_at: datetime
    """GitHub's clock, from the answer's `Date`."""
    repository: str
    number: int
    id: str
    """The pull request's node id."""
    repository_id: str
    title: str
    url: str
    author: str | None
    author_is_bot: Fact[bool] = False
    body: Fact[str] = ""
    state: str
    merge: Merge | None = None
    """None while it is not merged."""
    is_draft: bool
    base_ref: str
    base_sha: str
    head_ref: str
    head_sha: str
    group_sha: str | None = None
    """The merge group's commit, when the pull request is judged as one; None: it is judged on its head."""
    head_repository: str | None = None
    """`owner/name` of the head's repository, for a fork another one; None when it is gone."""
    head_seen_at: datetime
    """When we first knew the tested commit; `missing_after` counts from here."""
    labels: Fact[frozenset[str]] = frozenset()
    checks: Fact[tuple[CheckRun, ...]] = ()
    suites: Fact[tuple[CheckSuite, ...]] = ()
    statuses: Fact[tuple[CommitStatus, ...]] = ()
    files: Mapping[str, Fact[File | None]] = field(default_factory=dict)
    """For each path asked for in `Needs`; None when there is no such file."""
    base_files: Mapping[str, Fact[File | None]] = field(default_factory=dict)
    """The same at the base."""
    changes: Fact[tuple[ChangedFile, ...]] | None = None
    """None when not asked yet."""
    code_owners: Fact[File | None] = NOT_READ
    """The base's CODEOWNERS, the one that counts; None when there is none."""
    reviews: Fact[tuple[Review, ...]] = ()
    deployments: Fact[tuple[Deployment, ...]] = ()
    commits: Fact[tuple[Commit, ...]] = ()
    comments: Fact[tuple[Comment, ...]] = ()
    """Comments and the bodies of reviews, in no order."""
    deletions: Fact[tuple[Deletion, ...]] = ()
    """Comments that were deleted, the newest hundred."""
    base_change: Fact[BaseChange | None] = None
    """The newest one; None when it was opened onto its base."""
    tags: Fact[tuple[Tag, ...]] = ()
    """The newest hundred."""
    tag_count: int = 0
    """How many there are; more than `tags` has means that these are not all."""
    tags_of: Mapping[str, Fact[tuple[Tag, ...]]] = field(default_factory=dict)
    """All tags whose names begin so, where `tags` are not all."""
    pushers: Fact[frozenset[str]] | None = None
    """Who pushed the head, or who may have; None when not asked yet."""
    memberships: Mapping[tuple[str, str], Fact[bool]] = field(default_factory=dict)
    permissions: Mapping[str, Fact[Permission]] = field(default_factory=dict)
    """By login."""
    team_members: Mapping[str, Fact[frozenset[str]]] = field(default_factory=dict)
    """By team, for small ones: who could sign at all."""
    comparisons: Mapping[str, Fact[Comparison]] = field(default_factory=dict)
    own_changes: Mapping[str, Fact[OwnChange]] = field(default_factory=dict)
    """By commit."""
    merged_tags: Mapping[str, Fact[bool]] = field(default_factory=dict)
    """By tag name: is it merged into the base?"""
    heads: tuple[PublishedHead, ...] = ()
    closings: tuple[Closing, ...] = ()
    published: Published = field(default_factory=Published)

    @property
    def tested_sha(self) -> str:
        """The commit that machines speak of and that the verdict is published on."""
        return self.group_sha or self.head_sha

    @property
    def changed_paths(self) -> "Fact[frozenset[str]]":
        """Every path that the pull request touches; a renamed file under both names."""
        changes = self.changes
        if changes is None or isinstance(changes, Unavailable):
            return changes or Unavailable("the changed files were not read")
        return frozenset(name for file in changes for name in (file.path, file.previous) if name)
