"""Changed files, CODEOWNERS and reviews into which files an owner has approved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.gate.code_owners import Owners, owned_paths
from bot.gate.facts import Fact, Review, Snapshot, Unavailable
from bot.gate.markup import code
from bot.gate.needs import Questions


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedFiles:
    """Changed files with the same owners."""

    owners: Owners
    files: tuple[str, ...]
    approved_at: Fact[datetime | None]
    """When an owner first approved the current head; None: nobody did yet."""


def approvals(snapshot: Snapshot) -> Fact[tuple[Review, ...]]:
    """The approving reviews, of whatever head, that count: neither the author's nor an App's."""
    if isinstance(snapshot.reviews, Unavailable):
        return snapshot.reviews
    author = (snapshot.author or "").lower()
    return tuple(
        review
        for review in snapshot.reviews
        if review.is_approval and review.author and not review.is_bot and review.author.lower() != author
    )


def of_head(found: tuple[Review, ...], snapshot: Snapshot) -> tuple[Review, ...]:
    """Those that looked at what is there now."""
    return tuple(review for review in found if review.sha == snapshot.head_sha)


def owned_files(snapshot: Snapshot) -> Fact[Mapping[Owners, tuple[str, ...]]]:
    """The changed files that have owners, by who these are; a renamed file counts under both names.

    Without a CODEOWNERS nobody owns anything.
    """
    file, paths = snapshot.code_owners, snapshot.changed_paths
    if isinstance(file, Unavailable):
        return file
    if isinstance(paths, Unavailable):
        return paths
    if file is None:
        return {}
    if file.text is None:
        return Unavailable(f"GitHub does not show the text of {code(file.path)}")
    return owned_paths(file.text, paths)


def approved_files(owned: Mapping[Owners, tuple[str, ...]], snapshot: Snapshot) -> Fact[tuple[OwnedFiles, ...]]:
    """Whether one of their owners approved the current head."""
    found = approvals(snapshot)
    if isinstance(found, Unavailable):
        return found
    current = of_head(found, snapshot)
    return tuple(
        OwnedFiles(owners=owners, files=files, approved_at=_approved_at(owners, current, snapshot))
        for owners, files in owned.items()
    )


def questions(snapshot: Snapshot) -> Questions:
    """Whose membership decides: that of who approved the head, in teams that own changed files."""
    owned, found = owned_files(snapshot), approvals(snapshot)
    if isinstance(owned, Unavailable) or isinstance(found, Unavailable):
        return Questions()
    logins = {review.author or "" for review in of_head(found, snapshot)}
    asked = {
        (team, login) for owners in owned for login in logins for team in owners.teams if not _named(owners, login)
    }
    return Questions(memberships=frozenset(asked) - snapshot.memberships.keys())


def _approved_at(owners: Owners, current: tuple[Review, ...], snapshot: Snapshot) -> Fact[datetime | None]:
    answers = [(review.at, _is_owner(owners, review.author or "", snapshot)) for review in current]
    if owning := [at for at, answer in answers if answer is True]:
        return min(owning)
    return next((answer for _, answer in answers if isinstance(answer, Unavailable)), None)


def _is_owner(owners: Owners, login: str, snapshot: Snapshot) -> Fact[bool]:
    if _named(owners, login):
        return True
    because = f"whether {code(login)} is in {{}} is not known"
    known = snapshot.memberships
    answers = [known.get((team, login), Unavailable(because.format(code(team)))) for team in owners.teams]
    if any(answer is True for answer in answers):
        return True
    return next((answer for answer in answers if isinstance(answer, Unavailable)), False)


def _named(owners: Owners, login: str) -> bool:
    """Whether they are owners by their login, so that no team matters."""
    return login.lower() in {user.lower() for user in owners.users}
