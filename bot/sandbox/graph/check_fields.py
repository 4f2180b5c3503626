"""Check suites, check runs, statuses and their roll-up, as of the instant GraphQL has caught up with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.sandbox.model.checks import GREEN, CheckRun, CheckRunState, CheckSuite, CommitStatus, suite_state
from bot.sandbox.model.git import Commit
from bot.sandbox.render.checks import run_url
from bot.sandbox.render.repositories import html_url
from bot.sandbox.world import Refused, World

from .git_fields import qualified
from .resolve import Context, Handler, world_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Rollup:
    """A commit's newest check run of each name in each suite, and the newest status of each context."""

    typename: ClassVar[str] = "StatusCheckRollup"
    commit: Commit
    runs: list[CheckRun]
    statuses: list[CommitStatus]
    states: list[CheckRunState]

    @property
    def id(self) -> str:
        """Derived from the commit."""
        return f"SCR_{self.commit.oid}"

    @property
    def state(self) -> str:
        """GraphQL's StatusState: the worst there is."""
        words = {status.state for status in self.statuses}
        if any(state.status != "completed" for state in self.states) or "pending" in words:
            return "PENDING"
        red = any(state.conclusion not in GREEN for state in self.states)
        return "FAILURE" if red or words & {"failure", "error"} else "SUCCESS"


def _seen_runs(world: World, suite: CheckSuite) -> list[CheckRun]:
    return [run for run in suite.runs if world.seen(run)]


def _newest(runs: Iterable[CheckRun]) -> list[CheckRun]:
    return list({run.name: run for run in runs}.values())


def rollup(commit: Commit, context: Context) -> Rollup | None:
    """None for a commit that no machine spoke about."""
    world = world_of(context)
    suites = world.suites_of(commit.repository, commit.oid)
    runs = [run for suite in suites for run in _newest(_seen_runs(world, suite))]
    newest = {one.context: one for one in world.statuses if one.commit is commit and _noticed(world, one)}
    if not runs and not newest:
        return None
    states = [state for run in runs if (state := world.seen(run))]
    return Rollup(commit=commit, runs=runs, statuses=list(newest.values()), states=states)


def _noticed(world: World, status: CommitStatus) -> bool:
    return status.created_at <= world.lagging()


def _contexts(one: Rollup, context: Context) -> list[Any]:
    caller = context.caller
    refused = Refused("Resource not accessible by integration", status=403, kind="FORBIDDEN")
    runs: list[Any] = list(one.runs) if caller.allows("checks") else [refused] * len(one.runs)
    allowed = caller.allows("statuses")
    return runs + (list(one.statuses) if allowed else [refused] * len(one.statuses))


def _count(kind: type) -> Handler:
    return lambda page, _: sum(isinstance(item, kind) for item in page.items)


def _suites(
    commit: Commit,
    context: Context,
    *,
    filterBy: dict[str, Any] | None = None,  # noqa: N803
) -> list[CheckSuite]:
    wanted, world = filterBy or {}, world_of(context)
    app, name = wanted.get("appId"), wanted.get("checkName")

    def fits(suite: CheckSuite) -> bool:
        named = name is None or any(run.name == name for run in _seen_runs(world, suite))
        return app in (None, suite.app.database_id) and named and suite.created_at <= world.lagging()

    return [suite for suite in world.suites_of(commit.repository, commit.oid) if fits(suite)]


def _runs(
    suite: CheckSuite,
    context: Context,
    *,
    filterBy: dict[str, Any] | None = None,  # noqa: N803
) -> list[CheckRun]:
    world, wanted = world_of(context), filterBy or {}
    app, name = wanted.get("appId"), wanted.get("checkName")
    statuses = [*filter(None, [wanted.get("status")]), *(wanted.get("statuses") or ())]

    def fits(run: CheckRun) -> bool:
        state = world.seen(run)
        if state is None or app not in (None, suite.app.database_id) or name not in (None, state.name):
            return False
        concluded = wanted.get("conclusions")
        return (not statuses or _upper(state.status) in statuses) and (
            concluded is None or _upper(state.conclusion) in concluded
        )

    runs = [run for run in suite.runs if fits(run)]
    return runs if wanted.get("checkType") == "ALL" else _newest(runs)


