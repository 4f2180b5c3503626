"""Reads what one decision is made from: the rules of the base, and a snapshot with no question left open."""

import time
from collections.abc import Callable, Hashable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from cachetools import LRUCache, TTLCache

from bot.gate.check_name import gives_fixed_name, name_of
from bot.gate.facts import Snapshot, Unavailable
from bot.gate.needs import Needs, Questions
from bot.gate.proposal import Proposal, still_asked
from bot.gate.proposal import asked as judging
from bot.gate.reactions import unheard_rechecks
from bot.gate.relevance import mask_of
from bot.gate.rules import BrokenRules, Language, Rules
from bot.gate.verdict import Preview, Verdict
from bot.github.answers import Answers, Caches
from bot.github.client import Client
from bot.github.deliveries import DESTROYED
from bot.github.gather import Gathered, gather, hear_again
from bot.github.merge_group import Group, gather_group
from bot.github.rules_files import RulesFiles
from bot.github.targets import Base, MergeGroup, PullRequest, parse_key
from bot.github.watermark import lags, tells_of_remarks
from bot.memory import instant, recalled
from bot.record.grounds import Grounds
from bot.rulebook import Rulebook, differing
from bot.store import Store
from bot.store import heads as shown_heads
from bot.store.masks import Masks
from bot.store.wishes import Watermark, Wish

_MOST_ROUNDS = 5


REACTED_SECONDS = 86_400

LAG_SECONDS = 900
"""For how long GraphQL may lag behind what deliveries told."""

CATCH_UP_SECONDS = 600
"""After the first look into a repository; pull requests into other bases may wait, whose rules nobody has read."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What a pass works with: GitHub, our store, and what both need not be asked twice."""

    client: Client
    store: Store
    rulebook: Rulebook
    masks: Masks
    caches: Caches = field(default_factory=Caches)
    previews: MutableMapping[Hashable, Preview] = field(default_factory=lambda: LRUCache(maxsize=1_000))
    needs: MutableMapping[Hashable, Needs] = field(default_factory=lambda: LRUCache(maxsize=10_000))
    marks: MutableMapping[Hashable, Watermark] = field(
        default_factory=lambda: TTLCache(maxsize=10_000, ttl=LAG_SECONDS)
    )
    """What deliveries told and GraphQL does not show yet: a pass for another reason must not fall behind it."""
    reacted: MutableMapping[tuple[str, str], bool] = field(
        default_factory=lambda: TTLCache(maxsize=10_000, ttl=REACTED_SECONDS)
    )
    """Reactions that we sent: where GitHub refuses one, as in a locked conversation, it would each time."""
    languages: MutableMapping[Hashable, Language] = field(default_factory=lambda: LRUCache(maxsize=10_000))
    """In which language each target was told of last, for when its rules can't be read."""
    heals: bool = True
    """Whether it looks for what it was not told of."""
    document_url: Callable[[PullRequest, str], str] = lambda _ref, _repository_id: ""
    """Where the approval document of a pull request, in the repository of this node id, can be read; empty: nowhere."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Rules and snapshot of one instant."""

    ref: PullRequest
    """Whose people are heard."""
    rules: Rules | BrokenRules
    snapshot: Snapshot
    twins: tuple[int, ...]
    """Other open pull requests with the same head, which may share our check run."""
    proposal: Proposal | None = None
    """The rules that the pull request would bring."""
    first: Mapping[str, Any] | None = None
    """As `Gathered` has it: not None when older comments are those of minutes ago."""

    @property
    def check_name(self) -> str:
        """The name of the check run that says it."""
        is_fixed = gives_fixed_name(self.rules, self.snapshot.published)
        return name_of(self.snapshot.base_ref, is_fixed=is_fixed)

    @property
    def grounds(self) -> Grounds:
        """What the gate decides from."""
        return Grounds(rules=self.rules, snapshot=self.snapshot, proposal=self.proposal)

    @property
    def verdict(self) -> Verdict:
        """What the gate decides."""
        return self.grounds.verdict


@dataclass(frozen=True, slots=True)
class FirstRules:
    """A pull request that brings rules to a base that has none: there is no gate yet to judge it."""

    snapshot: Snapshot
    rules: Rules | BrokenRules
    """Those proposed."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A pull request that is closed, merged or not: nothing is left to decide."""

    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Untold:
    """A merge group whose one pull request can't be told."""

    group: Group
    name: str
    """Of the check run that its base waits for."""
    because: str
    language: Language
    """In which it is told."""


async def read(
    gate: Gate, target: PullRequest | MergeGroup, watermark: Watermark | None = None
) -> Reading | FirstRules | Untold | Ended | None:
    """Everything about the target; None when there are no rules: then we say nothing."""
    if isinstance(target, PullRequest):
        if tells_of_remarks(watermark):
            gate.caches.pages.drop(target.key)
        return await _read(gate, target, await _gathered(gate, target), watermark)
    if DESTROYED.keys() <= (watermark or {}).keys():
        await shown_heads.forget(gate.store, subject=target.key)
        return None
    return await _read_group(gate, target, watermark)


