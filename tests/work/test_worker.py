"""The worker: one pass at a time for each target, the last wish always followed by a pass, and no way to kill it."""

import asyncio
import gzip
import json
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import update
from structlog.testing import capture_logs

from bot.github.deliveries import concerning
from bot.github.errors import Forbidden, Gone, RateLimited, Unreachable
from bot.github.targets import Base, Head, MergeGroup, PullRequest, Repository, Sweep
from bot.store import Store, looks, open_store, schema
from bot.store.wishes import Wish
from bot.work import Worker, failures
from bot.work.alarm import Alarm
from bot.work.lease import LeaseLost, ensure_held

EXAMPLES = Path(__file__).parents[1] / "contract" / "webhook-examples.json.gz"
SHOP = Repository(installation=3, name="acme/shop")
PULL = PullRequest(repository=SHOP, number=5)
NEXT = PullRequest(repository=SHOP, number=6)
ELSEWHERE = PullRequest(repository=Repository(installation=4, name="ann/toys"), number=1)
HEAD = Head(repository=SHOP, sha="ab" * 20)
MAIN = Base(repository=SHOP, branch="main")
GROUP = MergeGroup(repository=SHOP, base="main", sha="cd" * 20)


@pytest.fixture
async def store(database):
    async with open_store(database) as opened:
        yield opened


@pytest.fixture
async def impatient_store(tmp_path):
    """Refuses after a few milliseconds what another process does not let it write."""
    async with open_store(tmp_path / "gate.sqlite3", busy_seconds=0.05) as opened:
        yield opened


async def _nothing(_target: Any) -> tuple[()]:
    return ()


@asynccontextmanager
async def _working(
    store: Store, reconcile: Callable[..., Awaitable[float | None]], **more: Any
) -> AsyncIterator[Worker]:
    worker = Worker(store, reconcile=reconcile, resolve=more.pop("resolve", _nothing), **more)
    worker.start()
    try:
        yield worker
    finally:
        await worker.stop(limit=1)


async def _want(store: Store, *targets: Any, settle: float = 0.0, **more: Any) -> None:
    now = store.now()
    await store.accept(
        guid=str(time.monotonic_ns()),
        event="push",
        wishes=[
            Wish(target=one.key, installation=one.repository.installation, due_at=now + settle, **more)
            for one in targets
        ],
    )


