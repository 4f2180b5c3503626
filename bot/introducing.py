"""Rules where there were none → one completed run: on the base that has them, or on the head that brings them."""

from dataclasses import replace

from bot.catalogues import words_of
from bot.github import decode
from bot.github.apply import apply, publish
from bot.github.queries import document
from bot.github.rules_files import RulesFiles, at_commit, of_default
from bot.github.targets import Repository, Tip
from bot.reading import FirstRules, Gate
from bot.report.introduction import first_rules, introduction
from bot.report.plan import plan
from bot.store import heads


async def introduce(gate: Gate, target: Tip) -> None:
    """Shows the check where admins look for it, if the branch is a base with rules of its own and never showed it."""
    if await heads.shown(gate.store, subject=target.key):
        return
    owner, _, name = target.repository.name.partition("/")
    installation = target.repository.installation
    variables = {"owner": owner, "name": name, "ref": f"refs/heads/{target.branch}", "branch": target.branch}
    answer = await gate.client.graphql(installation, document("tip"), variables | {"appId": gate.client.app.id})
    tip = ("repository", "ref", "target")
    default_ref, default = of_default(answer)
    if target.branch != default_ref and decode.fact(answer, "repository", "into") == {"totalCount": 0}:
        return  # a topic branch: what it proposes is told on its pull request
    base = at_commit(answer, *tip)
    files = RulesFiles(base=base, default=default, base_ref=target.branch, default_ref=default_ref)
    rules = await gate.rulebook.rules(target.repository, files) if files.base else None
    if rules is None:
        return
    commit = decode.required(answer, *tip)
    ours = decode.shown(answer, *tip, "ours", what="what we published")
    report = introduction(rules, target.branch, words_of(rules.language))
    if writes := plan(report, decode.published(decode.runs_of(ours), ())):
        repository_id = answer.data["repository"]["id"]
        await publish(gate.client, installation, writes, repository_id=repository_id, head_sha=commit["oid"])
    shown = heads.Head(sha=commit["oid"], shown_at=answer.at.timestamp())
    await heads.record(gate.store, subject=target.key, target=target.key, head=shown)


async def show_first_rules(gate: Gate, repository: Repository, first: FirstRules) -> None:
    """Annotates what a pull request would bring; a comment from a time with rules stays as it is."""
    snapshot = first.snapshot
    published = replace(snapshot.published, comments=())
    report = first_rules(first.rules, snapshot.base_ref, words_of(first.rules.language))
    if writes := plan(report, published):
        await apply(gate.client, repository.installation, writes, snapshot)
