"""Deliveries that failed: found in GitHub's log, asked for again, ever more seldom, and no other."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.github import redelivery
from bot.github.errors import Unreachable
from bot.github.redelivery import KEPT_SECONDS, Redelivery

NOWHERE = "http://127.0.0.1:9/webhook"


@pytest.fixture
async def failing(desk: Any) -> Any:
    """A desk whose deliveries reach nobody: three of them failed."""
    desk.sandbox.bot.webhook_url = NOWHERE
    await desk.sandbox.settled()
    desk.sandbox.deliveries.log.clear()
    for text in ("one", "two", "three"):
        desk.sandbox.comment(desk.pull, "sam", text)
    await desk.sandbox.settled()
    return desk


def _attempts(desk: Any) -> list[str]:
    return [one.path for one in desk.sandbox.requests if one.path.endswith("/attempts")]


async def _again(desk: Any, healing: Redelivery, seconds: float = 0.0) -> int:
    desk.sandbox.clock.advance(seconds)
    await desk.get()  # any answer tells the client GitHub's clock
    asked = await healing.ask_again()
    await desk.sandbox.settled()
    return asked


async def test_each_failed_delivery_is_asked_for_once_then_ever_more_seldom(failing):
    healing = Redelivery(client=failing.client)
    assert await _again(failing, healing) == 3
    assert await _again(failing, healing) == 0
    asked = [await _again(failing, healing, 300) for _ in range(7)]
    assert asked == [3, 0, 3, 0, 0, 0, 3]


async def test_a_delivery_that_was_answered_at_last_is_left_alone(failing):
    healing = Redelivery(client=failing.client)
    await _again(failing, healing)
    for one in failing.sandbox.deliveries.log:
        if one.redelivery:
            one.status, one.status_code = "OK", 202
    assert await _again(failing, healing, 300) == 0
    assert healing.failed == {}


async def test_it_is_the_newest_attempt_that_is_sent_again(failing):
    healing = Redelivery(client=failing.client)
    await _again(failing, healing)
    newest = [one.id for one in failing.sandbox.deliveries.log if one.redelivery]
    await _again(failing, healing, 300)
    assert sorted(_attempts(failing)[3:]) == sorted(f"/app/hook/deliveries/{one}/attempts" for one in newest)


async def test_what_is_older_than_github_keeps_is_forgotten(failing):
    healing = Redelivery(client=failing.client)
    await _again(failing, healing)
    assert await _again(failing, healing, KEPT_SECONDS + 3_600) == 0
    assert healing.failed == {}
    fresh = Redelivery(client=failing.client)
    failing.sandbox.deliveries.log[:] = failing.sandbox.deliveries.log[:3]
    assert await _again(failing, fresh) == 0


async def test_the_log_is_read_page_by_page_and_later_only_its_end(failing, monkeypatch):
    failing.sandbox.limit(None)  # all of it within one minute
    healing = Redelivery(client=failing.client)
    for number in range(120):
        failing.sandbox.comment(failing.pull, "sam", f"remark {number}")
    await failing.sandbox.settled()
    assert await _again(failing, healing) == 100
    pages = [
        one
        for one in failing.sandbox.requests
        if one.path.startswith("/app/hook/deliveries?") or one.path == "/app/hook/deliveries"
    ]
    assert len(pages) == 2
    assert await _again(failing, healing) == 23
    failing.sandbox.requests.clear()
    await _again(failing, healing, 120)
    monkeypatch.setattr(redelivery, "_MOST_PAGES", 1)
    assert await _again(failing, Redelivery(client=failing.client)) == 100


async def test_one_that_github_refuses_does_not_stand_in_the_way_of_the_others(failing):
    healing = Redelivery(client=failing.client)
    failing.sandbox.arm("bad_gateway", times=3, matching="/attempts")
    with pytest.raises(Unreachable):
        await healing.ask_again()
    assert await _again(failing, healing) == 2
    assert await _again(failing, healing, 300) == 3


async def test_one_that_github_will_not_send_again_does_not_stand_in_the_way_of_the_others(failing):
    healing = Redelivery(client=failing.client)
    failing.sandbox.arm("rejected", matching="/attempts")
    with capture_logs() as logged:
        assert await _again(failing, healing) == 3
    assert [one["event"] for one in logged if "deliver" in one["event"]] == [
        "redelivery.refused",
        "delivery.redelivered",
        "delivery.redelivered",
    ]
    assert await _again(failing, healing, 300) == 3  # it is asked for again, as seldom as the others
