"""Answers a merge group on its own commit: never with success, as long as groups are not judged."""

from bot.github import decode
from bot.github.apply import publish
from bot.github.client import Client
from bot.github.queries import document
from bot.github.targets import MergeGroup
from bot.report.plan import plan
from bot.report.text import Report, name_of

_TITLE = "Blocked: merge groups are not judged"
_SUMMARY = (
    "This version of release-gate judges pull requests, and a merge group holds other commits than the pull request "
    "that was judged. So it never passes one.\n\n"
    "Merge the pull request without the queue, or take the queue out of the branch's rules."
)


async def refuse(client: Client, group: MergeGroup) -> None:
    """Posts the check run that the base requires, shut; nothing where there are no rules."""
    owner, _, name = group.repository.name.partition("/")
    variables = {"owner": owner, "name": name, "sha": group.sha, "appId": client.app.id}
    answer = await client.graphql(group.repository.installation, document("group"), variables)
    commit = decode.fact(answer, "repository", "object")
    if not isinstance(commit, dict) or not decode.rules_files(commit):
        return
    report = Report(
        name=name_of(group.base),
        status="completed",
        conclusion="action_required",
        title=_TITLE,
        summary=_SUMMARY,
        comment="",
        starts_comment=False,
    )
    writes = plan(report, decode.published(decode.runs_of(commit.get("ours")), ()))
    if writes:
        repository_id = answer.data["repository"]["id"]
        await publish(client, group.repository.installation, writes, repository_id=repository_id, head_sha=group.sha)
