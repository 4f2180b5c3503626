"""Answers what people ask: why an item stands as it does, how things are, and who may use which command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.gate.addressed import Refusal, no_such
from bot.gate.authority import SHUT_OUT, who_may
from bot.gate.checklist import JudgedItem
from bot.gate.commands import FORMS, Command, Takes, Verb
from bot.gate.declared import overriding
from bot.gate.finding import Finding, State
from bot.gate.markup import code, listed
from bot.gate.people import People
from bot.gate.risk import RiskState
from bot.gate.risk_register import JudgedRisk
from bot.gate.rules import Quote, Role, Rules, Via
from bot.gate.standing import finding

MOST: Final = 3
"""Questions that are answered, the newest of them: anybody may ask a thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why an item or a role stands as it does."""

    id: str
    title: str
    finding: Finding
    note: str = ""
    """What else there is to know, in Markdown."""
    is_role: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody asked, and what there is to say."""

    command: Command
    explained: tuple[Explained, ...] = ()
    usages: tuple[tuple[str, str], ...] = ()
    """Commands as they are written, with who may use them."""


def answers(
    rules: Rules, said: People, items: tuple[JudgedItem, ...], risks: tuple[JudgedRisk, ...], head_sha: str
) -> tuple[Answer, ...]:
    """The newest questions, the newest first; one that is asked again is answered once."""
    newest: dict[tuple[Verb | None, str], Command] = {}
    for command in said.asked:
        newest.pop((command.verb, command.argument.lower()), None)
        newest[command.verb, command.argument.lower()] = command
    asked = [command for command in newest.values() if command.verb is not Verb.RECHECK]
    known = [command for command in asked if command.verb is not Verb.EXPLAIN or _is_known(rules, command)]
    return tuple(_answer(rules, said, items, risks, head_sha, command) for command in reversed(known[-MOST:]))


def unanswered(rules: Rules, asked: Iterable[Command]) -> tuple[Refusal, ...]:
    """The questions about what there is not."""
    ids = _ids(rules)
    return tuple(
        no_such(command, "item", ids, are="there are")
        for command in asked
        if command.verb is Verb.EXPLAIN and not _is_known(rules, command)
    )


def _is_known(rules: Rules, command: Command) -> bool:
    named = command.argument.lower()
    return not named or named in {id.lower() for id in _ids(rules)}


def _ids(rules: Rules) -> tuple[str, ...]:
    """What can be explained."""
    return (*(item.id for item in rules.checklist), *rules.roles, *rules.risks)


def _answer(
    rules: Rules,
    said: People,
    items: tuple[JudgedItem, ...],
    risks: tuple[JudgedRisk, ...],
    head_sha: str,
    command: Command,
) -> Answer:
    match command.verb:
        case Verb.HELP:
            return Answer(command=command, usages=tuple(_usages(rules)))
        case Verb.EXPLAIN:
            named = command.argument.lower()
            of_items = [_of_item(rules, judged) for judged in items if judged.item.id.lower() == named]
            of_roles = [_of_role(said, id, head_sha) for id in rules.roles if id == named]
            of_risks = [_of_risk(judged) for judged in risks if judged.risk.id.lower() == named]
            open_ones = [_of_item(rules, judged) for judged in items if judged.is_open and not named]
            return Answer(command=command, explained=(*of_items, *of_roles, *of_risks, *open_ones))
        case _:
            return Answer(command=command)


def _of_item(rules: Rules, judged: JudgedItem) -> Explained:
    item = judged.item
    may_waive = [rules.roles[role] for role in rules.who_may_waive(item) if role in rules.roles]
    waive = f"`/waive {item.id} because …` by {_people(may_waive)}" if may_waive else "nobody can waive it"
    weight = "blocks" if judged.is_blocking else "does not block"
    return Explained(
        id=item.id,
        title=item.title,
        finding=judged.finding,
        note=f"{item.tier}, {weight}" + (f"; {waive}" if judged.is_open else ""),
    )


