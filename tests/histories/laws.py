"""What must hold of every verdict, and between one and the next; each law says what it found wrong."""

from collections import Counter
from dataclasses import fields, replace

from bot.gate.evaluate import evaluate
from bot.gate.finding import State
from bot.gate.rules import Rules
from bot.gate.verdict import OF_VERSION, Outcome, Verdict
from bot.gate.version import NextVersion
from tests.histories import expected
from tests.histories.expected import Closed
from tests.histories.world import Memory, World, asked, seen

RANK = {Outcome.ERROR: 0, Outcome.BLOCKED: 1, Outcome.WAITING: 2, Outcome.SCHEDULED: 3}
PASSES = 4


def judged(rules: Rules, world: World, memory: Memory) -> Verdict:
    """What the gate says."""
    return evaluate(rules, seen(world, memory))


def look(rules: Rules, world: World, memory: Memory) -> tuple[Verdict, Memory]:
    """The gate looks and remembers; what it publishes is what it would say again, told no more than it asks for."""
    facts = seen(world, memory)
    verdict = evaluate(rules, facts)
    assert evaluate(rules, asked(rules, facts)) == verdict, "it does not ask for all that it needs"
    after = memory.after(world, verdict.closings)
    again = judged(rules, world, after)
    assert again.closings == (), "it hears as new what it has heard"
    assert spoken(again) == spoken(verdict), f"looking again says something else: {differing(again, verdict)}"
    reverse = replace(seen(world, after), closings=after.closings[::-1])
    assert evaluate(rules, reverse).outcome is verdict.outcome, "the order of memories matters"
    return verdict, after


def spoken(verdict: Verdict) -> Verdict:
    """All of it that people see."""
    return replace(verdict, closings=())


def differing(one: Verdict, other: Verdict) -> str:
    """In what they differ."""
    names = (field.name for field in fields(Verdict) if field.name != "closings")
    return ", ".join(
        f"{name}: {getattr(one, name)} | {getattr(other, name)}"
        for name in names
        if getattr(one, name) != getattr(other, name)
    )


def opens(before: Verdict, after: Verdict, *, by_ids: bool = True) -> str:
    """How the second is nearer to green than the first; empty when it is not.

    One person's sign-offs for roles that are `distinct` may change which of these is missing, and what a lost bump
    hides is hidden behind a blocker of its own: there only the outcome tells.
    """
    was, now = (RANK.get(one.outcome, PASSES) for one in (before, after))
    if now > was:
        return f"{before.outcome} became {after.outcome}"
    gone = Counter(one.id for one in before.blockers) - Counter(one.id for one in after.blockers)
    doubtful = any(one.id == OF_VERSION for one in after.blockers)
    return f"nothing blocks any more: {sorted(gone)}" if gone and by_ids and not doubtful else ""


def is_right(rules: Rules, world: World, memory: Memory, heard: frozenset[Closed], verdict: Verdict) -> None:
    """The verdict says of people what the second opinion says."""
    closed = heard | expected.closings(rules, world, heard)
    version = verdict.version
    assert isinstance(version, NextVersion), version
    _holds_are_right(closed, world, verdict)
    _roles_are_right(rules, world, memory, closed, verdict, version)
    _items_are_right(rules, world, memory, closed, verdict)
    _bump_is_right(rules, world, closed, verdict, version)


def _holds_are_right(closed: frozenset[Closed], world: World, verdict: Verdict) -> None:
    wanted = Counter((one.login, one.at) for one in expected.holds(closed, world))
    assert Counter((one.login, one.at) for one in verdict.holds) == wanted, "holds"


def _roles_are_right(
    rules: Rules, world: World, memory: Memory, closed: frozenset[Closed], verdict: Verdict, version: NextVersion
) -> None:
    is_distinct = any(role.distinct for role in rules.roles.values())
    shown = {standing.role.id: standing for standing in verdict.standings}
    for id, role in rules.roles.items():
        words = expected.sign_offs(rules, world, memory, closed, role, version)
        signed = {(one.login, one.at, one.sha) for one in shown[id].signed} if id in shown else set()
        refused = {(one.login, one.at) for one in shown[id].vetoes} if id in shown else set()
        sure = tuple(word for word in words if word.is_sure)
        assert signed <= {(word.login, word.at, word.sha) for word in words}, f"{id} is signed and should not be"
        if not is_distinct:
            assert signed >= {(word.login, word.at, word.sha) for word in sure}, f"{id} is not signed and should be"
        must = {(one.login, one.at) for one in expected.vetoes(closed, world, role, words)}
        assert refused >= must, f"a veto for {id} is lost"
        may = {(one.login, one.at) for one in expected.vetoes(closed, world, role, sure)}
        assert refused <= may, f"a veto for {id} stands and should not"


def _items_are_right(rules: Rules, world: World, memory: Memory, closed: frozenset[Closed], verdict: Verdict) -> None:
    for one in verdict.items:
        if one.finding.state is State.WAIVED:
            assert expected.is_claimed(rules, world, memory, closed, "waive", one.item), f"{one.item.id} is waived"
        if one.finding.state is State.MET and one.item.evidence.needs().attesters:
            assert expected.is_claimed(rules, world, memory, closed, "attest", one.item), f"{one.item.id} is attested"


def _bump_is_right(
    rules: Rules, world: World, closed: frozenset[Closed], verdict: Verdict, version: NextVersion
) -> None:
    bumps = [one for one in closed if one.verb == "bump"]
    newest = {one for one in bumps if one.at == max(other.at for other in bumps)}
    stands = newest & expected.closings(rules, world, frozenset(closed))
    declared = [one for one in version.declared if one.source == "command"]
    assert not (declared and not stands), "a bump is declared by nobody"
    if newest and not stands:
        assert OF_VERSION in {one.id for one in verdict.blockers}, "a lost bump blocks nothing"
