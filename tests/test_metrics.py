"""What Prometheus reads of the server after something happened, over HTTP."""

import asyncio
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import update

from bot.github.targets import Base, Head, MergeGroup, PullRequest, Repository, Source, Sweep, Target, Tip
from bot.metrics import Of
from bot.store import open_store
from bot.store.schema import looks
from bot.store.waiting import Waiting, waiting
from bot.store.wishes import Wish
from bot.work.chores import Chore
from bot.work.context import kind_of
from tests.stories.rig import PATIENCE, Rig, rigged

SHOP = Repository(installation=3, name="acme/shop")
SAMPLE = re.compile(r"^(release_gate_\w+(?:\{.*\})?) (\S+)$", re.MULTILINE)


@pytest.fixture
async def rig(tmp_path):
    async with rigged(tmp_path) as made:
        yield made


async def nothing() -> None:
    """A chore's work."""


async def scraped(rig: Rig) -> str:
    url = str(rig.sandbox.bot.webhook_url).replace("/webhook", "/metrics")
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        return await answer.text()


async def numbers(rig: Rig) -> Mapping[str, float]:
    return {name: float(value) for name, value in SAMPLE.findall(await scraped(rig))}


async def told(rig: Rig, before: Mapping[str, float]) -> Mapping[str, float]:
    """What has grown since; other servers of this process count on the same numbers."""
    return {name: value - before.get(name, 0) for name, value in (await numbers(rig)).items()}


async def test_a_release_from_its_opening_to_green_is_counted(rig: Rig):
    before = await numbers(rig)
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    grown = await told(rig, before)
    sent = [one for one in rig.sandbox.deliveries.log if one.status_code == 202]
    taken = sum(grown[f'release_gate_deliveries_total{{result="{one}"}}'] for one in ("accepted", "ignored"))
    assert taken == len(sent)
    assert grown['release_gate_deliveries_total{result="accepted"}'] >= 3
    assert grown['release_gate_verdicts_total{outcome="ready"}'] >= 1
    assert grown['release_gate_verdicts_total{outcome="blocked"}'] >= 1
    for of in ("candidate", "resolution", "sweep"):
        finished = grown[f'release_gate_passes_total{{of="{of}",result="finished"}}']
        assert finished == grown[f'release_gate_pass_duration_seconds_count{{of="{of}"}}']
        assert (finished >= 1) is (of == "candidate")
    assert grown["release_gate_event_to_check_run_seconds_count"] >= 1


async def test_requests_are_those_that_github_counts(rig: Rig):
    before = await numbers(rig)
    await rig.make_green(rig.release(rig.shop()))
    grown = await told(rig, before)
    asked = {
        kind: grown[f'release_gate_api_requests_total{{kind="{kind}"}}']
        for kind in ("graphql_query", "graphql_mutation", "rest", "token")
    }
    assert asked["token"] == sum(one.kind == "token" for one in rig.sandbox.requests)
    assert asked["graphql_mutation"] == rig.counted()[1]
    assert asked["graphql_query"] + asked["graphql_mutation"] + asked["rest"] == rig.counted()[0]
    assert grown['release_gate_api_points_total{limit="rest"}'] == asked["rest"]
    assert grown['release_gate_api_points_total{limit="graphql"}'] >= asked["graphql_query"] + asked["graphql_mutation"]


@pytest.mark.parametrize(
    ("target", "of"),
    [
        pytest.param(PullRequest(repository=SHOP, number=1), Of.CANDIDATE, id="a pull request"),
        pytest.param(MergeGroup(repository=SHOP, base="main", sha="a", number=None), Of.CANDIDATE, id="a merge group"),
        pytest.param(Tip(repository=SHOP, branch="main"), Of.CANDIDATE, id="the tip of a branch"),
        pytest.param(Head(repository=SHOP, sha="a"), Of.RESOLUTION, id="a commit"),
        pytest.param(Base(repository=SHOP, branch="main"), Of.RESOLUTION, id="a base"),
        pytest.param(Source(repository=SHOP), Of.RESOLUTION, id="a source of rules"),
        pytest.param(Sweep(repository=SHOP), Of.SWEEP, id="a sweep"),
        pytest.param(Chore(name="sweep", every=60.0, work=nothing), Of.CHORE, id="a chore"),
    ],
)
def test_a_pass_counts_as_one_over(target: Target | Chore, of: Of):
    assert kind_of(target.key) is of


