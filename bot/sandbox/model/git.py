"""Repositories and their git objects: commits with whole trees, refs, and what differs between two of them."""

import difflib
import functools
import hashlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from .accounts import Account


@dataclass(eq=False, kw_only=True, slots=True)
class GitActor:
    """Who a commit says made it; `user` is the account with that e-mail address, if any."""

    typename: ClassVar[str] = "GitActor"
    name: str
    email: str
    date: datetime
    user: Account | None = None


@dataclass(eq=False, kw_only=True, slots=True)
class Commit:
    """A commit; `tree` maps every path to its text."""

    typename: ClassVar[str] = "Commit"
    id: str
    oid: str
    repository: "Repository"
    message: str
    parents: tuple["Commit", ...]
    tree: dict[str, str]
    authors: tuple[GitActor, ...]
    committer: GitActor

    @property
    def author(self) -> GitActor:
        """The first author; the others are its `Co-authored-by` trailers."""
        return self.authors[0]

    @property
    def message_headline(self) -> str:
        """The first line."""
        return self.message.split("\n", 1)[0]

    @property
    def message_body(self) -> str:
        """Everything after the first line."""
        return self.message.partition("\n")[2].strip("\n")

    def ancestry(self) -> Iterator["Commit"]:
        """This commit and everything it grew from, nearest first."""
        seen = {self.oid}
        waiting = deque([self])
        while waiting:
            commit = waiting.popleft()
            yield commit
            for parent in commit.parents:
                if parent.oid not in seen:
                    seen.add(parent.oid)
                    waiting.append(parent)


@dataclass(eq=False, kw_only=True, slots=True)
class Label:
    """A label of a repository."""

    typename: ClassVar[str] = "Label"
    id: str
    database_id: int
    name: str
    repository: "Repository"
    color: str = "ededed"
    description: str = ""


@dataclass(eq=False, kw_only=True, slots=True)
class Release:
    """A published release."""

    typename: ClassVar[str] = "Release"
    id: str
    database_id: int
    tag_name: str
    name: str
    tag_commit: Commit
    published_at: datetime
    is_prerelease: bool = False
    is_draft: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """One move of a ref: who, from where, to where; `kind` is REST's `activity_type`."""

    database_id: int
    id: str
    ref: str
    before: str
    after: str
    kind: str
    actor: Account
    timestamp: datetime


@dataclass(eq=False, kw_only=True)
class Repository:
    """A repository; a fork shares its parent's `commits`, as GitHub's object store does."""

    typename: ClassVar[str] = "Repository"
    id: str
    database_id: int
    name: str
    owner: Account
    default_branch: str
    created_at: datetime
    is_private: bool = False
    is_archived: bool = False
    parent: "Repository | None" = None
    commits: dict[str, Commit] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    """`refs/heads/main` → oid."""
    tagged: dict[str, datetime] = field(default_factory=dict)
    collaborators: dict[str, str] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    activity: list[Activity] = field(default_factory=list)
    last_number: int = 0
    required_checks: dict[str, list[str]] = field(default_factory=dict)
    """branch → names of required checks."""

    @property
    def name_with_owner(self) -> str:
        """`owner/name`."""
        return f"{self.owner.login}/{self.name}"

    def branch(self, name: str) -> Commit | None:
        """The tip of a branch."""
        return self.commits.get(self.refs.get(f"refs/heads/{name}", ""))

    def resolve(self, revision: str) -> Commit | None:
        """A commit by SHA (whole or shortened), branch, tag or qualified ref."""
        for ref in (revision, f"refs/heads/{revision}", f"refs/tags/{revision}", f"refs/{revision}"):
            if ref in self.refs:
                return self.commits[self.refs[ref]]
        if revision == "HEAD":
            return self.branch(self.default_branch)
        if revision in self.commits:
            return self.commits[revision]
        shortest = 7
        found = [oid for oid in self.commits if len(revision) >= shortest and oid.startswith(revision)]
        return self.commits[found[0]] if len(found) == 1 else None


@dataclass(frozen=True, kw_only=True, slots=True)
class FileChange:
    """One file of a comparison; `status` is REST's word."""

    typename: ClassVar[str] = "PullRequestChangedFile"
    path: str
    previous_path: str | None
    status: str
    before: str
    after: str
    additions: int
    deletions: int

    @property
    def patch(self) -> str:
        """The unified diff's hunks, without the file header, as REST gives them; a binary file has none."""
        if BINARY in self.before + self.after:
            return ""
        before = self.before.splitlines()
        lines = list(difflib.unified_diff(before, self.after.splitlines(), lineterm=""))[2:]
        return "\n".join(_with_section(line, before) if line.startswith("@@") else line for line in lines)


