"""What was missed while the server was away, or lost on the way, is made good by itself."""

import asyncio

from bot.record.chain import Kind
from bot.report.marker import MARKER
from tests.record.kept import all_decisions
from tests.stories.rig import PATIENCE, Rig, rigged

DAY = 86_400


async def _soon_blocked(rig: Rig, pull) -> None:
    """Between the request for a redelivery and the delivery the server is quiet."""
    async with asyncio.timeout(PATIENCE):
        while not rig.runs(pull):
            await asyncio.sleep(0.05)
    await rig.quiet()
    assert rig.shown(pull)[0].startswith("Blocked")


async def test_what_was_delivered_while_we_were_away_is_asked_for_again(tmp_path):
    async with rigged(tmp_path, heals=True) as rig:
        repository = rig.shop()
        await rig.quiet()
        await rig.stop()
        pull = rig.release(repository)
        await rig.sandbox.settled()
        assert rig.runs(pull) == []
        rig.sandbox.clock.advance(301)
        await rig.start()
        await _soon_blocked(rig, pull)


async def test_a_delivery_that_failed_once_is_asked_for_within_minutes(tmp_path):
    async with rigged(tmp_path, heals=True) as rig:
        repository = rig.shop()
        await rig.quiet()
        there, rig.sandbox.bot.webhook_url = rig.sandbox.bot.webhook_url, "http://127.0.0.1:9/webhook"
        pull = rig.release(repository)
        await rig.sandbox.settled()
        rig.sandbox.bot.webhook_url = there
        await rig.later(301)
        await _soon_blocked(rig, pull)


async def test_a_pull_request_of_which_nobody_was_told_is_found_within_two_days(tmp_path):
    async with rigged(tmp_path, heals=True) as rig:
        repository = rig.shop()
        known = rig.release(repository)
        await rig.quiet()
        events, rig.sandbox.bot.events = rig.sandbox.bot.events, ()
        missed = rig.release(repository, head="release/2.0.0", files={"src/other.py": "2\n"})
        await rig.quiet()
        rig.sandbox.bot.events = events
        assert rig.shown(known)[0].startswith("Blocked")
        assert rig.runs(missed) == []
        for _ in range(2):
            await rig.later(DAY)
        await _soon_blocked(rig, missed)


async def test_a_merge_of_which_nobody_was_told_is_kept_within_a_day_and_then_left_alone(tmp_path):
    async with rigged(tmp_path, heals=True) as rig:
        merged = rig.release(rig.shop())
        await rig.later(301)
        await rig.quiet()
        rig.sandbox.bot.events = ()
        rig.sandbox.merge(merged, by="rita")
        async with asyncio.timeout(PATIENCE):
            while not rig.comment(merged).startswith(f"{MARKER}\n## 🟥 Merged by"):
                await rig.later(DAY / 6)
                await asyncio.sleep(0.05)
        await rig.quiet()
        rig.sandbox.requests.clear()
        for _ in range(6):
            await rig.later(DAY / 6)
            await rig.quiet()
        asked = {one.operation for one in rig.sandbox.requests}
        assert ("Open" in asked, "Gate" in asked) == (True, False)
        await rig.stop()
        assert [one.kind for one in await all_decisions(rig.database)] == [Kind.VERDICT, Kind.MERGED]


async def test_what_happened_in_five_days_of_absence_is_found_soon_after_the_start(tmp_path):
    async with rigged(tmp_path, heals=True) as rig:
        repository = rig.shop()
        rig.release(repository)
        await rig.later(301)
        await rig.quiet()
        await rig.stop()
        missed = rig.release(repository, head="release/2.0.0", files={"src/other.py": "2\n"})
        await rig.sandbox.settled()
        rig.sandbox.deliveries.log.clear()  # GitHub keeps them for three days
        rig.sandbox.clock.advance(5 * DAY)
        await rig.start()
        await _soon_blocked(rig, missed)


async def test_a_run_that_waits_is_made_anew_before_github_calls_it_stale(tmp_path):
    async with rigged(tmp_path, heals=True) as rig:
        pull = rig.release(rig.shop())
        await rig.later()
        rig.sandbox.comment(pull, "sam", f"/approve security {pull.head_oid}")
        rig.sandbox.check(pull, "test", status="in_progress")
        await rig.quiet()
        assert rig.shown(pull)[0].startswith("Waiting")
        first = rig.runs(pull)[-1]
        for _ in range(13):
            await rig.later(DAY)
            await rig.quiet()
        newest = rig.runs(pull)[-1]
        assert newest is not first
        assert newest.state.status == "in_progress"
        assert (rig.sandbox.clock.instant() - newest.history[0][0]).total_seconds() < 11 * DAY


async def test_a_check_of_a_fork_finds_its_pull_request_after_a_restart(tmp_path):
    async with rigged(tmp_path) as rig:
        repository = rig.shop()
        fork = rig.sandbox.fork(repository, "eve")
        pull = rig.release(repository, author="eve", fork=fork)
        await rig.later()
        rig.sandbox.comment(pull, "sam", f"/approve security {pull.head_oid}")
        await rig.quiet()
        await rig.stop()
        await rig.start()
        rig.sandbox.check(pull, "test")
        await rig.quiet()
        assert rig.shown(pull)[1] == "success"
