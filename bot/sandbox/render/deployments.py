"""Deployments as webhooks show them."""

from typing import TYPE_CHECKING, Any

from bot.sandbox.clock import iso
from bot.sandbox.model.deployments import Deployment, DeploymentStatus

from .people import simple_user
from .repositories import api_url

if TYPE_CHECKING:
    from bot.sandbox.world import World


def deployment(world: "World", made: Deployment) -> dict[str, Any]:
    """A `deployment`."""
    repository = api_url(world, made.repository)
    url = f"{repository}/deployments/{made.database_id}"
    return {
        "id": made.database_id,
        "node_id": made.id,
        "url": url,
        "sha": made.commit.oid,
        "ref": made.ref_name,
        "task": made.task,
        "payload": {},
        "original_environment": made.original_environment,
        "environment": made.environment,
        "description": made.description,
        "creator": simple_user(world, made.creator),
        "created_at": iso(made.created_at),
        "updated_at": iso(made.updated_at),
        "statuses_url": f"{url}/statuses",
        "repository_url": repository,
        "transient_environment": False,
        "production_environment": made.is_production,
        "performed_via_github_app": None,
    }


def deployment_status(world: "World", made: DeploymentStatus) -> dict[str, Any]:
    """A `deployment_status`."""
    repository = api_url(world, made.deployment.repository)
    url = f"{repository}/deployments/{made.deployment.database_id}"
    return {
        "id": made.database_id,
        "node_id": made.id,
        "url": f"{url}/statuses/{made.database_id}",
        "state": made.state,
        "creator": simple_user(world, made.creator),
        "description": made.description,
        "environment": made.environment,
        "environment_url": made.environment_url or "",
        "log_url": made.log_url or "",
        "target_url": made.log_url or "",
        "created_at": iso(made.created_at),
        "updated_at": iso(made.updated_at),
        "deployment_url": url,
        "repository_url": repository,
        "performed_via_github_app": None,
    }
