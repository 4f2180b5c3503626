"""Reads everything about one pull request in one GraphQL request, and the pages that did not fit into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.gate.facts import Closing, Fact, Needs, PublishedHead, Snapshot, Unavailable
from bot.github import decode, machines
from bot.github.client import Answer, Client
from bot.github.errors import Gone, Unreachable
from bot.github.pages import Lists, all_pages
from bot.github.queries import gate
from bot.github.targets import PullRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What our own store knows and GitHub does not."""

    heads: tuple[PublishedHead, ...] = ()
    closings: tuple[Closing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """One read: the snapshot, and the rules files that stood at the base in the same instant."""

    snapshot: Snapshot
    rules_files: tuple[decode.RulesFile, ...]
    twins: tuple[int, ...]
    """Other open pull requests with the same head and base, which share our check run."""


async def gather(client: Client, ref: PullRequest, needs: Needs, memory: Memory) -> Gathered:
    """Everything one request can tell, and the pages that did not fit. Raises `GitHubError`; `Gone` without the PR."""
    owner, _, name = ref.repository.name.partition("/")
    variables = {"owner": owner, "name": name, "number": ref.number, "appId": client.app.id, "reviews": needs.reviews}
    document = gate(len(needs.files))
    answer = await client.graphql(ref.repository.installation, document, variables | machines.asked(needs))
    pull = decode.fact(answer, "repository", "pullRequest")
    if pull is None or isinstance(pull, Unavailable):
        raise Gone(f"pull request {ref.number} can't be read")
    if _head(pull).get("oid") != pull["headRefOid"]:
        raise Unreachable("right after a push GitHub still shows the older head's checks")
    lists = await all_pages(client, ref.repository.installation, pull, outputs=needs.outputs)
    return Gathered(
        snapshot=_snapshot(answer, lists, needs, memory),
        rules_files=decode.rules_files((pull.get("baseRef") or {}).get("target") or {}),
        twins=_twins(ref, pull),
    )


def _snapshot(answer: Answer, lists: Lists, needs: Needs, memory: Memory) -> Snapshot:
    pull = answer.data["repository"]["pullRequest"]
    head = ("repository", "pullRequest", "head", "nodes", 0, "commit")
    contexts = machines.hidden_contexts(answer, head) or lists["contexts"]
    comments = _listed(answer, lists, "comments", "repository", "pullRequest", "comments")
    commits = _listed(answer, lists, "commits", "repository", "pullRequest", "commits")
    seen = [known.at for known in memory.heads if known.sha == pull["headRefOid"]]
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
        is_draft=pull["isDraft"],
        base_ref=pull["baseRefName"],
        base_sha=pull["baseRefOid"],
        head_ref=pull["headRefName"],
        head_sha=pull["headRefOid"],
        head_repository=(pull.get("headRepository") or {}).get("nameWithOwner"),
        head_seen_at=min(seen, default=answer.at),
        labels=decode.labels(decode.fact(answer, "repository", "pullRequest", "labels")),
        **machines.facts(answer, head, needs, contexts),
        reviews=decode.reviews(decode.fact(answer, "repository", "pullRequest", "latestOpinionatedReviews")),
        commits=commits if isinstance(commits, Unavailable) else tuple(decode.commit(node) for node in commits),
        comments=comments
        if isinstance(comments, Unavailable)
        else tuple(decode.comment(node) for node in comments if not node["viewerDidAuthor"]),
        tags=decode.tags(decode.fact(answer, "repository", "tags")),
        heads=memory.heads,
        closings=memory.closings,
        published=decode.published(
            decode.runs_of(_head(pull).get("ours")), () if isinstance(comments, Unavailable) else comments
        ),
    )


def _listed(answer: Answer, lists: Lists, name: str, *path: str | int) -> Fact[list[Mapping[str, Any]]]:
    hidden = decode.fact(answer, *path)
    return hidden if isinstance(hidden, Unavailable) else lists[name]


def _head(pull: Mapping[str, Any]) -> Mapping[str, Any]:
    nodes = (pull.get("head") or {}).get("nodes") or [{}]
    return nodes[0].get("commit") or {}


def _twins(ref: PullRequest, pull: Mapping[str, Any]) -> tuple[int, ...]:
    twins = (_head(pull).get("associatedPullRequests") or {}).get("nodes") or ()
    return tuple(
        twin["number"]
        for twin in twins
        if twin["state"] == "OPEN"
        and twin["number"] != ref.number
        and (twin["headRefOid"], twin["baseRefName"]) == (pull["headRefOid"], pull["baseRefName"])
        and (twin["baseRepository"] or {}).get("nameWithOwner") == ref.repository.name
    )
