"""Reads what a merge group is: whose it is, what the rules of its base are, and what machines say of its commit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.gate.facts import Fact, Unavailable
from bot.gate.markup import code
from bot.gate.needs import Needs
from bot.gate.published import Published
from bot.github import decode, machines
from bot.github.apply import publish
from bot.github.client import Answer, Client
from bot.github.errors import Gone
from bot.github.queries import group as document
from bot.github.rules_files import RulesFiles, at_commit, of_default, of_organisation
from bot.github.targets import MergeGroup
from bot.report.plan import plan
from bot.report.text import Report

_COMMIT = ("repository", "object")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A merge group at one instant."""

    target: MergeGroup
    number: Fact[int]
    """Its one pull request, or why that can't be told."""
    rules_files: RulesFiles
    facts: Mapping[str, Any]
    """The fields of a snapshot that are about the group's commit."""
    is_cut: bool
    """Checks and statuses did not all fit: they have to be read by REST."""
    published: Published
    repository_id: str
    at: datetime
    """GitHub's clock."""


async def gather_group(client: Client, target: MergeGroup, needs: Needs) -> Group:
    """One request. Raises `GitHubError`; `Gone` when the commit no longer exists."""
    owner, _, name = target.repository.name.partition("/")
    variables = {
        "owner": owner,
        "name": name,
        "base": target.base,
        "baseRef": f"refs/heads/{target.base}",
        "sha": target.sha,
        "appId": client.app.id,
        **machines.asked(needs),
    }
    answer = await client.graphql(target.repository.installation, document(len(needs.files)), variables)
    commit = decode.fact(answer, "repository", "object")
    if not isinstance(commit, dict):
        raise Gone("the merge group's commit can't be read")
    rollup = (commit.get("statusCheckRollup") or {}).get("contexts") or {"nodes": (), "pageInfo": {}}
    contexts = machines.hidden_contexts(answer, _COMMIT) or [node for node in rollup["nodes"] if node]
    return Group(
        target=target,
        number=_number(target, decode.fact(answer, "repository", "mergeQueue")),
        rules_files=_rules_files(answer, target),
        facts=machines.facts(answer, _COMMIT, needs, contexts),
        is_cut=bool(rollup["pageInfo"].get("hasNextPage")),
        published=decode.published(decode.runs_of(commit.get("ours")), (), at=answer.at),
        repository_id=answer.data["repository"]["id"],
        at=answer.at,
    )


async def refuse(client: Client, group: Group, report: Report) -> None:
    """Posts the check run that the base requires, shut: GitHub then takes the entry out of the queue."""
    target = group.target
    if writes := plan(report, group.published):
        installation, repository_id = target.repository.installation, group.repository_id
        await publish(client, installation, writes, repository_id=repository_id, head_sha=target.sha)


def _rules_files(answer: Answer, target: MergeGroup) -> RulesFiles:
    default_ref, default = of_default(answer)
    return RulesFiles(
        base=at_commit(answer, "repository", "ref", "target"),
        default=default,
        base_ref=target.base,
        default_ref=default_ref,
        organisation=of_organisation(answer),
    )


def _number(target: MergeGroup, queue: Fact[Mapping[str, Any]] | None) -> Fact[int]:
    """The queue's entry for this commit tells it; where the queue has none, the group's ref.

    <https://docs.github.com/en/graphql/reference/objects#mergequeueentry>
    """
    numbers = {target.number} if target.number else set()
    if queue and not isinstance(queue, Unavailable):
        entries = [entry for entry in (queue.get("entries") or {}).get("nodes") or () if entry]
        ours = [entry for entry in entries if (entry["headCommit"] or {}).get("oid") == target.sha]
        numbers |= {entry["pullRequest"]["number"] for entry in ours if entry["pullRequest"]}
    if not numbers:
        return Unavailable(f"Neither the queue of {code(target.base)} nor the name of the group's branch tells it.")
    if len(numbers) > 1:
        named = ", ".join(f"#{number}" for number in sorted(numbers))
        return Unavailable(f"The queue of {code(target.base)} and the name of the group's branch say {named}.")
    return numbers.pop()