async def test_many_events_and_one_pass_are_coalesced(tmp_path):
    async with rigged(tmp_path, settle="0.3") as rig:
        pull = rig.release(rig.shop())
        await rig.quiet()
        before = await numbers(rig)
        for _ in range(5):
            rig.poke(pull)
        await rig.quiet()
        grown = await told(rig, before)
        assert grown['release_gate_coalesced_wishes_total{of="candidate"}'] >= 1
        assert (
            grown['release_gate_coalesced_wishes_total{of="candidate"}']
            + grown['release_gate_passes_total{of="candidate",result="finished"}']
            == grown['release_gate_deliveries_total{result="accepted"}']
        )


@pytest.mark.parametrize(
    ("body", "headers", "result"),
    [
        pytest.param(b"{}", {}, "unsigned", id="without a signature"),
        pytest.param(b"{}", {"Content-Type": "text/plain"}, "wrong_type", id="of another type"),
        pytest.param(b"{}", {"Content-Encoding": "gzip"}, "unreadable", id="not encoded as it says"),
    ],
)
async def test_what_is_refused_is_counted_by_reason(rig: Rig, body, headers, result):
    before = await numbers(rig)
    sent = {"Content-Type": "application/json", **headers}
    async with aiohttp.ClientSession() as session:
        await session.post(str(rig.sandbox.bot.webhook_url), data=body, headers=sent)
    assert (await told(rig, before))[f'release_gate_deliveries_total{{result="{result}"}}'] == 1


async def test_a_limit_that_is_waited_for_is_counted_with_its_seconds(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.quiet()
    before = await numbers(rig)
    rig.sandbox.arm("secondary_limit", times=1, retry_after=7)
    rig.poke(pull)
    await rig.sandbox.settled()
    async with asyncio.timeout(PATIENCE):
        while not (await told(rig, before))['release_gate_limit_waits_total{limit="told"}']:
            await asyncio.sleep(0.02)
    grown = await told(rig, before)
    assert grown['release_gate_limit_wait_seconds_total{limit="told"}'] == 7
    assert grown['release_gate_passes_total{of="candidate",result="postponed"}'] == 1


async def test_no_label_holds_what_others_choose(rig: Rig):
    await rig.make_green(rig.release(rig.shop()))
    page = await scraped(rig)
    assert [word for word in ("acme", "shop", "dan", "sam", "security") if word in page] == []


async def test_a_database_that_refuses_makes_no_old_number(tmp_path: Path, rig: Rig):
    with sqlite3.connect(tmp_path / "gate.sqlite3") as other:
        other.execute("ALTER TABLE looks RENAME TO elsewhere")
        other.commit()
        assert "release_gate_looks_waiting NaN" in await scraped(rig)
        other.execute("ALTER TABLE elsewhere RENAME TO looks")
        other.commit()
    other.close()
    assert "release_gate_looks_waiting 0.0" in await scraped(rig)


async def test_what_waits_is_due_and_held_by_nobody(tmp_path):
    async with open_store(tmp_path / "gate.sqlite3", now=lambda: 100.0) as store:
        assert await waiting(store) == Waiting(looks=0, longest=0.0)
        due = {"pull:3:acme/shop:1": 90.0, "pull:3:acme/shop:2": 95.0, "pull:3:acme/shop:3": 200.0}
        wishes = [Wish(target=target, installation=3, due_at=at) for target, at in due.items()]
        await store.accept(guid="a", event="push", wishes=wishes)
        assert await waiting(store) == Waiting(looks=2, longest=10.0)
        held = update(looks).where(looks.c.due_at == 90.0)
        await store.write(held.values(leased_by="me", lease_until=130.0))
        assert await waiting(store) == Waiting(looks=1, longest=5.0)
