"""GitHub fails, answers late, twice or not at all: what people see ends up right, once, and cheaply."""

import pytest

from tests.stories.rig import Rig, rigged

PASSES = 4


async def test_a_warm_pass_with_nothing_changed_is_one_request_and_no_write(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.quiet()
    assert rig.counted() == (1, 0)


async def test_sixty_checks_in_three_seconds_cost_at_most_12_requests_and_4_writes(tmp_path):
    items = "\n".join(
        f"  TEST-{n}: {{title: t, tier: critical, evidence: {{check: {{name: test-{n}, workflow: ci.yml}}}}}}"
        for n in range(60)
    )
    async with rigged(tmp_path, settle="1.0") as rig:
        pull = rig.release(rig.shop(f"version: 1\nchecklist:\n{items}\n"))
        await rig.later()
        for n in range(60):
            rig.sandbox.check(pull, f"test-{n}", status="in_progress")
        await rig.quiet()
        rig.sandbox.requests.clear()
        import asyncio

        for n in range(60):
            rig.sandbox.check(pull, f"test-{n}")
            await asyncio.sleep(0.05)
        await rig.quiet()
        requests, writes = rig.counted()
        assert rig.shown(pull)[1] == "success"
        assert requests <= 12, [request.path for request in rig.sandbox.requests]
        assert writes <= 4


@pytest.mark.parametrize(
    ("kind", "matching"),
    [
        pytest.param("answer_lost", "Publish", id="the answer to a creation is lost after the work was done"),
        pytest.param("bad_gateway", "Publish", id="a creation gets 502"),
        pytest.param("bad_gateway", "Gate", id="a read gets 502"),
        pytest.param("answer_lost", "Gate", id="the answer to a read is lost"),
        pytest.param("dropped_connection", "Gate", id="a read's connection is dropped"),
        pytest.param("dropped_connection", "Publish", id="a creation's connection is dropped before any work"),
        pytest.param("broken_inside", "Gate", id="GitHub runs out of time inside"),
        pytest.param("latency", "Gate", id="an answer comes late"),
        pytest.param("expired_tokens", "graphql", id="the token has died"),
        pytest.param("bad_gateway", "access_tokens", id="no token at first"),
    ],
)
async def test_a_fault_leaves_one_run_and_one_comment(rig: Rig, kind, matching: str):
    repository = rig.shop()
    fault = rig.sandbox.arm(kind, matching=matching, seconds=0.2)
    pull = rig.release(repository)
    await rig.quiet()
    assert fault.used == 1
    assert len(rig.runs(pull)) == 1
    assert len(rig.comments(pull)) == 1
    assert "Blocked" in rig.comment(pull)


@pytest.mark.parametrize("status", [403, 429])
async def test_a_secondary_limit_is_waited_out(rig: Rig, status: int):
    repository = rig.shop()
    rig.sandbox.arm("secondary_limit", matching="Gate", status=status, retry_after=1)
    pull = rig.release(repository)
    await rig.quiet()
    assert len(rig.runs(pull)) == 1


async def test_doubled_and_reordered_deliveries_end_in_the_same_state(rig: Rig):
    repository = rig.shop()
    rig.sandbox.arm("duplicate_delivery", times=5)
    rig.sandbox.arm("reordered_delivery", times=4)
    pull = rig.release(repository)
    await rig.make_green(pull)
    assert rig.shown(pull)[1] == "success"
    assert len(rig.comments(pull)) == 1


async def test_red_arrives_although_graphql_lags(rig: Rig):
    """The delivery told us that a check ended red; GraphQL still shows it green, REST does not."""
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    await rig.later()
    rig.sandbox.stale_by = 600
    rig.sandbox.check(pull, "test", conclusion="failure", rerun=True)
    await rig.quiet()
    assert rig.shown(pull)[1] == "failure"


async def test_green_is_confirmed_by_rest_when_graphql_lags(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.check(pull, "test")
    await rig.later(700)
    rig.sandbox.stale_by = 600
    rig.sandbox.arm("lost_delivery", times=None, matching="check|workflow")
    rig.sandbox.check(pull, "test", conclusion="failure", rerun=True)
    await rig.quiet()
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.quiet()
    assert "success" not in rig.ever(pull)


async def test_a_second_comment_of_ours_is_minimised_and_the_older_one_kept(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    twin = rig.sandbox.comment(pull, "release-gate[bot]", rig.comment(pull))
    await rig.later()
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    assert twin.is_minimized
    assert not rig.comments(pull)[0].is_minimized


async def test_a_missing_permission_is_unknown_and_blocks(tmp_path):
    async with rigged(tmp_path) as rig:
        repository = rig.shop()
        rig.sandbox.grant(rig.sandbox.installation("acme"), members="")
        pull = rig.release(repository)
        await rig.make_green(pull)
        assert "success" not in rig.ever(pull)
        assert "Resource not accessible by integration" in rig.comment(pull)


async def test_two_hundred_comments_are_all_read(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.check(pull, "test")
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.quiet()
    for number in range(205):
        rig.sandbox.comment(pull, "rita", f"remark {number}")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"
    assert len([comment for comment in rig.comments(pull) if not comment.is_minimized]) == 1


async def test_an_enterprise_server_is_another_address(tmp_path):
    async with rigged(tmp_path, prefix="/api/v3") as rig:
        pull = rig.release(rig.shop())
        await rig.make_green(pull)
        assert rig.shown(pull)[1] == "success"
        assert rig.sandbox.requests[-1].path.startswith("/api/")


async def test_a_clock_that_is_off_by_days_does_not_lock_us_out(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later(14 * 24 * 3600)
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    assert "`test`: success" in rig.comment(pull)
