"""A seed → what people and their CI do in some hours: events in the order of time."""

import math
import random
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import accumulate

from tests.scale.capacity import DAY, Load
from tests.scale.simulation import Event

INSTALLATIONS = 50_000
SKEW = 0.7
"""Of Zipf's law: the largest installation sends 1.2 % of all deliveries."""
CHECKS = 12.0
"""Check events after a push, on average: half of them start within a second, the others end one by one."""
SPAN = 240.0
"""Seconds until the last of them, on average."""
STORM_EVERY, STORM_PULLS, STORM_EVENTS = 600.0, 25, 32
"""Now and then somebody restacks 25 pull requests with 32 checks each within ten seconds."""


def traffic(load: Load, *, hours: float, seed: int) -> Iterator[Event]:
    """The hours around the day's peak; irrelevant deliveries, which cost no pass, are left out."""
    dice = random.Random(seed)  # noqa: S311  a simulation
    weights = list(accumulate((rank + 1) ** -SKEW for rank in range(INSTALLATIONS)))
    whose = range(INSTALLATIONS)
    seconds = hours * 3600
    pushes = load.deliveries_per_day * load.relevant / DAY / (1 + CHECKS)
    coming: list[Event] = []
    time, number, storm = 0.0, 0, STORM_EVERY
    while time < seconds:
        time += dice.expovariate(pushes * _shape(time / seconds, hours, load.peak))
        while coming and coming[0][0] <= time:
            yield heappop(coming)
        (one,) = dice.choices(whose, cum_weights=weights)
        number += 1
        for at in _push(dice, time):
            heappush(coming, (at, one, number))
        if time > storm:
            storm += STORM_EVERY
            for _ in range(STORM_PULLS):
                number += 1
                for _ in range(STORM_EVENTS):
                    heappush(coming, (time + dice.uniform(0, 10), one, number))
    while coming:
        yield heappop(coming)


def _shape(share: float, hours: float, peak: float) -> float:
    """A day is a cosine between its peak and as far below the mean; `share` 0.5 is the peak."""
    return 1 + (peak - 1) * math.cos((share - 0.5) * hours / 24 * 2 * math.pi)


def _push(dice: random.Random, time: float) -> Iterator[float]:
    yield time
    checks = int(dice.expovariate(1 / CHECKS) + 0.5)
    span = dice.expovariate(1 / SPAN)
    for number in range(checks):
        yield time + (2 + dice.random() if number % 2 else dice.uniform(3, 3 + span))
