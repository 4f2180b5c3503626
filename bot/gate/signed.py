"""Which commit a command speaks of, and whether what was pushed since takes that away."""

from bot.gate.commands import Command
from bot.gate.facts import Comparison, Snapshot
from bot.gate.markup import some
from bot.gate.patterns import paths_match
from bot.gate.rules import Stale


def commit_of(command: Command, snapshot: Snapshot) -> str | None:
    """The commit that a command names, else the head that was published before it was written."""
    if command.commit:
        heads = {snapshot.head_sha} | {head.sha for head in snapshot.heads}
        named = [sha for sha in heads if sha.startswith(command.commit)]
        return named[0] if len(named) == 1 else None
    before = [head for head in snapshot.heads if head.at < command.comment.created_at]
    return max(before, key=lambda head: head.at).sha if before else None


def to_compare(stale: Stale, sha: str | None, snapshot: Snapshot) -> frozenset[str]:
    """The commit, when it decides how the head differs from it and that is not known yet."""
    decides = stale is Stale.CHANGED and sha is not None and sha != snapshot.head_sha
    return frozenset({sha} if decides and sha else ()) - snapshot.comparisons.keys()


def why_stale(stale: Stale, paths: tuple[str, ...], sha: str, snapshot: Snapshot) -> str:
    """Why a push takes away what was said of the commit; empty when it stands."""
    if sha == snapshot.head_sha or stale is Stale.NEVER:
        return ""
    since = f"`{snapshot.head_sha[:7]}` was pushed after `{sha[:7]}` was signed"
    if stale is Stale.PUSH:
        return since
    match snapshot.comparisons.get(sha):
        case Comparison(linear=True, files=files):
            touched = sorted(path for path in files if not paths or paths_match(paths, (path,)))
            return f"{since} and changes {some(touched)}" if touched else ""
        case Comparison():
            return f"the branch was rewritten after `{sha[:7]}` was signed"
        case _:
            return f"{since} and the two can't be compared"
