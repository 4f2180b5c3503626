"""Deployments: a commit comes to an environment and takes another one's place."""

from bot.sandbox.model.deployments import Deployment, DeploymentStatus
from bot.sandbox.model.git import Commit, Repository
from bot.sandbox.model.pulls import PullRequest
from bot.sandbox.render.deployments import deployment, deployment_status
from bot.sandbox.world import Refused

from .people import PeopleActions

STATES = ("error", "failure", "inactive", "in_progress", "queued", "pending", "success", "waiting")


class DeploymentActions(PeopleActions):
    """Actions on environments."""

    def deploy(
        self,
        where: PullRequest | tuple[Repository, str],
        environment: str,
        *,
        state: str = "success",
        creator: str = "github-actions[bot]",
        environment_url: str | None = None,
    ) -> Deployment:
        """A status of the newest deployment of a commit to an environment; of a new one when that has ended."""
        repository, sha = (where.repository, where.head_oid) if isinstance(where, PullRequest) else where
        commit = repository.commits.get(sha)
        if commit is None:
            raise Refused(f"No ref found for: {sha}")
        if state not in STATES:
            raise Refused("Validation Failed: state is not included in the list")
        own = [one for one in self.deployments if one.commit is commit and one.environment == environment]
        made = own[-1] if own and own[-1].is_unfinished else self._new_deployment(commit, environment, creator)
        self._say(made, state, creator, environment_url)
        if state == "success" and not made.is_production:
            self._replace_others(made)
        return made

    def _new_deployment(self, commit: Commit, environment: str, creator: str) -> Deployment:
        node, number = self.new_id("DE")
        made = Deployment(
            id=node,
            database_id=number,
            repository=commit.repository,
            commit=commit,
            environment=environment,
            ref_name=commit.oid,
            creator=self.account(creator),
            created_at=self.clock.now(),
        )
        self.deployments.append(made)
        return self.keep(made)

    def _say(self, made: Deployment, state: str, creator: str, environment_url: str | None = None) -> None:
        node, number = self.new_id("DES")
        status = DeploymentStatus(
            id=node,
            database_id=number,
            deployment=made,
            state=state,
            creator=self.account(creator),
            created_at=self.clock.now(),
            environment_url=environment_url,
        )
        made.statuses.append(self.keep(status))
        body = {"deployment": deployment(self, made), "deployment_status": deployment_status(self, status)}
        self.emit("deployment_status", made.repository, status.creator, action="created", **body)

    def _replace_others(self, made: Deployment) -> None:
        """`auto_inactive`: https://docs.github.com/rest/deployments/statuses#create-a-deployment-status"""
        for other in self.deployments:
            same = other.repository is made.repository and other.environment == made.environment
            if other is not made and same and other.latest_status and other.latest_status.state == "success":
                self._say(other, "inactive", made.creator.login)
