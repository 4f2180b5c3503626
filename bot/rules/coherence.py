"""Tells what is wrong with no single entry of a rules file, only with all of them together."""

from collections.abc import Mapping, Sequence

from bot.evidence.combined import All, Not, kind_name
from bot.evidence.combined import Any as AnyOf
from bot.gate.checklist import Evidence
from bot.gate.markup import code, listed
from bot.gate.rules import Role, Rules
from bot.rules.inheriting import EXAMPLE
from bot.rules.risks import look_at_risks
from bot.rules.sense import TIMELESS
from bot.rules.spot import Spot, Wait

WAIT_LIMIT = 32
"""Items that one item may count from, directly or through others."""
WAITS_LIMIT = 200
"""How often a file may count from items."""


def look_at_the_whole(rules: Rules, spot: Spot) -> None:
    """Tells faults and warnings; `rules` is what could be read."""
    signing = rules.signing_roles()
    asks = rules.checklist or signing or not spot.context.is_gate
    if not asks and not spot.context.faults.found:
        spot.fault(f"nothing is asked of a release; add items under `checklist:` or {EXAMPLE}")
    sections = dict(spot.entries())
    by_id = dict(sections["roles"].entries()) if "roles" in sections else {}
    for role in signing:
        if not role.users and not role.teams and not role.apps:
            _tell_nobody(role, by_id[role.id])
    if "roles" in sections:
        _look_at_people(signing, sections["roles"])
    for section in {"checklist", "risks"} & sections.keys():
        _look_at_ids(sections[section])
    look_at_risks(rules, spot)
    _look_for_cycles(spot.context.waits)
    _look_at_instants(rules, spot.context.waits)


def _tell_nobody(role: Role, spot: Spot) -> None:
    type_this = f"{role.id}: {{teams: [org/slug]{', required: true' if role.required else ''}}}"
    spot.fault(f"the role `{role.id}` must sign but has nobody; write `{type_this}` under `roles:`", at_key=True)


def _look_at_people(signing: Sequence[Role], spot: Spot) -> None:
    """Warns when nobody of those who sign can open the release: teams have members that the file does not name."""
    if not signing or any(role.teams or role.apps or not role.users for role in signing):
        return
    folded = {role.id: {user.lower() for user in role.users} for role in signing}
    everybody = sorted(set().union(*folded.values()))
    lacking = {
        login: [role.id for role in signing if role.exclude and len(folded[role.id] - {login}) < role.count]
        for login in everybody
    }
    if not all(lacking.values()):
        return
    names = listed([code(login, limit=40) for login in everybody[:5]], last="or")
    short = listed([f"`{role}`" for role in dict.fromkeys(role for roles in lacking.values() for role in roles)])
    spot.warn(
        f"when {names} opens the pull request or pushes last, nobody is left to sign for {short}; "
        "add somebody, or a team",
        at_key=True,
    )


def _look_at_ids(spot: Spot) -> None:
    """Commands and people tell items by their ids, and nobody hears the case of a letter."""
    first: dict[str, str] = {}
    for id, entry in spot.entries():
        other = first.setdefault(id.lower(), id)
        if other != id:
            message = f"{entry.name} differs from {code(other, limit=60)} only by the case of letters; rename one"
            entry.fault(message, at_key=True)


def _look_for_cycles(waits: Sequence[Wait]) -> None:
    if len(waits) > WAITS_LIMIT:
        waits[WAITS_LIMIT].spot.fault(f"`elapsed` counts from items {len(waits):,} times; {WAITS_LIMIT} is the limit")
        return
    after: dict[str, list[str]] = {}
    for wait in waits:
        after.setdefault(wait.item, []).append(wait.since)
    circular = [wait for wait in waits if wait.item in _reached(wait.since, after)]
    for wait in circular:
        what = "itself" if wait.since == wait.item else f"{code(wait.since, limit=40)}, which waits for it in turn"
        wait.spot.fault(f"{code(wait.item, limit=40)} counts from {what}; count from something else")
    if not circular:
        _look_at_chains(waits, after)


def _look_at_chains(waits: Sequence[Wait], after: Mapping[str, Sequence[str]]) -> None:
    """Each item that is counted from is judged once more: few items could ask for more than anybody can wait for."""
    most = WAIT_LIMIT + 1
    judged: dict[str, int] = {}
    for _ in range(most):  # a longer chain is too long whatever it counts to
        judged = {id: min(1 + sum(judged.get(other, 1) for other in others), most + 1) for id, others in after.items()}
    for wait in {wait.item: wait for wait in waits}.values():
        if judged[wait.item] > most and all(judged.get(since, 1) <= most for since in after[wait.item]):
            said = f"{code(wait.item, limit=40)} counts from more than {WAIT_LIMIT} items in turn; count from fewer"
            wait.spot.fault(said, at_key=True)


def _look_at_instants(rules: Rules, waits: Sequence[Wait]) -> None:
    evidence = {item.id: item.evidence for item in rules.checklist}
    for wait in waits:
        if wait.since in evidence and not _says_since_when(evidence[wait.since]):
            said = f"GitHub does not say since when {code(wait.since, limit=40)} is met; count from an item that"
            wait.spot.fault(f"{said} a check, a deployment or a person's word alone shows")


def _says_since_when(evidence: Evidence) -> bool:
    """Whether there is an instant to count from once it is met."""
    match evidence:
        case All(of=parts):
            return all(_says_since_when(part) for part in parts)
        case AnyOf(of=parts):
            return any(_says_since_when(part) for part in parts)
        case Not():
            return False
        case _:
            return kind_name(type(evidence)) not in TIMELESS


def _reached(start: str, after: Mapping[str, Sequence[str]]) -> set[str]:
    """Every item that has to be met before `start`, itself included."""
    reached, ahead = set[str](), [start]
    while ahead:
        item = ahead.pop()
        if item not in reached:
            reached.add(item)
            ahead.extend(after.get(item, ()))
    return reached
