"""Routes of repositories, commits, checks and pull requests."""

import base64
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from bot.sandbox.actions.people import role_in
from bot.sandbox.clock import iso
from bot.sandbox.model.checks import CheckRun, CheckSuite, CommitStatus, latest
from bot.sandbox.model.git import Activity, Commit, FileChange, blob_oid, commits_between, digest, merge_base
from bot.sandbox.model.pulls import PullRequest
from bot.sandbox.render.checks import check_run, check_suite, status, workflow_run
from bot.sandbox.render.comments import issue_comment, review
from bot.sandbox.render.commits import commit, file
from bot.sandbox.render.people import simple_user
from bot.sandbox.render.pulls import label_payload, pull_request
from bot.sandbox.render.repositories import api_url, html_url, minimal, repository
from bot.sandbox.world import not_found

from .call import Answer, Call, listed, page

# The coarse permission that REST puts beside `role_name`.
COARSE = {"maintain": "write", "triage": "read"}
LEVELS = ("pull", "triage", "push", "maintain", "admin")
MOST_FILES, MOST_COMPARED_FILES, MOST_COMMITS = 3000, 300, 250


def get_repository(call: Call) -> Answer:
    """https://docs.github.com/rest/repos/repos#get-a-repository"""
    return Answer(body={**repository(call.world, call.repository), "network_count": 0, "subscribers_count": 0})


def activity(call: Call) -> Answer:
    """Newest first; https://docs.github.com/rest/repos/repos#list-repository-activities"""
    ref, query = call.query.get("ref", ""), call.query
    names = {ref, f"refs/heads/{ref}", f"refs/tags/{ref}"}

    def fits(move: Activity) -> bool:
        return (
            (not ref or move.ref in names)
            and query.get("activity_type") in (None, move.kind)
            and query.get("actor") in (None, move.actor.login)
        )

    found = [move for move in call.repository.activity if fits(move)]
    if query.get("direction", "desc") == "desc":
        found.reverse()
    return listed(call, [_activity(call, move) for move in found])


def _activity(call: Call, move: Activity) -> dict[str, Any]:
    return {
        "id": move.database_id,
        "node_id": move.id,
        "before": move.before,
        "after": move.after,
        "ref": move.ref,
        "timestamp": iso(move.timestamp),
        "activity_type": move.kind,
        "actor": simple_user(call.world, move.actor),
    }


def workflow_runs(call: Call) -> Answer:
    """Newest first; https://docs.github.com/rest/actions/workflow-runs#list-workflow-runs-for-a-repository"""
    wanted = {"check_suite_id": call.query.get("check_suite_id"), "head_sha": call.query.get("head_sha")}

    def fits(suite: CheckSuite) -> bool:
        own = {"check_suite_id": str(suite.database_id), "head_sha": suite.commit.oid}
        return suite.repository is call.repository and all(value in (None, own[key]) for key, value in wanted.items())

    runs = [suite.workflow_run for suite in reversed(call.world.suites) if suite.workflow_run and fits(suite)]
    return listed(call, [workflow_run(call.world, run) for run in runs], under="workflow_runs")


def permission(call: Call) -> Answer:
    """https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user"""
    account = call.world.accounts.get(call.parts["login"].lower())
    if account is None:
        raise not_found()
    role = role_in(call.world, call.repository, account)
    ranks = ("read", "triage", "write", "maintain", "admin")
    reached = ranks.index(role) + 1 if role in ranks else 0
    rights = {name: at < reached for at, name in enumerate(LEVELS)}
    body = {
        "permission": COARSE.get(role, role),
        "role_name": role,
        "user": {**simple_user(call.world, account), "permissions": rights, "role_name": role},
    }
    return Answer(body=body)


def get_commit(call: Call) -> Answer:
    """https://docs.github.com/rest/commits/commits#get-a-commit"""
    found = call.commit
    base = found.parents[0] if found.parents else None
    changed = call.world.compared(base, found) if base else ()
    body = {
        **commit(call.world, call.repository, found),
        "stats": _stats(changed),
        "files": [file(call.world, call.repository, one, found) for one in changed],
    }
    return Answer(body=body)


def _stats(changed: Sequence[FileChange]) -> dict[str, int]:
    additions, deletions = sum(one.additions for one in changed), sum(one.deletions for one in changed)
    return {"additions": additions, "deletions": deletions, "total": additions + deletions}


def _suites(call: Call) -> list[CheckSuite]:
    wanted = call.query.get("app_id")
    suites = call.world.suites_of(call.repository, call.commit.oid)
    return [one for one in suites if wanted in (None, str(one.app.database_id))]


