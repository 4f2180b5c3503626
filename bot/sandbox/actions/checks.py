"""Check runs, commit statuses and workflow runs, with what GitHub refuses about them."""

from dataclasses import replace
from typing import Any

from bot.sandbox.model.accounts import Account, App
from bot.sandbox.model.checks import CheckRun, CheckRunState, CheckSuite, CommitStatus, Workflow, WorkflowRun, latest
from bot.sandbox.model.git import Commit, Repository
from bot.sandbox.model.pulls import PullRequest
from bot.sandbox.render.checks import check_run, check_suite, status_payload, workflow, workflow_run
from bot.sandbox.world import Refused, forbidden

from .people import PeopleActions

OUTPUT_LIMIT = 65_535
ANNOTATION_LIMIT = 50
ACTION_LIMITS = {"label": 20, "description": 40, "identifier": 20}
CONCLUSIONS = (*("action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out"),)


def valid(state: CheckRunState) -> CheckRunState:
    """The state, or GitHub's refusal; https://docs.github.com/rest/checks/runs#create-a-check-run"""
    for key in ("title", "summary", "text"):
        if len(getattr(state, key) or "") > OUTPUT_LIMIT:
            raise Refused(f"Invalid request.\n\nOnly {OUTPUT_LIMIT} characters are allowed; output.{key} is longer.")
    if state.title is not None and state.summary is None:
        raise Refused('Invalid request.\n\n"summary" wasn\'t supplied.')
    if state.conclusion is not None and state.status != "completed":
        raise Refused("Validation Failed: a conclusion needs the status completed")
    if state.status == "completed" and state.conclusion not in CONCLUSIONS:
        raise Refused("Validation Failed: conclusion is required when status is completed")
    _valid_actions(state.actions)
    return state


def _valid_actions(actions: tuple[dict[str, Any], ...]) -> None:
    most = 3
    if len(actions) > most:
        raise Refused(f"Invalid request.\n\nNo more than {most} actions are allowed.")
    for action in actions:
        for key, limit in ACTION_LIMITS.items():
            if len(action[key]) > limit:
                raise Refused(f"Invalid request.\n\nactions.{key} is longer than {limit} characters.")


State = Any
"""A value of one of `CheckRunState`'s fields."""


