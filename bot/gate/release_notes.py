"""The commits of a release into what its notes say: entries by kind, without what was taken back, and who made it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.gate.conventional import Message, parse, what_breaks
from bot.gate.facts import Commit
from bot.gate.signals import changes_of
from bot.gate.stated import is_release


class Kind(StrEnum):
    """What an entry is, in the order of the notes."""

    BREAKING = "breaking"
    FEATURE = "feature"
    FIX = "fix"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change."""

    kind: Kind
    scope: str
    text: str
    sha: str
    numbers: tuple[int, ...] = ()
    """Pull requests that it came with."""
    breaks: str = ""
    """What the footer says of the breaking change."""


# What GitHub's buttons write: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges
_MERGED = re.compile(r"Merge pull request #([0-9]{1,9}) from \S+")
_SQUASHED = re.compile(r"\(#([0-9]{1,9})\)$")
_MOST_NUMBERS = 5
"""Of one entry; a backport of a backport has three."""
_MACHINES = frozenset({"web-flow", "ghost"})


def entries(commits: Iterable[Commit]) -> tuple[Entry, ...]:
    """Every change that stands, in the order of the commits; one that came by several commits of one title, once."""
    found: dict[tuple[str, str], Entry] = {}
    for change in changes_of(commits):
        if is_release(change.message.headline):
            continue
        entry = _merged(change.sha, change.text) if change.message.is_noise else _entry(change.sha, change.text)
        if entry is None:
            continue
        key = (entry.scope, entry.text)
        first = found.get(key, entry)
        numbers = tuple(dict.fromkeys((*first.numbers, *entry.numbers)))
        louder = min(first, entry, key=lambda one: tuple(Kind).index(one.kind))
        found[key] = Entry(
            kind=louder.kind,
            scope=first.scope,
            text=first.text,
            sha=first.sha,
            numbers=numbers,
            breaks=first.breaks or entry.breaks,
        )
    return tuple(found.values())


def contributors(commits: Iterable[Commit]) -> tuple[str, ...]:
    """People by login, without bots and the account by which GitHub commits for others."""
    logins = {login for commit in commits for login in commit.people}
    return tuple(sorted((one for one in logins if one not in _MACHINES and not one.endswith("[bot]")), key=str.lower))


def _merged(sha: str, text: str) -> Entry | None:
    """What a merge commit of a pull request brings: its title stands below the headline. None for other merges."""
    headline, _, body = text.strip().partition("\n")
    found = _MERGED.match(headline)
    title = next((line.strip() for line in body.splitlines() if line.strip()), "")
    if found is None or not title:
        return None
    # It counts as little as for the version: the commits that it merges are in the range themselves.
    return replace(_entry(sha, title, int(found[1])), kind=Kind.OTHER)


def _entry(sha: str, text: str, *numbers: int) -> Entry:
    message = parse(text)
    # A revert of what is not in the range says of what it is one.
    headline = message.headline if message.type in {None, "revert"} else message.description
    while len(numbers) < _MOST_NUMBERS and (squashed := _SQUASHED.search(headline)):
        headline, numbers = headline[: squashed.start()].rstrip(), (int(squashed[1]), *numbers)
    return Entry(
        kind=_kind(message),
        scope=message.scope or "",
        text=headline or message.headline,
        sha=sha,
        numbers=numbers,
        breaks="; ".join(what_breaks(text)) if message.is_breaking else "",
    )


def _kind(message: Message) -> Kind:
    if message.is_breaking:
        return Kind.BREAKING
    if message.is_feature:
        return Kind.FEATURE
    return Kind.FIX if message.is_fix or message.type == "security" else Kind.OTHER
