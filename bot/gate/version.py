"""Which version the change makes, and why: every signal with the sentence that led to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from semver import Version

from bot.gate.conventional import breaking, kind_of
from bot.gate.facts import Fact, Snapshot, Tag, Unavailable
from bot.gate.labels import found
from bot.gate.markup import code


class Bump(StrEnum):
    """How much the version grows, <https://semver.org/spec/v2.0.0.html>."""

    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"

    @property
    def rank(self) -> int:
        """Larger is more."""
        return tuple(Bump).index(self)


class Zero(StrEnum):
    """What a breaking change means before 1.0.0."""

    MINOR = "minor"
    STRICT = "strict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Semver:
    """How versions are told."""

    tag: str = "v{version}"
    files: tuple[str, ...] = ()
    """Files that carry the version."""
    initial: str = "0.0.0"
    zero: Zero = Zero.MINOR
    labels: Mapping[Bump, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One source's opinion and the sentence that led to it."""

    source: str
    bump: Bump
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextVersion:
    """What comes next, and which signals say so."""

    current: str
    next: str
    bump: Bump
    signals: tuple[Signal, ...] = ()

    def __str__(self) -> str:
        """The way titles say it: `1.3.0 (minor)`."""
        return f"{self.next} ({self.bump})"


def next_version(semver: Semver, snapshot: Snapshot) -> Fact[NextVersion]:
    """Current version and the highest signal; unavailable when tags or commits are."""
    current = _current(semver, snapshot)
    if isinstance(current, Unavailable):
        return current
    if isinstance(snapshot.commits, Unavailable):
        return snapshot.commits
    labels = snapshot.labels if semver.labels else frozenset[str]()  # what nobody asks about can't be missing
    if isinstance(labels, Unavailable):
        return labels
    signals = (
        *(signal for commit in snapshot.commits for signal in _commit_signal(commit.sha, commit.message)),
        *_label_signals(semver, labels),
    )
    wanted = max((signal.bump for signal in signals), key=lambda bump: bump.rank, default=Bump.PATCH)
    bump = _applied(semver, current, wanted)
    return NextVersion(current=str(current), next=str(_grown(current, bump)), bump=bump, signals=signals)


def highest_open_tag(semver: Semver, snapshot: Snapshot) -> Tag | None:
    """The tag to ask about next: the highest one, as long as every higher one turned out not to be merged."""
    for tag in _by_version(semver, snapshot.tags):
        if tag.name not in snapshot.merged_tags:
            return tag
        if snapshot.merged_tags[tag.name] is not False:
            return None
    return None


def _current(semver: Semver, snapshot: Snapshot) -> Fact[Version]:
    """The highest tag of the pattern that is merged into the base; none: `initial`."""
    if isinstance(snapshot.tags, Unavailable):
        return snapshot.tags
    for tag in _by_version(semver, snapshot.tags):
        merged = snapshot.merged_tags.get(tag.name, Unavailable(f"whether {code(tag.name)} is merged is not known"))
        if isinstance(merged, Unavailable):
            return merged
        if merged:
            return _version_of(semver, tag) or Version.parse(semver.initial)
    return Version.parse(semver.initial)


def _by_version(semver: Semver, tags: Fact[tuple[Tag, ...]]) -> list[Tag]:
    """The tags of the pattern, highest version first, pre-releases left out."""
    if isinstance(tags, Unavailable):
        return []
    known = [(version, tag) for tag in tags if (version := _version_of(semver, tag))]
    return [tag for _, tag in sorted(known, key=lambda pair: pair[0], reverse=True)]


def _version_of(semver: Semver, tag: Tag) -> Version | None:
    prefix, _, suffix = semver.tag.partition("{version}")
    if not (tag.name.startswith(prefix) and tag.name.endswith(suffix)):
        return None
    text = tag.name[len(prefix) : len(tag.name) - len(suffix)]
    version = Version.parse(text) if Version.is_valid(text) else None
    return version if version and not version.prerelease else None


def _commit_signal(sha: str, message: str) -> tuple[Signal, ...]:
    headline = message.partition("\n")[0]
    because = f"{sha[:7]} {code(headline)}"
    if breaking(message):
        return (Signal(source="commit", bump=Bump.MAJOR, because=because),)
    match kind_of(headline):
        case "feat":
            return (Signal(source="commit", bump=Bump.MINOR, because=because),)
        case "fix" | "perf":
            return (Signal(source="commit", bump=Bump.PATCH, because=because),)
        case _:
            return ()


def _label_signals(semver: Semver, labels: frozenset[str]) -> tuple[Signal, ...]:
    return tuple(
        Signal(source="label", bump=bump, because=code(label))
        for bump, names in semver.labels.items()
        for label in names
        if found((label,), labels)
    )


def _applied(semver: Semver, current: Version, bump: Bump) -> Bump:
    """Before 1.0.0 a breaking change is a minor and a feature a patch, unless the rules say `strict`."""
    if current.major > 0 or semver.zero is Zero.STRICT:
        return bump
    return Bump.MINOR if bump is Bump.MAJOR else Bump.PATCH


def _grown(current: Version, bump: Bump) -> Version:
    grow = {Bump.MAJOR: current.bump_major, Bump.MINOR: current.bump_minor, Bump.PATCH: current.bump_patch}
    return grow[bump]()
