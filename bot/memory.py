"""What our store knows of a pull request and GitHub does not: which heads were shown when, and closing commands."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.gate.facts import Closing, Snapshot
from bot.gate.published import PublishedHead
from bot.github.targets import PullRequest
from bot.store import Store
from bot.store import commands as closing_commands
from bot.store import heads as shown_heads


async def recalled(store: Store, snapshot: Snapshot) -> Snapshot:
    """The snapshot with what we remember, under its node id: repositories are renamed, Apps are installed anew."""
    shown = await shown_heads.shown(store, subject=snapshot.id)
    closings = await closing_commands.seen(store, subject=snapshot.id)
    heads = tuple(PublishedHead(sha=head.sha, at=instant(head.shown_at)) for head in shown)
    return replace(
        snapshot,
        heads=heads,
        head_seen_at=min((head.at for head in heads if head.sha == snapshot.head_sha), default=snapshot.taken_at),
        closings=tuple(
            Closing(
                comment=closing.comment_id,
                verb=closing.verb,
                argument=closing.argument,
                login=closing.login,
                login_id=closing.login_id,
                at=instant(closing.at),
                because=closing.because,
            )
            for closing in closings
        ),
    )


async def remember_closings(store: Store, snapshot: Snapshot, closings: tuple[Closing, ...]) -> None:
    """Keeps closing commands: from now on they stand, whatever happens to their comments."""
    rows = [
        closing_commands.ClosingCommand(
            comment_id=closing.comment,
            verb=closing.verb,
            argument=closing.argument,
            login=closing.login,
            login_id=closing.login_id,
            because=closing.because,
            at=closing.at.timestamp(),
        )
        for closing in closings
    ]
    await closing_commands.record(store, subject=snapshot.id, commands=rows)


async def remember_head(store: Store, ref: PullRequest, snapshot: Snapshot, at: datetime) -> None:
    """Keeps since when a verdict about the head stands where people can read it; one that comes back is shown anew."""
    newest = max(snapshot.heads, key=lambda head: head.at, default=None)
    if newest is None or newest.sha != snapshot.head_sha:
        head = shown_heads.Head(sha=snapshot.head_sha, shown_at=at.timestamp())
        await shown_heads.record(store, subject=snapshot.id, target=ref.key, head=head)


def instant(seconds: float) -> datetime:
    """Epoch seconds as an instant."""
    return datetime.fromtimestamp(seconds, UTC)
