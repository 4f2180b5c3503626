"""What is judged: the facts of one head, with the people's sign-offs sorted out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.gate.checklist import Evidence
from bot.gate.claims import Claimed
from bot.gate.facts import CheckRun, CheckSuite, CommitStatus, Fact, File, Snapshot, Unavailable
from bot.gate.finding import Finding, State, Who, unknown
from bot.gate.markup import code, listed, some
from bot.gate.packages import PackageVersion, highest_bump
from bot.gate.rules import Stale
from bot.gate.signed import why_stale
from bot.gate.standing import Standing
from bot.gate.version import Bump, NextVersion
from bot.gate.workflows import DEFINING, that_define


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A view of the snapshot in the terms that evidence asks in."""

    snapshot: Snapshot
    standings: Mapping[str, Standing]
    attested: Mapping[str, Claimed] = field(default_factory=dict)
    """What people attested, by item."""
    next_version: Fact[NextVersion] = field(default_factory=lambda: Unavailable("the next version was not computed"))
    packages: Fact[tuple[PackageVersion, ...]] = ()
    """The packages that the change touches, with what each comes to."""
    version_files: tuple[str, ...] = ()
    """The files that `semver` names."""
    workflow_roles: tuple[str, ...] = ()
    """Roles of which one has to sign a change of a workflow that proves something."""
    siblings: Mapping[str, Evidence] = field(default_factory=dict)
    """Evidence that stands in the same list, by kind."""
    items: Mapping[str, Evidence] = field(default_factory=dict)
    """The evidence of every item, by id."""
    inapplicable: frozenset[str] = frozenset()
    """Items whose `when` does not hold for this change."""
    item: str = ""
    """The item that is judged, by id."""
    is_negated: bool = False
    """Below `not`, where what is unmet holds."""

    @property
    def now(self) -> datetime:
        """The instant of the snapshot."""
        return self.snapshot.taken_at

    @property
    def bump(self) -> Fact[Bump]:
        """The greatest step of all that the change releases."""
        return highest_bump(self.next_version, self.packages)

    def package(self, id: str) -> Fact[PackageVersion | None]:
        """One package's next version; None when the change does not touch it."""
        if isinstance(self.packages, Unavailable):
            return self.packages
        return next((part for part in self.packages if part.package.id == id), None)

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

    def running_suites(self, *, app: str) -> Fact[tuple[CheckSuite, ...]]:
        """Suites of the App that have not finished."""
        if isinstance(self.snapshot.suites, Unavailable):
            return self.snapshot.suites
        return tuple(suite for suite in self.snapshot.suites if suite.is_unfinished and suite.app == app)

    def status(self, context: str) -> Fact[CommitStatus | None]:
        """The newest status of the context."""
        if isinstance(self.snapshot.statuses, Unavailable):
            return self.snapshot.statuses
        return next((status for status in self.snapshot.statuses if status.context == context), None)

    def file(self, path: str) -> Fact[File | None]:
        """The file at the head, None when there is none."""
        return self.snapshot.files.get(path, Unavailable(f"{code(path)} was not read"))

    @property
    def changed_paths(self) -> Fact[frozenset[str]]:
        """Every path that the pull request touches; a renamed file under both names."""
        return self.snapshot.changed_paths

    def is_member(self, team: str, login: str) -> Fact[bool]:
        """Whether somebody is in a team."""
        because = f"whether {code(login)} is in {code(team)} is not known"
        return self.snapshot.memberships.get((team, login), Unavailable(because))

    def finding_of(self, name: str) -> Finding:
        """What the evidence of that kind beside the asking one says, or that of the item with that id.

        Where there is none, or it waits for the asking one, it is unknown.
        """
        if name in self.siblings:
            return self.siblings[name].judge(replace(self, siblings={}, is_negated=False))
        # Whoever was asked is not there to be asked again, so that two that wait for each other come to an end.
        others = {id: evidence for id, evidence in self.items.items() if id not in {self.item, name}}
        evidence = self.items.get(name) if name != self.item else None
        if evidence is None:
            do = "name a kind that stands beside it, or another item that does not wait for this one"
            return unknown(because=f"there is no {code(name)} to wait for", wanted=code(name), do=do)
        return evidence.judge(replace(self, siblings={}, items=others, item=name, is_negated=False))

    def is_moot(self, name: str) -> bool:
        """Whether it names an item, not a kind beside the asking one, that asks nothing of this change."""
        return name not in self.siblings and name in self.inapplicable

    def guarded(self, finding: Finding) -> Finding:
        """What a workflow made hold, unless the pull request changes how workflows run: then people decide."""
        holds, fails = (State.UNMET, State.MET) if self.is_negated else (State.MET, State.UNMET)
        if finding.state is not holds:
            return finding
        paths = self.changed_paths
        if isinstance(paths, Unavailable):
            return unknown(because=paths.because, wanted="whether workflows are changed")
        changed = that_define(paths)
        if not changed or any(self._has_seen(self.standings[role]) for role in self.workflow_roles):
            return finding
        return Finding(
            state=fails,
            seen=f"{finding.seen}, but this pull request changes {some(changed)}, which may say so",
            wanted=f"a sign-off of the change by {listed(list(self.workflow_roles), last='or')}",
            do=f"`/approve {self.workflow_roles[0]} {self.snapshot.head_sha[:7]}`"
            if self.workflow_roles
            else "take that out, or name roles for it in the rules: `workflow_changes: […]`",
            who=Who.ROLE if self.workflow_roles else Who.AUTHOR,
            roles=self.workflow_roles,
            link=finding.link,
        )

    def _has_seen(self, standing: Standing) -> bool:
        """Whether the role signed the workflows as they are now; whoever signed before they changed has not."""
        signed = [one for one in standing.signed if not why_stale(Stale.CHANGED, DEFINING, one.sha, self.snapshot)]
        return replace(standing, signed=tuple(signed)).is_signed

    @property
    def missing_since(self) -> datetime:
        """When this head was first seen; what is still missing is missing since then."""
        return self.snapshot.head_seen_at