def _upper(word: str | None) -> str | None:
    return word.upper() if word else None


def _state(name: str, convert: Callable[[Any], Any] = lambda value: value) -> Handler:
    def read(run: CheckRun, context: Context) -> object:
        state = world_of(context).seen(run) or run.history[0][1]
        return convert(getattr(state, name))

    return read


def _suite_word(index: int) -> Handler:
    def read(suite: CheckSuite, context: Context) -> str | None:
        world = world_of(context)
        states = [state for run in _newest(_seen_runs(world, suite)) if (state := world.seen(run))]
        return _upper(suite_state(states)[index])

    return read


def _required(name: str, commit: Commit, context: Context, **asked: object) -> bool:
    pulls = [pull for pulls in world_of(context).pulls.values() for pull in pulls]
    for pull in pulls:
        same = asked.get("pullRequestNumber") == pull.number or asked.get("pullRequestId") == pull.id
        if same and commit.oid in pull.repository.commits:
            return name in pull.repository.required_checks.get(pull.base_ref_name, [])
    raise Refused("Either `pullRequestId` or `pullRequestNumber` must be provided.")


def _run_page(run: CheckRun, context: Context) -> str:
    return f"{html_url(world_of(context), run.suite.repository)}/runs/{run.database_id}"


def _status(commit: Commit, context: Context) -> dict[str, Any] | None:
    found = rollup(commit, context)
    if found is None or not found.statuses:
        return None
    only = Rollup(commit=commit, runs=[], statuses=found.statuses, states=[])
    return {
        "typename": "Status",
        "id": f"S_{commit.oid}",
        "state": only.state,
        "contexts": found.statuses,
        "commit": commit,
    }


FIELDS: dict[str, Handler] = {
    "Commit.checkSuites": _suites,
    "Commit.status": _status,
    "Commit.statusCheckRollup": rollup,
    "PullRequest.statusCheckRollup": lambda one, context: rollup(one.head, context),
    "StatusCheckRollup.contexts": _contexts,
    "StatusCheckRollupContextConnection.checkRunCount": _count(CheckRun),
    "StatusCheckRollupContextConnection.statusContextCount": _count(CommitStatus),
    "CheckRun.annotations": _state("annotations", list),
    "CheckRun.checkSuite": lambda one, _: one.suite,
    "CheckRun.completedAt": _state("completed_at"),
    "CheckRun.conclusion": _state("conclusion", _upper),
    "CheckRun.detailsUrl": lambda one, context: _state("details_url")(one, context) or _run_page(one, context),
    "CheckRun.externalId": _state("external_id"),
    "CheckRun.isRequired": lambda one, context, **asked: _required(one.name, one.suite.commit, context, **asked),
    "CheckRun.name": _state("name"),
    "CheckRun.permalink": _run_page,
    "CheckRun.repository": lambda one, _: one.suite.repository,
    "CheckRun.startedAt": _state("started_at"),
    "CheckRun.status": _state("status", _upper),
    "CheckRun.summary": _state("summary"),
    "CheckRun.text": _state("text"),
    "CheckRun.title": _state("title"),
    "CheckRun.url": _run_page,
    "CheckSuite.branch": lambda one, _: qualified(one.repository, one.head_branch or ""),
    "CheckSuite.checkRuns": _runs,
    "CheckSuite.conclusion": _suite_word(1),
    "CheckSuite.matchingPullRequests": lambda one, context: world_of(context).pulls_with_head(
        one.repository, one.commit.oid
    ),
    "CheckSuite.status": _suite_word(0),
    "StatusContext.isRequired": lambda one, context, **asked: _required(one.context, one.commit, context, **asked),
    "StatusContext.state": lambda one, _: one.state.upper(),
    "WorkflowRun.file": lambda one, _: {
        "typename": "WorkflowRunFile",
        "id": f"WRF_{one.id}",
        "path": one.workflow.path,
    },
    "WorkflowRun.url": lambda one, context: run_url(world_of(context), one),
}
