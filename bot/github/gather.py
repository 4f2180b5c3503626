"""Reads everything about one pull request in one GraphQL request, and the pages that did not fit into it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.gate.facts import NOT_READ, Fact, Snapshot, Unavailable
from bot.gate.needs import Needs
from bot.github import decode, decode_remarks, machines
from bot.github.client import Answer, Client
from bot.github.code_owners import code_owners
from bot.github.errors import Unreachable
from bot.github.kept_pages import KeptPages
from bot.github.pages import REMARKS, Lists, all_pages
from bot.github.queries import gate
from bot.github.rules_files import RulesFiles, at_commit, of_default, of_organisation
from bot.github.targets import PullRequest

_BASE = ("repository", "pullRequest", "baseRef", "target")
_HEAD = ("repository", "pullRequest", "head", "nodes", 0, "commit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """One read: the snapshot, and the rules files of the same instant."""

    snapshot: Snapshot
    rules_files: RulesFiles
    twins: tuple[int, ...]
    """Other open pull requests with the same head: those with the same base share our check run, or all of them."""
    first: Mapping[str, Any] | None
    """The pull request as the answer shows it, when older comments or reviews are those of minutes ago."""
    since: float
    """When it was asked for, by `time.monotonic`."""


async def gather(client: Client, ref: PullRequest, needs: Needs, kept: KeptPages | None = None) -> Gathered:
    """Everything one request can tell, and the pages that did not fit and are not `kept`.

    Raises `GitHubError`; `Gone` without the pull request.
    """
    since = time.monotonic()
    owner, _, name = ref.repository.name.partition("/")
    variables = {"owner": owner, "name": name, "number": ref.number, "appId": client.app.id, "reviews": needs.reviews}
    variables["codeOwners"] = needs.code_owners
    document = gate(len(needs.files), len(needs.base_files))
    at_base = {f"base{number}": path for number, path in enumerate(sorted(needs.base_files))}
    answer = await client.graphql(ref.repository.installation, document, variables | at_base | machines.asked(needs))
    pull = decode.required(answer, "repository", "pullRequest")
    if _head(pull).get("oid") != pull["headRefOid"]:
        raise Unreachable("right after a push GitHub still shows the older head's checks")
    paged = await all_pages(client, ref, pull, kept or KeptPages(), outputs=needs.outputs)
    return Gathered(
        snapshot=_snapshot(answer, paged.lists, needs),
        rules_files=_rules_files(answer),
        twins=_twins(ref, pull),
        first=pull if paged.is_kept else None,
        since=since,
    )


async def hear_again(
    client: Client, ref: PullRequest, first: Mapping[str, Any], kept: KeptPages, snapshot: Snapshot
) -> Snapshot:
    """The snapshot with the older comments and reviews read afresh. Raises `GitHubError`."""
    if isinstance(snapshot.comments, Unavailable):  # hidden ones don't come to light by it
        return snapshot
    kept.drop(ref.key)
    lists = (await all_pages(client, ref, first, kept, names=REMARKS)).lists
    return replace(snapshot, comments=decode_remarks.remarks(lists["comments"], lists["reviews"]))


def _rules_files(answer: Answer) -> RulesFiles:
    default_ref, default = of_default(answer)
    return RulesFiles(
        base=at_commit(answer, "repository", "pullRequest", "baseRef", "target"),
        head=at_commit(answer, *_HEAD),
        default=default,
        base_ref=answer.data["repository"]["pullRequest"]["baseRefName"],
        default_ref=default_ref,
        organisation=of_organisation(answer),
    )


def _snapshot(answer: Answer, lists: Lists, needs: Needs) -> Snapshot:
    pull = answer.data["repository"]["pullRequest"]
    contexts = machines.hidden_contexts(answer, _HEAD) or lists["contexts"]
    comments, reviews = (_listed(answer, lists, name, "repository", "pullRequest", name) for name in REMARKS)
    commits = _listed(answer, lists, "commits", "repository", "pullRequest", "commits")
    ours = decode.shown(answer, *_HEAD, "ours", what="what we published")
    return Snapshot(
        taken_at=answer.at,
        repository=answer.data["repository"]["nameWithOwner"],
        number=pull["number"],
        id=pull["id"],
        repository_id=answer.data["repository"]["id"],
        title=pull["title"],
        url=pull["url"],
        author=(pull.get("author") or {}).get("login"),
        author_is_bot=(pull.get("author") or {}).get("__typename") == "Bot",
        body=pull["body"],
        state=pull["state"],
        merge=decode.merge(pull),
        is_draft=pull["isDraft"],
        base_ref=pull["baseRefName"],
        base_sha=pull["baseRefOid"],
        head_ref=pull["headRefName"],
        head_sha=pull["headRefOid"],
        head_repository=(pull.get("headRepository") or {}).get("nameWithOwner"),
        head_seen_at=answer.at,
        labels=decode.labels(decode.fact(answer, "repository", "pullRequest", "labels")),
        **machines.facts(answer, _HEAD, needs, contexts),
        base_files={
            path: decode.file(decode.fact(answer, *_BASE, f"base{number}"))
            for number, path in enumerate(sorted(needs.base_files))
        },
        code_owners=code_owners(answer) if needs.code_owners else NOT_READ,
        reviews=decode.reviews(decode.fact(answer, "repository", "pullRequest", "latestOpinionatedReviews")),
        commits=commits if isinstance(commits, Unavailable) else tuple(decode.commit(node) for node in commits),
        comments=decode_remarks.remarks(comments, reviews),
        deletions=decode_remarks.deletions(answer, "repository", "pullRequest", "deletions"),
        base_change=decode_remarks.base_change(answer, "repository", "pullRequest", "rebased"),
        tags=decode.tags(tags := decode.fact(answer, "repository", "tags")),
        tag_count=0 if isinstance(tags, Unavailable) or tags is None else tags["totalCount"],
        published=decode.published(
            decode.runs_of(ours),
            None if isinstance(comments, Unavailable) else comments,
            decode_remarks.reactions(comments, reviews),
            at=answer.at,
        ),
    )


def _listed(answer: Answer, lists: Lists, name: str, *path: str | int) -> Fact[list[Mapping[str, Any]]]:
    return decode.hidden(answer, *path) or lists[name]


def _head(pull: Mapping[str, Any]) -> Mapping[str, Any]:
    nodes = (pull.get("head") or {}).get("nodes") or [{}]
    return nodes[0].get("commit") or {}


def _twins(ref: PullRequest, pull: Mapping[str, Any]) -> tuple[int, ...]:
    twins = (_head(pull).get("associatedPullRequests") or {}).get("nodes") or ()
    return tuple(
        twin["number"]
        for twin in filter(None, twins)
        if twin["state"] == "OPEN"
        and twin["number"] != ref.number
        and twin["headRefOid"] == pull["headRefOid"]
        and (twin["baseRepository"] or {}).get("nameWithOwner") == ref.repository.name
    )
