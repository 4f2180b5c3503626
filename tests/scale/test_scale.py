"""The model's small case agrees with hand arithmetic, and so does the simulation."""

import pytest

from tests.scale.capacity import Load, Replica, capacity
from tests.scale.simulation import World, simulate
from tests.scale.traffic import traffic

ONE = World(replicas=1, slots=1, settle=1.0, pass_seconds=lambda: 0.5)


def lags(world: World, *events: tuple[float, int, int]) -> list[float]:
    return [round(lag, 6) for lag, _ in simulate(world, events).lags]


def test_a_small_load_is_what_one_counts_by_hand():
    load = Load(
        deliveries_per_day=864_000, relevant=0.5, peak=2, deliveries_per_pass=2, points_per_pass=4, delivery_bytes=100,
        retention_days=7,
    )  # fmt: skip
    replica = Replica(accepted_per_second=10, passes=4, pass_seconds=1, pass_cpu_seconds=0.1, connections=3)
    found = capacity(load, replica)
    assert found.deliveries_per_second == 20  # 10 on average, twice that at the peak
    assert found.passes_per_second == 5  # half of 20 are relevant, two of them a pass
    assert found.replicas_to_pass == 2  # 70 % of 4 passes a second each
    assert found.replicas_to_accept == 3  # 20 over 70 % of 10
    assert found.rows_per_second == 2 * 10 + 2 * 5
    assert found.stored_bytes == 864_000 * 0.5 * 100 * 7
    assert found.points_per_hour == 5 * 4 * 3600
    assert found.largest_installation == 1250
    assert found.connections == 9


def test_the_core_of_a_processor_bounds_passes_at_a_time():
    assert Replica(passes=8, pass_seconds=1, pass_cpu_seconds=0.35).slots == 2
    assert Replica(passes=8, pass_seconds=1, pass_cpu_seconds=0.01).slots == 8


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([(0, 1, 1)], [1.5], id="one event waits for its window and its pass"),
        pytest.param([(0, 1, 1), (0.9, 1, 1)], [1.5], id="two in a window are one pass, as old as the first"),
        pytest.param([(0, 1, 1), (1.1, 1, 1)], [1.5, 1.5], id="one during a pass opens the next window"),
        pytest.param([(0, 1, 1), (0, 1, 2), (0, 1, 3)], [1.5, 2, 2.5], id="one slot takes one at a time"),
    ],
)
def test_passes_are_where_one_counts_them_by_hand(events, expected):
    assert lags(ONE, *events) == expected


def test_an_installation_at_its_limit_waits_for_the_hour_and_delays_nobody():
    world = World(replicas=1, slots=1, settle=1, pass_seconds=lambda: 0.5, points_per_pass=4, points_per_hour=8)
    found = simulate(world, [(0, 1, 1), (0, 1, 2), (0, 1, 3), (10, 2, 4)])
    assert [round(lag, 6) for lag, one in found.lags if one == 1] == [1.5, 2, 3601.5]
    assert [round(lag, 6) for lag, one in found.lags if one == 2] == [1.5]
    assert found.limited == {1}


def test_a_dead_replicas_pass_is_taken_over_after_its_lease():
    world = World(replicas=2, slots=1, settle=1, lease=30, restart=60, pass_seconds=lambda: 0.5, deaths=((1.2, 0),))
    found = simulate(world, [(0, 1, 1), (5, 1, 2)])
    assert found.taken_over == 1
    assert [round(lag, 6) for lag, _ in found.lags] == [1.5, 31.7]  # killed at 1.2, due at 31.2, done at 31.7


def test_with_all_replicas_dead_nothing_is_lost():
    found = simulate(
        World(replicas=1, slots=1, settle=1, lease=30, restart=60, pass_seconds=lambda: 0.5, deaths=((1.2, 0),)),
        [(0, 1, 1), (2, 1, 1), (40, 1, 1)],
    )
    assert [round(lag, 6) for lag, _ in found.lags] == [61.7]  # risen at 61.2; one pass answers all three
    assert found.events == 3


def test_traffic_is_the_same_for_the_same_seed_in_the_order_of_time_and_as_much_as_it_says():
    load = Load(deliveries_per_day=2_000_000)
    events = list(traffic(load, hours=0.5, seed=1))
    assert events == list(traffic(load, hours=0.5, seed=1))
    assert events == sorted(events)
    expected = 2_000_000 / 24 * 0.5 * load.relevant * load.peak
    assert expected * 0.9 < len(events) < expected * 1.25  # storms come on top


def test_every_pull_request_that_something_happened_to_has_a_pass_after_it():
    load = Load(deliveries_per_day=1_000_000)
    events = list(traffic(load, hours=0.2, seed=2))
    deaths = tuple((60.0 + 100 * number, number % 3) for number in range(6))
    found = simulate(World(replicas=3, slots=2, deaths=deaths), events)
    assert found.taken_over > 0
    assert {one for _, one in found.lags} == {one for _, one, _ in events}