async def _no_older_than(
    gate: Gate, ref: PullRequest, answers: Answers, snapshot: Snapshot, watermark: Watermark | None
) -> Snapshot:
    """The snapshot, its checks and statuses read by REST when it lags behind what deliveries told."""
    marks = {**gate.marks.pop(ref.key, {}), **(watermark or {})}
    if not lags(snapshot, marks):
        return snapshot
    afresh = await answers.checks_afresh(snapshot)
    # What REST does not show either was superseded, and is nothing to wait for.
    if shown := {key: mark for key, mark in marks.items() if not lags(afresh, {key: mark})}:
        gate.marks[ref.key] = shown
    return afresh


async def _read(
    gate: Gate, ref: PullRequest, gathered: Gathered, watermark: Watermark | None
) -> Reading | FirstRules | Ended | None:
    files, snapshot = gathered.rules_files, gathered.snapshot
    rules = await gate.rulebook.rules(ref.repository, files)
    if snapshot.state != "OPEN":
        return Ended(snapshot)
    answers = Answers(gate.client, gate.caches, ref)
    is_heard = isinstance(rules, Rules) and rules.when.holds(snapshot)
    if is_heard and unheard_rechecks(snapshot) - {node_id for node_id, _ in gate.reacted}:
        gate.caches.forget(ref.repository.installation)
    if rules is None:
        return await _first_rules(gate, answers, files, snapshot)
    snapshot = await _no_older_than(gate, ref, answers, snapshot, watermark)
    proposal = None
    if differing(files) and (files.base_ref == files.default_ref or not rules.is_fixed):
        snapshot, proposal = await _proposal(gate, answers, files, snapshot)
        stricter = judging(rules, snapshot, proposal)
        if not (snapshot.group_sha or await _heeded(gate, ref, snapshot, stricter, gathered.since)):
            return await _read(gate, ref, await _gathered(gate, ref), watermark)
    snapshot = await _answered(answers, rules, snapshot, proposal)
    return Reading(ref, rules, snapshot, gathered.twins, proposal, gathered.first)


async def _answered(
    answers: Answers, rules: Rules | BrokenRules, snapshot: Snapshot, proposal: Proposal | None
) -> Snapshot:
    """The snapshot with no question left open."""
    while asked := still_asked(rules, snapshot, proposal):
        snapshot = await answers.to(asked, snapshot)
    return snapshot


async def _proposal(
    gate: Gate, answers: Answers, files: RulesFiles, snapshot: Snapshot
) -> tuple[Snapshot, Proposal | None]:
    """The base may have moved on since the branch began: only what the pull request itself changes is proposed."""
    snapshot = await answers.to(Questions(changes=snapshot.changes is None), snapshot)
    paths = snapshot.changed_paths
    changed = differing(files) if isinstance(paths, Unavailable) else paths
    return snapshot, await gate.rulebook.proposal(answers.ref.repository, files, changed)


async def _first_rules(gate: Gate, answers: Answers, files: RulesFiles, snapshot: Snapshot) -> FirstRules | None:
    """What the pull request would bring to a base without a file; None, and no request more, where that is nothing."""
    if snapshot.group_sha or files.base or not files.head:
        return None
    # Rules that would not hold for this base, say beside fixed ones that leave it out, are no news here.
    whole = await gate.rulebook.proposal(answers.ref.repository, files, differing(files))
    if whole is None or whole.rules is None:
        return None
    snapshot, proposal = await _proposal(gate, answers, files, snapshot)
    return FirstRules(snapshot, proposal.rules) if proposal and proposal.rules else None


async def _read_group(
    gate: Gate, target: MergeGroup, watermark: Watermark | None
) -> Reading | FirstRules | Untold | Ended | None:
    """Machines are asked about the group's commit, people about the pull request that stands in it."""
    # Before the first read: a check that ends from now on raises a look of this group, one before is seen below.
    known_since, began_at = await _since(gate, target), time.monotonic()
    needs = gate.needs.get(target.repository) or Needs()
    group = await gather_group(gate.client, target, needs)
    if isinstance(group.number, Unavailable):
        return await _untold(gate, group, group.number.because)
    ref = PullRequest(repository=target.repository, number=group.number)
    gathered = await _gathered(gate, ref)
    if gathered.snapshot.base_ref != target.base:
        return await _untold(gate, group, f"#{ref.number} goes into another branch than the group.")
    rules = await gate.rulebook.rules(ref.repository, gathered.rules_files)
    is_whole = await _heeded(gate, ref, gathered.snapshot, rules, began_at)
    if not is_whole or gate.needs[ref.key] | needs != needs:
        group = await gather_group(gate.client, target, gate.needs[ref.key])
    snapshot = replace(
        gathered.snapshot,
        group_sha=target.sha,
        head_seen_at=instant(known_since),
        published=group.published,
        **group.facts,
    )
    if group.is_cut:
        snapshot = await Answers(gate.client, gate.caches, ref).checks_afresh(snapshot)
    return await _read(gate, ref, replace(gathered, snapshot=snapshot, twins=()), watermark)


