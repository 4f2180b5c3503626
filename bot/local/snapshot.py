"""What git tells of a change into a snapshot: the rest needs GitHub, and says so."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.gate.facts import NOT_READ, Fact, File, Snapshot, Unavailable
from bot.local.history import Change

NEEDS_GITHUB = Unavailable("needs GitHub")

NOTHING: Mapping[str, Any] = {
    "author_is_bot": False,
    "body": "",
    "labels": frozenset(),
    "checks": (),
    "suites": (),
    "statuses": (),
    "reviews": (),
    "deployments": (),
    "comments": (),
    "deletions": (),
    "base_change": None,
    "pushers": frozenset(),
}
"""The facts that only GitHub has, each with its value when there is nothing of the kind."""


def snapshot_of(
    change: Change,
    files: Mapping[str, File | None],
    *,
    repository: str,
    at: datetime,
    code_owners: Fact[File | None] = NOT_READ,
) -> Snapshot:
    """The pull request that the change would be, opened just now: an open one, no draft, by nobody known."""
    hidden: dict[str, Any] = dict.fromkeys(NOTHING, NEEDS_GITHUB)
    return Snapshot(
        taken_at=at,
        repository=repository,
        number=0,
        id="",
        repository_id="",
        title=change.commits[-1].commit.message.partition("\n")[0] if change.commits else "",
        url="",
        author=None,
        state="OPEN",
        is_draft=False,
        base_ref=change.base.branch or change.base.ref,
        base_sha=change.base.sha,
        head_ref=change.head.branch or change.head.ref,
        head_sha=change.head.sha,
        head_seen_at=at,
        files=files,
        base_files=change.base_files,
        code_owners=code_owners,
        changes=tuple(counted.file for counted in change.files),
        commits=tuple(logged.commit for logged in change.commits),
        tags=change.tags,
        merged_tags={tag.name: tag.name in change.merged_tags for tag in change.tags},
        **hidden,
    )


def with_nothing_on_github(snapshot: Snapshot) -> Snapshot:
    """The same change on a GitHub where nobody and nothing has said anything yet."""
    return replace(snapshot, **NOTHING)