def check_runs(call: Call) -> Answer:
    """https://docs.github.com/rest/checks/runs#list-check-runs-for-a-git-reference"""
    every, query = call.query.get("filter") == "all", call.query
    found: list[CheckRun] = []
    for suite in _suites(call):
        found += suite.runs if every else latest(suite.runs)
    fitting = [
        run
        for run in found
        if query.get("check_name") in (None, run.name) and query.get("status") in (None, run.state.status)
    ]
    return listed(call, [check_run(call.world, run) for run in reversed(fitting)], under="check_runs")


def check_suites(call: Call) -> Answer:
    """https://docs.github.com/rest/checks/suites#list-check-suites-for-a-git-reference"""
    name = call.query.get("check_name")
    fitting = [one for one in _suites(call) if name is None or any(run.name == name for run in one.runs)]
    bodies = [{**check_suite(call.world, one), "repository": minimal(call.world, one.repository)} for one in fitting]
    return listed(call, bodies, under="check_suites")


def get_check_run(call: Call) -> Answer:
    """https://docs.github.com/rest/checks/runs#get-a-check-run"""
    for suite in call.world.suites:
        for run in suite.runs:
            if str(run.database_id) == call.parts["id"] and suite.repository is call.repository:
                return Answer(body=check_run(call.world, run))
    raise not_found()


def _statuses(call: Call) -> list[CommitStatus]:
    return [one for one in reversed(call.world.statuses) if one.commit is call.commit]


def statuses(call: Call) -> Answer:
    """Newest first; https://docs.github.com/rest/commits/statuses#list-commit-statuses-for-a-reference"""
    return listed(call, [status(call.world, call.repository, one) for one in _statuses(call)])


def combined_status(call: Call) -> Answer:
    """https://docs.github.com/rest/commits/statuses#get-the-combined-status-for-a-specific-reference"""
    newest = list({one.context: one for one in reversed(_statuses(call))}.values())
    words = {one.state for one in newest}
    worst = "failure" if words & {"failure", "error"} else "pending" if "pending" in words or not words else "success"
    url = f"{api_url(call.world, call.repository)}/commits/{call.commit.oid}"
    some, links = page(call, [_simple(status(call.world, call.repository, one)) for one in newest])
    body = {
        "state": worst,
        "statuses": list(some),
        "sha": call.commit.oid,
        "total_count": len(newest),
        "repository": minimal(call.world, call.repository),
        "commit_url": url,
        "url": f"{url}/status",
    }
    return Answer(body=body, headers=links)


def _simple(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != "creator"}


def commit_pulls(call: Call) -> Answer:
    """https://docs.github.com/rest/commits/commits#list-pull-requests-associated-with-a-commit"""
    sha = call.commit
    pulls = [
        one
        for one in call.world.pulls_of(call.repository)
        if one.head_oid == sha.oid or sha in commits_between(one.base, one.head)
    ]
    return listed(call, [pull_request(call.world, one) for one in pulls])


def labels(call: Call) -> Answer:
    """https://docs.github.com/rest/issues/labels#list-labels-for-a-repository"""
    return listed(call, [label_payload(call.world, one) for one in call.repository.labels.values()])


def pulls(call: Call) -> Answer:
    """https://docs.github.com/rest/pulls/pulls#list-pull-requests"""
    state, base, head = (call.query.get(name) for name in ("state", "base", "head"))
    wanted = {"open": ("OPEN",), "closed": ("CLOSED", "MERGED"), "all": ("OPEN", "CLOSED", "MERGED")}

    def fits(pull: PullRequest) -> bool:
        full = f"{pull.head_repository.owner.login}:{pull.head_ref_name}"
        return pull.state in wanted[state or "open"] and base in (None, pull.base_ref_name) and head in (None, full)

    found = [pull for pull in call.world.pulls_of(call.repository) if fits(pull)]
    if call.query.get("sort") == "updated":
        found.sort(key=lambda pull: pull.updated_at)
    if call.query.get("direction", "desc") == "desc":
        found.reverse()
    return listed(call, [pull_request(call.world, one) for one in found])


def pull(call: Call) -> Answer:
    """https://docs.github.com/rest/pulls/pulls#get-a-pull-request"""
    return Answer(body=pull_request(call.world, call.pull_request, full=True))


def pull_files(call: Call) -> Answer:
    """At most 3,000; https://docs.github.com/rest/pulls/pulls#list-pull-requests-files"""
    found = call.pull_request
    some, links = page(call, call.world.changes(found)[:MOST_FILES])
    return Answer(body=[file(call.world, call.repository, one, found.head) for one in some], headers=links)


