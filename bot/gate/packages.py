"""Packages of one repository → which of them a change touches, which commits speak of each, and what each comes to."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.gate.conventional import parse
from bot.gate.facts import Commit, Fact, Snapshot, Unavailable
from bot.gate.needs import Questions
from bot.gate.patterns import matching, regex
from bot.gate.version import Bump, DeclaredBump, NextVersion, Semver, Subject, next_version
from bot.gate.version_tags import PLACE, merged_version
from bot.gate.version_tags import questions as about_tags

ID_PLACE = "{package}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A part of the repository with a version of its own."""

    id: str
    paths: tuple[str, ...]
    files: tuple[str, ...] = ()
    """Files that carry its version."""
    tag: str = "{package}@{version}"
    scopes: tuple[str, ...] = ()
    """Other names by which commits speak of it."""
    changelog: str | None = None

    @property
    def pattern(self) -> str:
        """What its tags look like."""
        return self.tag.replace(ID_PLACE, self.id)

    @property
    def names(self) -> tuple[str, ...]:
        """What a scope or a release commit may call it, in lower case: `@acme/web@1.2.0` is of `@acme/web`."""
        start = self.pattern.partition(PLACE)[0]
        published = (start[:-1],) if start.endswith("@") and len(start) > 1 else ()
        return tuple(dict.fromkeys(name.lower() for name in (self.id, *published, *self.scopes)))

    def semver(self, whole: Semver) -> Semver:
        """How its version is told: as the rules say, by its own tags and files."""
        return replace(whole, tag=self.pattern, files=self.files, changelog=self.changelog)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageVersion:
    """A package that the change touches, and its next version."""

    package: Package
    version: Fact[NextVersion]


def touched(packages: tuple[Package, ...], snapshot: Snapshot) -> Fact[tuple[Package, ...]]:
    """Those with a changed file below their paths, a renamed one under either name; in the order of the rules."""
    paths = snapshot.changed_paths if packages else frozenset[str]()
    if isinstance(paths, Unavailable):
        return paths
    return tuple(package for package in packages if matching(package.paths, paths))


def versions(
    packages: tuple[Package, ...], semver: Semver, snapshot: Snapshot, command: DeclaredBump | None = None
) -> Fact[tuple[PackageVersion, ...]]:
    """What each touched package comes to. A bump by command is one of all of them."""
    found = touched(packages, snapshot)
    if isinstance(found, Unavailable):
        return found
    return tuple(
        PackageVersion(package=package, version=version_of(package, found, semver, snapshot, command))
        for package in found
    )


def version_of(
    package: Package,
    beside: tuple[Package, ...],
    semver: Semver,
    snapshot: Snapshot,
    command: DeclaredBump | None = None,
) -> Fact[NextVersion]:
    """What one package comes to; `beside` are all that are touched."""
    told = next_version(
        package.semver(semver),
        _spoken_of(package, beside, snapshot),
        command,
        of=Subject(names=package.names, is_alone=len(beside) == 1),
    )
    return told if isinstance(told, Unavailable) else replace(told, package=package.id)


def leading(
    whole: Fact[NextVersion], parts: Fact[tuple[PackageVersion, ...]], semver: Semver, snapshot: Snapshot
) -> Fact[NextVersion]:
    """The version that titles and sign-offs name: the repository's own where it has one, else the greatest step.

    Without a merged tag and without version files of its own a repository of packages has no version.
    """
    merged = merged_version(semver.tag, snapshot)
    if parts == () or semver.files or merged is not None:
        return whole
    if isinstance(parts, Unavailable):
        return parts
    unknown = next((part.version for part in parts if isinstance(part.version, Unavailable)), None)
    known = [part.version for part in parts if not isinstance(part.version, Unavailable)]
    return unknown or max(known, key=lambda version: version.bump.rank)


def highest_bump(whole: Fact[NextVersion], parts: Fact[tuple[PackageVersion, ...]]) -> Fact[Bump]:
    """The greatest step of all that the change releases; unavailable when one of them is."""
    if isinstance(parts, Unavailable):
        return parts
    bumps: list[Bump] = []
    for version in (whole, *(part.version for part in parts)):
        if isinstance(version, Unavailable):
            return version
        bumps.append(version.bump)
    return max(bumps, key=lambda bump: bump.rank)


def questions(packages: tuple[Package, ...], snapshot: Snapshot) -> Questions:
    """What is to be asked about the tags of the touched packages."""
    found, asked = touched(packages, snapshot), Questions()
    for package in () if isinstance(found, Unavailable) else found:
        asked |= about_tags(package.pattern, snapshot)
    return asked


def _spoken_of(package: Package, beside: tuple[Package, ...], snapshot: Snapshot) -> Snapshot:
    """The same with what is said of the package alone."""
    title = snapshot.title if _is_named(package, beside, snapshot.title) else ""
    if isinstance(snapshot.commits, Unavailable):
        return replace(snapshot, title=title)
    commits = tuple(commit for commit in snapshot.commits if _speaks_of(package, beside, commit))
    # A title that repeats what a commit says speaks of what that commit does.
    others = {parse(commit.message).headline for commit in snapshot.commits if commit not in commits}
    return replace(snapshot, commits=commits, title="" if title.strip() in others else title)


def _speaks_of(package: Package, beside: tuple[Package, ...], commit: Commit) -> bool:
    """By the files that it changes where these are known, else by the scope of its headline."""
    if commit.paths:
        return bool(matching(package.paths, commit.paths))
    return _is_named(package, beside, commit.message)


def _is_named(package: Package, beside: tuple[Package, ...], message: str) -> bool:
    """Whether the scope names the package; one that names none of the touched ones speaks of all of them."""
    words = frozenset(_words(parse(message).scope or ""))
    named = [other for other in beside if words.intersection(other.names)]
    return not named or package in named


def _words(scope: str) -> Iterator[str]:
    return (word.lower() for word in regex(r"[^\s,|]+").findall(scope))
