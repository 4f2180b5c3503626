"""What is kept of decisions while a release goes on; `rigged` makes each of them again at the end of every story."""

from pathlib import Path

import pytest

from bot.store import StoreRefused, decisions, open_store
from tests.record.kept import all_decisions
from tests.stories.rig import MINUTE, Rig, rigged


@pytest.fixture
async def rig(tmp_path: Path):
    async with rigged(tmp_path) as made:
        yield made


async def outcomes(rig: Rig) -> list[str]:
    """Of all decisions so far; the server ends for it."""
    await rig.stop()
    return [one.outcome for one in await all_decisions(rig.database)]


async def test_each_verdict_that_moved_is_kept_with_its_time_and_title(rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    await rig.stop()
    kept = await all_decisions(rig.database)
    assert [one.number for one in kept] == list(range(1, len(kept) + 1))
    assert (kept[0].outcome, kept[-1].outcome) == ("blocked", "ready")
    assert kept[-1].title == rig.shown(pull)[0]
    assert {(one.repository, one.pull, one.commit) for one in kept} == {("acme/shop", pull.number, pull.head_oid)}
    assert kept[0].at < kept[-1].at <= rig.sandbox.clock.instant().timestamp()


async def test_passes_that_change_nothing_keep_nothing(rig):
    pull = rig.release(rig.shop())
    for _ in range(3):
        await rig.later()
        rig.sandbox.comment(pull, "dan", "nothing new")
    await rig.quiet()
    assert await outcomes(rig) == ["blocked"]


async def test_a_push_makes_another_decision_even_with_the_same_outcome(rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.push(pull, author="dan", message="more", files={"src/app.py": "2\n"})
    await rig.quiet()
    assert await outcomes(rig) == ["blocked", "blocked"]


async def test_a_restart_keeps_nothing_twice(rig):
    pull = rig.release(rig.shop())
    await rig.later()
    await rig.stop()
    await rig.start()
    rig.sandbox.comment(pull, "dan", "nothing new")
    await rig.quiet()
    assert await outcomes(rig) == ["blocked"]


async def test_what_was_published_and_not_kept_is_kept_by_the_next_pass(rig, monkeypatch):
    append = decisions.append
    refused: list[object] = []

    async def full_once(*args):
        if not refused:
            refused.append(args)
            raise StoreRefused("the disk is full")
        return await append(*args)

    monkeypatch.setattr(decisions, "append", full_once)
    pull = rig.release(rig.shop())
    await rig.later(2 * MINUTE)  # the pass is tried again after a second
    await rig.quiet()
    assert refused
    assert rig.shown(pull)[1] == "action_required"
    assert await outcomes(rig) == ["blocked"]


async def test_without_rules_nothing_is_decided(rig):
    rig.release(rig.shop(rules=None))
    await rig.quiet()
    assert await outcomes(rig) == []


async def test_nothing_that_was_secret_is_kept(rig):
    await rig.make_green(rig.release(rig.shop()))
    await rig.stop()
    async with open_store(rig.database, now=lambda: 0.0) as store:
        (subject,) = await decisions.subjects(store)
        for one in await decisions.chain(store, subject=subject):
            kept = repr(await decisions.with_body(store, one))
            assert "ghs_" not in kept
            assert rig.sandbox.bot.secret not in kept