def _lock(database: Path) -> sqlite3.Connection:
    """Keep everybody else from writing; in a thread, for a transaction under way needs the loop to end."""
    connection = sqlite3.connect(database, timeout=30, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    return connection


async def _until(condition: Callable[[], bool], *, seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.002)


@pytest.fixture(autouse=True)
def quick_back_off(monkeypatch):
    """Back off in milliseconds; how long it is in truth is the table of `test_failures`."""
    as_it_is = failures._backing_off

    def quick(attempts, because, *, first, longest, is_ours=False):
        return as_it_is(attempts, because, first=min(first, 60.0) / 200, longest=longest, is_ours=is_ours)

    monkeypatch.setattr(failures, "_backing_off", quick)


async def test_a_wish_is_followed_by_a_pass_with_its_watermark(store):
    seen: list[Any] = []

    async def reconcile(target, watermark):
        seen.append((target, watermark, structlog.contextvars.get_contextvars()))

    async with _working(store, reconcile) as worker:
        assert worker.why_not_running() is None
        await _want(store, PULL, watermark={"status:1": {"id": 1}})
        await _want(store, GROUP)
        await _until(lambda: len(seen) == 2)
    about = {"installation_id": 3, "repository": "acme/shop"}
    assert (PULL, {"status:1": {"id": 1}}, {**about, "number": 5}) in seen
    assert (GROUP, None, {**about, "head_sha": "cd" * 20}) in seen
    assert worker.why_not_running() == "the worker has stopped"


async def test_a_worker_that_has_not_started_says_so(store):
    worker = Worker(store, reconcile=_never, resolve=_nothing)
    assert worker.why_not_running() == "the worker has not started"
    await worker.stop()


async def test_all_that_github_publishes_as_examples_is_drained_without_an_error(store):
    seen: list[Any] = []

    async def reconcile(target, watermark):
        seen.append(target)

    async def resolve(target):
        seen.append(target)
        return [PULL]

    wanted: set[Any] = set()
    with capture_logs() as logged:
        async with _working(store, reconcile, resolve=resolve):
            for event in json.loads(gzip.decompress(EXAMPLES.read_bytes())):
                for example in event["examples"]:
                    concerns = concerning(event["name"], {"installation": {"id": 3}} | example, app_id=7)
                    for concern in concerns:
                        await _want(store, concern.target, watermark=concern.watermark)
                        wanted.add(concern.target)
            await _until(lambda: set(seen) == wanted | {PULL})
    assert len(wanted) > 10
    assert {line["log_level"] for line in logged} == {"info"}


async def _never(_target: Any, _watermark: Any) -> float | None:
    raise AssertionError


async def test_many_wishes_in_a_window_are_one_pass(store):
    began: list[float] = []

    async def reconcile(target, watermark):
        began.append(time.time())

    with capture_logs() as logged:
        async with _working(store, reconcile):
            first = time.time()
            await asyncio.gather(*(_want(store, PULL, settle=0.5) for _ in range(30)))
            await _until(lambda: bool(began))
            await asyncio.sleep(0.05)
    assert len(began) == 1
    assert 0.45 <= began[0] - first < 2
    assert [line["wishes"] for line in logged if line["event"] == "pass.coalesced"] == [30]


async def test_an_urgent_target_does_not_wait_for_the_window(store):
    began = asyncio.Event()

    async def reconcile(target, watermark):
        began.set()

    async with _working(store, reconcile):
        await _want(store, PULL, settle=60)
        await _want(store, PULL)
        await asyncio.wait_for(began.wait(), 2)


async def test_one_target_has_one_pass_at_a_time_and_the_last_wish_is_answered(store):
    """At random: every wish is followed by a pass that began after it, whatever else went wrong."""
    chance = random.Random(7)  # noqa: S311
    targets = [PullRequest(repository=SHOP, number=number) for number in range(1, 6)]
    running: set[Any] = set()
    began: dict[Any, float] = {}
    succeeded: dict[Any, float] = {}
    asked: dict[Any, float] = {}
    most = 0

    async def reconcile(target, watermark):
        nonlocal most
        assert target not in running
        running.add(target)
        most = max(most, len(running))
        start = began[target] = time.monotonic()
        try:
            await asyncio.sleep(chance.random() * 0.01)
            if chance.random() < 0.3:
                raise chance.choice([KeyError("x"), Unreachable("502"), Gone("404"), Forbidden("no")])
            succeeded[target] = start
        finally:
            running.discard(target)

    async with _working(store, reconcile, passes=3):
        for _ in range(80):
            chosen = chance.sample(targets, chance.randint(1, 3))
            await _want(store, *chosen, settle=chance.choice([0, 0, 0.01]))
            asked |= dict.fromkeys(chosen, time.monotonic())
            await asyncio.sleep(chance.random() * 0.005)
        await _until(lambda: all(began.get(target, 0) > at for target, at in asked.items()))
        # On a busy machine few passes answer many wishes, and those of one target may all have failed.
        async with asyncio.timeout(20):
            while failed := set(targets) - succeeded.keys():
                await _want(store, *failed)
                await asyncio.sleep(0.02)
    assert most == 3
    assert succeeded.keys() == set(targets)


async def test_a_pass_that_asks_for_the_clock_is_made_again(store):
    times: list[float] = []

    async def reconcile(target, watermark):
        times.append(time.time())
        return 0.05 if len(times) < 3 else None

    async with _working(store, reconcile):
        await _want(store, PULL)
        await _until(lambda: len(times) == 3)
        await asyncio.sleep(0.1)
    assert len(times) == 3
    assert times[1] - times[0] >= 0.05


async def test_a_commit_and_a_branch_stand_for_their_pull_requests(store):
    seen: list[Any] = []
    asked: list[Any] = []

    async def reconcile(target, watermark):
        seen.append((target, watermark))

    async def resolve(target):
        asked.append(target)
        return [PULL, NEXT] if isinstance(target, Head) else [ELSEWHERE]

    async with _working(store, reconcile, resolve=resolve):
        await _want(store, HEAD, watermark={"status:1": {"id": 1}})
        await _want(store, MAIN)
        await _until(lambda: len(seen) == 3)
    assert set(asked) == {HEAD, MAIN}
    assert sorted((target.key, watermark) for target, watermark in seen) == [
        (PULL.key, {"status:1": {"id": 1}}),
        (NEXT.key, {"status:1": {"id": 1}}),
        (ELSEWHERE.key, None),
    ]


async def test_no_newer_verdict_is_overwritten_while_trouble_is_told(store):
    events: list[str] = []

    async def reconcile(target, watermark):
        events.append("pass")
        if len(events) <= 3:
            raise Unreachable("GitHub answered 502")

    async def on_trouble(target, because, next_try_at):
        await _want(store, PULL)
        await asyncio.sleep(0.2)  # long enough for a pass to begin, were the look free
        events.append("told")

    async with _working(store, reconcile, on_trouble=on_trouble):
        await _want(store, PULL)
        await _until(lambda: len(events) == 5)
    assert events == ["pass", "pass", "pass", "told", "pass"]


async def test_a_failing_pass_is_tried_again_and_told_after_the_third_time(store):
    tries: list[int] = []
    told: list[Any] = []

    async def reconcile(target, watermark):
        tries.append(1)
        if len(tries) <= 4:
            raise Unreachable("GitHub answered 502")

    async def on_trouble(target, because, next_try_at):
        told.append((target, because, next_try_at > store.now()))
        if len(told) == 1:
            raise KeyError("the hook itself may fail")

    with capture_logs() as logged:
        async with _working(store, reconcile, on_trouble=on_trouble):
            await _want(store, PULL)
            await _until(lambda: len(tries) == 5)
    assert told == [(PULL, "GitHub answered 502", True)] * 2
    events = [line["event"] for line in logged]
    assert events.count("pass.postponed") == 4
    assert events.count("trouble.unshown") == 1


async def test_a_commit_that_cannot_be_resolved_is_nobodys_trouble(store):
    tries: list[Any] = []

    async def resolve(target):
        tries.append(target)
        if len(tries) <= 3:
            raise Unreachable("GitHub answered 502")
        return []

    async def on_trouble(target, because, next_try_at):
        raise AssertionError

    with capture_logs() as logged:
        async with _working(store, _never, resolve=resolve, on_trouble=on_trouble):
            await _want(store, HEAD)
            await _until(lambda: len(tries) == 4)
    assert "trouble.unshown" not in [line["event"] for line in logged]


async def test_a_bug_is_logged_with_its_traceback_and_survived(store):
    passes: list[Any] = []

    async def reconcile(target, watermark):
        passes.append(target)
        if len(passes) == 1:
            raise ZeroDivisionError

    with capture_logs() as logged:
        async with _working(store, reconcile):
            await _want(store, PULL)
            await _until(lambda: len(passes) == 2)
    (failed,) = [line for line in logged if line["event"] == "pass.failed"]
    assert isinstance(failed["exc_info"], ZeroDivisionError)
    assert failed["because"] == "an error inside release-gate (ZeroDivisionError)"


async def test_a_pass_that_lost_its_look_writes_nothing_when_the_same_process_has_it_again(store):
    told: list[str] = []
    taken_away = asyncio.Event()

    async def reconcile(target, watermark):
        told.append("begun")
        if len(told) == 1:
            await taken_away.wait()
        try:
            await ensure_held()
        except LeaseLost:
            told.append("lost")
            raise
        told.append("written")

    async with _working(store, reconcile, lease_seconds=600):
        await _want(store, PULL)
        await _until(lambda: told == ["begun"])
        await store.write(update(schema.looks).values(lease_until=0.0))
        (look,) = await looks.take(store, holder="other", lease_seconds=60, limit=9)
        assert await looks.finish(store, look)
        await _want(store, PULL)
        await asyncio.sleep(0.2)  # long enough for a second pass beside the first
        taken_away.set()
        await _until(lambda: told[-1] == "written")
    assert told == ["begun", "lost", "begun", "written"]


async def test_a_pass_that_never_ends_is_ended(store):
    passes: list[Any] = []

    async def reconcile(target, watermark):
        passes.append(target)
        if len(passes) == 1:
            await asyncio.sleep(60)

    async with _working(store, reconcile, pass_limit=0.02):
        await _want(store, PULL)
        await _until(lambda: len(passes) == 2)


async def test_what_is_gone_is_dropped(store):
    async def reconcile(target, watermark):
        raise Gone("no such pull request")

    with capture_logs() as logged:
        async with _working(store, reconcile):
            await _want(store, PULL)
            await _until(lambda: any(line["event"] == "pass.dropped" for line in logged))
    assert await looks.next_due(store) is None


async def test_what_github_only_once_says_is_gone_is_looked_at(store):
    passes: list[Any] = []

    async def reconcile(target, watermark):
        passes.append(target)
        if len(passes) < 3:
            raise Gone("no such pull request")

    with capture_logs() as logged:
        async with _working(store, reconcile):
            await _want(store, PULL)
            await _until(lambda: any(line["event"] == "pass.finished" for line in logged))
    assert len(passes) == 3
    assert await looks.targets(store, kind="pull") == (PULL.key,)


async def test_a_repository_that_a_sweep_finds_gone_is_forgotten(store):
    async def reconcile(target, watermark):
        return 600.0

    async def gone(_repository):
        raise Gone("no such repository")

    with capture_logs() as logged:
        async with _working(store, reconcile, sweep=gone):
            await _want(store, PULL, ELSEWHERE)
            await _until(lambda: sum(line["event"] == "pass.finished" for line in logged) == 2)
            await _want(store, Sweep(repository=SHOP))
            async with asyncio.timeout(60):
                while await looks.targets(store, kind="pull") != (ELSEWHERE.key,):
                    await asyncio.sleep(0.02)
    assert "pass.dropped" in [line["event"] for line in logged]


async def test_a_key_that_we_never_wrote_harms_nobody(store):
    passes: list[Any] = []

    async def reconcile(target, watermark):
        passes.append(target)

    async def on_trouble(target, because, next_try_at):
        raise AssertionError

    with capture_logs() as logged:
        async with _working(store, reconcile, on_trouble=on_trouble):
            await store.accept(guid="g", event="push", wishes=[Wish(target="nonsense", installation=3, due_at=0)])
            await _until(lambda: sum(line["event"] == "pass.failed" for line in logged) == 3)
            await _want(store, PULL)
            await _until(lambda: passes == [PULL])
    assert "trouble.unshown" not in [line["event"] for line in logged]


async def test_a_limited_installation_waits_and_does_not_delay_another(store):
    passes: list[tuple[Any, float]] = []

    async def reconcile(target, watermark):
        passes.append((target, time.monotonic()))
        if target == PULL and len(passes) == 1:
            raise RateLimited("secondary limit", retry_after=2.5)

    async with _working(store, reconcile):
        await _want(store, PULL)
        await _until(lambda: len(passes) == 1)
        await asyncio.sleep(0.5)  # until it is put off
        await _want(store, NEXT, ELSEWHERE)
        await _until(lambda: len(passes) == 4)
    limited_at = passes[0][1]
    waited = {target: at - limited_at for target, at in passes[1:]}
    assert passes[1][0] == ELSEWHERE
    assert waited[NEXT] >= 2.49
    assert waited[PULL] >= 2.49


async def test_no_more_passes_run_than_allowed(store):
    running = most = 0
    ended: list[Any] = []

    async def reconcile(target, watermark):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        ended.append(target)

    async with _working(store, reconcile, passes=2):
        await _want(store, *(PullRequest(repository=SHOP, number=number) for number in range(1, 10)))
        await _until(lambda: len(ended) == 9)
    assert most == 2


async def test_stopping_lets_a_pass_end_and_starts_no_other(store):
    began, ended = asyncio.Event(), asyncio.Event()

    async def reconcile(target, watermark):
        began.set()
        await asyncio.sleep(0.05)
        ended.set()

    async with _working(store, reconcile):
        await _want(store, PULL)
        await began.wait()
        await _want(store, NEXT, settle=0.01)
    assert ended.is_set()
    assert await looks.next_due(store) is not None
    (left,) = await looks.take(store, holder="x", lease_seconds=1e12, limit=9)
    assert left.target == NEXT.key


async def test_stopping_cancels_what_takes_too_long_and_it_comes_again(store):
    began = asyncio.Event()

    async def reconcile(target, watermark):
        began.set()
        await asyncio.sleep(60)

    worker = Worker(store, reconcile=reconcile, resolve=_nothing)
    worker.start()
    await _want(store, PULL)
    await began.wait()
    await worker.stop(limit=0.01)
    (left,) = await looks.take(store, holder="x", lease_seconds=1e12, limit=9)
    assert (left.target, left.attempts) == (PULL.key, 0)


async def test_a_lease_is_renewed_while_its_pass_lasts(store):
    began, let_go = asyncio.Event(), asyncio.Event()

    async def reconcile(target, watermark):
        began.set()
        await let_go.wait()

    async with _working(store, reconcile, lease_seconds=0.15):
        await _want(store, PULL)
        await began.wait()
        await asyncio.sleep(0.3)
        assert await looks.take(store, holder="other", lease_seconds=1e12, limit=9) == ()
        let_go.set()


async def test_a_disk_that_refuses_for_a_while_loses_nothing(impatient_store, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.work.worker.REST_AFTER_REFUSAL", 0.02)
    monkeypatch.setattr("bot.work.surviving.REST_AFTER_REFUSAL", 0.02)
    began, let_go = asyncio.Event(), asyncio.Event()
    passes: list[Any] = []

    async def reconcile(target, watermark):
        passes.append(target)
        began.set()
        await let_go.wait()

    with capture_logs() as logged:
        async with _working(impatient_store, reconcile, lease_seconds=0.3):
            await _want(impatient_store, PULL)
            await began.wait()
            await _want(impatient_store, NEXT, settle=0.1)
            other = await asyncio.to_thread(_lock, tmp_path / "gate.sqlite3")
            let_go.set()
            await asyncio.sleep(0.5)
            other.close()
            await _until(lambda: passes == [PULL, NEXT])
    events = {line["event"] for line in logged}
    assert {"look.refused", "looks.refused", "pass.finished"} <= events


async def test_leases_that_cannot_be_given_back_are_left_to_the_next_start(impatient_store, tmp_path):
    with capture_logs() as logged:
        async with _working(impatient_store, _never):
            other = await asyncio.to_thread(_lock, tmp_path / "gate.sqlite3")
        other.close()
    assert [line["event"] for line in logged][-1] == "leases.kept"


async def test_renewing_that_is_refused_is_logged_and_tried_again(impatient_store, tmp_path):
    began = asyncio.Event()

    async def reconcile(target, watermark):
        began.set()
        await asyncio.sleep(0.4)

    with capture_logs() as logged:
        async with _working(impatient_store, reconcile, lease_seconds=0.2):
            await _want(impatient_store, PULL)
            await began.wait()
            other = await asyncio.to_thread(_lock, tmp_path / "gate.sqlite3")
            await _until(lambda: any(line["event"] == "leases.refused" for line in logged))
            other.close()


async def test_an_alarm_goes_off_at_the_earliest_time_asked_for():
    alarm = Alarm(time.time)
    start = time.time()
    alarm.ring(start + 60)
    sleeping = asyncio.create_task(alarm.wait())
    await asyncio.sleep(0.01)
    alarm.ring(start + 0.05)
    alarm.ring(start + 30)
    await asyncio.wait_for(sleeping, 2)
    assert 0.05 <= time.time() - start < 1
    alarm.clear()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(alarm.wait(), 0.01)


async def test_an_alarm_notices_that_the_clock_jumped():
    jumped = [0.0]
    alarm = Alarm(lambda: jumped[0], nap=0.01)
    alarm.ring(86_400)
    sleeping = asyncio.create_task(alarm.wait())
    await asyncio.sleep(0.03)
    assert not sleeping.done()
    jumped[0] = 90_000.0
    await asyncio.wait_for(sleeping, 2)
