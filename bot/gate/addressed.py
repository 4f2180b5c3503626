"""Which commands are for us, and what is answered to those that don't count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.gate.commands import TOO_MUCH, Command, commands_in, unread_in
from bot.gate.facts import Closing, Comment
from bot.gate.markup import code
from bot.gate.rules import Rules
from bot.gate.spelling import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A command that did not count, and why."""

    command: Command
    because: str


def addressed(rules: Rules, comments: tuple[Comment, ...]) -> Iterator[Command]:
    """Commands for us, the oldest first: other bots share the verbs, so a bare one has to name (nearly) one of ours."""
    ours = (*rules.roles, *(item.id for item in rules.checklist))
    for comment in sorted(comments, key=lambda comment: (comment.created_at, comment.id)):
        for command in commands_in(comment):
            # Two letters of three would be anything.
            within = 2 if len(command.argument) > 3 else 1  # noqa: PLR2004
            if command.addressed or nearest(command.argument, ours, within=within):
                yield command


def unread(comments: tuple[Comment, ...]) -> tuple[Refusal, ...]:
    """The answer to comments that were too much to read; whom they address is not known, so all are answered."""
    found = (unread_in(comment) for comment in comments)
    return tuple(Refusal(command=command, because=TOO_MUCH) for command in found if command)


def no_such(command: Command, what: str, known: tuple[str, ...], *, are: str) -> Refusal:
    """The refusal of a command that names none of the known; `are` leads to these."""
    meant = nearest(command.argument, known)
    named = ", ".join(f"`{id}`" for id in known) or "none"
    seen = f"there is no {what} {code(command.argument, limit=40)}" if command.argument else f"it names no {what}"
    hint = f"did you mean `/{command.verb} {meant}`?" if meant else f"{are} {named}"
    return Refusal(command=command, because=f"{seen}; {hint}")


def closing(command: Command, argument: str) -> Closing | None:
    """What to remember of a closing command; None when nobody stands behind it."""
    comment = command.comment
    if comment.author is None or comment.is_bot:
        return None
    at = comment.edited_at or comment.created_at
    return Closing(comment=comment.key, verb=command.verb, argument=argument, login=comment.author, at=at)


def key_of(closing: Closing) -> tuple[str, str, str, datetime]:
    """What tells one closing command from another."""
    return (closing.comment, closing.verb, closing.argument, closing.at)