_OF_RISKS: Final = {
    RiskState.OPEN: State.UNMET,
    RiskState.MITIGATED: State.MET,
    RiskState.ACCEPTED: State.WAIVED,
    RiskState.CLOSED: State.MET,
    RiskState.NOT_APPLICABLE: State.NOT_APPLICABLE,
}


def _of_risk(judged: JudgedRisk) -> Explained:
    seen = Finding(state=_OF_RISKS[judged.state], seen=judged.because, link=judged.url)
    return Explained(id=judged.risk.id, title=judged.risk.title, finding=seen, note=f"{judged.risk.severity} risk")


def _of_role(said: People, id: str, head_sha: str) -> Explained:
    standing = said.standings[id]
    signers = "one of them signs" if standing.role.count == 1 else f"{standing.role.count} of them sign"
    note = f"{who_may(standing.role)}; {signers}" if _has_people(standing.role) else "it has nobody"
    return Explained(id=id, title="role", finding=finding(standing, head_sha), note=note, is_role=True)


def _usages(rules: Rules) -> Iterable[tuple[str, str]]:
    """Every command that somebody can use here."""
    waivers = {item.id: rules.who_may_waive(item) for item in rules.checklist}
    attesters = {item.id: item.evidence.needs().attesters for item in rules.checklist}
    by_argument = {
        Takes.ROLE: _by_people(rules, {id: (id,) for id in rules.roles}),
        Takes.ITEM: _by_people(rules, attesters),
        Takes.RISK: _by_people(rules, {id: risk.owners for id, risk in rules.risks.items()}),
        Takes.BUMP: _people(overriding(rules)),
        Takes.NOTHING: "anyone",
    }
    by_verb = {
        Verb.APPROVE: "; ".join(
            _signers(role) for role in rules.roles.values() if Via.COMMENT in role.via and _has_people(role)
        ),
        Verb.REVOKE: "whoever signed or refused" if any(map(_has_people, rules.roles.values())) else "",
        Verb.WAIVE: _by_people(rules, waivers),
        Verb.UNWAIVE: _by_people(rules, waivers),
        Verb.HOLD: "whoever has write access",
        Verb.UNHOLD: "whoever holds it, or an admin",
        Verb.EXPLAIN: "anyone",
    }
    for verb, form in FORMS.items():
        if who := by_verb.get(verb, by_argument[form.takes]):
            yield f"`/{'gate ' if form.only_addressed else ''}{f'{verb} {form.usage}'.strip()}`", who


def _signers(role: Role) -> str:
    out = [word for exclude, word in SHUT_OUT.items() if exclude in role.exclude]
    named = {Quote.NEVER: "", Quote.MAJOR: ", naming the version of a major", Quote.ALWAYS: ", naming the version"}
    but = f", not {listed(out, last='or')}" if out else ""
    return f"{code(role.id)}: {who_may(role)}{but}{named[role.quote_version]}"


def _by_people(rules: Rules, roles_of: Mapping[str, Iterable[str]]) -> str:
    """Who may, with the ids of what they may say it."""
    ids: dict[str, list[str]] = {}
    for id, roles in roles_of.items():
        if who := _people(_named(rules, roles)):
            ids.setdefault(who, []).append(code(id))
    return "; ".join(f"{', '.join(named)}: {who}" for who, named in ids.items())


def _named(rules: Rules, ids: Iterable[str]) -> list[Role]:
    return [rules.roles[id] for id in sorted(ids) if id in rules.roles]


def _people(roles: Iterable[Role]) -> str:
    """Empty where there is nobody."""
    named = dict.fromkeys(who_may(role) for role in roles if _has_people(role))
    return listed(list(named), last="or") if named else ""


def _has_people(role: Role) -> bool:
    return bool(role.users or role.teams or role.apps)
