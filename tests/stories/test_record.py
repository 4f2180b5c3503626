"""What is kept of decisions while a release goes on; `rigged` makes each of them again at the end of every story."""

from pathlib import Path

import pytest

from bot.record.chain import Decision, Kind
from bot.report.markdown import plain
from bot.report.marker import MARKER
from bot.sandbox.model.pulls import PullRequest
from bot.store import StoreRefused, decisions, open_store
from tests.record.kept import all_decisions
from tests.stories.rig import MINUTE, RULES, Rig, rigged


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


async def merged(rig: Rig, pull: PullRequest) -> list[Decision]:
    """What the record holds of the merge."""
    rig.sandbox.merge(pull, by="rita")
    await rig.quiet()
    await rig.stop()
    return [one for one in await all_decisions(rig.database) if one.kind is Kind.MERGED]


async def test_a_merge_despite_red_is_kept_and_shown(rig):
    pull = rig.release(rig.shop())
    await rig.later()
    title, conclusion = rig.shown(pull)
    (kept,) = await merged(rig, pull)
    line = f"Merged by rita despite: {title}"
    assert (kept.title, kept.outcome, kept.commit) == (line, "blocked", pull.merge_commit.oid)
    assert rig.comment(pull).startswith(f"{MARKER}\n## 🟥 {plain(line)}\n\n`")
    assert "### What blocks" in rig.comment(pull)
    assert rig.shown(pull) == (title, conclusion)


async def test_a_merge_of_what_was_ready_is_kept_and_changes_nothing(rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    before = rig.comment(pull)
    (kept,) = await merged(rig, pull)
    assert kept.title == f"Merged by rita: {rig.shown(pull)[0]}"
    assert rig.comment(pull) == before


async def test_a_merge_is_kept_and_shown_once(rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.merge(pull, by="rita")
    await rig.later()
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.quiet()
    assert rig.counted() == (1, 0)
    await rig.stop()
    assert [one.kind for one in await all_decisions(rig.database)] == [Kind.VERDICT, Kind.MERGED]


async def test_a_merge_in_shadow_mode_is_despite_nothing(rig):
    pull = rig.release(rig.shop(f"{RULES}mode: shadow\n"))
    await rig.later()
    (kept,) = await merged(rig, pull)
    assert kept.title.startswith("Merged by rita: Shadow: would block")


async def test_a_merge_of_what_is_no_release_is_not_kept(rig):
    repository = rig.shop(RULES.replace("[main, scratch]", "[other]"))
    pull = rig.release(repository)
    await rig.later()
    assert await merged(rig, pull) == []


async def test_closing_without_a_merge_is_not_kept(rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.close(pull, by="rita")
    await rig.quiet()
    assert await outcomes(rig) == ["blocked"]
