"""Check runs, suites, workflow runs, statuses and merge groups as REST and webhooks show them."""

from typing import TYPE_CHECKING, Any

from bot.sandbox.clock import iso
from bot.sandbox.model.checks import CheckRun, CheckSuite, CommitStatus, WorkflowRun, latest, suite_state
from bot.sandbox.model.git import Repository
from bot.sandbox.model.pulls import MergeGroup

from .commits import commit, simple_commit
from .people import app, simple_user
from .pulls import pull_minimal
from .repositories import api_url, html_url, minimal

if TYPE_CHECKING:
    from bot.sandbox.world import World


def _pulls(world: "World", suite: CheckSuite) -> list[dict[str, Any]]:
    """Empty for forks, as GitHub has it."""
    found = world.pulls_with_head(suite.repository, suite.commit.oid)
    return [pull_minimal(world, pull) for pull in found if not pull.is_cross_repository]


def check_run(world: "World", run: CheckRun) -> dict[str, Any]:
    """A `check-run`; the suite inside carries what deliveries give."""
    state, suite = run.state, run.suite
    url, page = api_url(world, suite.repository), html_url(world, suite.repository)
    return {
        "id": run.database_id,
        "node_id": run.id,
        "name": state.name,
        "head_sha": suite.commit.oid,
        "external_id": state.external_id,
        "url": f"{url}/check-runs/{run.database_id}",
        "html_url": f"{page}/runs/{run.database_id}",
        "details_url": state.details_url or f"{page}/runs/{run.database_id}",
        "status": state.status,
        "conclusion": state.conclusion,
        "started_at": iso(state.started_at),
        "completed_at": iso(state.completed_at),
        "output": {
            "title": state.title,
            "summary": state.summary,
            "text": state.text,
            "annotations_count": len(state.annotations),
            "annotations_url": f"{url}/check-runs/{run.database_id}/annotations",
        },
        "check_suite": suite_in_brief(world, suite),
        "app": app(world, suite.app),
        "pull_requests": _pulls(world, suite),
    }


def suite_in_brief(world: "World", suite: CheckSuite) -> dict[str, Any]:
    """A `simple-check-suite`."""
    status, conclusion = suite_state([run.state for run in latest(suite.runs)])
    return {
        "id": suite.database_id,
        "node_id": suite.id,
        "head_branch": suite.head_branch,
        "head_sha": suite.commit.oid,
        "status": status,
        "conclusion": conclusion,
        "url": f"{api_url(world, suite.repository)}/check-suites/{suite.database_id}",
        "before": suite.before,
        "after": suite.commit.oid,
        "pull_requests": _pulls(world, suite),
        "app": app(world, suite.app),
        "created_at": iso(suite.created_at),
        "updated_at": iso(suite.updated_at),
    }


def check_suite(world: "World", suite: CheckSuite) -> dict[str, Any]:
    """A whole `check-suite`."""
    brief = suite_in_brief(world, suite)
    return {
        **brief,
        "latest_check_runs_count": len(latest(suite.runs)),
        "check_runs_url": f"{brief['url']}/check-runs",
        "head_commit": simple_commit(suite.commit),
        "rerequestable": True,
        "runs_rerequestable": True,
    }


def workflow(world: "World", run: WorkflowRun) -> dict[str, Any]:
    """A `workflow`."""
    kind, repository = run.workflow, run.check_suite.repository
    url, page = api_url(world, repository), html_url(world, repository)
    return {
        "id": kind.database_id,
        "node_id": kind.id,
        "name": kind.name,
        "path": kind.path,
        "state": "active",
        "created_at": iso(repository.created_at),
        "updated_at": iso(repository.created_at),
        "url": f"{url}/actions/workflows/{kind.database_id}",
        "html_url": f"{page}/blob/{repository.default_branch}/{kind.path}",
        "badge_url": f"{page}/workflows/{kind.name}/badge.svg",
    }


def run_url(world: "World", run: WorkflowRun) -> str:
    """The page of a workflow run."""
    return f"{html_url(world, run.check_suite.repository)}/actions/runs/{run.database_id}"


def workflow_run(world: "World", run: WorkflowRun) -> dict[str, Any]:
    """A `workflow-run`."""
    suite = run.check_suite
    repository = suite.repository
    url = f"{api_url(world, repository)}/actions/runs/{run.database_id}"
    status, conclusion = suite_state([one.state for one in latest(suite.runs)])
    links = ("jobs", "logs", "artifacts", "cancel", "rerun")
    return {
        "id": run.database_id,
        "name": run.workflow.name,
        "node_id": run.id,
        "head_branch": suite.head_branch,
        "head_sha": suite.commit.oid,
        "path": run.workflow.path,
        "display_title": suite.commit.message_headline,
        "run_number": run.run_number,
        "event": run.event,
        "status": status,
        "conclusion": conclusion,
        "workflow_id": run.workflow.database_id,
        "check_suite_id": suite.database_id,
        "check_suite_node_id": suite.id,
        "url": url,
        "html_url": run_url(world, run),
        "pull_requests": _pulls(world, suite),
        "created_at": iso(run.created_at),
        "updated_at": iso(suite.updated_at),
        "actor": simple_user(world, run.actor),
        "run_attempt": run.run_attempt,
        "referenced_workflows": [],
        "run_started_at": iso(run.created_at),
        "triggering_actor": simple_user(world, run.actor),
        **{f"{name}_url": f"{url}/{name}" for name in links},
        "check_suite_url": f"{api_url(world, repository)}/check-suites/{suite.database_id}",
        "previous_attempt_url": None,
        "workflow_url": workflow(world, run)["url"],
        "head_commit": simple_commit(suite.commit),
        "repository": minimal(world, repository),
        "head_repository": minimal(world, suite.head_repository),
    }


def status(world: "World", repository: Repository, made: CommitStatus) -> dict[str, Any]:
    """A `status`."""
    creator = simple_user(world, made.creator)
    return {
        "url": f"{api_url(world, repository)}/statuses/{made.commit.oid}",
        "avatar_url": creator["avatar_url"],
        "id": made.database_id,
        "node_id": made.id,
        "state": made.state,
        "description": made.description,
        "target_url": made.target_url,
        "context": made.context,
        "created_at": iso(made.created_at),
        "updated_at": iso(made.created_at),
        "creator": creator,
    }


def status_payload(world: "World", repository: Repository, made: CommitStatus) -> dict[str, Any]:
    """The body of a `status` delivery."""
    oid = made.commit.oid
    url = f"{api_url(world, repository)}/commits/{oid}"
    heads = [
        ref.removeprefix("refs/heads/")
        for ref, tip in repository.refs.items()
        if tip == oid and ref.startswith("refs/heads/")
    ]
    return {
        "id": made.database_id,
        "sha": oid,
        "name": repository.name_with_owner,
        "target_url": made.target_url,
        "avatar_url": simple_user(world, made.creator)["avatar_url"],
        "context": made.context,
        "description": made.description,
        "state": made.state,
        "commit": commit(world, repository, made.commit),
        "branches": [{"name": name, "commit": {"sha": oid, "url": url}, "protected": False} for name in heads[:10]],
        "created_at": iso(made.created_at),
        "updated_at": iso(made.created_at),
    }


def merge_group(group: MergeGroup) -> dict[str, Any]:
    """A `merge-group`."""
    return {
        "head_sha": group.head_commit.oid,
        "head_ref": group.head_ref,
        "base_sha": group.base_commit.oid,
        "base_ref": f"refs/heads/{group.pull_request.base_ref_name}",
        "head_commit": simple_commit(group.head_commit),
    }
