"""Which version the change makes, and why: every signal with the sentence that led to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from semver import Version

from bot.gate import signals as told
from bot.gate import version_findings as findings
from bot.gate.declarations import Declaration, counting
from bot.gate.facts import Fact, File, Snapshot, Unavailable
from bot.gate.finding import Finding
from bot.gate.markup import code
from bot.gate.signals import Signal
from bot.gate.version_files import declared_in, unread_in
from bot.gate.version_numbers import Bump, grown, reaches, step
from bot.gate.version_tags import fitting, merged_version, tag_of

__all__ = ["Bump", "NextVersion", "Semver", "Signal", "Zero", "decide", "next_version"]


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
    squash: bool = False
    """A squash merge keeps the pull request's title and description only, so these replace the commits."""
    changelog: str | None = None
    """A file whose new section has an opinion too."""
    labels: Mapping[Bump, tuple[str, ...]] = field(default_factory=dict)
    override_by: tuple[str, ...] = ()
    """Roles that may declare the bump with `/bump`."""

    @property
    def read(self) -> frozenset[str]:
        """Every file that is read at the head."""
        return frozenset(filter(None, (*self.files, self.changelog)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredBump:
    """Somebody's word on the version."""

    bump: Bump
    login: str
    at: datetime
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the version is of, where a repository holds several packages."""

    names: tuple[str, ...] = ("",)
    """What release commits may call it; the empty name is that of the whole repository."""
    is_alone: bool = True
    """Nothing else is released with it, so that a release commit need not name it."""


WHOLE = Subject()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextVersion:
    """What comes next, and which signals say so."""

    current: str
    next: str
    bump: Bump
    """The difference of the two."""
    signals: tuple[Signal, ...] = ()
    computed: Bump | None = None
    """What the signals ask for by themselves."""
    declared: tuple[Declaration, ...] = ()
    """Who declared the next version; the first one's counts. None: it is computed."""
    problems: tuple[Finding, ...] = ()
    """What is inconsistent, and blocks."""
    least: str = ""
    """What has to be declared at least, where too little is declared."""
    package: str = ""
    """The id of the package that it is of; empty for the whole repository's."""

    @property
    def needed(self) -> str:
        """What everything that declares a version has to say."""
        return self.least or self.next

    @property
    def disagreement(self) -> tuple[tuple[str, Bump], ...]:
        """The highest that each source of signals asks for, where they ask for different ones; else nothing."""
        highest: dict[str, Bump] = {}
        for signal in self.signals:
            highest[signal.source] = max(highest.get(signal.source, signal.bump), signal.bump, key=lambda one: one.rank)
        return (
            tuple(sorted(highest.items(), key=lambda one: (-one[1].rank, one[0])))
            if len(set(highest.values())) > 1
            else ()
        )

    def __str__(self) -> str:
        """The way titles say it: `1.3.0 (minor)`, `web 1.3.0 (minor)`."""
        return f"{self.package} {self.next} ({self.bump})".lstrip()


def next_version(
    semver: Semver, snapshot: Snapshot, command: DeclaredBump | None = None, *, of: Subject = WHOLE
) -> Fact[NextVersion]:
    """What the snapshot and what somebody declared come to; unavailable when anything is that has a say."""
    current = _current(semver, snapshot)
    files = declared_in({path: _file(snapshot, path) for path in semver.files})
    if isinstance(current, Unavailable):
        return current
    said = _said(semver, snapshot, current, of)
    if isinstance(said, Unavailable):
        return said
    beside = _beside(semver, snapshot, current)
    if isinstance(beside, Unavailable):
        return beside
    if isinstance(files, Unavailable):
        return files
    signals, declarations = said
    version = decide(
        semver.zero,
        current,
        (*signals, *beside),
        (*_by_command(command, current), *told.declared_by_files(files, current), *declarations),
    )
    needed = Version.parse(version.needed)
    name = tag_of(semver.tag, needed)
    unread = unread_in({path: _file(snapshot, path) for path in semver.files}, snapshot.base_files)
    problems = (
        *findings.unread(unread, needed),
        *findings.of_files(files, current, needed),
        *findings.tagged(name, fitting(semver.tag, snapshot), snapshot.head_sha),
    )
    return replace(version, problems=(*version.problems, *problems))


def decide(
    zero: Zero, current: Version, signals: Iterable[Signal], declarations: Iterable[Declaration] = ()
) -> NextVersion:
    """The next version: the declared one, else the current one grown by the highest signal, a patch without any.

    Neither the order of the signals nor that of the declarations matters for the answer.
    """
    said = tuple(signals)
    asked = max((signal.bump for signal in said), key=lambda bump: bump.rank, default=Bump.PATCH)
    computed = _applied(zero, current, asked)
    wanted = grown(current, computed)
    declared = counting(declarations, current, asked=asked, computed=computed)
    following = declared[0].version if declared else wanted
    is_low = bool(declared) and not reaches(following, current, computed)
    return NextVersion(
        current=str(current),
        next=str(following),
        bump=step(current, following),
        least=str(wanted) if is_low else "",
        signals=said,
        computed=computed,
        declared=declared,
        problems=(findings.too_low(declared, wanted, said),) if is_low else (),
    )


def unchanged(version: NextVersion) -> NextVersion:
    """The same where nothing has changed: what says nothing, and is declared by nobody, is no patch."""
    if version.signals or version.declared:
        return version
    return replace(version, next=version.current, least="", bump=Bump.PATCH, problems=())


def _current(semver: Semver, snapshot: Snapshot) -> Fact[Version]:
    """That of the highest merged tag; none: of the first version file at the base; none: `initial`."""
    merged = merged_version(semver.tag, snapshot)
    if merged is not None:
        return merged
    unread = {path: Unavailable(f"{code(path)} at the base was not read") for path in semver.files}
    carried = declared_in({path: snapshot.base_files.get(path, unread[path]) for path in semver.files})
    if isinstance(carried, Unavailable):
        return carried
    return next(iter(carried.values()), Version.parse(semver.initial))


def _said(
    semver: Semver, snapshot: Snapshot, current: Version, of: Subject
) -> Fact[tuple[tuple[Signal, ...], tuple[Declaration, ...]]]:
    """What the messages ask for and declare: those that will stand on the base after the merge."""
    if semver.squash:
        # The text of a bot's pull request is mostly others' changelogs.
        body = "" if snapshot.author_is_bot is True else snapshot.body
        if isinstance(body, Unavailable):
            return body
        title = snapshot.title if of.is_alone or _names(of, snapshot.title) else ""
        return told.of_title(snapshot.title, body), told.declared_by_title(title, current, names=of.names)
    if isinstance(snapshot.commits, Unavailable):
        return snapshot.commits
    changes = told.changes_of(snapshot.commits)
    # A pull request of one commit is called what the commit is: that is one opinion.
    is_known = any(change.message.headline == snapshot.title.strip() for change in changes)
    by_title = () if is_known else told.of_title(snapshot.title)
    stating = [change for change in changes if of.is_alone or _names(of, change.text)]
    return (*told.of_changes(changes), *by_title), tuple(told.declared_by(stating, current, names=of.names))


def _names(of: Subject, text: str) -> bool:
    lowered = text.lower()
    return any(name in lowered for name in of.names)


def _by_command(command: DeclaredBump | None, current: Version) -> tuple[Declaration, ...]:
    if command is None:
        return ()
    because = f"`/bump {command.bump}` by {code(command.login)}: {code(command.because, limit=200)}"
    return (Declaration(source="command", version=grown(current, command.bump), because=because),)


def _beside(semver: Semver, snapshot: Snapshot, current: Version) -> Fact[tuple[Signal, ...]]:
    """What labels and changelog ask for; what nobody asks about can't be missing."""
    from bot.gate.changelog import of_changelog  # Markdown: most of the start-up time of `release-gate bump`

    labels = snapshot.labels if semver.labels else frozenset[str]()
    if isinstance(labels, Unavailable):
        return labels
    changelog = _file(snapshot, semver.changelog) if semver.changelog else None
    if isinstance(changelog, Unavailable):
        return changelog
    headings = of_changelog(changelog.path, changelog.text or "", current) if changelog else ()
    return (*told.of_labels(semver.labels, labels), *headings)


def _file(snapshot: Snapshot, path: str) -> Fact[File | None]:
    return snapshot.files.get(path, Unavailable(f"{code(path)} was not read"))


def _applied(zero: Zero, current: Version, bump: Bump) -> Bump:
    """Before 1.0.0 a breaking change is a minor and a feature a patch, unless the rules say `strict`."""
    if current.major > 0 or zero is Zero.STRICT:
        return bump
    return Bump.MINOR if bump is Bump.MAJOR else Bump.PATCH
