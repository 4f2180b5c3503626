"""`python -m tests.scale [HOURS]`: the capacity model and the simulation, as the tables of docs/scaling.md."""

import random
import sys
import time
from dataclasses import replace

from tests.scale.capacity import Load, Replica, capacity
from tests.scale.simulation import Result, World, simulate
from tests.scale.traffic import traffic

SEED = 20_261_122
HEAD = (
    "| world | replicas | passes | a second | events per pass | busy | most waiting | lag p50, s | p99, s | p99.9, s |"
    " limited installations | p99 of theirs, s | taken over |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def _world(load: Load, replica: Replica, replicas: int, seconds: float) -> World:
    """Every replica dies once, one after another: a rolling restart in which nobody says goodbye."""
    dice = random.Random(SEED)  # noqa: S311  a simulation
    deaths = tuple((seconds * (number + 0.5) / replicas, number) for number in range(replicas))
    mean = replica.pass_seconds
    return World(
        replicas=replicas,
        slots=replica.slots,
        points_per_pass=int(load.points_per_pass),
        pass_seconds=lambda: (
            mean * dice.uniform(0.5, 1.2) + (dice.expovariate(1 / (2 * mean)) if dice.random() < 0.075 else 0)
        ),
        deaths=deaths,
    )


def _row(name: str, world: World, result: Result, seconds: float) -> str:
    busy = result.busy_seconds / (world.replicas * world.slots * seconds)
    cells = [
        name,
        f"{world.replicas}",
        f"{result.passes:,}",
        f"{result.passes / seconds:,.0f}",
        f"{result.events / result.passes:.2f}",
        f"{busy:.0%}",
        f"{result.most_waiting:,}",
        *(f"{result.lag(share):.1f}" for share in (0.5, 0.99, 0.999)),
        f"{len(result.limited)}",
        f"{result.lag(0.99, of_limited=True):,.0f}",
        f"{result.taken_over}",
    ]
    return f"| {' | '.join(cells)} |"


def _live(name: str, load: Load, replica: Replica, replicas: int, hours: float, settle: float = 1.0) -> None:
    world = replace(_world(load, replica, replicas, hours * 3600), settle=settle)
    result = simulate(world, traffic(load, hours=hours, seed=SEED))
    print(_row(name, world, result, hours * 3600), flush=True)  # noqa: T201


def main(hours: float) -> None:
    load, replica = Load(), Replica()
    print(f"{capacity(load, replica)}\n\n{HEAD}")  # noqa: T201
    wanted = capacity(load, replica).replicas_to_pass
    _live("as planned", load, replica, wanted, hours)
    _live("two replicas fewer", load, replica, wanted - 2, hours / 8)
    _live("half of them", load, replica, wanted // 2, hours / 8)
    _live("settle 10 s", load, replica, wanted, hours, settle=10.0)
    _live("more passes at a time", load, replace(replica, passes=replace(replica, passes=99).slots), wanted, hours / 8)
    for times in (0.25, 0.5, 2.0):
        more = replace(load, deliveries_per_day=load.deliveries_per_day * times)
        _live(f"{times:g} times the load", more, replica, capacity(more, replica).replicas_to_pass, hours / 8)


if __name__ == "__main__":
    began = time.monotonic()
    main(float(sys.argv[1]) if sys.argv[1:] else 3.0)
    sys.stderr.write(f"\nsimulated in {time.monotonic() - began:.0f} s\n")
