"""Turns GitHub's JSON into facts; what GitHub would not show becomes `Unavailable`, never an empty list."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.gate.facts import (
    CheckRun,
    CheckSuite,
    Commit,
    CommitStatus,
    Deployment,
    Fact,
    File,
    Merge,
    Review,
    Tag,
    Unavailable,
)
from bot.gate.markup import code
from bot.gate.published import Published, PublishedComment, PublishedRun
from bot.github.client import Answer
from bot.github.errors import Forbidden, Gone, Unreachable

MAX_SUITES = 100
ACTIONS = "github-actions"

NO_ORIGIN = Unavailable("GitHub does not say yet which workflow made the check")

_REFRESHED_AFTER = timedelta(days=10)
"""Of a run that has not ended. Once a day somebody looks."""

Node = Mapping[str, Any]


def fact(answer: Answer, *path: str | int) -> Any:  # noqa: ANN401
    """The value at the path, None where GitHub says there is none, `Unavailable` where a problem says why."""
    value: Any = answer.data
    for depth, key in enumerate(path, start=1):
        value = _entry(value, key)
        if value is None:
            return _unavailable(answer, path[:depth])
    return value


def _entry(value: Any, key: str | int) -> Any:  # noqa: ANN401
    """None where a list is shorter."""
    if isinstance(key, int):
        return value[key] if len(value) > key else None
    return value.get(key)


def hidden(answer: Answer, *path: str | int) -> Unavailable | None:
    """Why a list can't be seen whole: GitHub hides it, or one of its nodes."""
    connection = fact(answer, *path)
    if isinstance(connection, Unavailable) or connection is None:
        return connection
    nodes = connection.get("nodes")
    return _unavailable(answer, path) if nodes is None or None in nodes else None


def required(answer: Answer, *path: str) -> Node:
    """The object at the path. Raises `Gone` when there is none, `Forbidden` or `Unreachable` when GitHub hides it."""
    value = fact(answer, *path)
    if isinstance(value, dict):
        return value
    kinds = _kinds(answer, path)
    if not isinstance(value, Unavailable) or kinds == {"NOT_FOUND"}:
        raise Gone(f"GitHub has no {path[-1]} there")
    raise (Forbidden if "FORBIDDEN" in kinds else Unreachable)(value.because)


def shown(answer: Answer, *path: str | int, what: str) -> Any:  # noqa: ANN401
    """As `fact`, for what no verdict can do without: raises `Forbidden` or `Unreachable` when GitHub hides it."""
    value = fact(answer, *path)
    if isinstance(value, Unavailable):
        kind = Forbidden if "FORBIDDEN" in _kinds(answer, path) else Unreachable
        raise kind(f"{what} can't be read: {value.because}")
    return value


def _kinds(answer: Answer, path: tuple[str | int, ...]) -> set[str]:
    """The types of the problems with what stands at the path, above or below."""
    return {one.type for one in answer.problems if all(a == b for a, b in zip(one.path, path, strict=False))}


def _unavailable(answer: Answer, path: tuple[str | int, ...]) -> Unavailable | None:
    for problem in answer.problems:
        if problem.path[: len(path)] == path or path[: len(problem.path)] == problem.path:
            return Unavailable(f"GitHub does not show {code(str(path[-1]))}: {code(problem.message)}")
    return None


def labels(connection: Fact[Node] | None) -> Fact[frozenset[str]]:
    """Label names; all or nothing."""
    if isinstance(connection, Unavailable) or connection is None:
        return connection or frozenset()
    if connection["totalCount"] > len(connection["nodes"]):
        return Unavailable("it has more than 100 labels")
    return frozenset(node["name"] for node in nodes_of(connection))


def tags(connection: Fact[Node] | None) -> Fact[tuple[Tag, ...]]:
    """Tags with the commits that they point at, through annotated tags."""
    if isinstance(connection, Unavailable) or connection is None:
        return connection or ()
    return tags_in(connection)


