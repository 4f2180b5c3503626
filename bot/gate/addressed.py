"""Which commands are for us, and what is answered to those that don't count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.gate.commands import FORMS, TOO_MUCH, Command, Takes, Verb, commands_in, unread_in
from bot.gate.facts import Closing, Comment, ReviewState, Snapshot, Unavailable
from bot.gate.markup import code
from bot.gate.persons import same_person
from bot.gate.rules import Rules
from bot.gate.spelling import nearest
from bot.gate.version import Bump

_OF_OTHERS: Final[Mapping[Verb, frozenset[str]]] = {Verb.HOLD: frozenset({"cancel"})}
"""What other bots know and we don't: <https://docs.prow.k8s.io/docs/components/plugins/hold/>."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A command that did not count, and why."""

    command: Command
    because: str


def addressed(rules: Rules, comments: tuple[Comment, ...]) -> tuple[Command, ...]:
    """Commands for us, the oldest first: other bots share the verbs, so a bare one has to name (nearly) one of ours."""
    ours = {takes: known(rules, takes) for takes in Takes}
    in_order = sorted(comments, key=lambda comment: (comment.created_at, comment.key))
    return tuple(
        command
        for comment in in_order
        for command in commands_in(comment)
        if command.addressed or _means_us(ours, command)
    )


def _means_us(ours: Mapping[Takes, tuple[str, ...]], command: Command) -> bool:
    argument = command.argument
    if command.verb is None:
        # Somebody else's verb, unless it is misspelt and names what only we know. `/test JOB` is two letters from ours.
        everything = frozenset(id.lower() for ids in ours.values() for id in ids)
        return argument.lower() in everything and nearest(command.word, Verb, within=1) is not None
    form = FORMS[command.verb]
    if form.only_addressed:
        return False
    if form.takes is Takes.NOTHING or (command.verb is Verb.EXPLAIN and not argument):
        return command.because.lower() not in _OF_OTHERS.get(command.verb, frozenset())
    # Two letters of three would be anything, and so would one of one.
    within = min(2, len(argument) // 2)
    named = (*ours[Takes.ROLE], *ours[Takes.ITEM], *ours[form.takes])
    return nearest(argument, named, within=within) is not None


def known(rules: Rules, takes: Takes) -> tuple[str, ...]:
    """What a command can name."""
    return {
        Takes.ROLE: tuple(rules.roles),
        Takes.ITEM: tuple(item.id for item in rules.checklist),
        Takes.RISK: tuple(rules.risks),
        Takes.BUMP: tuple(Bump),
        Takes.NOTHING: (),
    }[takes]


def unread(comments: tuple[Comment, ...]) -> tuple[Refusal, ...]:
    """The answer to comments that were too much to read; whom they address is not known, so all are answered."""
    found = (unread_in(comment) for comment in comments)
    return tuple(Refusal(command=command, because=TOO_MUCH) for command in found if command)


def misspelt(commands: tuple[Command, ...]) -> tuple[Refusal, ...]:
    """The answer to words that are no verb of ours."""
    return tuple(Refusal(command=command, because=_no_verb(command)) for command in commands if command.verb is None)


def _no_verb(command: Command) -> str:
    meant = nearest(command.word, Verb)
    seen = f"there is no command {code(command.word, limit=40)}" if command.word else "it names no command"
    hint = f"did you mean `/gate {meant} {command.argument}`".rstrip() + "?" if meant else "`/gate help` lists them"
    return f"{seen}; {hint.replace(' `?', '`?')}"


def no_such(command: Command, what: str, known: tuple[str, ...], *, are: str) -> Refusal:
    """The refusal of a command that names none of the known; `are` leads to these."""
    meant = nearest(command.argument, known)
    named = ", ".join(f"`{id}`" for id in known) or "none"
    seen = f"there is no {what} {code(command.argument, limit=40)}" if command.argument else f"it names no {what}"
    hint = f"did you mean `/{command.verb} {meant}`?" if meant else f"{are} {named}"
    return Refusal(command=command, because=f"{seen}; {hint}")


def undone(comment: Comment) -> str:
    """What became of a comment that opens nothing any more, for an answer; empty while it stands as it was written."""
    if comment.review is ReviewState.DISMISSED:
        return "a dismissed review"
    if not comment.edited_at:
        return ""
    by = comment.editor
    if by is None or by.lower() == (comment.author or "").lower():
        return "an edited comment"
    return f"a comment that {code(by)} edited"


def closing(command: Command, argument: str) -> Closing | None:
    """What to remember of a closing command; None when nobody stands behind it.

    An edited comment says it anew, whoever edited it: it only makes the gate stricter.
    """
    comment = command.comment
    if comment.author is None or comment.is_bot:
        return None
    at = comment.edited_at or comment.created_at
    return Closing(
        comment=comment.key,
        verb=str(command.verb),
        argument=argument,
        login=comment.author,
        login_id=comment.author_id,
        at=at,
        because=command.because,
    )


def edited_by_others(snapshot: Snapshot) -> tuple[Comment, ...]:
    """Comments that may not say any more what their authors said."""
    comments = () if isinstance(snapshot.comments, Unavailable) else snapshot.comments
    return tuple(
        comment
        for comment in comments
        if comment.edited_at and comment.editor and comment.editor.lower() != (comment.author or "").lower()
    )


def key_of(closing: Closing) -> tuple[str, str, str, datetime]:
    """What tells one closing command from another."""
    return (closing.comment, closing.verb, closing.argument, closing.at)


def was_seen(closing: Closing, closings: tuple[Closing, ...]) -> bool:
    """Whether a closing command counted when it was first seen: then it stands, whoever its author is by now."""
    return key_of(closing) in {key_of(one) for one in closings}


def remembered(
    closings: tuple[Closing, ...], present: Iterable[Closing], verb: Verb
) -> tuple[tuple[Closing, ...], tuple[Closing, ...]]:
    """All closing commands of a verb, seen before or now, and those of them that are new."""
    before = {key_of(one): one for one in closings if one.verb == verb}
    now = {key_of(one): one for one in present}
    new = tuple(one for key, one in now.items() if key not in before)
    # What is still there tells what its author is called by now.
    known = (_newer(one, now.get(key, one)) for key, one in before.items())
    # In one order, whether just seen or remembered: what is shown must not change with the next look.
    return tuple(sorted((*known, *new), key=lambda one: (one.at, one.comment, one.argument))), new


def _newer(before: Closing, now: Closing) -> Closing:
    return now if same_person(before.login, before.login_id, now.login, now.login_id) else before
