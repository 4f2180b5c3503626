"""Shown heads and closing commands, kept under the subject that they are about."""

import pytest

from bot.store import commands, heads, open_store
from bot.store.commands import ClosingCommand
from bot.store.heads import Head

PULL, OTHER = "pull:3:acme/shop:5", "pull:3:acme/shop:6"


@pytest.fixture
async def store(database):
    async with open_store(database) as opened:
        yield opened


async def test_a_head_that_is_shown_anew_is_kept_anew(store):
    for sha, at in (("b" * 40, 20.0), ("a" * 40, 10.0), ("b" * 40, 30.0)):
        await heads.record(store, subject="PR_5", target=PULL, head=Head(sha=sha, shown_at=at))
    assert await heads.shown(store, subject="PR_5") == (
        Head(sha="a" * 40, shown_at=10.0),
        Head(sha="b" * 40, shown_at=20.0),
        Head(sha="b" * 40, shown_at=30.0),
    )
    assert await heads.shown(store, subject="PR_6") == ()


async def test_heads_can_be_forgotten(store):
    for subject in ("PR_5", "PR_6"):
        await heads.record(store, subject=subject, target=PULL, head=Head(sha="a" * 40, shown_at=1.0))
    await heads.forget(store, subject="PR_5")
    assert await heads.shown(store, subject="PR_5") == ()
    assert len(await heads.shown(store, subject="PR_6")) == 1


async def test_a_commit_leads_to_the_pull_requests_whose_head_it_was(store):
    for target in (OTHER, PULL):
        for at in (10.0, 20.0):
            await heads.record(store, subject=target, target=target, head=Head(sha="a" * 40, shown_at=at))
    assert await heads.targets_at(store, sha="a" * 40) == (PULL, OTHER)
    assert await heads.targets_at(store, sha="b" * 40) == ()


def _hold(**more: str) -> ClosingCommand:
    return ClosingCommand(
        **{  # type: ignore[arg-type]
            "comment_id": "IC_1",
            "verb": "hold",
            "argument": "",
            "login": "ann",
            "login_id": 7,
            "because": "x",
            "at": 5.0,
            **more,
        }
    )


async def test_a_closing_command_once_seen_stands_as_it_was_seen(store):
    reject = _hold(verb="reject", argument="security", comment_id="IC_0")
    await commands.record(store, subject="PR_5", commands=[_hold(), reject])
    await commands.record(store, subject="PR_5", commands=[_hold(because="never mind")])
    await commands.record(store, subject="PR_5", commands=[])
    assert set(await commands.seen(store, subject="PR_5")) == {_hold(), reject}
    assert await commands.seen(store, subject="PR_6") == ()


async def test_a_comment_that_is_edited_closes_anew(store):
    later = _hold(at=9.0)  # type: ignore[arg-type]
    for command in (_hold(), later):
        await commands.record(store, subject="PR_5", commands=[command])
    assert await commands.seen(store, subject="PR_5") == (_hold(), later)
