"""Commits, title, labels and changelog into opinions on the next version, each with the sentence that led to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from semver import Version

from bot.gate.conventional import Message, parse
from bot.gate.declarations import Declaration
from bot.gate.facts import Commit
from bot.gate.labels import found
from bot.gate.markup import code
from bot.gate.reverts import Change, standing, takes_back
from bot.gate.stated import Statement, listed, release_as, stated
from bot.gate.version_numbers import Bump


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One source's opinion and the sentence that led to it."""

    source: str
    bump: Bump
    because: str


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
            because = _quoted(change, change.message.footer or change.message.headline)
            yield Signal(source="commit", bump=bump, because=because)


def bump_of(message: Message) -> Bump | None:
    """Items 1 to 5 of <https://www.conventionalcommits.org/en/v1.0.0/#summary>; `perf` mends something too."""
    if message.is_breaking:
        return Bump.MAJOR
    if message.is_feature:
        return Bump.MINOR
    return Bump.PATCH if message.is_fix else None


def declared_by(changes: Iterable[Change], current: Version, *, names: Sequence[str] = ("",)) -> Iterator[Declaration]:
    """The versions that release commits state, and those that a footer `Release-As:` asks for.

    What takes another commit back states none: with that commit in the range it would be gone.
    """
    for change in changes:
        found = list(_stated_by(change, current, names))
        if found and not takes_back(change):
            breaks = change.message.is_breaking
            because = _quoted(change, change.message.headline)
            yield from (
                Declaration(
                    source="commit", version=one.version, because=because, weight=one.weight, is_breaking=breaks
                )
                for one in found
            )


def _stated_by(change: Change, current: Version, names: Sequence[str]) -> Iterator[Statement]:
    headline = change.message.headline
    if change.message.is_noise and not headline.startswith("Merge "):
        return  # `fixup! chore: release 1.3.0` is gone after the merge
    if not change.message.is_noise and (asked := release_as(change.text, current)):
        yield asked
        return
    for name in names:
        if said := stated(headline, current, name=name):
            yield said
            return
        rows = () if change.message.is_noise else tuple(listed(change.text, current, name=name))
        yield from rows
        if rows:
            return


def of_title(title: str, body: str = "") -> tuple[Signal, ...]:
    """What the pull request's title asks for, and its description where a squash merge keeps it."""
    message = parse(f"{title}\n\n{body}")
    bump = bump_of(message)
    return (Signal(source="title", bump=bump, because=code(message.footer or message.headline)),) if bump else ()


def declared_by_title(title: str, current: Version, *, names: Sequence[str] = ("",)) -> tuple[Declaration, ...]:
    """The version that the title states."""
    message = parse(title)
    if takes_back(Change(sha="", message=message, text=title)):
        return ()
    said = next(filter(None, (stated(message.headline, current, name=name) for name in names)), None)
    return (Declaration(source="title", version=said.version, because=code(title), weight=said.weight),) if said else ()


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


def _quoted(change: Change, sentence: str) -> str:
    return f"{change.sha[:7]} {code(sentence)}" if change.sha else code(sentence)