def tags_in(connection: Node) -> tuple[Tag, ...]:
    """The tags of one page."""
    targets = ((node["name"], (node["target"] or {})) for node in nodes_of(connection))
    return tuple(Tag(name=name, sha=(target.get("target") or target).get("oid", "")) for name, target in targets)


def commit(node: Node) -> Commit:
    """A commit of the pull request."""
    data = node["commit"]
    users = [author.get("user") for author in nodes_of(data.get("authors"))]
    users.append((data.get("committer") or {}).get("user"))
    return Commit(sha=data["oid"], message=data["message"], people=frozenset(user["login"] for user in users if user))


def merge(pull: Node) -> Merge | None:
    """Who merged the pull request, and what the base got by it."""
    at = instant(pull.get("mergedAt"))
    commit = (pull.get("mergeCommit") or {}).get("oid")
    return Merge(by=login(pull.get("mergedBy")), at=at, commit=commit) if at else None


def file(entry: Fact[Node] | None) -> Fact[File | None]:
    """A file, None when there is none (or a folder of that name)."""
    if isinstance(entry, Unavailable) or entry is None:
        return entry
    blob = entry.get("object") or {}
    if blob.get("__typename") != "Blob":
        return None
    whole = not (blob.get("isBinary") or blob.get("isTruncated"))
    return File(path=entry["path"], size=blob["byteSize"], text=blob.get("text") if whole else None)


def check_run(node: Node) -> CheckRun:
    """A check run as GraphQL shows it."""
    suite = node["checkSuite"]
    run = suite.get("workflowRun") or {}
    app = (suite.get("app") or {}).get("slug", "")
    # Without the permission to read actions the run is hidden, and with it what the check is worth.
    workflow = (run.get("file") or {}).get("path") or NO_ORIGIN if run or app == ACTIONS else None
    return CheckRun(
        id=node["databaseId"],
        name=node["name"],
        app=app,
        suite=suite["databaseId"],
        workflow=workflow,
        event=run.get("event"),
        status=node["status"].lower(),
        conclusion=(node["conclusion"] or "").lower() or None,
        completed_at=instant(node.get("completedAt")),
        url=node.get("detailsUrl"),
        title=node.get("title") or "",
        summary=node.get("summary") or "",
    )


def status(node: Node) -> CommitStatus:
    """A commit status as GraphQL shows it."""
    return CommitStatus(
        context=node["context"],
        state=node["state"].lower(),
        creator=login(node.get("creator")),
        description=node.get("description"),
        url=node.get("targetUrl"),
        at=datetime.fromisoformat(node["createdAt"]),
    )


def suites(connection: Fact[Node] | None) -> Fact[tuple[CheckSuite, ...]]:
    """The check suites, all or nothing."""
    if isinstance(connection, Unavailable) or connection is None:
        return connection or ()
    if connection["totalCount"] > MAX_SUITES:
        return Unavailable(f"the head has more than {MAX_SUITES} check suites")
    return tuple(_suite(node) for node in nodes_of(connection))


def _suite(node: Node) -> CheckSuite:
    run = node.get("workflowRun") or {}
    return CheckSuite(
        id=node["databaseId"],
        app=(node.get("app") or {}).get("slug", ""),
        workflow=(run.get("file") or {}).get("path"),
        event=run.get("event"),
        status=node["status"].lower(),
        conclusion=(node.get("conclusion") or "").lower() or None,
        updated_at=instant(node.get("updatedAt")),
        url=run.get("url"),
    )


def reviews(connection: Fact[Node] | None) -> Fact[tuple[Review, ...]]:
    """The newest opinion of each person who may push; all or nothing."""
    if isinstance(connection, Unavailable) or connection is None:
        return connection or ()
    if connection["totalCount"] > len(connection["nodes"]):
        return Unavailable("it has more than 100 reviewers")
    return tuple(
        Review(
            author=(node.get("author") or {}).get("login"),
            is_bot=not is_person(node.get("author")),
            is_approval=node["state"] == "APPROVED",
            sha=(node.get("commit") or {}).get("oid"),
            at=datetime.fromisoformat(node["submittedAt"]),
        )
        for node in nodes_of(connection)
        if node.get("submittedAt")
    )


