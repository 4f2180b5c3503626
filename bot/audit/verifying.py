"""Chains of decisions → which of them are whole, and the first broken link of each other one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.audit.asking import name_of, subjects
from bot.record.chain import Decision, Kept, altered, broken_link, first_break, missing
from bot.record.codec import Unreadable
from bot.store import Store, decisions
from bot.store.ageing import FACTS_DAYS

_DAY: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an export holds of one chain, without what the decisions were made from."""

    name: str
    """Of the pull request, as people write it."""
    digests: dict[int, str] = field(default_factory=dict)
    """By the decisions' numbers."""


@dataclass(slots=True, kw_only=True)
class Verified:
    """What came of it."""

    chains: int = 0
    decisions: int = 0
    bodies: int = 0
    """Decisions whose facts, rules and verdict are still there."""
    broken: list[str] = field(default_factory=list)
    """A line for each chain that does not hold."""

    def add(self, name: str, decisions: int, bodies: int, problem: str) -> None:
        """One chain more."""
        self.chains += 1
        self.decisions += decisions
        self.bodies += bodies
        if problem:
            self.broken.append(f"{name}: {problem}")

    @property
    def lines(self) -> tuple[str, ...]:
        """For people."""
        counted = ", ".join(
            f"{number} {noun if number == 1 else f'{noun}s'}"
            for number, noun in ((self.chains, "chain"), (self.decisions, "decision"))
        )
        end = f"{len(self.broken)} broken" if self.broken else "whole"
        return (*self.broken, f"{counted}, {self.bodies} with what they were made from: {end}")


def known_from(kept: Iterable[Kept]) -> Mapping[str, Known]:
    """What an export holds, by the chains' subjects. It is read once, and its bodies are not kept in memory."""
    known: dict[str, Known] = {}
    for one in kept:
        decision = one.decision
        chain = known.setdefault(decision.subject, Known(name=name_of(decision)))
        chain.digests[decision.number] = decision.digest
    return known


async def verify(
    store: Store,
    pull_request: str | None,
    known: Mapping[str, Known] | None = None,
    *,
    keep_facts_days: int = FACTS_DAYS,
) -> Verified:
    """The chains in the database; `known` are decisions that have to be in them. Raises `NoAnswer`.

    What decisions were made from has to be there for `keep_facts_days`.
    """
    left, verified = dict(known or {}), Verified()
    kept_since = store.now() - keep_facts_days * _DAY
    for subject in await subjects(store, pull_request):
        wanted = left.pop(subject, None)
        try:
            chain = await decisions.chain(store, subject=subject)
        except Unreadable as error:
            verified.add(wanted.name if wanted else f"{subject!s:.60}", 0, 0, str(error))
            continue
        bodies, problem = await _bodies(store, chain, kept_since)
        problem = first_break(chain) or missing(chain, wanted.digests if wanted else {}) or problem
        verified.add(name_of(chain[-1]), len(chain), bodies, problem)
    if pull_request is None:
        verified.broken += [f"{gone.name}: the whole chain is gone" for gone in left.values()]
    return verified


@dataclass(slots=True, kw_only=True)
class _Part:
    """What was read of one chain of an export."""

    name: str
    last: Decision | None = None
    decisions: int = 0
    bodies: int = 0
    problem: str = ""

    def add(self, kept: Kept) -> None:
        problem = broken_link(kept.decision, self.last, is_part=True) or altered(kept)
        self.problem = self.problem or problem
        self.last = kept.decision
        self.decisions += 1
        self.bodies += kept.body is not None


def verify_lines(kept: Iterable[Kept]) -> Verified:
    """The chains in an export, which may begin in their middle; each has its lines in order, wherever they stand."""
    parts: dict[str, _Part] = {}
    for one in kept:
        parts.setdefault(one.decision.subject, _Part(name=name_of(one.decision))).add(one)
    verified = Verified()
    for part in parts.values():
        verified.add(part.name, part.decisions, part.bodies, part.problem)
    return verified


async def _bodies(store: Store, chain: Sequence[Decision], kept_since: float) -> tuple[int, str]:
    """How many are there, and what is wrong with the first that is wrong."""
    there, problem = 0, ""
    for decision in chain:
        try:
            kept = await decisions.with_body(store, decision)
        except Unreadable as error:
            problem = problem or f"decision {decision.number}: {error}"
            continue
        there += kept.body is not None
        problem = problem or altered(kept) or _gone_early(kept, kept_since)
    return there, problem


def _gone_early(kept: Kept, kept_since: float) -> str:
    if kept.body is not None or kept.decision.at < int(kept_since):
        return ""
    return f"what decision {kept.decision.number} was made from is gone before its time (KEEP_FACTS_DAYS)"