def pull_commits(call: Call) -> Answer:
    """At most 250; https://docs.github.com/rest/pulls/pulls#list-commits-on-a-pull-request"""
    found = call.pull_request
    own = commits_between(found.base, found.head)[:MOST_COMMITS]
    return listed(call, [commit(call.world, call.repository, one) for one in own])


def pull_reviews(call: Call) -> Answer:
    """https://docs.github.com/rest/pulls/reviews#list-reviews-for-a-pull-request"""
    shown = [one for one in call.pull_request.reviews if one.submitted_at]
    found = [{**review(call.world, one), "state": one.state} for one in shown]
    return listed(call, [{**one, "body": one["body"] or ""} for one in found])


def comments(call: Call) -> Answer:
    """https://docs.github.com/rest/issues/comments#list-issue-comments"""
    return listed(call, [issue_comment(call.world, one) for one in call.pull_request.comments])


def compare(call: Call) -> Answer:
    """https://docs.github.com/rest/commits/commits#compare-two-commits"""
    names = call.parts["basehead"].split("...")
    found = [call.repository.resolve(name.rpartition(":")[2]) for name in names]
    base, head = (found[0], found[1]) if len(names) == 2 else (None, None)  # noqa: PLR2004
    start = merge_base(head, base) if base and head else None
    if base is None or head is None or start is None:
        raise not_found()
    return _comparison(call, base, head, start)


def _comparison(call: Call, base: Commit, head: Commit, start: Commit) -> Answer:
    world, source = call.world, call.repository
    ahead, behind = commits_between(base, head), commits_between(head, base)
    words = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}
    some, links = page(call, ahead)
    between = f"{base.oid}...{head.oid}"
    url, site = api_url(world, source), f"{html_url(world, source)}/compare/{between}"
    body = {
        "url": f"{url}/compare/{between}",
        "html_url": site,
        "permalink_url": site,
        "diff_url": f"{site}.diff",
        "patch_url": f"{site}.patch",
        "base_commit": commit(world, source, base),
        "merge_base_commit": commit(world, source, start),
        "status": words.get((bool(ahead), bool(behind)), "diverged"),
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [commit(world, source, one) for one in some],
        "files": [file(world, source, one, head) for one in world.compared(base, head)[:MOST_COMPARED_FILES]],
    }
    return Answer(body=body, headers=links)


def branch(call: Call) -> Answer:
    """https://docs.github.com/rest/branches/branches#get-a-branch"""
    name = call.parts["branch"]
    tip = call.repository.branch(name)
    if tip is None:
        raise not_found("Branch not found")
    url = f"{api_url(call.world, call.repository)}/branches/{quote(name, safe='')}"
    checks = call.repository.required_checks.get(name)
    required = {"enforcement_level": "everyone", "contexts": checks or [], "checks": []}
    body = {
        "name": name,
        "commit": commit(call.world, call.repository, tip),
        "_links": {"html": f"{html_url(call.world, call.repository)}/tree/{name}", "self": url},
        "protected": checks is not None,
        "protection": {"enabled": checks is not None, "required_status_checks": required},
        "protection_url": f"{url}/protection",
    }
    return Answer(body=body)


def contents(call: Call) -> Answer:
    """https://docs.github.com/rest/repos/contents#get-repository-content"""
    found = call.repository.resolve(call.query.get("ref") or call.repository.default_branch)
    path = call.parts["path"].strip("/")
    if found is None:
        raise not_found()
    text = found.tree.get(path)
    if text is not None:
        entry = _content(call, found, path)
        encoded = base64.encodebytes(text.encode()).decode()
        return Answer(body={**entry, "encoding": "base64", "content": encoded})
    inside = [one for one in found.tree if one.startswith(f"{path}/") or not path]
    if not inside:
        raise not_found()
    start = len(path) + 1 if path else 0
    names = dict.fromkeys(path[:0] + one[:start] + one[start:].partition("/")[0] for one in inside)
    return Answer(body=[_content(call, found, name) for name in names])


def _content(call: Call, found: Commit, path: str) -> dict[str, Any]:
    url, site = api_url(call.world, call.repository), html_url(call.world, call.repository)
    text = found.tree.get(path)
    sha = digest(found.oid, path) if text is None else blob_oid(text)
    kind = "dir" if text is None else "file"
    where = quote(path)
    links = {
        "self": f"{url}/contents/{where}?ref={found.oid}",
        "git": f"{url}/git/{'trees' if text is None else 'blobs'}/{sha}",
        "html": f"{site}/blob/{found.oid}/{where}",
    }
    return {
        "type": kind,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": len((text or "").encode()),
        "url": links["self"],
        "git_url": links["git"],
        "html_url": links["html"],
        "download_url": None if text is None else f"{site}/raw/{found.oid}/{where}",
        "_links": links,
    }
