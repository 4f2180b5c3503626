"""Deployments: the fields that are not simply an attribute of the model."""

from typing import Any

from bot.sandbox.model.deployments import Deployment
from bot.sandbox.model.git import Commit, Repository

from .git_fields import qualified
from .resolve import Context, Handler, world_of


def _sorted(
    found: list[Deployment], environments: list[str] | None, order_by: dict[str, Any] | None
) -> list[Deployment]:
    kept = [one for one in found if environments is None or one.environment in environments]
    return kept[::-1] if (order_by or {}).get("direction") == "DESC" else kept


def _of_commit(
    commit: Commit,
    context: Context,
    *,
    environments: list[str] | None = None,
    orderBy: dict[str, Any] | None = None,  # noqa: N803 - GitHub's argument
) -> list[Deployment]:
    found = [one for one in world_of(context).deployments if one.commit is commit]
    return _sorted(found, environments, orderBy)


def _of_repository(
    repository: Repository,
    context: Context,
    *,
    environments: list[str] | None = None,
    orderBy: dict[str, Any] | None = None,  # noqa: N803
) -> list[Deployment]:
    found = [one for one in world_of(context).deployments if one.repository is repository]
    return _sorted(found, environments, orderBy)


def _state(one: Deployment, _: Context) -> str:
    """A deployment that succeeded is active."""
    state = one.latest_status.state if one.latest_status else "pending"
    return {"success": "ACTIVE"}.get(state, state.upper())


FIELDS: dict[str, Handler] = {
    "Commit.deployments": _of_commit,
    "Repository.deployments": _of_repository,
    "Deployment.ref": lambda one, _: qualified(one.repository, one.ref_name),
    "Deployment.state": _state,
    "DeploymentStatus.state": lambda one, _: one.state.upper(),
}
