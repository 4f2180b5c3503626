"""How we react to each command, so that whoever wrote it sees that it was heard."""

from typing import Final

from bot.gate.commands import Verb, commands_in
from bot.gate.facts import Snapshot, Unavailable
from bot.gate.people import ASKING, People

COUNTS: Final = "THUMBS_UP"
REFUSED: Final = "CONFUSED"
ASKED: Final = "EYES"


def reactions(said: People) -> tuple[tuple[str, str], ...]:
    """The node id of each comment with a command and the reaction to it, the newest first.

    One reaction a comment: what is wrong with one of its commands counts more than that the others count.
    """
    refused = {refusal.command.comment.node_id for refusal in said.refusals}
    comments = {command.comment.node_id: command.comment for command in said.commands}
    comments |= {refusal.command.comment.node_id: refusal.command.comment for refusal in said.refusals}
    asking = {command.comment.node_id for command in said.commands if command.verb in ASKING}
    newest = sorted(comments.values(), key=lambda comment: (comment.created_at, comment.key), reverse=True)
    return tuple(
        (comment.node_id, _reaction(comment.node_id, refused, asking)) for comment in newest if comment.node_id
    )


def unheard_rechecks(snapshot: Snapshot) -> frozenset[str]:
    """The node ids of comments with `/recheck` that we have not reacted to: they ask for a fresh look."""
    comments = () if isinstance(snapshot.comments, Unavailable) else snapshot.comments
    return frozenset(
        comment.node_id
        for comment in comments
        if not comment.reactions and any(command.verb is Verb.RECHECK for command in commands_in(comment))
    )


def _reaction(id: str, refused: set[str], asking: set[str]) -> str:
    if id in refused:
        return REFUSED
    return ASKED if id in asking else COUNTS
