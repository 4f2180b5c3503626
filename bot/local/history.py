"""Two refs of a local repository into what git can tell of the change between them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.gate.facts import ChangedFile, Commit, File, Tag
from bot.local.git import Git, NoAnswer, blobs, fields, text

TEXT_LIMIT = 10_000_000
"""Bytes; a larger file is there, but nobody looks inside."""

# The same on every machine: renames as `git diff` finds them by itself, and nothing that attributes or settings hide.
_DIFF = ("-r", "-z", "-M", "-l1000", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none")
_LOG = ("--reverse", "-z", "--no-color", "--no-notes", "--no-decorate", "--no-patch", "--encoding=UTF-8")
_PLAIN_FILE, _LINK = "100", "120000"
_BINARY_WITHIN = 8_000  # where git looks for a NUL: https://git-scm.com/docs/gitattributes#_marking_files_as_binary

# https://docs.github.com/en/account-and-profile/reference/email-addresses-reference#your-noreply-email-address
_NO_REPLY = re.compile(r"(?:[0-9]+\+)?(?P<login>[^@+]+)@users\.noreply\.github\.com", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A commit by the name that somebody gave it."""

    ref: str
    sha: str
    branch: str | None
    """The branch that the name is of, without its remote; None for tags and hashes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A changed file with git's own counts."""

    file: ChangedFile
    is_binary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A commit with who wrote it, as an e-mail address through the repository's mailmap."""

    commit: Commit
    author: str
    name: str = ""
    """What they are called there; the login, where GitHub keeps the address to itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What lies between base and head."""

    base: Point
    head: Point
    common: str | None
    """The commit that both have come from; None when there is none, and the two are compared as trees."""
    files: tuple[Counted, ...]
    commits: tuple[Logged, ...]
    """Those of the head that the base does not have, oldest first."""
    tags: tuple[Tag, ...]
    merged_tags: frozenset[str]
    """Names of those that the base has."""
    base_files: Mapping[str, File | None] = field(default_factory=dict)
    """Files at the base that somebody asked for."""


def change_between(git: Git, base: str, head: str, *, options: tuple[str, str] = ("--base", "--head")) -> Change:
    """Everything that the two refs tell. Raises `NoAnswer`: no such ref, no commits yet, a shallow clone."""
    first, last = point(git, base, options[0]), point(git, head, options[1])
    if git.line("rev-parse", "--is-shallow-repository") == "true":
        raise NoAnswer("this clone is shallow, its history is cut off; type: git fetch --unshallow --tags")
    common = git.line("merge-base", first.sha, last.sha) or None
    return Change(
        base=first,
        head=last,
        common=common,
        files=changed_files(git, common or first.sha, last.sha),
        commits=_commits(git, first.sha, last.sha),
        tags=_tags(git),
        merged_tags=frozenset(
            text(git.ask("for-each-ref", "--format=%(refname:strip=2)", f"--merged={first.sha}", "refs/tags")).split(
                "\n"
            )
        ),
    )


def point(git: Git, ref: str, option: str) -> Point:
    """The commit that a ref names; `option` is what to type another one after. Raises `NoAnswer`."""
    sha = "" if ref.startswith("-") else _verified(git, f"{ref}^{{commit}}")
    if not sha:
        if not git.line("rev-list", "--all", "--max-count=1"):
            raise NoAnswer(f"{git.folder} has no commits yet; make one first")
        raise NoAnswer(f"{ref!r} names no commit in {git.folder}; name a branch, a tag or a hash: {option} REF")
    return Point(ref=ref, sha=sha, branch=_branch(git.line("rev-parse", "--symbolic-full-name", "--quiet", ref)))


def _verified(git: Git, name: str) -> str:
    try:
        return git.line("rev-parse", "--verify", "--quiet", "--end-of-options", name)
    except NoAnswer:
        return ""


def _branch(full: str) -> str | None:
    """`refs/remotes/origin/release/1.0` is the branch `release/1.0`."""
    if full.startswith("refs/heads/"):
        return full.removeprefix("refs/heads/")
    if full.startswith("refs/remotes/"):
        return full.removeprefix("refs/remotes/").partition("/")[2]
    return None


def changed_files(git: Git, before: str, after: str) -> tuple[Counted, ...]:
    """The files that differ between two commits, a renamed one once, as `git diff --numstat` counts them."""
    rows = fields(git.ask("diff-tree", "--numstat", *_DIFF, before, after))
    found: list[Counted] = []
    for row in rows:
        added, removed, path = row.split("\t", 2)
        # A rename leaves the path empty, and two more fields follow: the old name and the new one.
        previous, path = (None, path) if path else (next(rows), next(rows))
        is_binary = added == "-"
        counts = (0, 0) if is_binary else (int(added), int(removed))
        file = ChangedFile(path=path, previous=previous, additions=counts[0], deletions=counts[1])
        found.append(Counted(file=file, is_binary=is_binary))
    return tuple(found)


def files_at(git: Git, sha: str, paths: Collection[str]) -> Mapping[str, File | None]:
    """Each of these paths at a commit; None where there is no file: nothing, a folder or a submodule."""
    entries: dict[str, tuple[str, int]] = {}
    listed = git.ask("ls-tree", "-z", "-l", "--full-tree", sha, "--", *sorted(paths)) if paths else b""
    for row in fields(listed):
        about, _, path = row.partition("\t")
        mode, _kind, id, size = about.split()
        if mode.startswith(_PLAIN_FILE) or mode == _LINK:
            if not size.isdigit():  # `BAD`: a damaged repository, or a partial clone that is offline
                raise NoAnswer(f"{path!r} is not in this repository although {sha[:7]} has it; type: git fsck")
            entries[path] = (id, int(size))
    small = {path: id for path, (id, size) in entries.items() if size <= TEXT_LIMIT and path in paths}
    contents = dict(zip(small, blobs(git, small.values()), strict=True))
    return {
        path: File(path=path, size=entries[path][1], text=_text_of(contents.get(path))) if path in entries else None
        for path in paths
    }


def _text_of(raw: bytes | None) -> str | None:
    return None if raw is None or b"\0" in raw[:_BINARY_WITHIN] else text(raw)


def _commits(git: Git, base: str, head: str) -> tuple[Logged, ...]:
    rows = fields(git.ask("log", *_LOG, "--format=%H%x00%aE%x00%aN%x00%B", f"{base}..{head}", "--"))
    return tuple(
        Logged(
            commit=Commit(sha=sha, message=message, people=frozenset({author.lower()})),
            author=author.lower(),
            name=_name(author, name),
        )
        for sha, author, name, message in zip(rows, rows, rows, rows, strict=True)
    )


def _name(author: str, name: str) -> str:
    found = _NO_REPLY.fullmatch(author)
    return found["login"] if found else name or author


def _tags(git: Git) -> tuple[Tag, ...]:
    """Every tag with the commit it points at, through annotated ones."""
    rows = text(git.ask("for-each-ref", "--format=%(refname:strip=2)%09%(objectname)%09%(*objectname)", "refs/tags"))
    split = (row.split("\t") for row in rows.split("\n") if row)
    return tuple(Tag(name=name, sha=peeled or direct) for name, direct, peeled in split)