class CheckActions(PeopleActions):
    """Actions of machines."""

    def create_check_run(
        self, repository: Repository, sha: str, app: App, state: CheckRunState, *, suite: CheckSuite | None = None
    ) -> CheckRun:
        """A new check run of an App on a commit, in its suite there."""
        commit = repository.commits.get(sha)
        if commit is None:
            raise Refused(f"No commit found for SHA: {sha}")
        now = self.clock.now()
        started = state.started_at or (now if state.status != "queued" else None)
        done = state.completed_at or (now if state.status == "completed" else None)
        state = valid(replace(state, started_at=started, completed_at=done))
        node, number = self.new_id("CR")
        suite = suite or self.suite_for(repository, commit, app)
        run = CheckRun(id=node, database_id=number, suite=suite, history=[(self.clock.instant(), state)])
        suite.runs.append(run)
        suite.updated_at = now
        self._run_event(run, "created")
        if state.status == "completed":
            self._run_event(run, "completed")
            self.settle_suite(suite)
        return self.keep(run)

    def update_check_run(self, run: CheckRun, app: App, **changed: State) -> CheckRun:
        """Change a check run; a completed one never goes back, and another App's is out of reach."""
        if run.suite.app is not app:
            raise forbidden(f"Invalid app_id `{app.database_id}` - check run belongs to another GitHub App.")
        before = run.state
        if before.status == "completed" and changed.get("status", "completed") != "completed":
            raise Refused("Validation Failed: a completed check run can't change its status")
        state = replace(before, **changed)
        now = self.clock.now()
        if state.status != "queued" and state.started_at is None:
            state = replace(state, started_at=now)
        if state.status == "completed" and state.completed_at is None:
            state = replace(state, completed_at=now)
        run.history.append((self.clock.instant(), valid(state)))
        run.suite.updated_at = now
        if state.status == "completed":
            self._run_event(run, "completed")
            if before.status != "completed":
                self.settle_suite(run.suite)
        return run

    def suite_for(self, repository: Repository, commit: Commit, app: App) -> CheckSuite:
        """The App's suite on a commit (outside workflows), made if new."""
        for known in self.suites_of(repository, commit.oid):
            if known.app is app and known.workflow_run is None:
                return known
        return self.new_suite(repository, commit, app)

    def new_suite(self, repository: Repository, commit: Commit, app: App) -> CheckSuite:
        """One more suite on a commit."""
        pull = next(iter(self.pulls_with_head(repository, commit.oid)), None)
        source = pull.head_repository if pull else repository
        branches = [ref for ref, oid in repository.refs.items() if oid == commit.oid]
        own = next((ref.removeprefix("refs/heads/") for ref in branches if ref.startswith("refs/heads/")), None)
        node, number = self.new_id("CS")
        suite = CheckSuite(
            id=node,
            database_id=number,
            app=app,
            repository=repository,
            commit=commit,
            head_branch=own if source is repository else None,
            head_repository=source,
            created_at=self.clock.now(),
            updated_at=self.clock.now(),
            before=commit.parents[0].oid if commit.parents else None,
        )
        self.suites.append(suite)
        return self.keep(suite)

    def _run_event(self, run: CheckRun, action: str, sender: Account | None = None, **extra: object) -> None:
        body = {"action": action, "check_run": check_run(self, run), **extra}
        self.emit("check_run", run.suite.repository, sender or self.bot_of(run.suite.app), **body)

    def bot_of(self, app: App) -> Account:
        """The account in whose name an App acts."""
        return self.account(f"{app.slug}[bot]")

    def settle_suite(self, suite: CheckSuite) -> None:
        """Emit `check_suite` (and `workflow_run`) completed when the last run of a suite is done."""
        if any(run.state.status != "completed" for run in latest(suite.runs)):
            return
        sender = self.bot_of(suite.app)
        rendered = check_suite(self, suite)
        self.emit("check_suite", suite.repository, sender, action="completed", check_suite=rendered)
        if suite.workflow_run:
            self._workflow_event(suite.workflow_run, "completed")

    def _workflow_event(self, run: WorkflowRun, action: str) -> None:
        body = {
            "action": action,
            "workflow_run": workflow_run(self, run),
            "workflow": workflow(self, run),
        }
        self.emit("workflow_run", run.check_suite.repository, run.actor, **body)

    def check(
        self,
        where: PullRequest | tuple[Repository, str],
        name: str,
        *,
        app: str = "github-actions",
        workflow: str | None = None,
        event: str = "pull_request",
        status: str = "completed",
        conclusion: str | None = "success",
        title: str | None = None,
        summary: str = "",
        details_url: str | None = None,
        rerun: bool = False,
        new_suite: bool = False,
    ) -> CheckRun:
        """A machine reports: updates its newest unfinished run of that name, else makes a new one.

        `rerun` makes a new run in the same suite even when one is unfinished; `new_suite` opens a new suite
        (another run of the workflow). `workflow` is the file, by default `.github/workflows/ci.yml` for
        GitHub Actions and none for other Apps.
        """
        repository, sha = (where.repository, where.head_oid) if isinstance(where, PullRequest) else where
        actor = self.app(app)
        path = workflow or (".github/workflows/ci.yml" if app == "github-actions" else None)
        suite = None if new_suite else self._suite_of_workflow(repository, sha, actor, path, event)
        known = next((run for run in reversed(suite.runs) if run.name == name), None) if suite else None
        conclusion = conclusion if status == "completed" else None
        output = {"title": title, "summary": summary if title is not None else None, "details_url": details_url}
        if known and known.state.status != "completed" and not rerun:
            return self.update_check_run(known, actor, status=status, conclusion=conclusion, **output)
        if suite is None and sha in repository.commits:
            commit = repository.commits[sha]
            suite = self.new_suite(repository, commit, actor)
            if path:
                self._start_workflow(suite, path, event)
        state = CheckRunState(name=name, status=status, conclusion=conclusion, **output)  # type: ignore[arg-type]
        return self.create_check_run(repository, sha, actor, state, suite=suite)

    def _suite_of_workflow(
        self, repository: Repository, sha: str, app: App, path: str | None, event: str
    ) -> CheckSuite | None:
        def fits(suite: CheckSuite) -> bool:
            run = suite.workflow_run
            same = run is None if path is None else bool(run and (run.workflow.path, run.event) == (path, event))
            return suite.app is app and same

        return next(filter(fits, reversed(self.suites_of(repository, sha))), None)

    def _start_workflow(self, suite: CheckSuite, path: str, event: str) -> None:
        key = (suite.repository.database_id, path)
        if key not in self.workflows:
            node, number = self.new_id("W")
            name = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
            self.workflows[key] = self.keep(Workflow(id=node, database_id=number, name=name, path=path))
        kind = self.workflows[key]
        earlier = sum(1 for one in self.suites if one.workflow_run and one.workflow_run.workflow is kind)
        node, number = self.new_id("WFR")
        suite.workflow_run = self.keep(
            WorkflowRun(
                id=node,
                database_id=number,
                workflow=kind,
                event=event,
                run_number=earlier + 1,
                created_at=self.clock.now(),
                check_suite=suite,
                actor=suite.commit.author.user or self.bot_of(suite.app),
            )
        )
        self._workflow_event(suite.workflow_run, "requested")

    def rerequest(self, run: CheckRun, *, by: str) -> None:
        """Press "Re-run" on a check run."""
        self._run_event(run, "rerequested", self.account(by))

    def rerequest_suite(self, suite: CheckSuite, *, by: str) -> None:
        """Press "Re-run all checks"."""
        rendered = check_suite(self, suite)
        person = self.account(by)
        self.emit("check_suite", suite.repository, person, action="rerequested", check_suite=rendered)

    def request_action(self, run: CheckRun, identifier: str, *, by: str) -> None:
        """Click one of a check run's buttons."""
        asked = {"identifier": identifier}
        self._run_event(run, "requested_action", self.account(by), requested_action=asked)

    def status(
        self,
        where: PullRequest | tuple[Repository, str],
        *,
        context: str,
        state: str,
        creator: str,
        description: str | None = None,
        target_url: str | None = None,
    ) -> CommitStatus:
        """A commit status: error, failure, pending or success."""
        repository, sha = (where.repository, where.head_oid) if isinstance(where, PullRequest) else where
        commit = repository.commits.get(sha)
        if commit is None:
            raise Refused(f"No commit found for SHA: {sha}")
        node, number = self.new_id("SC")
        made = CommitStatus(
            id=node,
            database_id=number,
            commit=commit,
            context=context,
            state=state,
            description=description,
            target_url=target_url,
            creator=self.account(creator),
            created_at=self.clock.now(),
        )
        self.statuses.append(made)
        self.emit("status", repository, made.creator, **status_payload(self, repository, made))
        return self.keep(made)
