"""What stands on GitHub → what a verdict must not be green without: a second opinion that asks the gate nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.sandbox import Sandbox
from bot.sandbox.model.checks import CheckRun
from bot.sandbox.model.pulls import IssueComment, PullRequest

_PASSES: Final = 3
_SLACK: Final = timedelta(milliseconds=100)
_WRITERS: Final = frozenset({"sam", "dora", "rita", "dan"})


@dataclass(frozen=True, slots=True)
class Heard:
    """From `at` on, until it is heard anew."""

    at: datetime
    sha: str
    base: str
    lacks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Read:
    """The server read a pull request."""

    number: int
    at: datetime


@dataclass(slots=True)
class Opinion:
    """For each pull request, what was missing since when."""

    heard: dict[int, list[Heard]] = field(default_factory=dict)
    judged: set[tuple[str, datetime]] = field(default_factory=set)

    def hear(self, sandbox: Sandbox, pulls: Iterable[PullRequest]) -> None:
        """Think again of each."""
        for pull in pulls:
            known = self.heard.setdefault(pull.number, [])
            now = sandbox.clock.instant()
            found = Heard(now, pull.head_oid, pull.base_ref_name, frozenset(lacking(sandbox, pull)))
            if not known or (known[-1].sha, known[-1].base, known[-1].lacks) != (found.sha, found.base, found.lacks):
                known.append(found)

    def unfounded(self, runs: Sequence[CheckRun], reads: Sequence[Read]) -> list[str]:
        """Each green run that lacked something all the time from when the pass behind it may have begun to read.

        A pass may see one fact earlier and another later, so each is asked about by itself.
        """
        found = []
        for run, at, title in self._new(runs):
            for number in self.heard:
                lacks = self._always_lacking(number, run, _since(reads, number, at), at)
                if lacks:
                    found.append(f"#{number} was shown {title!r} at {at:%T.%f} without {sorted(lacks)}")
        return found

    def _new(self, runs: Sequence[CheckRun]) -> Iterator[tuple[CheckRun, datetime, str]]:
        for run in runs:
            for at, state in run.history:
                is_green = state.conclusion == "success" and state.title != "Not a release"
                if is_green and (run.id, at) not in self.judged:
                    self.judged.add((run.id, at))
                    yield run, at, state.title or ""

    def _always_lacking(self, number: int, run: CheckRun, since: datetime, until: datetime) -> frozenset[str]:
        """Of a pull request that never was what the run is about, nothing."""
        known = self.heard[number]
        ends = [*(one.at for one in known[1:]), until]
        about = [
            one.lacks
            for one, end in zip(known, ends, strict=True)
            if one.at <= until and end >= since and _is_about(run, one)
        ]
        return frozenset.intersection(*about) if about else frozenset()


def _is_about(run: CheckRun, one: Heard) -> bool:
    return run.suite.commit.oid == one.sha and run.name == f"release-gate: {one.base}"


def _since(reads: Sequence[Read], number: int, at: datetime) -> datetime:
    """When the pass may have begun that wrote then: some passes read more than once."""
    before = [one.at for one in reads if one.number == number and one.at <= at]
    return before[-min(_PASSES, len(before))] - _SLACK if before else at


def lacking(sandbox: Sandbox, pull: PullRequest) -> Iterator[str]:
    """Everything without which no rules of these tests let it pass, as far as a glance tells."""
    base = pull.repository.branch(pull.base_ref_name)
    rules = base.tree[".release-gate.yml"] if base else ""
    if "TEST-001" not in rules:
        yield "rules that can be read"
        return
    if "QA-001" in rules and "qa" not in {label.name for label in pull.labels}:
        yield "the label"
    tests = sandbox.check_runs(pull, name="test")
    if not tests or tests[-1].state.conclusion != "success":
        yield "tests"
    yield from _unsaid(pull)


def _unsaid(pull: PullRequest) -> Iterator[str]:
    standing = [one for one in pull.comments if one.last_edited_at is None]
    said = [(one.author.login, one.body) for one in standing] + [(one.author.login, one.body) for one in pull.reviews]
    approves = any(one.author.login == "dora" and one.state == "APPROVED" for one in pull.reviews)
    if not _says(said, "sam", "/approve security"):
        yield "security"
    if not approves and not _says(said, "dora", "/approve devops"):
        yield "devops"
    if not _says(said, "dora", "/attest SAY-001") and not _says(said, "sam", "/waive SAY-001"):
        yield "SAY-001"
    if _is_held(standing, [text for _, text in said]):
        yield "an end of the hold"


def _says(said: Iterable[tuple[str, str]], login: str, words: str) -> bool:
    return any(who == login and words in text for who, text in said)


def _is_held(comments: Sequence[IssueComment], said: Sequence[str]) -> bool:
    """Somebody who may write holds it without an end, and nobody speaks of releasing."""
    holds = any(one.author.login in _WRITERS and "/hold because" in one.body for one in comments)
    return holds and not any("/unhold" in text for text in said)
