"""Reads what one decision is made from: the rules of the base, and a snapshot with no question left open."""

from collections.abc import Hashable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from cachetools import LRUCache

from bot.gate.evaluate import evaluate, questions
from bot.gate.facts import Closing, Needs, PublishedHead, Snapshot, Unavailable
from bot.gate.rules import BrokenRules, Fault, Rules
from bot.gate.verdict import Verdict
from bot.github.answers import Answers, Caches
from bot.github.client import Client
from bot.github.decode import RulesFile
from bot.github.deliveries import DESTROYED
from bot.github.gather import Gathered, Memory, gather
from bot.github.merge_group import Group, gather_group
from bot.github.targets import MergeGroup, PullRequest
from bot.github.watermark import lags
from bot.rules import parse
from bot.store import Store
from bot.store import commands as closing_commands
from bot.store import heads as published_heads
from bot.store.wishes import Watermark

_MOST_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Gate:
    """What a pass works with: GitHub, our store, and what both need not be asked twice."""

    client: Client
    store: Store
    builtin: Mapping[str, str]
    """The built-in sets of rules by name."""
    caches: Caches = field(default_factory=Caches)
    rules: MutableMapping[Hashable, Rules | BrokenRules] = field(default_factory=lambda: LRUCache(maxsize=1_000))
    needs: MutableMapping[Hashable, Needs] = field(default_factory=lambda: LRUCache(maxsize=10_000))


@dataclass(frozen=True, slots=True)
class Reading:
    """Rules and snapshot of one instant."""

    ref: PullRequest
    """Whose people are heard."""
    rules: Rules | BrokenRules
    snapshot: Snapshot
    twins: tuple[int, ...]
    """Other open pull requests with the same head and base, which share our check run."""

    @property
    def verdict(self) -> Verdict:
        """What the gate decides."""
        return evaluate(self.rules, self.snapshot)


@dataclass(frozen=True, slots=True)
class Untold:
    """A merge group whose one pull request can't be told."""

    group: Group
    because: str


async def read(
    gate: Gate, target: PullRequest | MergeGroup, watermark: Watermark | None = None
) -> Reading | Untold | None:
    """Everything about the target; None when it is closed or its base has no rules: then we say nothing."""
    if isinstance(target, PullRequest):
        return await _read(gate, target, await _gathered(gate, target), watermark)
    if DESTROYED.keys() <= (watermark or {}).keys():
        await published_heads.forget(gate.store, target=target.key)
        return None
    return await _read_group(gate, target, watermark)


async def _read(gate: Gate, ref: PullRequest, gathered: Gathered, watermark: Watermark | None) -> Reading | None:
    rules, snapshot = _rules(gate, gathered), gathered.snapshot
    if rules is None or snapshot.state != "OPEN":
        return None
    answers = Answers(gate.client, gate.caches, ref)
    if lags(snapshot, watermark):
        snapshot = await answers.checks_afresh(snapshot)
    while asked := questions(rules, snapshot):
        snapshot = await answers.to(asked, snapshot)
    return Reading(ref, rules, snapshot, gathered.twins)


async def _read_group(gate: Gate, target: MergeGroup, watermark: Watermark | None) -> Reading | Untold | None:
    """Machines are asked about the group's commit, people about the pull request that stands in it."""
    # Before the first read: a check that ends from now on raises a look of this group, one before is seen below.
    await published_heads.record(gate.store, target=target.key, sha=target.sha, at=gate.client.now())
    needs = gate.needs.get(target.repository) or Needs()
    group = await gather_group(gate.client, target, needs)
    if isinstance(group.number, Unavailable):
        return Untold(group, group.number.because) if group.has_rules else None
    ref = PullRequest(repository=target.repository, number=group.number)
    gathered = await _gathered(gate, ref)
    if gathered.snapshot.base_ref != target.base:
        return Untold(group, f"#{ref.number} goes into another branch than the group.")
    if gate.needs[ref.key] | needs != needs:
        group = await gather_group(gate.client, target, gate.needs[ref.key])
    (first, *_) = await published_heads.published(gate.store, target=target.key)
    snapshot = replace(
        gathered.snapshot,
        group_sha=target.sha,
        head_seen_at=_instant(first.published_at),
        published=group.published,
        **group.facts,
    )
    if group.is_cut:
        snapshot = await Answers(gate.client, gate.caches, ref).checks_afresh(snapshot)
    return await _read(gate, ref, replace(gathered, snapshot=snapshot, twins=()), watermark)


