"""Deployments of a commit to an environment, each with the statuses it went through."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from .accounts import Account
from .git import Commit, Repository

UNFINISHED = ("pending", "queued", "in_progress", "waiting")


@dataclass(eq=False, kw_only=True, slots=True)
class DeploymentStatus:
    """What became of a deployment; `state` is REST's word."""

    typename: ClassVar[str] = "DeploymentStatus"
    id: str
    database_id: int
    deployment: "Deployment"
    state: str
    creator: Account
    created_at: datetime
    description: str = ""
    environment_url: str | None = None
    log_url: str | None = None

    @property
    def updated_at(self) -> datetime:
        """A status never changes."""
        return self.created_at

    @property
    def environment(self) -> str:
        """The deployment's."""
        return self.deployment.environment


@dataclass(eq=False, kw_only=True, slots=True)
class Deployment:
    """A commit on its way to an environment."""

    typename: ClassVar[str] = "Deployment"
    id: str
    database_id: int
    repository: Repository
    commit: Commit
    environment: str
    ref_name: str
    creator: Account
    created_at: datetime
    statuses: list[DeploymentStatus] = field(default_factory=list)
    description: str | None = None
    payload: str = ""
    task: str = "deploy"

    @property
    def commit_oid(self) -> str:
        """The commit's name."""
        return self.commit.oid

    @property
    def latest_status(self) -> DeploymentStatus | None:
        """The newest status."""
        return self.statuses[-1] if self.statuses else None

    @property
    def is_unfinished(self) -> bool:
        """Something may still come of it."""
        return not self.statuses or self.statuses[-1].state in UNFINISHED

    @property
    def is_production(self) -> bool:
        """GitHub takes it from the environment's name; https://docs.github.com/rest/deployments/deployments."""
        return self.environment == "production"

    @property
    def latest_environment(self) -> str:
        """No status of the sandbox moves a deployment elsewhere."""
        return self.environment

    original_environment = latest_environment

    @property
    def updated_at(self) -> datetime:
        """When it last came to a state."""
        return self.statuses[-1].created_at if self.statuses else self.created_at
