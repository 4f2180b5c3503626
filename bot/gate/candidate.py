"""What is judged: the facts of one head, with the people's sign-offs sorted out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.gate.facts import CheckRun, CheckSuite, CommitStatus, Fact, File, Snapshot, Unavailable
from bot.gate.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A view of the snapshot in the terms that evidence asks in."""

    snapshot: Snapshot
    standings: Mapping[str, Standing]

    @property
    def now(self) -> datetime:
        """The instant of the snapshot."""
        return self.snapshot.taken_at

    @property
    def labels(self) -> Fact[frozenset[str]]:
        """The pull request's labels."""
        return self.snapshot.labels

    def checks(self, *, name: str, app: str) -> Fact[tuple[CheckRun, ...]]:
        """The newest run of every suite with this name by this App."""
        if isinstance(self.snapshot.checks, Unavailable):
            return self.snapshot.checks
        named = [run for run in self.snapshot.checks if run.name == name]
        by_app = [run for run in named if run.app == app]
        newest = {run.suite: run for run in sorted(by_app, key=lambda run: run.id)}
        return tuple(newest.values())

    def apps_with(self, *, name: str) -> frozenset[str]:
        """The Apps that have a check of this name at the head."""
        checks = self.snapshot.checks
        return frozenset() if isinstance(checks, Unavailable) else frozenset(c.app for c in checks if c.name == name)

    def running_suites(self, *, app: str, workflow: str | None) -> Fact[tuple[CheckSuite, ...]]:
        """Suites of the App (and workflow file) that have not finished."""
        if isinstance(self.snapshot.suites, Unavailable):
            return self.snapshot.suites
        return tuple(
            suite
            for suite in self.snapshot.suites
            if suite.app == app and (workflow is None or suite.workflow == workflow)
        )

    def status(self, context: str) -> Fact[CommitStatus | None]:
        """The newest status of the context."""
        if isinstance(self.snapshot.statuses, Unavailable):
            return self.snapshot.statuses
        return next((status for status in self.snapshot.statuses if status.context == context), None)

    def file(self, path: str) -> Fact[File | None]:
        """The file at the head, None when there is none."""
        return self.snapshot.files.get(path, Unavailable(f"`{path}` was not read"))

    @property
    def missing_since(self) -> datetime:
        """When this head was first seen; what is still missing is missing since then."""
        return self.snapshot.head_seen_at
