"""Everything the sandbox knows, by id and by name, and the way a change becomes deliveries."""

import base64
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from .clock import Clock
from .model.accounts import Account, App, Installation, Team
from .model.checks import CheckRun, CheckRunState, CheckSuite, CommitStatus, Workflow
from .model.deployments import Deployment
from .model.git import Commit, FileChange, Repository, changes, merge_base
from .model.pulls import MergeGroup, PullRequest

type_prefix = str


class Identified(Protocol):
    """Whatever has a node id."""

    id: str


Thing = TypeVar("Thing", bound=Identified)


class Refused(Exception):
    """What GitHub would not do: `status` for REST, `kind` for GraphQL's error type, and its words."""

    def __init__(self, message: str, *, status: int = 422, kind: str = "UNPROCESSABLE") -> None:
        super().__init__(message)
        self.message, self.status, self.kind = message, status, kind


class Unmodelled(Exception):
    """The sandbox was asked for something it knows nothing about: an honest gap, never a silent null."""


def not_found(what: str = "Not Found") -> Refused:
    """GitHub's 404: it never says whether a thing is missing or only hidden."""
    return Refused(what, status=404, kind="NOT_FOUND")


def forbidden(message: str = "Resource not accessible by integration") -> Refused:
    """A permission that the installation was not granted."""
    return Refused(message, status=403, kind="FORBIDDEN")


@dataclass(eq=False, kw_only=True)
class World:
    """The state of this GitHub; all actions are functions over it."""

    clock: Clock
    api_url: str = ""
    html_url: str = ""
    envelope: Callable[..., dict[str, Any]] = lambda *_: {}
    emitted: Callable[[App, Installation, str, dict[str, Any]], None] = lambda *_: None
    accounts: dict[str, Account] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    installations: list[Installation] = field(default_factory=list)
    teams: dict[str, Team] = field(default_factory=dict)
    repositories: dict[str, Repository] = field(default_factory=dict)
    pulls: dict[int, list[PullRequest]] = field(default_factory=dict)
    suites: list[CheckSuite] = field(default_factory=list)
    statuses: list[CommitStatus] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    workflows: dict[tuple[int, str], Workflow] = field(default_factory=dict)
    groups: list[MergeGroup] = field(default_factory=list)
    nodes: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    stale_by: float = 0.0
    """Seconds by which GraphQL's view of checks lags behind REST's."""
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1001))
    diffs: dict[tuple[str, str], tuple[FileChange, ...]] = field(default_factory=dict)

    def new_id(self, prefix: str) -> tuple[str, int]:
        """A node id (opaque, as `PR_kwDO…`) and its database id."""
        number = next(self.ids)
        return f"{prefix}_kwDO{base64.urlsafe_b64encode(number.to_bytes(6, 'big')).decode()}", number

    def keep(self, thing: Thing) -> Thing:
        """Make a thing reachable by its node id, and answer it."""
        self.nodes[thing.id] = thing
        return thing

    def account(self, login: str) -> Account:
        """An account by login, made as a user (or a bot, by its `[bot]`) when it is new."""
        known = self.accounts.get(login.lower())
        return known or self.add_account(login, "Bot" if login.endswith("[bot]") else "User")

    def add_account(self, login: str, typename: str) -> Account:
        """A new account of that kind."""
        node, number = self.new_id({"User": "U", "Bot": "BOT"}.get(typename, "O"))
        email = f"{number}+{login}@users.noreply.github.com"
        account = Account(id=node, database_id=number, login=login, typename=typename, email=email)
        self.accounts[login.lower()] = account
        return self.keep(account)

    def find_repository(self, full_name: str) -> Repository:
        """A repository by `owner/name`; a 404 when there is none."""
        found = self.repositories.get(full_name.lower())
        if found is None:
            raise not_found()
        return found

    def installation_of(self, app: App, owner: Account) -> Installation | None:
        """The App's installation on an account."""
        own = (one for one in self.installations if one.app is app and one.account is owner)
        return next(own, None)

    def emit(self, event: str, repository: Repository, sender: Account, **body: object) -> None:
        """Tell every App that is installed there, subscribes to `event` and has an address."""
        for installation in self.installations:
            app = installation.app
            wants = event in app.events or event.startswith("installation")
            if app.webhook_url and wants and installation.account is repository.owner:
                payload = self.envelope(self, body, repository, sender, installation)
                self.emitted(app, installation, event, payload)

    def pulls_of(self, repository: Repository) -> list[PullRequest]:
        """All pull requests of a repository, oldest first."""
        return self.pulls.setdefault(repository.database_id, [])

    def pulls_with_head(self, repository: Repository, oid: str) -> list[PullRequest]:
        """The open pull requests into `repository` whose head is that commit."""
        return [one for one in self.pulls_of(repository) if one.head_oid == oid and one.state == "OPEN"]

    def changes(self, pull_request: PullRequest) -> tuple[FileChange, ...]:
        """The files a pull request changes: from the merge base to its head."""
        return self.compared(pull_request.base, pull_request.head)

    def compared(self, base: Commit, head: Commit) -> tuple[FileChange, ...]:
        """The files that a three-dot comparison lists."""
        start = merge_base(head, base)
        key = (start.oid if start else "", head.oid)
        if key not in self.diffs:
            self.diffs[key] = changes(start.tree if start else {}, head.tree)
        return self.diffs[key]

    def suites_of(self, repository: Repository, oid: str) -> list[CheckSuite]:
        """The check suites on a commit, oldest first."""
        return [one for one in self.suites if one.repository is repository and one.commit.oid == oid]

    def lagging(self) -> datetime:
        """The instant as of which GraphQL sees checks."""
        return self.clock.instant() - timedelta(seconds=self.stale_by)

    def seen(self, run: CheckRun) -> CheckRunState | None:
        """A check run as GraphQL sees it, None while it has not yet noticed it."""
        return run.at(self.lagging())

    def sha_history(self, repository: Repository, oid: str) -> list[CheckRun]:
        """Every check run ever made on a commit."""
        return [run for suite in self.suites_of(repository, oid) for run in suite.runs]
