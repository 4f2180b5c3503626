"""Commits, title, labels and changelog into opinions on the next version, each with the sentence that led to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from semver import Version

from bot.gate.conventional import Message, parse
from bot.gate.facts import Commit
from bot.gate.labels import found
from bot.gate.markup import code
from bot.gate.reverts import Change, standing
from bot.gate.stated import listed_version, release_as, stated_version
from bot.gate.version_numbers import Bump


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One source's opinion and the sentence that led to it."""

    source: str
    bump: Bump
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A version that somebody wrote down as the next one, and where."""

    source: str
    version: Version
    because: str
    is_breaking: bool = False
    """It stands in a commit that breaks something: such a one only declares what is large enough."""


def changes_of(commits: Iterable[Commit]) -> tuple[Change, ...]:
    """The commits that count: no merges, nothing that is taken back in the same range."""
    read = [Change(sha=commit.sha, message=_parsed(commit.message), text=commit.message) for commit in commits]
    return standing(read)


@lru_cache(maxsize=4096)
def _parsed(message: str) -> Message:
    return parse(message)


def of_changes(changes: Iterable[Change]) -> Iterator[Signal]:
    """What the commits ask for; one that says nothing of the kind gives no signal."""
    for change in changes:
        if bump := bump_of(change.message):
            yield Signal(source="commit", bump=bump, because=_quoted(change))


def bump_of(message: Message) -> Bump | None:
    """Items 1 to 5 of <https://www.conventionalcommits.org/en/v1.0.0/#summary>; `perf` mends something too."""
    if message.is_breaking:
        return Bump.MAJOR
    if message.is_feature:
        return Bump.MINOR
    return Bump.PATCH if message.is_fix else None


def declared_by(changes: Iterable[Change], current: Version, *, names: Sequence[str] = ("",)) -> Iterator[Declaration]:
    """The versions that release commits state, and those that a footer `Release-As:` asks for."""
    for change in changes:
        text, headline = change.text, change.message.headline
        version = release_as(text, current) or _first(
            stated_version(headline, current, name=name) or listed_version(text, current, name=name) for name in names
        )
        if version:
            breaks = change.message.is_breaking
            yield Declaration(source="commit", version=version, because=_quoted(change), is_breaking=breaks)


def of_title(title: str, body: str = "") -> tuple[Signal, ...]:
    """What the pull request's title asks for, and its description where a squash merge keeps it."""
    message = parse(f"{title}\n\n{body}")
    bump = bump_of(message)
    return (Signal(source="title", bump=bump, because=code(message.headline)),) if bump else ()


def declared_by_title(title: str, current: Version, *, names: Sequence[str] = ("",)) -> tuple[Declaration, ...]:
    """The version that the title states."""
    version = _first(stated_version(title, current, name=name) for name in names)
    return (Declaration(source="title", version=version, because=code(title)),) if version else ()


def _first(versions: Iterable[Version | None]) -> Version | None:
    return next((version for version in versions if version), None)


def of_labels(names: Mapping[Bump, Sequence[str]], labels: Iterable[str]) -> tuple[Signal, ...]:
    """What the pull request's labels ask for."""
    there = frozenset(labels)
    return tuple(
        Signal(source="label", bump=bump, because=code(label))
        for bump, wanted in names.items()
        for label in wanted
        if found((label,), there)
    )


def declared_by_files(files: Mapping[str, Version], current: Version) -> Iterator[Declaration]:
    """The versions that files carry; what is not above the current one was not set yet."""
    for path, version in files.items():
        if version > current:
            yield Declaration(source="file", version=version, because=code(path))


def _quoted(change: Change) -> str:
    return f"{change.sha[:7]} {code(change.message.headline)}" if change.sha else code(change.message.headline)
