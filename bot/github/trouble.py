"""Says on a pull request that it can't be evaluated, from as few facts as possible."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.catalogues import words_of
from bot.gate.check_name import name_of, shows_fixed
from bot.gate.evaluate import cannot_evaluate
from bot.gate.facts import Snapshot, Unavailable
from bot.gate.published import PublishedRun
from bot.gate.rules import Language
from bot.github import decode
from bot.github.apply import apply_shutting_first
from bot.github.client import Answer, Client
from bot.github.queries import document
from bot.github.targets import PullRequest
from bot.report.introduction import FIRST_RULES
from bot.report.plan import plan
from bot.report.text import report_of
from bot.report.words import ENGLISH, Words
from bot.rules import says_fixed

_FIRST_RULES = frozenset(words_of(language)(FIRST_RULES) for language in Language)


async def tell(client: Client, ref: PullRequest, because: str, words: Words = ENGLISH) -> None:
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
    is_fixed = _is_fixed(answer, snapshot)
    standing = _standing(snapshot, is_fixed=is_fixed)
    is_shadow = any(run.conclusion == "neutral" and run.title not in _FIRST_RULES for run in standing)
    verdict = replace(cannot_evaluate(snapshot, because, is_fixed=is_fixed), is_shadow=is_shadow)
    if writes := plan(report_of(verdict, words=words), snapshot.published):
        await apply_shutting_first(client, ref.repository.installation, writes, snapshot)


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
    is_fixed = _is_fixed(answer, snapshot)
    # Fixed rules may leave this base out, whatever file it has.
    has_rules = (base.get("rules") or base.get("otherRules")) and (not is_fixed or _is_default(answer, snapshot))
    # Rules may come from elsewhere; then what we said before is the sign of them.
    return snapshot if has_rules or _standing(snapshot, is_fixed=is_fixed) else None


def _is_fixed(answer: Answer, snapshot: Snapshot) -> bool:
    """Told by the run that stands, or by the words of the default branch's rules: nothing else need be read for it."""
    target = _default(answer).get("target") or {}
    files = (target.get("rules"), target.get("otherRules"))
    texts = (((file or {}).get("object") or {}).get("text") for file in files)
    return shows_fixed(snapshot.published) or any(says_fixed(text or "") for text in texts)


def _is_default(answer: Answer, snapshot: Snapshot) -> bool:
    return bool(_default(answer).get("name") == snapshot.base_ref)


def _default(answer: Answer) -> Mapping[str, Any]:
    return answer.data["repository"].get("defaultBranchRef") or {}


def _standing(snapshot: Snapshot, *, is_fixed: bool) -> tuple[PublishedRun, ...]:
    """Our run under the name that the base requires."""
    name = name_of(snapshot.base_ref, is_fixed=is_fixed)
    return tuple(run for run in snapshot.published.runs if run.name == name)
