"""Turns GitHub's REST answers into facts; what they leave out is `Unavailable`, never assumed."""

import base64
import binascii
import contextlib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.gate.differences import Comparison, OwnChange, OwnFile
from bot.gate.facts import ChangedFile, CheckRun, CommitStatus, Fact, File, Unavailable
from bot.github.decode import ACTIONS, NO_ORIGIN, Node, instant, login

MAX_COMPARED_FILES = 300  # https://docs.github.com/en/rest/commits/commits#compare-two-commits


Tree = Mapping[str, tuple[str, str]]
"""Path → mode and hash of what stands there; folders left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A commit compared with the base's tip."""

    merge_base: str
    change: OwnChange | None
    """None when GitHub cut it off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the check runs of a suite come from."""

    workflow: Fact[str | None]
    event: str | None


def check_runs(runs: Iterable[Node], origins: Mapping[int, Fact[Origin]]) -> tuple[CheckRun, ...]:
    """Check runs as REST shows them; the workflow, which REST leaves out, is that of the suite."""
    return tuple(_check_run(run, _origin_of(run, origins)) for run in runs)


def suite_of(run: Node) -> int:
    """The check suite that a check run as REST shows it belongs to."""
    return int(run["check_suite"]["id"])


def is_by_actions(run: Node) -> bool:
    """Whether GitHub Actions made the check run, so that it has a workflow."""
    return bool((run.get("app") or {}).get("slug") == ACTIONS)


def origin(data: Node | None, repository: str) -> Fact[Origin]:
    """The workflow run of a suite; its path may come as `OWNER/NAME/.github/workflows/ci.yml@REF`."""
    for run in (data or {}).get("workflow_runs") or ():
        path = str(run["path"]).partition("@")[0].removeprefix(f"{repository}/")
        return Origin(workflow=path, event=run["event"])
    return NO_ORIGIN


def _origin_of(run: Node, origins: Mapping[int, Fact[Origin]]) -> Origin:
    found = origins.get(suite_of(run))
    if isinstance(found, Unavailable):
        return Origin(workflow=found, event=None)
    if found is None:
        return Origin(workflow=NO_ORIGIN if is_by_actions(run) else None, event=None)
    return found


def _check_run(run: Node, origin: Origin) -> CheckRun:
    return CheckRun(
        id=run["id"],
        name=run["name"],
        app=(run.get("app") or {}).get("slug", ""),
        suite=suite_of(run),
        workflow=origin.workflow,
        event=origin.event,
        status=run["status"],
        conclusion=run["conclusion"],
        completed_at=instant(run["completed_at"]),
        url=run.get("details_url"),
        title=(run.get("output") or {}).get("title") or "",
        summary=(run.get("output") or {}).get("summary") or "",
    )


def statuses(newest_first: Iterable[Node]) -> tuple[CommitStatus, ...]:
    """The newest status of each context, from REST's full list."""
    newest: dict[str, Node] = {}
    for node in newest_first:
        newest.setdefault(node["context"], node)
    return tuple(
        CommitStatus(
            context=node["context"],
            state=node["state"],
            creator=login(node.get("creator")),
            description=node.get("description"),
            url=node.get("target_url"),
            at=datetime.fromisoformat(node["created_at"]),
        )
        for node in newest.values()
    )


def changed_file(node: Node) -> ChangedFile:
    """A changed file as REST shows it, <https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files>."""
    return ChangedFile(
        path=node["filename"],
        previous=node.get("previous_filename"),
        additions=node["additions"],
        deletions=node["deletions"],
    )


def comparison(data: Node | None) -> Fact[Comparison]:
    """How a head differs from an older commit, <https://docs.github.com/en/rest/commits/commits#compare-two-commits>."""
    if data is None:
        return Unavailable("GitHub no longer has the commit")
    changed = data.get("files") or []
    if len(changed) >= MAX_COMPARED_FILES:
        return Unavailable(f"they differ in {MAX_COMPARED_FILES} files or more")
    paths = {file["filename"] for file in changed} | {file.get("previous_filename") for file in changed}
    return Comparison(linear=data["status"] in {"ahead", "identical"}, files=frozenset(filter(None, paths)))


def compared(data: Node) -> Compared:
    """What a comparison with the base's tip shows: all since the merge base."""
    changed, merge_base = data.get("files") or [], str(data["merge_base_commit"]["sha"])
    if len(changed) >= MAX_COMPARED_FILES:
        return Compared(merge_base=merge_base, change=None)
    files = {file["filename"]: _own_file(file) for file in changed}
    return Compared(merge_base=merge_base, change=OwnChange(merge_base=merge_base, files=files))


def _own_file(node: Node) -> OwnFile:
    return OwnFile(
        previous=node.get("previous_filename"),
        status=node["status"],
        blob=node["sha"],
        hunks=_digest(node["patch"]) if node.get("patch") else None,
    )


def _digest(patch: str) -> str:
    """The hunks without their place: a line number, or the heading above a hunk, is the base's to change."""
    lines = ("@@" if line.startswith("@@") else line for line in patch.split("\n"))
    return hashlib.blake2b("\n".join(lines).encode(errors="replace"), digest_size=16).hexdigest()


def tree(data: Node | None) -> Fact[Tree]:
    """Everything in a tree, <https://docs.github.com/en/rest/git/trees#get-a-tree>."""
    if data is None:
        return Unavailable("GitHub no longer has the commit")
    if data["truncated"]:
        return Unavailable("there are more files than GitHub lists")
    return {entry["path"]: (entry["mode"], entry["sha"]) for entry in data["tree"] if entry["type"] != "tree"}


def between(before: Tree, after: Tree) -> Mapping[str, OwnFile]:
    """What differs, file by file. A renamed file is removed under one name and added under the other.

    As in a comparison, the blob of a removed file is what it held.
    """
    return {
        path: OwnFile(
            previous=None,
            status=_status(before, after, path),
            blob=(after.get(path) or held)[1],
            hunks=None,
            mode=after[path][0] if path in after else None,
        )
        for path, held in sorted({**after, **before}.items())
        if before.get(path) != after.get(path)
    }


def _status(before: Tree, after: Tree, path: str) -> str:
    if path not in before:
        return "added"
    return "modified" if path in after else "removed"


def file(path: str, found: Any) -> File | None:  # noqa: ANN401
    """A file's content; None for what is none: nothing, a folder (a list), a submodule.

    Above 1 MB GitHub leaves the content out: <https://docs.github.com/en/rest/repos/contents#get-repository-content>.
    """
    if not isinstance(found, Mapping) or found["type"] != "file":
        return None
    text = None
    if found.get("encoding") == "base64":
        with contextlib.suppress(binascii.Error, UnicodeDecodeError):
            text = base64.b64decode(found["content"]).decode()
    return File(path=path, size=found["size"], text=text)
