"""Rules and a local change into the verdict on what git can tell, and the list of what it can't."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.gate.evaluate import evaluate
from bot.gate.facts import NOT_READ, Fact, File, Snapshot
from bot.gate.finding import State
from bot.gate.packages import PackageVersion, leading, versions
from bot.gate.patterns import matching
from bot.gate.release import When
from bot.gate.rules import BrokenRules, Rules
from bot.gate.verdict import COMMENTS, Blocker, Outcome, Verdict, outcome_of
from bot.gate.version import NextVersion, next_version
from bot.local.history import Change
from bot.local.snapshot import snapshot_of, with_nothing_on_github
from bot.local.unseen import told

EXITS: Mapping[Outcome, int] = {
    Outcome.ERROR: 4,
    Outcome.BLOCKED: 1,
    Outcome.WAITING: 3,
    Outcome.SCHEDULED: 3,
    Outcome.CONDITIONAL: 0,
    Outcome.READY: 0,
    Outcome.NOT_A_RELEASE: 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """An area of the rules with what changes in it."""

    id: str
    radius: str
    files: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """All that can be said of the change without GitHub."""

    change: Change
    verdict: Verdict
    """Of what git can tell; when strict, of everything, and what git can't tell blocks."""
    undecided: tuple[str, ...]
    """Ids of the items and roles that need GitHub."""
    version: Fact[NextVersion]
    packages: Fact[tuple[PackageVersion, ...]] = ()
    areas: tuple[Touched, ...] = ()
    strict: bool = False
    notes: tuple[str, ...] = ()
    """What to know when reading the answer."""

    @property
    def exit_code(self) -> int:
        """0 nothing that git can tell blocks, 1 blocked, 3 waiting or scheduled, 4 faults in the rules."""
        shadowed = self.verdict.is_shadow and self.verdict.outcome is not Outcome.ERROR
        return 0 if shadowed else EXITS[self.verdict.outcome]


def check(
    rules: Rules | BrokenRules,
    change: Change,
    files: Mapping[str, File | None],
    *,
    repository: str,
    at: datetime,
    code_owners: Fact[File | None] = NOT_READ,
    strict: bool = False,
) -> Checked:
    """Judges twice: with GitHub's facts unknown, and with a GitHub that holds none.

    The second twice: opened by a person, and by a bot.
    What is unknown in the first and known in the second rests on GitHub alone, whatever kinds of evidence lie between:
    `all` of a file that is missing and a check is unmet in both, so that blocks. An item that the second leaves out
    (`when: {labels: …}`) may not apply, so it is undecided too.
    """
    snapshot = snapshot_of(change, files, repository=repository, at=at, code_owners=code_owners)
    if isinstance(rules, BrokenRules):
        verdict = evaluate(rules, snapshot)
        return Checked(change=change, verdict=verdict, undecided=(), version=verdict.version, strict=strict)
    asked = asking_git_alone(rules, change)
    # Nobody has said anything about what is not on GitHub yet: that no hold can be seen is no news.
    verdict = _without(evaluate(asked, snapshot), ((False, COMMENTS),))
    # Whether it is a release at all is settled: without labels it might not be one.
    nothing = with_nothing_on_github(snapshot)
    empty = (evaluate(replace(asked, when=When()), replace(nothing, author_is_bot=is_bot)) for is_bot in (False, True))
    undecided = tuple(dict.fromkeys(key for one in empty for key in _undecided(verdict, one)))
    parts = versions(asked.packages, asked.semver, snapshot)
    return Checked(
        change=change,
        verdict=told(verdict if strict else _without(verdict, undecided, is_open=bool(undecided))),
        undecided=tuple(dict.fromkeys(id for _, id in undecided)),
        version=leading(next_version(asked.semver, snapshot), parts, asked.semver, snapshot),
        packages=parts,
        areas=_touched(rules, snapshot),
        strict=strict,
        notes=tuple(_notes(rules, change)),
    )


_Key = tuple[bool, str]
"""Whether it is an item, and its id: a role may have the id of an item."""


def _undecided(verdict: Verdict, on_empty_github: Verdict) -> tuple[_Key, ...]:
    known = {judged.item.id: judged.finding.state for judged in on_empty_github.items}
    items = [
        (True, judged.item.id)
        for judged in verdict.items
        if judged.is_open and _rests_on_github(judged.finding.state, known[judged.item.id])
    ]
    known_blockers = {_key(blocker): blocker.finding.state for blocker in on_empty_github.blockers}
    others = [
        _key(blocker)
        for blocker in verdict.blockers
        if blocker.tier is None
        and _rests_on_github(blocker.finding.state, known_blockers.get(_key(blocker), State.NOT_APPLICABLE))
    ]
    return (*items, *others)


def _rests_on_github(unseen: State, on_empty_github: State) -> bool:
    is_found_out = unseen is State.UNKNOWN and on_empty_github is not State.UNKNOWN
    return is_found_out or on_empty_github is State.NOT_APPLICABLE


def _key(blocker: Blocker) -> _Key:
    return (blocker.tier is not None, blocker.id)


def _without(verdict: Verdict, keys: tuple[_Key, ...], *, is_open: bool = False) -> Verdict:
    """The same with these left out of the decision; where one of them stays open it is never `ready`."""
    if verdict.outcome in {Outcome.ERROR, Outcome.NOT_A_RELEASE}:
        return verdict
    blockers = tuple(blocker for blocker in verdict.blockers if _key(blocker) not in keys)
    is_open = is_open or any(judged.is_open for judged in verdict.items)
    return replace(verdict, blockers=blockers, outcome=outcome_of(blockers, open_items=is_open))


def asking_git_alone(rules: Rules, change: Change) -> Rules:
    """The rules without conditions that nothing here can answer: those hold, for the gate fails closed."""
    when = _told(rules.when, base=change.base.branch is not None, head=change.head.branch is not None)
    return replace(rules, when=when, semver=replace(rules.semver, labels={}, squash=False))


def _told(when: When, *, base: bool, head: bool) -> When:
    return replace(
        when,
        base=when.base if base else (),
        head=when.head if head else (),
        title=None,  # a pull request's title is written on GitHub
        any=tuple(_told(one, base=base, head=head) for one in when.any),
    )


def _touched(rules: Rules, snapshot: Snapshot) -> tuple[Touched, ...]:
    changes = snapshot.changes if isinstance(snapshot.changes, tuple) else ()
    rows = []
    for area in rules.areas:
        paths = frozenset(name for file in changes for name in (file.path, file.previous) if name)
        inside = set(matching(area.paths, paths))
        files = [file for file in changes if {file.path, file.previous} & inside]
        added, removed = sum(file.additions for file in files), sum(file.deletions for file in files)
        rows.append(Touched(id=area.id, radius=area.radius, files=len(files), added=added, removed=removed))
    return tuple(row for row in rows if row.files)


def _notes(rules: Rules, change: Change) -> list[str]:
    said = []
    if change.common is None:
        said.append("base and head have no common commit: their trees are compared as they are")
    said += [
        f"{point.ref} is no branch: conditions on the {end} branch are taken to hold"
        for end, point in (("base", change.base), ("head", change.head))
        if point.branch is None
    ]
    if rules.semver.labels:
        said.append("the labels of `semver` need GitHub: the bump may be higher than it looks here")
    if rules.semver.squash:
        said.append("`semver: {squash: true}` needs the title from GitHub: here the commits are read instead")
    return said
