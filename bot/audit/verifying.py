"""Chains of decisions → which of them are whole, and the first broken link of each other one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bot.audit.asking import chains, name_of
from bot.record.chain import Decision, Kept, altered, first_break, missing
from bot.record.codec import Unreadable
from bot.store import Store, decisions


@dataclass(slots=True, kw_only=True)
class Verified:
    """What came of it."""

    chains: int = 0
    decisions: int = 0
    bodies: int = 0
    """Decisions whose facts, rules and verdict are still there."""
    broken: list[str] = field(default_factory=list)
    """A line for each chain that does not hold."""

    def add(self, chain: Sequence[Decision], bodies: int, problem: str) -> None:
        """One chain more."""
        self.chains += 1
        self.decisions += len(chain)
        self.bodies += bodies
        if problem:
            self.broken.append(f"{name_of(chain[-1])}: {problem}")

    @property
    def lines(self) -> tuple[str, ...]:
        """For people."""
        counted = ", ".join(
            f"{number} {noun if number == 1 else f'{noun}s'}"
            for number, noun in ((self.chains, "chain"), (self.decisions, "decision"))
        )
        end = f"{len(self.broken)} broken" if self.broken else "whole"
        return (*self.broken, f"{counted}, {self.bodies} with what they were made from: {end}")


async def verify(store: Store, pull_request: str | None, known: Iterable[Kept] = ()) -> Verified:
    """The chains in the database; `known` are decisions that have to be in them. Raises `NoAnswer`."""
    by_subject: dict[str, list[Decision]] = {}
    for kept in known:
        by_subject.setdefault(kept.decision.subject, []).append(kept.decision)
    verified = Verified()
    async for chain in chains(store, pull_request):
        bodies, problem = await _bodies(store, chain)
        wanted = by_subject.pop(chain[0].subject, ())
        verified.add(chain, bodies, first_break(chain) or missing(chain, wanted) or problem)
    if pull_request is None:
        verified.broken += [f"{name_of(gone[0])}: the whole chain is gone" for gone in by_subject.values()]
    return verified


def verify_lines(kept: Iterable[Kept]) -> Verified:
    """The chains in an export, which may begin in their middle; their lines stand together."""
    verified = Verified()
    for _, of_one in groupby(kept, key=lambda one: one.decision.subject):
        together = tuple(of_one)
        chain = tuple(one.decision for one in together)
        problem = next(filter(None, map(altered, together)), "")
        bodies = sum(one.body is not None for one in together)
        verified.add(chain, bodies, first_break(chain, is_part=True) or problem)
    return verified


async def _bodies(store: Store, chain: Sequence[Decision]) -> tuple[int, str]:
    """How many are there, and what is wrong with the first that is wrong."""
    there, problem = 0, ""
    for decision in chain:
        try:
            kept = await decisions.with_body(store, decision)
        except Unreadable as error:
            problem = problem or f"decision {decision.number}: {error}"
            continue
        there += kept.body is not None
        problem = problem or altered(kept)
    return there, problem
