"""A change into the same change whose commits know what they change."""

from collections.abc import Iterator
from dataclasses import replace

from bot.local.git import Git, fields
from bot.local.history import Change

_LOG = ("-z", "--no-color", "--no-notes", "--no-decorate", "--encoding=UTF-8", "--no-renames", "--name-only")


def with_paths(git: Git, change: Change) -> Change:
    """A renamed file counts under both names; a merge changes nothing by itself."""
    found: dict[str, set[str]] = {}
    for sha, path in _changed(git, change):
        found.setdefault(sha, set()).add(path)
    commits = tuple(
        replace(logged, commit=replace(logged.commit, paths=frozenset(found.get(logged.commit.sha, ()))))
        for logged in change.commits
    )
    return replace(change, commits=commits)


def _changed(git: Git, change: Change) -> Iterator[tuple[str, str]]:
    """Pairs of a commit and a path. Nothing stands before a hash, and no path is nothing."""
    sha, is_next = "", False
    for field in fields(git.ask("log", *_LOG, "--format=%x00%H", f"{change.base.sha}..{change.head.sha}", "--")):
        if is_next and field:
            sha, is_next = field, False
        elif not field:
            is_next = True
        else:
            yield sha, field.removeprefix("\n")