async def _gathered(gate: Gate, ref: PullRequest) -> Gathered:
    """One read, mostly: the query asks for what the last known rules of this base need and brings the rules along.

    When these turn out to be others, it is asked again. Rules that change with every try leave files unread, and what
    is not read is not met.
    """
    memory = await _recall(gate.store, ref)
    needs = gate.needs.get(ref.key) or gate.needs.get(ref.repository) or Needs()
    for _ in range(_MOST_ROUNDS):
        gathered = await gather(gate.client, ref, needs, memory)
        rules = _rules(gate, gathered)
        asked, needs = needs, rules.needs() if isinstance(rules, Rules) else Needs()
        if needs.files <= asked.files:
            break
    gate.needs[ref.key] = gate.needs[ref.repository] = needs
    return gathered


async def confirm(gate: Gate, reading: Reading) -> Reading:
    """The same with what decided read afresh, for a verdict that would turn something green."""
    answers = Answers(gate.client, gate.caches, reading.ref)
    return replace(reading, snapshot=await answers.confirm(reading.snapshot))


async def remember(gate: Gate, ref: PullRequest, closings: tuple[Closing, ...]) -> None:
    """Keeps closing commands: from now on they stand, whatever happens to their comments."""
    rows = [
        closing_commands.ClosingCommand(
            comment_id=str(closing.comment),
            verb=closing.verb,
            argument=closing.argument,
            login=closing.login,
            because="",
            at=closing.at.timestamp(),
        )
        for closing in closings
    ]
    await closing_commands.record(gate.store, target=ref.key, commands=rows)


async def remember_head(gate: Gate, ref: PullRequest, snapshot: Snapshot, at: datetime) -> None:
    """Keeps since when a verdict about the head stands where people can read it; the first time counts."""
    if snapshot.group_sha is None and snapshot.head_sha not in {head.sha for head in snapshot.heads}:
        await published_heads.record(gate.store, target=ref.key, sha=snapshot.head_sha, at=at.timestamp())


async def _recall(store: Store, ref: PullRequest) -> Memory:
    heads = await published_heads.published(store, target=ref.key)
    closings = await closing_commands.seen(store, target=ref.key)
    return Memory(
        heads=tuple(PublishedHead(sha=head.sha, at=_instant(head.published_at)) for head in heads),
        closings=tuple(
            Closing(
                comment=int(closing.comment_id),
                verb=closing.verb,
                argument=closing.argument,
                login=closing.login,
                at=_instant(closing.at),
            )
            for closing in closings
        ),
    )


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _rules(gate: Gate, gathered: Gathered) -> Rules | BrokenRules | None:
    """The rules at the base; None when there are none, a fault when there are two files."""
    if not gathered.rules_files:
        return None
    file, *others = gathered.rules_files
    if others:
        return _fault(others[0], f"{file.path} is there as well; keep one of the two")
    key = (file.path, file.oid)
    if key not in gate.rules:
        gate.rules[key] = _parsed(file, gate.builtin)
    return gate.rules[key]


def _parsed(file: RulesFile, sets: Mapping[str, str]) -> Rules | BrokenRules:
    if file.text is None:
        return _fault(file, "GitHub does not show it as text; write UTF-8 text below 256 KB")
    return parse(file.text, file=file.path, source=file.oid, sets=sets)


def _fault(file: RulesFile, message: str) -> BrokenRules:
    fault = Fault(line=1, column=1, path="", message=message)
    return BrokenRules(source=file.oid, file=file.path, faults=(fault,))
