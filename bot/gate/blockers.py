"""Every reason why the release may not ship yet: holds, items, the version, and roles that have not signed."""

from dataclasses import replace

from bot.gate.candidate import Candidate
from bot.gate.checklist import JudgedItem
from bot.gate.declared import DeclaredBumps
from bot.gate.due import must_sign
from bot.gate.facts import Fact, Unavailable
from bot.gate.finding import Finding, State, Who, unknown
from bot.gate.holds import Hold
from bot.gate.markup import code, instant
from bot.gate.people import People
from bot.gate.rules import Rules
from bot.gate.standing import Standing, finding
from bot.gate.verdict import COMMENTS, HOLD, OF_VERSION, Blocker
from bot.gate.version import NextVersion


def of_holds(said: People) -> tuple[Blocker, ...]:
    """People who hold the release back, by name; whoever can't be heard may be one of them."""
    if said.unknown:
        hidden = unknown(because=said.unknown, wanted="what people say, for somebody may hold it")
        return (Blocker(id=COMMENTS, title="", finding=hidden),)
    return tuple(Blocker(id=HOLD, title="", finding=_held(hold)) for hold in said.holds)


def _held(hold: Hold) -> Finding:
    until = f" until {instant(hold.until)}" if hold.until else ""
    why = f": {code(hold.because, limit=200)}" if hold.because else ", without a reason"
    doubt = f" ({hold.doubt})" if hold.doubt else ""
    return Finding(
        state=State.UNMET,
        seen=f"held by {code(hold.login)}{until}{why}{doubt}",
        wanted=f"the word of {code(hold.login)} or an admin",
        do="`/unhold`" if hold.until is None else f"`/unhold`, or wait until {instant(hold.until)}",
        who=Who.HOLDER,
        link=hold.url,
        again_at=hold.until,
    )


def of_items(items: tuple[JudgedItem, ...]) -> tuple[Blocker, ...]:
    """Items that are open and block."""
    return tuple(
        Blocker(
            id=judged.item.id,
            title=judged.item.title,
            finding=judged.finding,
            tier=judged.item.tier,
            how=judged.item.how,
        )
        for judged in items
        if judged.is_open and judged.is_blocking
    )


def of_version(rules: Rules, version: Fact[NextVersion], declared: DeclaredBumps) -> tuple[Blocker, ...]:
    """What is wrong with the version itself, whether or not an item asks for it."""
    problems = () if isinstance(version, Unavailable) else version.problems
    if isinstance(version, Unavailable) and (declared.declared or rules.semver.files):
        # What is declared may be too low, go back or be taken.
        problems = (unknown(because=version.because, wanted="the version that the changes need"),)
    if declared.doubt:
        doubt = Finding(
            state=State.UNKNOWN,
            seen=declared.doubt,
            wanted="a bump that somebody stands for",
            do="`/bump major|minor|patch because …`",
            who=Who.ROLE,
        )
        problems = (*problems, doubt)
    return tuple(Blocker(id=OF_VERSION, title="", finding=problem) for problem in problems)


def of_roles(rules: Rules, said: People, candidate: Candidate) -> tuple[Blocker, ...]:
    """Roles that have to sign this change and have not, and those that refuse it."""
    return tuple(
        Blocker(id=standing.role.id, title="Sign-off", finding=finding(standing, candidate.snapshot.head_sha))
        for standing in said.standings.values()
        if standing.vetoes or (must_sign(rules, standing.role, candidate) and not standing.is_signed)
    )


def shown(rules: Rules, said: People, candidate: Candidate) -> tuple[Standing, ...]:
    """The roles that have to sign this change, and those of which somebody said something."""
    named = rules.needs().roles
    standings = (
        replace(standing, is_due=id in named or must_sign(rules, standing.role, candidate))
        for id, standing in said.standings.items()
    )
    return tuple(one for one in standings if one.is_due or one.signed or one.dropped or one.vetoes)