async def _untold(gate: Gate, group: Group, because: str) -> Untold | None:
    """None where nobody waits for a verdict of ours."""
    rules = await gate.rulebook.rules(group.target.repository, group.rules_files)
    if rules is None:
        return None
    is_fixed = gives_fixed_name(rules, group.published)
    return Untold(group, name_of(group.target.base, is_fixed=is_fixed), because, rules.language)


async def _since(gate: Gate, group: MergeGroup) -> float:
    """Since when we know the group, by GitHub's clock; kept with the first look."""
    known = await shown_heads.shown(gate.store, subject=group.key)
    if known:
        return known[0].shown_at
    head = shown_heads.Head(sha=group.sha, shown_at=gate.client.now())
    await shown_heads.record(gate.store, subject=group.key, target=group.key, head=head)
    return head.shown_at


async def _gathered(gate: Gate, ref: PullRequest) -> Gathered:
    """One read, mostly: the query asks for what the last known rules of this base need and brings the rules along.

    When these turn out to be others, it is asked again. Rules that change with every try leave facts unread, and what
    is not read is not met.
    """
    needs = gate.needs.get(ref.key) or gate.needs.get(ref.repository) or Needs()
    for _ in range(_MOST_ROUNDS):
        gathered = await gather(gate.client, ref, needs, gate.caches.pages)
        rules = await gate.rulebook.rules(ref.repository, gathered.rules_files)
        told, needs = needs, rules.needs() if isinstance(rules, Rules) else Needs()
        is_whole = await _heeded(gate, ref, gathered.snapshot, rules, gathered.since)
        if needs.is_within(told) and is_whole:
            break
    gate.needs[ref.key] = gate.needs[ref.repository] = needs
    return replace(gathered, snapshot=await recalled(gate.store, gathered.snapshot))


async def _heeded(
    gate: Gate, ref: PullRequest, snapshot: Snapshot, rules: Rules | BrokenRules | None, since: float
) -> bool:
    """Whether what was read after `since` shows all that the rules heed; from now on deliveries about it are heard."""
    if snapshot.state != "OPEN":
        return True
    everywhere, at = Base(repository=ref.repository, branch=""), gate.store.now() + CATCH_UP_SECONDS
    others = Wish(target=everywhere.key, installation=ref.repository.installation, due_at=at, is_bulk=True)
    first = [others] if gate.heals else []
    return await gate.masks.heed(ref.repository.key, snapshot.base_ref, mask_of(rules), since=since, first=first)


async def read_twins(gate: Gate, reading: Reading) -> tuple[Reading, ...]:
    """Other open pull requests with the same head and name of the check run: they share it.

    GitHub lists none for a commit of the default branch, so those that we have looked at are asked as well.
    """
    ref, snapshot = reading.ref, reading.snapshot
    if snapshot.group_sha is not None:
        return ()
    known = [parse_key(key) for key in await shown_heads.targets_at(gate.store, sha=snapshot.head_sha)]
    listed = [PullRequest(repository=ref.repository, number=number) for number in reading.twins]
    others = {one for one in (*known, *listed) if isinstance(one, PullRequest) and one.repository == ref.repository}
    found = [await read(gate, one) for one in sorted(others - {ref}, key=lambda one: one.number)]
    return tuple(one for one in found if isinstance(one, Reading) and _shares(one, reading))


def _shares(one: Reading, other: Reading) -> bool:
    return (one.snapshot.head_sha, one.check_name) == (other.snapshot.head_sha, other.check_name)


async def snapshot_for(gate: Gate, ref: PullRequest, *alternatives: Rules) -> Snapshot:
    """A snapshot with no question left open by any of these rules. Raises `GitHubError`."""
    needs = reduce(Needs.__or__, (rules.needs() for rules in alternatives))
    gathered = await gather(gate.client, ref, needs, gate.caches.pages)
    snapshot = await recalled(gate.store, gathered.snapshot)
    answers = Answers(gate.client, gate.caches, ref)
    for rules in alternatives:
        snapshot = await _answered(answers, rules, snapshot, None)
    return snapshot


async def confirm(gate: Gate, reading: Reading) -> Reading:
    """The same with what decided read afresh, for a verdict that would turn something green."""
    answers, snapshot = Answers(gate.client, gate.caches, reading.ref), reading.snapshot
    if reading.first is not None:
        snapshot = await hear_again(gate.client, reading.ref, reading.first, gate.caches.pages, snapshot)
        snapshot = await _answered(answers, reading.rules, snapshot, reading.proposal)
    snapshot = await answers.confirm(snapshot)
    # Who turns out to be no member any more may leave it to somebody who was not asked about yet.
    return replace(reading, snapshot=await _answered(answers, reading.rules, snapshot, reading.proposal), first=None)
