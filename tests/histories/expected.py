"""What people's words come to, told from the model alone: a second opinion that asks the gate nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.gate.checklist import Item
from bot.gate.facts import Permission, ReviewState
from bot.gate.rules import Exclude, Quote, Role, Rules, Stale, Via
from bot.gate.version import Bump, NextVersion
from tests.histories.world import AUTHOR, BINARY, BOT, FILES, Head, Memory, Remark, Said, World

CLOSING = frozenset({"reject", "revoke", "hold", "unattest", "unwaive", "bump"})
"""What the store keeps: from then on it stands whatever happens to its comment."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A closing command that somebody who may has said."""

    key: str
    verb: str
    argument: str
    login: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody's opening command that may count."""

    login: str
    at: datetime
    sha: str | None
    is_sure: bool
    """It has to count, too."""


def members(role: Role, world: World) -> frozenset[str]:
    """Everybody whom the role lists."""
    return role.users.union(*(world.teams[team] for team in role.teams))


def may_act(role: Role, login: str | None, world: World) -> bool:
    """Members, but those whom the role excludes."""
    out = {
        Exclude.AUTHOR: {AUTHOR},
        Exclude.LAST_PUSHER: {world.head.pusher},
        Exclude.COMMITTERS: {head.pusher for head in world.heads},
    }
    return login in members(role, world) and not any(login in out[exclude] for exclude in role.exclude)


def closings(rules: Rules, world: World, heard: frozenset[Closed]) -> frozenset[Closed]:
    """The closing commands that stand in comments now; `heard` are those of before."""
    return frozenset(
        Closed(remark.fact.key, said.verb, argument_of(said), remark.author, remark.edited_at or remark.at)
        for remark in world.remarks
        for said in remark.said
        if said.verb in CLOSING
        and remark.author
        and remark.author != BOT
        and _may_close(rules, world, remark, said, heard)
    )


def argument_of(said: Said) -> str:
    """What the store keeps of it."""
    return (said.until.isoformat() if said.until else "") if said.verb == "hold" else said.argument


def _may_close(rules: Rules, world: World, remark: Remark, said: Said, heard: frozenset[Closed]) -> bool:
    login = remark.author or ""
    match said.verb:
        case "hold":
            return world.permissions[login].may_write
        case "revoke":
            return _has_spoken(rules.roles[said.argument], login, world, heard)
        case "bump":
            at = remark.edited_at or remark.at
            was_heard = Closed(remark.fact.key, "bump", said.argument, login, at) in heard
            is_member = any(login in members(rules.roles[role], world) for role in rules.semver.override_by)
            return not remark.is_undone and (is_member or was_heard)
        case "reject":
            return login in members(rules.roles[said.argument], world)
        case _:
            return any(login in members(role, world) for role in who(rules, said))


def _has_spoken(role: Role, login: str, world: World, heard: frozenset[Closed]) -> bool:
    """There is something that they may take back."""
    saying = [one for one in world.remarks if one.author == login and one.review not in {None, ReviewState.COMMENTED}]
    approves = bool(saying) and saying[-1].review is ReviewState.APPROVED
    return (
        any(
            one.author == login and said.verb in {"approve", "reject"} and said.argument == role.id
            for one in world.remarks
            for said in one.said
        )
        or (Via.REVIEW in role.via and approves)
        or any(one.argument == role.id and one.login == login for one in heard)
    )


def _is_taken_back(remark: Remark, said: Said, verb: str, by: Iterable[Closed]) -> bool:
    """Within one comment the order of the lines tells, else the time; a review's text comes after its approval."""
    place = next((at for at, one in enumerate(remark.said, start=1) if one is said), None)
    below = place is None or any((one.verb, one.argument) == (verb, said.argument) for one in remark.said[place:])
    return any(below if one.key == remark.fact.key else one.at >= remark.at for one in by)


def who(rules: Rules, said: Said) -> tuple[Role, ...]:
    """The roles whose members may say it of an item."""
    named = [
        id
        for item in rules.checklist
        if item.id == said.argument
        for id in (rules.who_may_waive(item) if said.verb.endswith("waive") else item.evidence.needs().attesters)
    ]
    return tuple(role for role in rules.roles.values() if role.id in named)


def sign_offs(
    rules: Rules, world: World, memory: Memory, closed: Iterable[Closed], role: Role, version: NextVersion
) -> tuple[Word, ...]:
    """Those that may stand for a role."""
    revoked = [one for one in closed if one.verb == "revoke" and one.argument == role.id]
    due = role.quote_version is Quote.ALWAYS or (role.quote_version is Quote.MAJOR and version.bump is Bump.MAJOR)
    found = []
    for remark, said in _signing(world, role):
        quoted = said.version == version.next if due or said.version else True
        sha, is_sure = meant(world, memory, remark, said)
        taken_back = _is_taken_back(remark, said, "revoke", [one for one in revoked if one.login == remark.author])
        stands, is_clear = _stands(world, role.stale, role.stale_paths, sha)
        if may_act(role, remark.author, world) and quoted and stands and not taken_back:
            found.append(Word(remark.author or "", remark.at, sha, is_sure and is_clear))
    return tuple(found)


