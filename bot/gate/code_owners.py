"""The text of a CODEOWNERS file into who owns what, read as GitHub reads it.

Source: <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.gate.facts import Fact, Unavailable
from bot.gate.owner_patterns import LENGTH_LIMIT, WILDCARD_LIMIT, LastMatch, expression, is_valid, wildcards
from bot.gate.patterns import regex

PATHS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks for the file; the first that is there counts."""
SIZE_LIMIT = 3 * 1024 * 1024
"""Bytes; GitHub does not load a larger file."""
WILDCARDS_IN_ALL = 5_000
"""In one file; each costs time with each changed file."""

# `\` keeps a space, or what would begin a comment, in the pattern.
_LINE = regex(r"(?s)^((?:\\.|[^\\ \t#])+)(?:$|[ \t]([^#]*))")
_USER = regex(r"^@([A-Za-z0-9][A-Za-z0-9_-]{0,99})$")
_TEAM = regex(r"^@([A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9_.-]{1,100})$")
_MAIL = regex(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Who owns the same paths: any one of them may approve."""

    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    """As `org/slug`."""
    by_mail: bool = False
    """Somebody is named by an e-mail address: nothing that we may read tells whose it is."""

    def __bool__(self) -> bool:
        """Whether there is anybody: a line without owners takes ownership away."""
        return bool(self.users or self.teams or self.by_mail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """A line of the file: a pattern, as it is written, and its owners."""

    line: int
    """From 1."""
    pattern: str
    owners: Owners


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOwners:
    """The whole file."""

    lines: tuple[Owned, ...]
    skipped: tuple[int, ...]
    """Numbers of the lines with errors, which GitHub passes over."""


@lru_cache(maxsize=64)
def parse(text: str) -> CodeOwners:
    """What the file says; never raises. Kept, for the same text comes with every pass."""
    # Lines end where git ends them: Python's `splitlines` knows ends that a person does not see.
    rows = [row.strip(" \t\r") for row in text.removeprefix("\ufeff").split("\n")]
    read = {number: _owned(number, row) for number, row in enumerate(rows, 1) if row and not row.startswith("#")}
    return CodeOwners(
        lines=tuple(owned for owned in read.values() if owned),
        skipped=tuple(number for number, owned in read.items() if not owned),
    )


@lru_cache(maxsize=256)
def owned_paths(text: str, paths: frozenset[str]) -> Fact[Mapping[Owners, tuple[str, ...]]]:
    """The paths that have owners, sorted, by who these are: the last line that matches a path counts.

    Unavailable where the patterns ask for more than we compile; never raises.
    """
    lines = parse(text).lines
    if beyond := _beyond_limits(lines):
        return Unavailable(beyond)
    last_match = _last_match(text)
    found: dict[Owners, list[str]] = {}
    for path in sorted(paths):
        number = last_match(path)
        if number is not None and lines[number].owners:
            found.setdefault(lines[number].owners, []).append(path)
    return {owners: tuple(owned) for owners, owned in found.items()}


@lru_cache(maxsize=16)
def _last_match(text: str) -> LastMatch:
    return LastMatch(tuple(expression(owned.pattern) for owned in parse(text).lines))


def _beyond_limits(lines: tuple[Owned, ...]) -> str | None:
    for owned in lines:
        if len(owned.pattern) > LENGTH_LIMIT:
            return f"the pattern in line {owned.line} of CODEOWNERS has more than {LENGTH_LIMIT:,} characters"
        if wildcards(owned.pattern) > WILDCARD_LIMIT:
            return f"the pattern in line {owned.line} of CODEOWNERS has more than {WILDCARD_LIMIT} wildcards"
    if sum(wildcards(owned.pattern) for owned in lines) > WILDCARDS_IN_ALL:
        return f"CODEOWNERS has more than {WILDCARDS_IN_ALL:,} wildcards"
    return None


def _owned(number: int, row: str) -> Owned | None:
    """The line, None when it has an error: a pattern that GitHub refuses, a word that names no owner."""
    match = _LINE.search(row)
    if not match or not is_valid(match[1]):
        return None
    words = (match[2] or "").split()
    if not all(any(known.search(word) for known in (_USER, _TEAM, _MAIL)) for word in words):
        return None
    owners = Owners(
        users=tuple(sorted(set(_named(_USER, words)))),
        teams=tuple(sorted(set(_named(_TEAM, words)))),
        by_mail=any(_MAIL.search(word) for word in words),
    )
    return Owned(line=number, pattern=str(match[1]), owners=owners)


def _named(known: object, words: list[str]) -> Iterator[str]:
    return (str(match[1]) for word in words if (match := known.search(word)))  # type: ignore[attr-defined]
