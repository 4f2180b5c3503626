"""What machines say about a commit: check suites, check runs with their history, commit statuses."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from .accounts import Account, App
from .git import Commit, Repository


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRunState:
    """Everything about a check run that an update may change; words are REST's, in lower case."""

    name: str
    status: str = "queued"
    conclusion: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    details_url: str | None = None
    external_id: str = ""
    started_at: datetime | None = None
    completed_at: datetime | None = None
    annotations: tuple[dict[str, Any], ...] = ()
    actions: tuple[dict[str, Any], ...] = ()


@dataclass(eq=False, kw_only=True, slots=True)
class CheckRun:
    """A check run; `history` holds each state it was ever in, with the instant it came to be."""

    typename: ClassVar[str] = "CheckRun"
    id: str
    database_id: int
    suite: "CheckSuite"
    history: list[tuple[datetime, CheckRunState]]

    @property
    def state(self) -> CheckRunState:
        """The newest state."""
        return self.history[-1][1]

    @property
    def name(self) -> str:
        """The newest name."""
        return self.state.name

    def at(self, instant: datetime) -> CheckRunState | None:
        """The state as of `instant`, None before it existed."""
        return next((state for since, state in reversed(self.history) if since <= instant), None)


@dataclass(eq=False, kw_only=True, slots=True)
class Workflow:
    """A workflow of GitHub Actions."""

    typename: ClassVar[str] = "Workflow"
    id: str
    database_id: int
    name: str
    path: str


@dataclass(eq=False, kw_only=True, slots=True)
class WorkflowRun:
    """One run of a workflow."""

    typename: ClassVar[str] = "WorkflowRun"
    id: str
    database_id: int
    workflow: Workflow
    event: str
    run_number: int
    created_at: datetime
    check_suite: "CheckSuite"
    actor: Account
    run_attempt: int = 1


@dataclass(eq=False, kw_only=True, slots=True)
class CheckSuite:
    """One App's check runs on one commit (one per workflow run for GitHub Actions)."""

    typename: ClassVar[str] = "CheckSuite"
    id: str
    database_id: int
    app: App
    repository: Repository
    commit: Commit
    head_branch: str | None
    head_repository: Repository
    created_at: datetime
    updated_at: datetime
    runs: list[CheckRun] = field(default_factory=list)
    workflow_run: WorkflowRun | None = None
    before: str | None = None


@dataclass(eq=False, kw_only=True, slots=True)
class CommitStatus:
    """A commit status; `state` is REST's word."""

    typename: ClassVar[str] = "StatusContext"
    id: str
    database_id: int
    commit: Commit
    context: str
    state: str
    description: str | None
    target_url: str | None
    creator: Account
    created_at: datetime


# Worst first: what a suite, or a roll-up, concludes from its runs.
WORST_FIRST = (
    *("action_required", "timed_out", "cancelled", "failure", "startup_failure", "stale"),
    *("success", "neutral", "skipped"),
)


GREEN = ("success", "neutral", "skipped")
"""What a required check passes with."""


def latest(runs: list[CheckRun]) -> list[CheckRun]:
    """The newest run of each name in a suite."""
    return list({run.name: run for run in runs}.values())


def suite_state(states: list[CheckRunState]) -> tuple[str, str | None]:
    """A suite's own status and conclusion from its runs' newest states."""
    if not states:
        return "queued", None
    if all(state.status == "completed" for state in states):
        found = {state.conclusion for state in states}
        return "completed", next(word for word in WORST_FIRST if word in found)
    return ("queued" if all(state.status == "queued" for state in states) else "in_progress"), None
