"""Releases as JSON, one a line, into their next versions as JSON, one a line: for jobs of any language."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.gate.facts import Commit
from bot.gate.signals import changes_of, declared_by, declared_by_title, of_changes, of_labels, of_title
from bot.gate.version import NextVersion, Semver, decide
from bot.gate.version_numbers import Bump, parse_version

ORDINARY = Semver(labels={bump: (f"semver:{bump}",) for bump in reversed(Bump)})
"""What holds without a rules file; the labels are those of the built-in set `release`."""


class NoRelease(ValueError):
    """The line describes no release; `str()` says what was wanted."""


def answers(lines: Iterable[bytes], semver: Semver) -> Iterator[Mapping[str, Any]]:
    """One answer for each line that is not blank, in their order; for a line that can't be read one with an `error`."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield shown(_next_version(_release(line), semver))
        except NoRelease as error:
            yield {"error": f"line {number}: {error}"}


def shown(version: NextVersion) -> Mapping[str, Any]:
    """The version for programs; the keys stay as they are from version to version."""
    return {
        "current": version.current,
        "bump": version.bump if version.next != version.current else "none",
        "next": version.next,
        "signals": [
            {"source": signal.source, "bump": signal.bump, "because": signal.because} for signal in version.signals
        ],
        "disagreement": [{"source": source, "bump": bump} for source, bump in version.disagreement],
        "declared": [
            {"source": one.source, "version": str(one.version), "because": one.because} for one in version.declared
        ],
        "problems": [{"seen": one.seen, "wanted": one.wanted, "do": one.do} for one in version.problems],
    }


def _next_version(release: Mapping[str, Any], semver: Semver) -> NextVersion:
    written = release.get("current")
    written = semver.initial if written is None else written
    current = parse_version(written) if isinstance(written, str) else None
    if current is None:
        raise NoRelease('`current` is no version; write one such as "1.2.3", or null before the first release')
    commits, title, labels = _commits(release), _title(release), _labels(release)
    changes = () if semver.squash and title else changes_of(commits)
    signals = (*of_changes(changes), *of_title(title), *of_labels(semver.labels, labels))
    # There are no version files to read, so what the title says is as good as what a release commit says.
    declared = (*declared_by(changes, current), *declared_by_title(title, current))
    # A line is a release, so it gets a version even without commits: a lockstep or rebuilt one.
    return decide(semver.zero, current, signals, declared)


def _release(line: bytes) -> Mapping[str, Any]:
    try:
        release = json.loads(line)
    except (ValueError, RecursionError):
        release = None
    if not isinstance(release, dict):
        raise NoRelease('this is no JSON object; write {"current": "1.2.3", "commits": [{"sha": "…", "message": "…"}]}')
    return release


def _commits(release: Mapping[str, Any]) -> tuple[Commit, ...]:
    commits = release.get("commits")
    if not isinstance(commits, list) or not all(_is_commit(commit) for commit in commits):
        raise NoRelease('`commits` is no list of commits; write [{"sha": "…", "message": "…"}]')
    return tuple(
        Commit(sha=commit.get("sha") or "", message=commit["message"], people=frozenset()) for commit in commits
    )


def _is_commit(commit: object) -> bool:
    return (
        isinstance(commit, dict) and isinstance(commit.get("message"), str) and isinstance(commit.get("sha") or "", str)
    )


def _title(release: Mapping[str, Any]) -> str:
    title = release.get("title") or ""
    if not isinstance(title, str):
        raise NoRelease("`title` is no text; write the pull request's title")
    return title


def _labels(release: Mapping[str, Any]) -> tuple[str, ...]:
    labels = release.get("labels") or []
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise NoRelease('`labels` is no list of texts; write ["…"]')
    return tuple(labels)
