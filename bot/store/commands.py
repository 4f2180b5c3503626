"""Closing commands: once seen they stand, whatever happens to the comment they came from."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select

from bot.store.schema import closing_commands
from bot.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingCommand:
    """A command that makes the gate stricter: reject, hold, revoke, unattest, unwaive."""

    comment_id: str
    """GitHub's id of the comment or review."""
    verb: str
    argument: str
    """The role, item or time it names; empty when it names none."""
    login: str
    login_id: int | None = None
    """GitHub's id of the account; None where it was kept before we asked."""
    because: str
    at: float
    """When the comment was written, in epoch seconds."""


async def record(store: Store, *, subject: str, commands: Sequence[ClosingCommand]) -> None:
    """Keep these commands; what is kept already stays as it was first seen."""
    if not commands:
        return
    kept = [{"subject": subject, **asdict(command)} for command in commands]
    await store.keep(closing_commands, kept)


async def seen(store: Store, *, subject: str) -> tuple[ClosingCommand, ...]:
    """All closing commands ever seen on this subject, the earliest first."""
    kept = select(closing_commands).where(closing_commands.c.subject == subject)
    found = await store.read(kept.order_by(closing_commands.c.at))
    return tuple(
        ClosingCommand(
            comment_id=row.comment_id,
            verb=row.verb,
            argument=row.argument,
            login=row.login,
            login_id=row.login_id,
            because=row.because,
            at=row.at,
        )
        for row in found
    )
