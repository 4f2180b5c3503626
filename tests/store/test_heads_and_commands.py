"""Published heads and closing commands: the first sight of each stands."""

import pytest

from bot.store import commands, heads, open_store
from bot.store.commands import ClosingCommand
from bot.store.heads import PublishedHead

PULL, OTHER = "pull:3:acme/shop:5", "pull:3:acme/shop:6"


@pytest.fixture
async def store(tmp_path):
    async with open_store(tmp_path / "gate.sqlite3") as opened:
        yield opened


async def test_a_head_that_is_shown_anew_is_kept_anew(store):
    for sha, at in (("b" * 40, 20.0), ("a" * 40, 10.0), ("b" * 40, 30.0)):
        await heads.record(store, target=PULL, sha=sha, at=at)
    assert await heads.published(store, target=PULL) == (
        PublishedHead(sha="a" * 40, published_at=10.0),
        PublishedHead(sha="b" * 40, published_at=20.0),
        PublishedHead(sha="b" * 40, published_at=30.0),
    )
    assert await heads.published(store, target=OTHER) == ()


async def test_a_commit_leads_to_the_pull_requests_whose_head_it_was(store):
    for target in (OTHER, PULL):
        await heads.record(store, target=target, sha="a" * 40, at=10.0)
    assert await heads.targets_at(store, sha="a" * 40) == (PULL, OTHER)
    assert await heads.targets_at(store, sha="b" * 40) == ()


def _hold(**more: str) -> ClosingCommand:
    return ClosingCommand(
        **{  # type: ignore[arg-type]
            "comment_id": "IC_1",
            "verb": "hold",
            "argument": "",
            "login": "ann",
            "because": "x",
            "at": 5.0,
            **more,
        }
    )


async def test_a_closing_command_once_seen_stands_as_it_was_seen(store):
    reject = _hold(verb="reject", argument="security", comment_id="IC_0")
    await commands.record(store, target=PULL, commands=[_hold(), reject])
    await commands.record(store, target=PULL, commands=[_hold(because="never mind")])
    await commands.record(store, target=PULL, commands=[])
    assert set(await commands.seen(store, target=PULL)) == {_hold(), reject}
    assert await commands.seen(store, target=OTHER) == ()
