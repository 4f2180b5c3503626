"""Values for tests, each the most ordinary one of its kind: name only what the test is about."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.evidence.file import File as FileThere
from bot.gate.candidate import Candidate
from bot.gate.checklist import Evidence, Item, Tier
from bot.gate.facts import (
    ChangedFile,
    CheckRun,
    CheckSuite,
    Closing,
    Comment,
    Commit,
    CommitStatus,
    Deployment,
    Fact,
    File,
    Review,
    Snapshot,
    Unavailable,
)
from bot.gate.finding import Finding
from bot.gate.needs import Needs
from bot.gate.people import People, bumps, commands_for_us, people
from bot.gate.published import PublishedHead
from bot.gate.rules import Role, Rules
from bot.gate.version import Bump, NextVersion

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HEAD = "a" * 40
OLD = "b" * 40


@dataclass(frozen=True, slots=True)
class Says:
    """Evidence that says what it is told to, for what no kind can say yet."""

    finding: Finding

    def needs(self) -> Needs:
        return Needs()

    def judge(self, _candidate: Candidate) -> Finding:
        return self.finding


def minutes_ago(minutes: float) -> datetime:
    """Before the snapshot was taken."""
    return NOW - timedelta(minutes=minutes)


def a_snapshot(**facts: Any) -> Snapshot:
    """Pull request 7 of zed into main, seen an hour ago and published at once."""
    ordinary: dict[str, Any] = {
        "taken_at": NOW,
        "repository": "acme/web",
        "number": 7,
        "id": "PR_7",
        "repository_id": "R_1",
        "title": "Release 1.0.0",
        "url": "https://github.test/acme/web/pull/7",
        "author": "zed",
        "changes": (),
        "state": "OPEN",
        "is_draft": False,
        "base_ref": "main",
        "base_sha": "c" * 40,
        "head_ref": "release/1.0.0",
        "head_sha": HEAD,
        "head_seen_at": minutes_ago(60),
        "pushers": frozenset({"zed"}),
        "team_members": {"acme/security": Unavailable("it has a hundred members or more")},
        "heads": (PublishedHead(sha=HEAD, at=minutes_ago(59)),),
    }
    return Snapshot(**(ordinary | facts))


def a_candidate(*, rules: Rules | None = None, **facts: Any) -> Candidate:
    """The candidate that evidence sees, its people sorted out by the rules."""
    snapshot = a_snapshot(**facts)
    return Candidate(snapshot=snapshot, standings=heard(rules or rules_of(), snapshot).standings)


def heard(rules: Rules, snapshot: Snapshot, version: Fact[NextVersion] | None = None) -> People:
    """What people said, of 1.0.0 unless another version comes next."""
    commands = commands_for_us(rules, snapshot)
    return people(rules, snapshot, commands, version or a_version(), bumps(rules, snapshot, commands))


def a_check(name: str = "tests", conclusion: str | None = "success", **facts: Any) -> CheckRun:
    """A finished run of ci.yml; with conclusion None one in progress."""
    ordinary: dict[str, Any] = {
        "id": 1,
        "name": name,
        "app": "github-actions",
        "suite": 1,
        "workflow": ".github/workflows/ci.yml",
        "event": "pull_request",
        "status": "completed" if conclusion else "in_progress",
        "conclusion": conclusion,
        "completed_at": minutes_ago(30) if conclusion else None,
        "url": f"https://github.test/runs/{name}",
    }
    return CheckRun(**(ordinary | facts))


def a_suite(
    app: str = "github-actions",
    workflow: str | None = ".github/workflows/ci.yml",
    conclusion: str | None = None,
    **facts: Any,
) -> CheckSuite:
    """A suite that is still running, unless it concluded."""
    ordinary: dict[str, Any] = {
        "id": 1,
        "app": app,
        "workflow": workflow,
        "event": "pull_request",
        "status": "completed" if conclusion else "in_progress",
        "conclusion": conclusion,
        "updated_at": minutes_ago(30),
        "url": "https://github.test/suites/1",
    }
    return CheckSuite(**(ordinary | facts))


def a_status(
    context: str = "coverage", state: str = "success", creator: str | None = "codecov[bot]", says: str | None = None
) -> CommitStatus:
    """A commit status set half an hour ago."""
    return CommitStatus(
        context=context, state=state, creator=creator, description=says, url="https://ci.test", at=minutes_ago(30)
    )


def a_review(by: str | None = "rita", *, ago: float = 10, **facts: Any) -> Review:
    """An approval of the head."""
    ordinary: dict[str, Any] = {"author": by, "is_approval": True, "sha": HEAD, "at": minutes_ago(ago)}
    return Review(**(ordinary | facts))


def a_deployment(to: str = "staging", state: str = "success", *, ago: float = 60, **facts: Any) -> Deployment:
    """A deployment of the head, begun a minute before it came to its state."""
    ordinary: dict[str, Any] = {
        "environment": to,
        "state": state,
        "created_at": minutes_ago(ago + 1),
        "at": minutes_ago(ago),
        "url": "https://staging.test",
    }
    return Deployment(**(ordinary | facts))


def a_change(path: str, *, was: str | None = None) -> ChangedFile:
    """A changed file, renamed if it `was` another."""
    return ChangedFile(path=path, previous=was, additions=1, deletions=1)


def a_version(version: str = "1.0.0", bump: Bump = Bump.MAJOR) -> NextVersion:
    """What comes after 0.9.0."""
    return NextVersion(current="0.9.0", next=version, bump=bump)


def a_file(path: str = "CHANGELOG.md", text: str | None = "text", size: int | None = None) -> File:
    """A file at the head."""
    return File(path=path, size=len(text or "") if size is None else size, text=text)


def a_comment(body: str, by: str | None = "ann", *, ago: float = 10, **facts: Any) -> Comment:
    """A comment as it was written, `ago` minutes before the snapshot."""
    ordinary: dict[str, Any] = {
        "id": int(10_000 - 10 * ago),
        "body": body,
        "author": by,
        "is_bot": False,
        "created_at": minutes_ago(ago),
        "edited_at": None,
        "url": "https://github.test/comment",
    }
    return Comment(**(ordinary | facts))


def a_commit(message: str, sha: str = HEAD) -> Commit:
    """A commit of the pull request."""
    return Commit(sha=sha, message=message, people=frozenset({"zed"}))


def a_revoke(by: str = "ann", *, ago: float = 5, role: str = "security") -> Closing:
    """A remembered `/revoke`, whatever became of its comment."""
    return Closing(comment="99", verb="revoke", argument=role, login=by, at=minutes_ago(ago))


def a_role(id: str = "security", **options: Any) -> Role:
    """A role that must sign; ann and bob may."""
    ordinary: dict[str, Any] = {"users": frozenset({"ann", "bob"}), "required": True}
    return Role(id=id, **(ordinary | options))


def an_item(evidence: Evidence | None = None, *, id: str = "DOC-001", tier: Tier = Tier.CRITICAL, **more: Any) -> Item:
    """An item that blocks, met by a changelog unless it says by what."""
    ordinary: dict[str, Any] = {"title": "Done", "blocking": True}
    return Item(id=id, tier=tier, evidence=evidence or FileThere(path="CHANGELOG.md"), **(ordinary | more))


def rules_of(*parts: Role | Item, **more: Any) -> Rules:
    """Rules of these roles and items."""
    roles = {part.id: part for part in parts if isinstance(part, Role)}
    items = tuple(part for part in parts if isinstance(part, Item))
    return Rules(source="rules-blob", roles=roles, checklist=items, **more)
