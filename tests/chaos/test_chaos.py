"""A few kills, the same ones every time as far as chance goes; `make chaos` kills as often as one likes."""

from tests.chaos.books import File, Table
from tests.chaos.killing import Plan, round_
from tests.chaos.stage import staged
from tests.chaos.tally import Tally


async def test_servers_on_sqlite_lose_nothing_when_killed(tmp_path):
    tally = Tally()
    async with staged(tmp_path, File(tmp_path / "gate.sqlite3"), seed=1, replicas=1) as stage:
        await round_(stage, tally, Plan(kills=5))
    assert tally.total >= 5
    assert tally.counts["deliveries kept"]


async def test_replicas_on_postgresql_lose_nothing_when_killed(postgresql, tmp_path):
    tally = Tally()
    async with staged(tmp_path, Table(postgresql, await postgresql.create()), seed=2, replicas=2) as stage:
        await round_(stage, tally, Plan(kills=3))
    assert tally.total >= 3
    assert tally.counts["deliveries kept"]
