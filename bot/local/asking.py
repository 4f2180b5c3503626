"""A folder, two refs and maybe a rules file into a checked change: everything `release-gate check` reads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot import builtin
from bot.gate.code_owners import PATHS
from bot.gate.evaluate import versioned_files
from bot.gate.facts import NOT_READ, Fact, File
from bot.gate.needs import Needs
from bot.gate.rules import RULES_FILES, BrokenRules, Rules
from bot.local import rules_file
from bot.local.check import Checked, asking_git_alone, check
from bot.local.git import Git, NoAnswer, opened
from bot.local.history import Change, Point, change_between, files_at
from bot.local.paths import with_paths
from bot.local.snapshot import snapshot_of
from bot.rules import parse
from bot.rules import upstream as upstream_of


def check_repository(
    folder: Path,
    *,
    base: str,
    head: str,
    at: datetime,
    config: Path | None = None,
    upstream: Path | None = None,
    strict: bool = False,
) -> Checked:
    """The gate on what git can tell; `upstream` is a copy of the file in another repository that the rules extend.

    Raises `NoAnswer` when the folder, a ref or the rules can't be had.
    """
    asked = ask_repository(folder, base=base, head=head, config=config, upstream=upstream)
    return checked(asked, at=at, strict=strict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was read of a repository."""

    name: str
    rules: Rules | BrokenRules
    change: Change
    files: Mapping[str, File | None]
    code_owners: Fact[File | None]
    remote: str = ""
    """The address of `origin`, if there is one."""


def checked(asked: Asked, *, at: datetime, strict: bool = False) -> Checked:
    """The gate on what was read."""
    return check(
        asked.rules,
        asked.change,
        asked.files,
        repository=asked.name,
        at=at,
        code_owners=asked.code_owners,
        strict=strict,
    )


def ask_repository(
    folder: Path, *, base: str, head: str, config: Path | None = None, upstream: Path | None = None
) -> Asked:
    """Everything that git and the rules tell of a change. Raises `NoAnswer`."""
    git = opened(folder)
    change = change_between(git, base, head)
    file, text = _read(config, "--config") if config else _at(git, change.base)
    rules = parse(text, file=file, source="", sets=_sets(text, upstream))
    needs = rules.needs() if isinstance(rules, Rules) else Needs()
    files = files_at(git, change.head.sha, needs.files)
    change = replace(change, base_files=files_at(git, change.base.sha, needs.base_files))
    if isinstance(rules, Rules) and rules.packages:
        change = with_paths(git, change)
    if isinstance(rules, Rules) and needs.versioned:
        files = {**files, **files_at(git, change.head.sha, _versioned(rules, change, files))}
    owners = _code_owners(git, change.base) if needs.code_owners else NOT_READ
    return Asked(
        name=folder.resolve().name,
        rules=rules,
        change=change,
        files=files,
        code_owners=owners,
        remote=git.line("config", "--get", "remote.origin.url"),
    )


def _versioned(rules: Rules, change: Change, files: Mapping[str, File | None]) -> frozenset[str]:
    """Which files the next version names."""
    snapshot = snapshot_of(change, files, repository="", at=datetime.now(UTC))
    return versioned_files(asking_git_alone(rules, change), snapshot)


def _code_owners(git: Git, base: Point) -> File | None:
    """The file that stands at the base, where GitHub too reads it."""
    files = files_at(git, base.sha, PATHS)
    return next((file for path in PATHS if (file := files[path])), None)


def _at(git: Git, base: Point) -> tuple[str, bytes]:
    """The rules that stand at the base: the head's can't relax its own gate."""
    files = files_at(git, base.sha, RULES_FILES)
    found = [path for path in RULES_FILES if files[path]]
    if len(found) == 1:
        return found[0], git.ask("cat-file", "blob", f"{base.sha}:{found[0]}")
    seen = "there are both {} and {}" if found else "there is neither {} nor {}"
    do = "keep one, or name a file: --config FILE" if found else "write one: release-gate init, or --config FILE"
    raise NoAnswer(f"{seen.format(*RULES_FILES)} at {base.ref}; {do}")


def _sets(text: bytes, upstream: Path | None) -> Mapping[str, str | bytes]:
    """What the rules may extend."""
    if upstream is None:
        return builtin.sets()
    _, copy = _read(upstream, "--upstream")
    named = upstream_of(text)
    return {**builtin.sets(), **({named.name: copy} if named else {})}


def _read(file: Path, option: str) -> tuple[str, bytes]:
    try:
        return str(file), rules_file.read(file)
    except OSError as error:
        raise NoAnswer(f"{file} can't be read: {error.strerror}; name a rules file: {option} FILE") from None
