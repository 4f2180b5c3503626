"""Which files an owner has approved into a finding: what is missing, whose approval, and what to type."""

from collections.abc import Mapping
from dataclasses import replace

from bot.gate.code_owners import PATHS, SIZE_LIMIT, Owners, parse
from bot.gate.facts import Fact, File, Snapshot, Unavailable
from bot.gate.finding import Finding, State, Who, met, unknown
from bot.gate.markup import code, listed, some
from bot.gate.owner_reviews import OwnedFiles, approvals, approved_files, of_head, owned_files

_MOST_SHOWN = 5
_WANTED = "who owns the changed files"


def finding(snapshot: Snapshot) -> Finding:
    """Whether each changed file that has code owners is approved, at this head, by one of them."""
    file, base = snapshot.code_owners, code(snapshot.base_ref)
    if file is None:
        do = f"add {code(PATHS[0])} to {base}, with a line such as `* @org/team`"
        return _unmet(seen=f"there is no CODEOWNERS at {base}", wanted=_WANTED, do=do, who=Who.ADMIN)
    if isinstance(file, File) and file.size > SIZE_LIMIT:
        seen = f"{code(file.path)} at {base} has more than 3 MB, so GitHub does not load it"
        return _unmet(seen=seen, wanted=_WANTED, do="make it smaller", who=Who.ADMIN)
    owned = owned_files(snapshot)
    if isinstance(owned, Unavailable):
        return unknown(because=owned.because, wanted=_WANTED)
    said = _judged(owned, snapshot) if owned else met(seen="no changed file has code owners")
    return replace(said, seen=said.seen + _passed_over(file))


def _judged(owned: Mapping[Owners, tuple[str, ...]], snapshot: Snapshot) -> Finding:
    approved = approved_files(owned, snapshot)
    if isinstance(approved, Unavailable):
        return unknown(because=approved.because, wanted="the reviews")
    if missing := [one for one in approved if one.approved_at is None]:
        return _missing(missing, sum(map(len, owned.values())), snapshot)
    instants = []
    for one in approved:
        if isinstance(one.approved_at, Unavailable):
            return unknown(because=one.approved_at.because, wanted="the reviewers' teams")
        instants += [one.approved_at] if one.approved_at else []
    return met(seen="code owners approved every changed file that they own", at=max(instants))


def _missing(missing: list[OwnedFiles], count: int, snapshot: Snapshot) -> Finding:
    author = (snapshot.author or "").lower()
    barred = [one for one in missing if not _able(one.owners, author)]
    review = ["review the pull request and approve it"] if len(barred) < len(missing) else []
    change = [f"name one in CODEOWNERS at {code(snapshot.base_ref)}, by login or team"] if barred else []
    waiting = sum(len(one.files) for one in missing)
    return _unmet(
        seen=f"a code owner has yet to approve {waiting} of {count} owned files at this head{_older(snapshot)}",
        wanted="; ".join(_cut([f"{_wanted(one.owners, author)} for {some(one.files)}" for one in missing])),
        do="; ".join([*review, *change]),
        who=Who.REVIEWER if review else Who.ADMIN,
    )


def _able(owners: Owners, author: str) -> list[str]:
    """Teams, and people by login, but the author, whose own review does not count."""
    return [code(name) for name in (*owners.teams, *owners.users) if name.lower() != author]


def _wanted(owners: Owners, author: str) -> str:
    if able := _able(owners, author):
        return listed(_cut(able), last="or")
    if owners.users:
        return f"an owner besides {code(owners.users[0])}, who opened the pull request,"
    return "an owner who is not named by e-mail, for that tells nobody's login,"


def _older(snapshot: Snapshot) -> str:
    found = approvals(snapshot)
    if isinstance(found, Unavailable) or of_head(found, snapshot) or not found:
        return ""
    return f"; an older head was approved by {listed(_cut([code(review.author or '') for review in found]))}"


def _passed_over(file: Fact[File]) -> str:
    """Somebody may rely on a line with an error."""
    skipped = parse(file.text).skipped if isinstance(file, File) and file.text else ()
    lines = f"line{'s' if len(skipped) > 1 else ''} {listed(_cut([str(line) for line in skipped]))}"
    return f"; CODEOWNERS has errors that GitHub passes over, in {lines}" if skipped else ""


def _cut(words: list[str]) -> list[str]:
    more = [f"{len(words) - _MOST_SHOWN} more"] if len(words) > _MOST_SHOWN else []
    return [*words[:_MOST_SHOWN], *more]


def _unmet(*, seen: str, wanted: str, do: str, who: Who) -> Finding:
    return Finding(state=State.UNMET, seen=seen, wanted=wanted, do=do, who=who)
