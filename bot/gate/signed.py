"""Which commit a command speaks of, and whether what was pushed since takes that away."""

from datetime import datetime

from bot.gate.commands import Command
from bot.gate.differences import Comparison, OwnChange, OwnFile
from bot.gate.facts import Snapshot, Unavailable
from bot.gate.markup import code, some
from bot.gate.needs import Questions
from bot.gate.patterns import matching
from bot.gate.rules import Stale


def commit_of(command: Command, snapshot: Snapshot) -> str | None:
    """The commit that a command names; else the one that its review is of, or that was published before its comment."""
    comment = command.comment
    before = [head for head in snapshot.heads if head.at < comment.created_at]
    if command.commit:
        fitting = [sha for sha in _commits(snapshot) | {comment.sha or ""} if sha.startswith(command.commit)]
        known = {comment.sha, *(head.sha for head in before)}
        is_whole = command.commit in {snapshot.head_sha, comment.sha, *(head.sha for head in snapshot.heads)}
        # A later commit can be made to begin with any seven digits, so only all forty name what was not shown before.
        return fitting[0] if len(fitting) == 1 and (is_whole or fitting[0] in known) else None
    if comment.review:
        return comment.sha
    return max(before, key=lambda head: head.at).sha if before else None


def short(sha: str, snapshot: Snapshot) -> str:
    """As much of a commit's name as tells it from all others of the pull request, seven digits at least."""
    others = _commits(snapshot) - {sha}
    return next(sha[:length] for length in range(7, 41) if not any(one.startswith(sha[:length]) for one in others))


def _commits(snapshot: Snapshot) -> frozenset[str]:
    """All commits of the pull request that are known: those that it has, and heads that it had."""
    commits = () if isinstance(snapshot.commits, Unavailable) else snapshot.commits
    heads = (head.sha for head in snapshot.heads)
    return frozenset({snapshot.head_sha, *heads, *(commit.sha for commit in commits)})


def to_compare(stale: Stale, paths: tuple[str, ...], sha: str | None, snapshot: Snapshot) -> Questions:
    """What decides how the head differs from the commit and is not known yet."""
    if stale is not Stale.CHANGED or sha is None or sha == snapshot.head_sha:
        return Questions()
    if sha not in snapshot.comparisons:
        return Questions(comparisons=frozenset({sha}))
    if _untouched(paths, sha, snapshot):
        return Questions()
    if paths and snapshot.changes is None and _is_linear(sha, snapshot):
        return Questions(changes=True)
    return Questions(own_changes=frozenset({sha, snapshot.head_sha}) - snapshot.own_changes.keys())


def why_stale(stale: Stale, paths: tuple[str, ...], sha: str, snapshot: Snapshot, *, was: str = "signed") -> str:
    """Why a push takes away what was said of the commit; empty when it stands.

    It stands when nothing under the paths was pushed since, or when what the pull request itself changes there is the
    same as then: a clean rebase and a merge of the base bring in what is approved already.
    """
    if sha == snapshot.head_sha or stale is Stale.NEVER:
        return ""
    since = f"`{snapshot.head_sha[:7]}` was pushed after `{sha[:7]}` was {was}"
    if stale is Stale.PUSH:
        return since
    if _untouched(paths, sha, snapshot):
        return ""
    then, now = snapshot.own_changes.get(sha), snapshot.own_changes.get(snapshot.head_sha)
    if isinstance(then, OwnChange) and isinstance(now, OwnChange):
        changed = _fitting(paths, _differing(then, now) | _touched_otherwise(then, now, sha, snapshot))
        return f"{since} and changes {some(changed)}" if changed else ""
    match snapshot.comparisons.get(sha):
        case Comparison(linear=True, files=files) if changed := _fitting(paths, files):
            return f"{since} and changes {some(changed)}"
        case Comparison(linear=True):
            return f"{since} and the two can't be compared"
        case Comparison():
            return f"the branch was rewritten after `{sha[:7]}` was {was}, and the two can't be compared"
        case _:
            return f"{since} and the two can't be compared"


def why_rebased(at: datetime, snapshot: Snapshot, *, was: str = "signed") -> str:
    """Why a later change of the base branch takes away what was said then; empty when it stands.

    What people approve is the change of the base that the pull request had: of another one they said nothing, even
    though it be the same commit.
    """
    change = snapshot.base_change
    if isinstance(change, Unavailable):
        return f"it can't be told whether the base was changed after it was {was}: {change.because}"
    # Within one second nobody can tell which came first.
    if change is None or change.at < at:
        return ""
    return f"the base was changed from {code(change.before)} to {code(change.after)} after it was {was}"


def _untouched(paths: tuple[str, ...], sha: str, snapshot: Snapshot) -> bool:
    """Whether the head was built on top of the commit, and nothing under the paths changed in between."""
    match snapshot.comparisons.get(sha):
        case Comparison(linear=True, files=files):
            return not _fitting(paths, files) and not (files and paths and _may_move(paths, snapshot))
        case _:
            return False


def _is_linear(sha: str, snapshot: Snapshot) -> bool:
    comparison = snapshot.comparisons.get(sha)
    return isinstance(comparison, Comparison) and comparison.linear


def _may_move(paths: tuple[str, ...], snapshot: Snapshot) -> bool:
    """Whether the pull request may have moved something away from under the paths, which goes by another name now."""
    changes = snapshot.changes
    if changes is None or isinstance(changes, Unavailable):
        return True
    # A file that loses lines only may be gone, and be another one's old name that GitHub does not recognise.
    gone = frozenset(file.previous or file.path for file in changes if file.previous or not file.additions)
    return bool(_fitting(paths, gone))


def _fitting(globs: tuple[str, ...], paths: frozenset[str]) -> tuple[str, ...]:
    """The paths that fit. A submodule is listed as a file, and what is below it counts, so each may be a folder too."""
    if not globs:
        return tuple(sorted(paths))
    fitting = matching(globs, paths | {f"{path}/" for path in paths})
    return tuple(sorted({path.removesuffix("/") for path in fitting}))


def _differing(then: OwnChange, now: OwnChange) -> frozenset[str]:
    """The files that the pull request changes otherwise than before; a renamed one under both names."""
    is_same_base = then.merge_base == now.merge_base
    return frozenset(
        name
        for path in then.files.keys() | now.files.keys()
        for before, after in [(then.files.get(path), now.files.get(path))]
        if not _is_same(before, after, is_same_base=is_same_base)
        for name in (path, *(file.previous for file in (before, after) if file))
        if name
    )


def _touched_otherwise(then: OwnChange, now: OwnChange, sha: str, snapshot: Snapshot) -> frozenset[str]:
    """Own files that were pushed since though they hold what they held: made executable, or a symbolic link."""
    match snapshot.comparisons.get(sha):
        case Comparison(linear=True, files=files):
            both = files & then.files.keys() & now.files.keys()
            return frozenset(path for path in both if then.files[path].blob == now.files[path].blob)
        case _:
            return frozenset()


def _is_same(then: OwnFile | None, now: OwnFile | None, *, is_same_base: bool) -> bool:
    """Whether a file is changed in the same way.

    On one base the contents tell, for the same lines may be put elsewhere. On another base the contents differ where
    the base brought something: there the changed lines have to be the same, with those around them.
    """
    if (
        then is None
        or now is None
        or (then.status, then.previous, then.mode)
        != (
            now.status,
            now.previous,
            now.mode,
        )
    ):
        return False
    if is_same_base or then.is_alone or then.hunks is None or now.hunks is None:
        return then.blob is not None and then.blob == now.blob
    return then.hunks == now.hunks
