"""Says on a pull request that it can't be evaluated, from as few facts as possible."""

from dataclasses import replace

from bot.gate.evaluate import cannot_evaluate
from bot.gate.facts import PublishedRun, Snapshot, Unavailable
from bot.github import decode
from bot.github.apply import apply
from bot.github.client import Answer, Client
from bot.github.queries import document
from bot.github.targets import PullRequest
from bot.report.plan import plan
from bot.report.text import name_of, report_of


async def tell(client: Client, ref: PullRequest, because: str) -> None:
    """Shuts the gate with the reason, whatever stood there before; silent where nothing says that there are rules.

    The comment is left alone: it may be the very thing that can't be read, and the check run is what holds the merge.
    """
    owner, _, name = ref.repository.name.partition("/")
    variables = {"owner": owner, "name": name, "number": ref.number, "appId": client.app.id}
    answer = await client.graphql(ref.repository.installation, document("trouble"), variables)
    snapshot = _snapshot(answer)
    if snapshot is None or snapshot.state != "OPEN":
        return
    # Rules in shadow mode shut nothing, and what stands there tells that they are.
    is_shadow = any(run.conclusion == "neutral" for run in _standing(snapshot))
    verdict = replace(cannot_evaluate(snapshot, because), is_shadow=is_shadow)
    if writes := plan(report_of(verdict), snapshot.published):
        await apply(client, ref.repository.installation, writes, snapshot)


def _snapshot(answer: Answer) -> Snapshot | None:
    """What is needed to publish; None without a sign of rules, or when a run of ours may exist that can't be seen."""
    pull = decode.required(answer, "repository", "pullRequest")
    base = (pull.get("baseRef") or {}).get("target") or {}
    heads = [node["commit"] for node in pull["head"]["nodes"] if node]
    ours = decode.fact(answer, "repository", "pullRequest", "head", "nodes", 0, "commit", "ours")
    if isinstance(ours, Unavailable) or [head["oid"] for head in heads] != [pull["headRefOid"]]:
        return None
    snapshot = Snapshot(
        taken_at=answer.at,
        repository=answer.data["repository"]["nameWithOwner"],
        number=pull["number"],
        id=pull["id"],
        repository_id=answer.data["repository"]["id"],
        title="",
        url="",
        author=None,
        state=pull["state"],
        is_draft=pull["isDraft"],
        base_ref=pull["baseRefName"],
        base_sha="",
        head_ref="",
        head_sha=pull["headRefOid"],
        head_seen_at=answer.at,
        published=decode.published(decode.runs_of(ours), None),
    )
    # Rules may come from elsewhere; then what we said before is the sign of them.
    return snapshot if base.get("rules") or base.get("otherRules") or _standing(snapshot) else None


def _standing(snapshot: Snapshot) -> tuple[PublishedRun, ...]:
    """Our run under the name that the base requires."""
    return tuple(run for run in snapshot.published.runs if run.name == name_of(snapshot.base_ref))
