"""The merge queue: a pull request enters with a commit of its own, and leaves it."""

from bot.sandbox.model.checks import GREEN
from bot.sandbox.model.git import Repository
from bot.sandbox.model.pulls import MergeGroup, PullRequest
from bot.sandbox.render.checks import merge_group

from .checks import CheckActions
from .history import HistoryActions


class QueueActions(HistoryActions, CheckActions):
    """Actions on merge queues."""

    def merge_group(self, pull: PullRequest, *, by: str | None = None, ref: str | None = None) -> MergeGroup:
        """Put a pull request into the queue: `checks_requested` on a commit that merges it into its base.

        `ref` stands for the usual name of the group's branch.
        """
        repository, person = pull.repository, self.account(by or pull.author.login)
        changed = {one.path: one.after if one.status != "removed" else None for one in self.changes(pull)}
        base = pull.base
        title = f"Merge pull request #{pull.number} from {pull.head_ref_name}"
        made = self.commit(repository, title, changed, parents=(base, pull.head), author=person)
        ref = ref or f"refs/heads/gh-readonly-queue/{pull.base_ref_name}/pr-{pull.number}-{base.oid}"
        repository.refs[ref] = made.oid
        group = MergeGroup(
            id=self.new_id("MQE")[0],
            pull_request=pull,
            enqueuer=person,
            enqueued_at=self.clock.now(),
            base_commit=base,
            head_commit=made,
            head_ref=ref,
        )
        self.groups.append(group)
        self.timeline(pull, "AddedToMergeQueueEvent", person, enqueuer=person)
        body = {"action": "checks_requested", "merge_group": merge_group(group)}
        self.emit("merge_group", repository, person, **body)
        return self.keep(group)

    def turn_queue(self, repository: Repository) -> None:
        """What GitHub does by itself: merges the entries whose required checks passed, throws out those that failed.

        <https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue>
        """
        for group in [group for group in self.groups if group.pull_request.repository is repository]:
            newest = {run.name: run.state for run in self.sha_history(repository, group.head_commit.oid)}
            required = repository.required_checks.get(group.pull_request.base_ref_name, [])
            states = [newest.get(name) for name in required]
            if any(state and state.status == "completed" and state.conclusion not in GREEN for state in states):
                self.destroy_merge_group(group)
            elif all(state and state.status == "completed" for state in states):
                self.destroy_merge_group(group, reason="merged")
                self.merge(group.pull_request, by=group.enqueuer.login)

    def destroy_merge_group(self, group: MergeGroup, *, reason: str = "dequeued") -> None:
        """Take a group out of the queue: merged, invalidated or dequeued."""
        repository = group.pull_request.repository
        self.groups.remove(group)
        repository.refs.pop(group.head_ref, None)
        facts = {"reason": reason}
        self.timeline(group.pull_request, "RemovedFromMergeQueueEvent", group.enqueuer, **facts)
        body = {"action": "destroyed", "reason": reason, "merge_group": merge_group(group)}
        self.emit("merge_group", repository, group.enqueuer, **body)