def deployments(connection: Fact[Node] | None) -> Fact[tuple[Deployment, ...]]:
    """Deployments of the head, each with its newest status."""
    if isinstance(connection, Unavailable) or connection is None:
        return connection or ()
    if connection["totalCount"] > len(connection["nodes"]):
        return Unavailable("the head has more than 100 deployments")
    return tuple(_deployment(node) for node in nodes_of(connection))


def _deployment(node: Node) -> Deployment:
    newest = node.get("latestStatus") or {}
    return Deployment(
        environment=node["environment"] or "",
        state=(newest.get("state") or node.get("state") or "pending").lower(),
        created_at=datetime.fromisoformat(node["createdAt"]),
        at=datetime.fromisoformat(newest.get("createdAt") or node["createdAt"]),
        url=newest.get("environmentUrl") or newest.get("logUrl"),
    )


def number_of(node: Node) -> int:
    """GitHub's number of a comment, which has outgrown the 32 bits of `databaseId`."""
    return int(node.get("fullDatabaseId") or node.get("databaseId") or 0)


def published(
    runs: Iterable[Node],
    comments: Iterable[Node] | None,
    reactions: frozenset[tuple[str, str]] = frozenset(),
    *,
    at: datetime | None = None,
) -> Published:
    """What people see of us; `comments` is None when they can't all be read, `at` is when it was read.

    Every comment that we wrote is our one comment or an accident, whatever somebody edited it into; a marker proves
    nothing, for anybody can plant one.
    """
    newest = {run["name"]: run for run in sorted(runs, key=lambda run: run["databaseId"] or 0)}
    ours = sorted((node for node in comments or () if node["viewerDidAuthor"]), key=number_of)
    return Published(
        runs=tuple(
            PublishedRun(
                id=run["id"],
                name=run["name"],
                status=run["status"].lower(),
                conclusion=(run["conclusion"] or "").lower() or None,
                title=run.get("title") or "",
                summary=run.get("summary") or "",
                is_expiring=at is not None and _is_expiring(run, at),
            )
            for run in newest.values()
        ),
        comments=tuple(
            PublishedComment(id=node["id"], body=node["body"], is_minimized=node["isMinimized"]) for node in ours
        ),
        is_whole=comments is not None,
        reactions=reactions,
    )


def _is_expiring(run: Node, at: datetime) -> bool:
    """GitHub calls a run stale that has not ended for 14 days, and no update is said to begin these anew.

    <https://docs.github.com/en/rest/checks/runs>
    """
    started = run.get("startedAt")
    is_open = run["status"].lower() != "completed"
    return is_open and started is not None and datetime.fromisoformat(started) < at - _REFRESHED_AFTER


def runs_of(suites_connection: Node | None) -> list[Node]:
    """The check runs in a connection of suites."""
    return [run for suite in nodes_of(suites_connection) for run in nodes_of(suite.get("checkRuns"))]


def instant(text: str | None) -> datetime | None:
    """An ISO 8601 instant, if there is one."""
    return datetime.fromisoformat(text) if text else None


def nodes_of(connection: Node | None) -> list[Node]:
    """The nodes of a connection, without holes."""
    return [node for node in (connection or {}).get("nodes") or () if node]


def is_person(actor: Node | None) -> bool:
    """Whether a user acted, and is there to answer for it: a mannequin only bears the name of one who was imported."""
    return (actor or {}).get("__typename") == "User"


def login(actor: Node | None) -> str | None:
    """The login as REST spells it: a bot's ends in `[bot]`, which GraphQL leaves off and no user's name can have."""
    if actor is None:
        return None
    is_bot = "Bot" in {actor.get("__typename"), actor.get("type")}
    return f"{actor['login'].removesuffix('[bot]')}[bot]" if is_bot else str(actor["login"])
