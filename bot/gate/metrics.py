"""Figures of a release with a word for each: how large it is, who made it, what it breaks and mends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from bot.gate.checklist import JudgedItem
from bot.gate.conventional import Message, parse
from bot.gate.facts import ChangedFile, Commit, Fact, Snapshot, Unavailable
from bot.gate.markup import code
from bot.gate.patterns import regex
from bot.gate.reverts import Change, standing


class Metric(StrEnum):
    """What can be rated."""

    FILES = "files"
    LINES = "lines"
    COMMITS = "commits"
    PULL_REQUESTS = "pull_requests"
    CONTRIBUTORS = "contributors"
    COVERAGE = "coverage"
    BREAKING_CHANGES = "breaking_changes"
    SECURITY_FIXES = "security_fixes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """Words by the number from which each of them holds, the smallest first."""

    steps: tuple[tuple[float, str], ...]
    item: str = ""
    """For coverage: the item whose `measure` states it."""

    def rate(self, value: float) -> str:
        """The word of the highest number that is reached; empty below the first."""
        reached = [word for number, word in self.steps if value >= number]
        return reached[-1] if reached else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A figure with its rating."""

    metric: Metric
    value: Fact[float]
    rating: str = ""
    shown: str = ""
    """The figure as people read it; empty while it is not known."""


def rated(ratings: Mapping[Metric, Ratings], snapshot: Snapshot, items: tuple[JudgedItem, ...]) -> tuple[Rated, ...]:
    """Each metric that the rules rate, in their order; what is not known stays so and has no rating."""
    return tuple(
        _rated(metric, rating, _coverage(rating.item, items) if rating.item else _FIGURES[metric](snapshot), snapshot)
        for metric, rating in ratings.items()
    )


def needs_changes(ratings: Mapping[Metric, Ratings]) -> bool:
    """Whether the changed files have to be read."""
    return not ratings.keys().isdisjoint({Metric.FILES, Metric.LINES})


def _rated(metric: Metric, ratings: Ratings, value: Fact[float], snapshot: Snapshot) -> Rated:
    if isinstance(value, Unavailable):
        return Rated(metric=metric, value=value)
    shown = f"{value:,.10g}"
    if metric is Metric.LINES:
        changes = _changes(snapshot)
        known = () if isinstance(changes, Unavailable) else changes
        shown = f"+{sum(file.additions for file in known):,} −{sum(file.deletions for file in known):,}"
    if metric is Metric.PULL_REQUESTS:
        shown += _from_to(snapshot)
    if metric is Metric.COVERAGE:
        shown += " %"
    return Rated(metric=metric, value=value, rating=ratings.rate(value), shown=shown)


def _coverage(item: str, items: tuple[JudgedItem, ...]) -> Fact[float]:
    percent = next((judged.finding.percent for judged in items if judged.item.id == item), None)
    return Unavailable(f"{code(item)} states no percentage") if percent is None else percent


def _changes(snapshot: Snapshot) -> Fact[tuple[ChangedFile, ...]]:
    return Unavailable("the changed files were not read") if snapshot.changes is None else snapshot.changes


def _of_changes(figure: Callable[[tuple[ChangedFile, ...]], float]) -> Callable[[Snapshot], Fact[float]]:
    def look(snapshot: Snapshot) -> Fact[float]:
        changes = _changes(snapshot)
        return changes if isinstance(changes, Unavailable) else figure(changes)

    return look


def _of_commits(figure: Callable[[tuple[Commit, ...]], float]) -> Callable[[Snapshot], Fact[float]]:
    def look(snapshot: Snapshot) -> Fact[float]:
        return snapshot.commits if isinstance(snapshot.commits, Unavailable) else figure(snapshot.commits)

    return look


# What GitHub's buttons write: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges
_CONTAINED = regex(r"^Merge pull request #(?P<merged>[0-9]{1,9}) from |\(#(?P<squashed>[0-9]{1,9})\)[ \t]*$")


def _contained(commits: tuple[Commit, ...]) -> frozenset[int]:
    headlines = (commit.message.strip().partition("\n")[0] for commit in commits)
    matches = (_CONTAINED.search(headline) for headline in headlines)
    return frozenset(int(match["merged"] or match["squashed"]) for match in matches if match)


def _from_to(snapshot: Snapshot) -> str:
    """Which they are, the first and the last; without the sign that would make GitHub tell each of them."""
    numbers = frozenset[int]() if isinstance(snapshot.commits, Unavailable) else _contained(snapshot.commits)
    if len(numbers) > 1:
        return f" ({min(numbers)}–{max(numbers)})"
    return "".join(f" ({number})" for number in numbers)


def _contributors(commits: tuple[Commit, ...]) -> int:
    """People: no bots, and not the account by which GitHub commits for others."""
    logins = set(chain.from_iterable(commit.people for commit in commits))
    return sum(login != "web-flow" and not login.endswith("[bot]") for login in logins)


def _messages(commits: tuple[Commit, ...]) -> list[Message]:
    """What the range comes to: reverts and what they take back are left out."""
    changes = [Change(sha=commit.sha, message=parse(commit.message), text=commit.message) for commit in commits]
    return [change.message for change in standing(changes)]


def _breaking(commits: tuple[Commit, ...]) -> int:
    return sum(message.is_breaking for message in _messages(commits))


def _security(commits: tuple[Commit, ...]) -> int:
    """By type, or by the scope of a fix: `security: …`, `fix(security): …`."""
    return sum(
        message.type == "security" or (message.is_fix and (message.scope or "").lower() == "security")
        for message in _messages(commits)
    )


_FIGURES: Mapping[Metric, Callable[[Snapshot], Fact[float]]] = {
    Metric.FILES: _of_changes(len),
    Metric.LINES: _of_changes(lambda changes: sum(file.additions + file.deletions for file in changes)),
    Metric.COMMITS: _of_commits(len),
    Metric.PULL_REQUESTS: _of_commits(lambda commits: len(_contained(commits))),
    Metric.CONTRIBUTORS: _of_commits(_contributors),
    Metric.BREAKING_CHANGES: _of_commits(_breaking),
    Metric.SECURITY_FIXES: _of_commits(_security),
}