def _signing(world: World, role: Role) -> Iterator[tuple[Remark, Said]]:
    """What would sign, but for what its author's newest review says where reviews sign as well."""
    saying = (ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED, ReviewState.DISMISSED)
    newest = {remark.author: remark for remark in world.remarks if remark.review in saying}
    for remark in world.remarks:
        last = newest.get(remark.author, remark)
        if Via.REVIEW in role.via and last.review in saying[1:] and last.at >= remark.at:
            continue
        for said in remark.said:
            if (said.verb, said.argument) == ("approve", role.id) and Via.COMMENT in role.via and not remark.is_undone:
                yield remark, said
        if Via.REVIEW in role.via and newest.get(remark.author) is remark and remark.review is ReviewState.APPROVED:
            yield remark, Said(verb="approve")


def meant(world: World, memory: Memory, remark: Remark, said: Said) -> tuple[str | None, bool]:
    """The commit that somebody speaks of, and whether the gate has to know it."""
    if said.sha:
        known = {remark.sha} | {head.sha for head in memory.heads if head.at < remark.at}
        return said.sha, said.sha in known
    if remark.review:
        return remark.sha, True
    before = [head for head in memory.heads if head.at < remark.at]
    return (max(before, key=lambda head: head.at).sha if before else None), True


def _stands(world: World, stale: Stale, paths: tuple[str, ...], sha: str | None) -> tuple[bool, bool]:
    """Whether what was said of the commit may stand for the head, and whether it has to."""
    then = next((head for head in world.heads if head.sha == sha), None)
    if then is None:
        return stale is Stale.NEVER and sha is not None, False
    if stale is Stale.NEVER or then.sha == world.head.sha:
        return True, True
    return (False, False) if stale is Stale.PUSH else (_is_same(then, world.head, paths), _is_clear(then, world.head))


def _is_same(then: Head, now: Head, paths: tuple[str, ...]) -> bool:
    """The pull request does the same under the paths."""
    return all(
        before == after
        for path, before, after in zip(FILES, then.own, now.own, strict=True)
        if not paths or any(path.startswith(one) for one in paths)
    )


def _is_clear(then: Head, now: Head) -> bool:
    """GitHub shows that it is the same: the base brought nothing beside it, and nothing into what can't be compared."""
    return all(
        not own or (was == base if path in BINARY else was[0] == base[0])
        for path, was, base, own in zip(FILES, then.base, now.base, now.own, strict=True)
    )


def vetoes(closed: Iterable[Closed], world: World, role: Role, signed: tuple[Word, ...]) -> frozenset[Closed]:
    """Those that nobody lifted."""
    taken_back = [
        remark
        for remark in world.remarks
        for said in remark.said
        if (said.verb, said.argument) == ("revoke", role.id) and not remark.is_undone
    ]
    return frozenset(
        one
        for one in closed
        if (one.verb, one.argument) == ("reject", role.id)
        and len({word.login for word in signed if word.at > one.at}) < role.count
        and not any(remark.author == one.login and remark.at > one.at for remark in taken_back)
    )


def holds(closed: Iterable[Closed], world: World) -> frozenset[Closed]:
    """Those that neither the clock nor anybody ended."""
    released = [
        remark
        for remark in world.remarks
        for said in remark.said
        if said.verb == "unhold" and not remark.is_undone and remark.author and remark.author != BOT
    ]
    return frozenset(
        one
        for one in closed
        if one.verb == "hold"
        and not (one.argument and datetime.fromisoformat(one.argument) <= world.now)
        and not any(
            remark.at > one.at
            and (remark.author == one.login or world.permissions[remark.author or ""] is Permission.ADMIN)
            for remark in released
        )
    )


def is_claimed(rules: Rules, world: World, memory: Memory, closed: Iterable[Closed], verb: str, item: Item) -> bool:
    """Whether anybody's `/waive` or `/attest` may count."""
    taken_back = [one for one in closed if (one.verb, one.argument) == (f"un{verb}", item.id)]
    paths = item.when.paths if item.when else ()
    stale = (
        (Stale.CHANGED if paths else Stale.PUSH) if verb == "waive" else getattr(item.evidence, "stale", Stale.NEVER)
    )
    return any(
        (said.verb, said.argument) == (verb, item.id)
        and not remark.is_undone
        and any(may_act(role, remark.author, world) for role in who(rules, said))
        and not (said.until and said.until <= world.now)
        and not _is_taken_back(remark, said, f"un{verb}", taken_back)
        and (
            (stale is Stale.NEVER)
            or _stands(world, stale, paths if verb == "waive" else (), meant(world, memory, remark, said)[0])[0]
        )
        for remark in world.remarks
        for said in remark.said
    )
