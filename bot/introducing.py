"""A base branch on which rules have appeared → one completed run on its head, once."""

from bot.github import decode
from bot.github.apply import publish
from bot.github.queries import document
from bot.github.rules_files import RulesFiles, at_commit, of_default
from bot.github.targets import Tip
from bot.reading import Gate
from bot.report.introduction import introduction
from bot.report.plan import plan
from bot.store import heads


async def introduce(gate: Gate, target: Tip) -> None:
    """Shows the check where admins look for it, if the branch has rules of its own and never showed it before."""
    if await heads.shown(gate.store, subject=target.key):
        return
    owner, _, name = target.repository.name.partition("/")
    installation = target.repository.installation
    variables = {"owner": owner, "name": name, "ref": f"refs/heads/{target.branch}", "appId": gate.client.app.id}
    answer = await gate.client.graphql(installation, document("tip"), variables)
    tip = ("repository", "ref", "target")
    default_ref, default = of_default(answer)
    base = at_commit(answer, *tip)
    files = RulesFiles(base=base, default=default, base_ref=target.branch, default_ref=default_ref)
    rules = await gate.rulebook.rules(target.repository, files) if files.base else None
    if rules is None:
        return
    commit = decode.required(answer, *tip)
    ours = decode.shown(answer, *tip, "ours", what="what we published")
    if writes := plan(introduction(rules, target.branch), decode.published(decode.runs_of(ours), ())):
        repository_id = answer.data["repository"]["id"]
        await publish(gate.client, installation, writes, repository_id=repository_id, head_sha=commit["oid"])
    shown = heads.Head(sha=commit["oid"], shown_at=answer.at.timestamp())
    await heads.record(gate.store, subject=target.key, target=target.key, head=shown)
