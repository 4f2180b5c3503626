"""Two refs of a local repository into the next version: everything `release-gate bump` reads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot import builtin
from bot.gate.facts import Fact, Snapshot, Unavailable
from bot.gate.packages import Package, touched, version_of
from bot.gate.patterns import regex
from bot.gate.rules import RULES_FILES, BrokenRules, Rules
from bot.gate.version import NextVersion, Semver, next_version, unchanged
from bot.gate.version_files import declared_in
from bot.gate.version_tags import PLACE
from bot.gate.version_tags import version_of as version_of_tag
from bot.local.git import Git, NoAnswer, opened
from bot.local.history import Change, change_between, files_at
from bot.local.paths import with_paths
from bot.local.releases import ORDINARY
from bot.local.snapshot import snapshot_of
from bot.rules import parse

_VERSIONED = regex(r"(?P<before>.*?)[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*")
_VERSION_FILES = (
    "package.json",
    "pyproject.toml",
    "Cargo.toml",
    "composer.json",
    "pubspec.yaml",
    "setup.cfg",
    "VERSION",
)
"""Where projects keep their version, at the root."""


def version_between(
    folder: Path, *, first: str, last: str, config: Path | None, at: datetime, package: str = ""
) -> NextVersion:
    """What the commits after `first` up to `last` make of the repository or of one package.

    A package that they don't touch comes next as it is. Raises `NoAnswer`: no such folder, ref or package, rules with
    faults.
    """
    git = opened(folder)
    change = change_between(git, first, last, options=("--from", "--to"))
    rules = _rules_of(config) if config else _at(git, change)
    # Labels and titles are written on GitHub.
    semver = replace(rules.semver, labels={}, squash=False)
    part = _package(rules, package) if package else None
    read = part.semver(semver) if part else semver
    files = files_at(git, change.head.sha, read.read)
    change = replace(change, base_files=files_at(git, change.base.sha, read.files))
    change = with_paths(git, change) if part else change
    snapshot = snapshot_of(change, files, repository=folder.name, at=at)
    version = _version_of(part, rules.packages, semver, snapshot) if part else next_version(semver, snapshot)
    if isinstance(version, Unavailable):
        raise NoAnswer(version.because)
    return version if change.commits else unchanged(version)


def _package(rules: Rules, id: str) -> Package:
    known = {package.id: package for package in rules.packages}
    if id not in known:
        hint = f"the packages are {', '.join(known)}" if known else "add it to the rules, under `packages:`"
        raise NoAnswer(f"the rules have no package {id!r}; {hint}")
    return known[id]


def _version_of(
    package: Package, packages: tuple[Package, ...], semver: Semver, snapshot: Snapshot
) -> Fact[NextVersion]:
    found = touched(packages, snapshot)
    if isinstance(found, Unavailable) or package in found:
        return found if isinstance(found, Unavailable) else version_of(package, found, semver, snapshot)
    told = version_of(package, (package,), semver, snapshot)
    if isinstance(told, Unavailable):
        return told
    return NextVersion(current=told.current, next=told.current, bump=told.bump, package=package.id)


def semver_of(config: Path) -> Semver:
    """The section `semver` of a rules file. Raises `NoAnswer` when it can't be read."""
    return _rules_of(config).semver


def _rules_of(config: Path) -> Rules:
    try:
        raw = config.read_bytes()
    except OSError as error:
        raise NoAnswer(f"{config} can't be read: {error.strerror}; name a rules file: --config FILE") from None
    return _parsed(raw, str(config))


def lines(version: NextVersion) -> Iterator[str]:
    """The answer for a terminal: nothing that others wrote moves the cursor or hides."""
    disagreeing = [f"{source} says {bump}" for source, bump in version.disagreement]
    told = (
        f"{version.current} → {version.next} ({version.bump})"
        if version.next != version.current
        else f"{version.package} {version.current}: not touched"
        if version.package
        else f"{version.current}: nothing has changed",
        *(f"  declared: {one.version} by {one.source} {one.because}" for one in version.declared),
        *(
            f"  {signal.bump}: {signal.source} {signal.because}"
            for signal in sorted(version.signals, key=lambda signal: -signal.bump.rank)
        ),
        *([f"  signals disagree: {', '.join(disagreeing)}; the highest counts"] if disagreeing else []),
        *(f"  wrong: {problem.seen}; {problem.do}" for problem in version.problems),
    )
    return ("".join(letter if letter.isprintable() else "\ufffd" for letter in line) for line in told)


def _at(git: Git, change: Change) -> Rules:
    """What the rules at the older end say; without rules, what is ordinary."""
    base = change.base
    files = files_at(git, base.sha, RULES_FILES)
    found = [path for path in RULES_FILES if files[path]]
    if len(found) > 1:
        raise NoAnswer(f"there are both {RULES_FILES[0]} and {RULES_FILES[1]} at {base.ref}; name one: --config FILE")
    return (
        _parsed(git.ask("cat-file", "blob", f"{base.sha}:{found[0]}"), found[0])
        if found
        else Rules(source="", semver=_ordinary(git, change))
    )


def _ordinary(git: Git, change: Change) -> Semver:
    """By the tag of the older end, else by the tags before it, else by a version file there: never by a guess."""
    here = sorted(
        (tag.name for tag in change.tags if tag.sha == change.base.sha), key=lambda name: name != change.base.ref
    )
    for name in here:
        found = _VERSIONED.fullmatch(name)
        if found and version_of_tag(f"{found['before']}{PLACE}", name):
            return replace(ORDINARY, tag=f"{found['before']}{PLACE}")
    if any(version_of_tag(ORDINARY.tag, name) for name in change.merged_tags):
        return ORDINARY
    carried = declared_in(files_at(git, change.base.sha, _VERSION_FILES))
    if isinstance(carried, Unavailable) or not carried:
        wanted = "name it in rules: `semver: {initial: …}` or `semver: {tag: …}`, --config FILE"
        raise NoAnswer(f"nothing tells the version at {change.base.ref}: no tag and no version file; {wanted}")
    return replace(ORDINARY, files=(next(path for path in _VERSION_FILES if path in carried),))


def _parsed(raw: bytes, name: str) -> Rules:
    rules = parse(raw, file=name, source="", sets=builtin.sets(), is_gate=False)
    if isinstance(rules, BrokenRules):
        fault = rules.faults[0]
        raise NoAnswer(f"{name}:{fault.line}:{fault.column}: {fault.message}; see them all: release-gate lint {name}")
    return rules
