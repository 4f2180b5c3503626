"""Two refs of a local repository into the next version: everything `release-gate bump` reads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot import builtin
from bot.gate.facts import Fact, Unavailable
from bot.gate.rules import BrokenRules
from bot.gate.version import NextVersion, Semver, next_version
from bot.local.asking import RULES_FILES
from bot.local.git import Git, NoAnswer, opened
from bot.local.history import Point, change_between, files_at
from bot.local.releases import ORDINARY
from bot.local.snapshot import snapshot_of
from bot.rules import parse


def version_between(folder: Path, *, first: str, last: str, config: Path | None, at: datetime) -> NextVersion:
    """What the commits after `first` up to `last` make. Raises `NoAnswer`: no such folder or ref, rules with faults."""
    git = opened(folder)
    change = change_between(git, first, last, options=("--from", "--to"))
    wanted = semver_of(config) if config else _at(git, change.base)
    # Labels and titles are written on GitHub.
    semver = replace(wanted, labels={}, squash=False)
    files = files_at(git, change.head.sha, semver.read)
    change = replace(change, base_files=files_at(git, change.base.sha, semver.files))
    version: Fact[NextVersion] = next_version(semver, snapshot_of(change, files, repository=folder.name, at=at))
    if isinstance(version, Unavailable):
        raise NoAnswer(version.because)
    return version


def semver_of(config: Path) -> Semver:
    """The section `semver` of a rules file. Raises `NoAnswer` when it can't be read."""
    try:
        raw = config.read_bytes()
    except OSError as error:
        raise NoAnswer(f"{config} can't be read: {error.strerror}; name a rules file: --config FILE") from None
    return _parsed(raw, str(config))


def lines(version: NextVersion) -> Iterator[str]:
    """The answer for a terminal: nothing that others wrote moves the cursor or hides."""
    told = (
        f"{version.current} → {version}",
        *(f"  declared: {one.version} by {one.source} {one.because}" for one in version.declared),
        *(
            f"  {signal.bump}: {signal.source} {signal.because}"
            for signal in sorted(version.signals, key=lambda signal: -signal.bump.rank)
        ),
        *(f"  wrong: {problem.seen}; {problem.do}" for problem in version.problems),
    )
    return ("".join(letter if letter.isprintable() else "\ufffd" for letter in line) for line in told)


def _at(git: Git, base: Point) -> Semver:
    """What the rules at the older end say; without rules, what is ordinary."""
    files = files_at(git, base.sha, RULES_FILES)
    found = [path for path in RULES_FILES if files[path]]
    if len(found) > 1:
        raise NoAnswer(f"there are both {RULES_FILES[0]} and {RULES_FILES[1]} at {base.ref}; name one: --config FILE")
    return _parsed(git.ask("cat-file", "blob", f"{base.sha}:{found[0]}"), found[0]) if found else ORDINARY


def _parsed(raw: bytes, name: str) -> Semver:
    rules = parse(raw, file=name, source="", sets=builtin.sets())
    if isinstance(rules, BrokenRules):
        fault = rules.faults[0]
        raise NoAnswer(f"{name}:{fault.line}:{fault.column}: {fault.message}; see them all: release-gate lint {name}")
    return rules.semver