def _with_section(header: str, before: list[str]) -> str:
    """Git names the nearest line above a hunk that looks like a heading.

    https://git-scm.com/docs/gitattributes#_defining_a_custom_hunk_header
    """
    start, _, length = header.split()[1].removeprefix("-").partition(",")
    above = before[: int(start) - (length != "0")]
    headings = (line for line in reversed(above) if line[:1].isalpha() or line[:1] in ("_", "$"))
    return " ".join(filter(None, [header, next(headings, "")[:80]]))


BINARY = "\0"
"""Git takes a file that holds one for binary."""

LEAST_SIMILAR = 0.5
MOST_COMPARED = 1000


def blob_oid(text: str) -> str:
    """The SHA-1 git gives these contents; https://git-scm.com/book/en/v2/Git-Internals-Git-Objects"""
    data = text.encode()
    return hashlib.sha1(b"blob %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest()


def digest(*parts: str) -> str:
    """Forty hex digits that look like, and serve as, an object id."""
    return hashlib.sha1("\0".join(parts).encode(), usedforsecurity=False).hexdigest()


def merge_base(one: Commit, other: Commit) -> Commit | None:
    """The nearest common ancestor."""
    known = {commit.oid for commit in one.ancestry()}
    return next((commit for commit in other.ancestry() if commit.oid in known), None)


def commits_between(base: Commit, head: Commit) -> list[Commit]:
    """What `base..head` lists, parents before children."""
    known = {commit.oid for commit in base.ancestry()}
    ordered: dict[str, Commit] = {}
    stack = [head] if head.oid not in known else []
    while stack:
        commit = stack[-1]
        waiting = [parent for parent in commit.parents if parent.oid not in known | ordered.keys()]
        if waiting:
            stack.append(waiting[0])
        else:
            ordered[stack.pop().oid] = commit
    return list(ordered.values())


def changes(before: dict[str, str], after: dict[str, str]) -> tuple[FileChange, ...]:
    """What differs between two trees; a file that moved is `renamed`, if half of it stayed the same."""
    removed = {path: text for path, text in before.items() if path not in after}
    added = {path: text for path, text in after.items() if path not in before}
    sources = _sources(removed, added)
    found: list[FileChange] = []
    for path, text in after.items():
        if path in sources:
            source = sources[path]
            found.append(_change(path, source, "renamed", removed.pop(source), text))
        elif path in added:
            found.append(_change(path, None, "added", "", text))
        elif before[path] != text:
            found.append(_change(path, None, "modified", before[path], text))
    found += [_change(path, None, "removed", text, "") for path, text in removed.items()]
    return tuple(sorted(found, key=lambda change: change.path))


def _sources(removed: dict[str, str], added: dict[str, str]) -> dict[str, str]:
    """Where files came from: the same text first, else the most alike; git too gives up when there are too many."""
    found: dict[str, str] = {}
    left = dict(removed)
    same = {text: path for path, text in removed.items() if text}
    for path, text in added.items():
        if same.get(text) in left:
            found[path] = same[text]
            del left[same[text]]
    new = {path: text for path, text in added.items() if path not in found}
    if len(left) * len(new) > MOST_COMPARED:
        return found
    alike = [(_likeness(old, text), path, source) for path, text in new.items() for source, old in left.items()]
    for likeness, path, source in sorted(alike, reverse=True):
        if likeness >= LEAST_SIMILAR and path not in found and source in left:
            found[path] = source
            del left[source]
    return found


def _likeness(old: str, new: str) -> float:
    if not (old and new):
        return 0.0
    return difflib.SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False).ratio()


def _change(path: str, source: str | None, status: str, before: str, after: str) -> FileChange:
    additions, deletions = _counts(before, after)
    return FileChange(
        path=path,
        previous_path=source,
        status=status,
        before=before,
        after=after,
        additions=additions,
        deletions=deletions,
    )


@functools.lru_cache(maxsize=8192)
def _counts(old: str, new: str) -> tuple[int, int]:
    """Lines added and removed; kept, for a push leaves most of a large release as it was."""
    if old == new:
        return 0, 0
    before, after = old.splitlines(), new.splitlines()
    if not before or not after:
        return len(after), len(before)
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    same = sum(block.size for block in blocks)
    return len(after) - same, len(before) - same
