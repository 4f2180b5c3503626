"""Events of pull requests, one after another → passes with settle windows, limits and failing replicas, and their lags.

Time is virtual and nothing waits. The rules are those of `docs/architecture.md`: one pass at a time for each pull
request and at most one waiting, a window that later events do not extend, a limited installation delays nobody else,
a dead replica's passes are taken over when their lease ends.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

DUE, END, DEATH, BIRTH = range(4)

Event = tuple[float, int, int]
"""When, of which installation, about which pull request; in the order of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the simulation goes by; times are seconds."""

    replicas: int
    slots: int
    """Passes at a time of each replica."""
    settle: float = 1.0
    lease: float = 25.0
    restart: float = 60.0
    points_per_pass: int = 4
    points_per_hour: int = 5_000
    """Of each installation: https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api"""
    pass_seconds: Callable[[], float] = lambda: 0.6
    deaths: tuple[tuple[float, int], ...] = ()
    """When which replica is killed; none again before it has restarted."""


@dataclass(slots=True)
class _Pull:
    installation: int
    oldest: float | None = None
    """The first event that no pass has begun for."""
    is_running: bool = False
    is_due: bool = False


@dataclass(slots=True)
class Result:
    """What came of it."""

    events: int = 0
    passes: int = 0
    taken_over: int = 0
    most_waiting: int = 0
    busy_seconds: float = 0.0
    ended: float = 0.0
    limited: set[int] = field(default_factory=set)
    """Installations that had to wait for GitHub's limit."""
    lags: list[tuple[float, int]] = field(default_factory=list)
    """From the oldest event that a pass answers to its end, and whose it was."""

    def lag(self, share: float, *, of_limited: bool = False) -> float:
        """The lag that this share of passes stays below, of installations that were limited or of all others."""
        chosen = sorted(lag for lag, one in self.lags if (one in self.limited) == of_limited)
        return chosen[min(len(chosen) - 1, int(len(chosen) * share))] if chosen else 0.0


@dataclass(slots=True)
class _Pass:
    pull: int
    replica: int
    oldest: float
    began: float


class _Simulation:
    def __init__(self, world: World) -> None:
        self.world = world
        self.agenda: list[tuple[float, int, int, int]] = []
        self.counter = 0
        self.pulls: dict[int, _Pull] = {}
        self.queue: list[tuple[float, int]] = []
        self.free = [world.slots] * world.replicas
        self.idle = world.slots * world.replicas
        self.running: dict[int, _Pass] = {}
        self.windows: dict[int, tuple[float, int]] = defaultdict(lambda: (-1e9, 0))
        self.result = Result()

    def at(self, time: float, what: int, number: int) -> None:
        self.counter += 1
        heappush(self.agenda, (time, what, self.counter, number))

    def run(self, events: Iterable[Event]) -> Result:
        coming: Iterator[Event] = iter(events)
        following = next(coming, None)
        for time, replica in self.world.deaths:
            self.at(time, DEATH, replica)
        while following or self.agenda:
            if following and (not self.agenda or following[0] <= self.agenda[0][0]):
                self.happen(following)
                following = next(coming, None)
                continue
            time, what, _, number = heappop(self.agenda)
            STEPS[what](self, time, number)
            self.take(time)
            self.result.ended = time
        return self.result

    def happen(self, event: Event) -> None:
        time, installation, number = event
        self.result.events += 1
        pull = self.pulls.get(number)
        if pull is None:
            pull = self.pulls[number] = _Pull(installation)
        if pull.oldest is None:
            pull.oldest = time
            self.at(time + self.world.settle, DUE, number)

    def due(self, time: float, number: int) -> None:
        pull = self.pulls.get(number)
        if pull is None or pull.oldest is None or pull.is_due:  # a pass that began meanwhile answers it
            return
        pull.is_due = True
        if not pull.is_running:
            heappush(self.queue, (time, number))

    def take(self, time: float) -> None:
        while self.idle and self.queue:
            _, number = heappop(self.queue)
            pull = self.pulls[number]
            if (wait := self.limit(time, pull.installation)) > 0:
                pull.is_due = False
                self.at(time + wait, DUE, number)
            else:
                self.begin(time, number, pull)
        self.result.most_waiting = max(self.result.most_waiting, len(self.queue))

    def limit(self, time: float, installation: int) -> float:
        """Seconds to wait until the hour of this installation's points is over; 0 takes them."""
        began, used = self.windows[installation]
        if time >= began + 3600:
            began, used = time, 0
        if used + self.world.points_per_pass > self.world.points_per_hour:
            self.result.limited.add(installation)
            return began + 3600 - time
        self.windows[installation] = (began, used + self.world.points_per_pass)
        return 0.0

    def begin(self, time: float, number: int, pull: _Pull) -> None:
        replica = max(range(len(self.free)), key=self.free.__getitem__)
        self.free[replica] -= 1
        self.idle -= 1
        oldest = time if pull.oldest is None else pull.oldest
        pull.oldest, pull.is_running, pull.is_due = None, True, False
        self.counter += 1
        self.running[self.counter] = _Pass(number, replica, oldest, time)
        heappush(self.agenda, (time + self.world.pass_seconds(), END, self.counter, self.counter))

    def end(self, time: float, number: int) -> None:
        if (done := self.running.pop(number, None)) is None:  # its replica died
            return
        self.free[done.replica] += 1
        self.idle += 1
        pull = self.pulls[done.pull]
        pull.is_running = False
        self.result.passes += 1
        self.result.busy_seconds += time - done.began
        self.result.lags.append((time - done.oldest, pull.installation))
        if pull.is_due:
            heappush(self.queue, (time, done.pull))
        elif pull.oldest is None:
            del self.pulls[done.pull]

    def die(self, time: float, replica: int) -> None:
        for number in [one for one, running in self.running.items() if running.replica == replica]:
            lost = self.running.pop(number)
            pull = self.pulls[lost.pull]
            pull.is_running = pull.is_due = False
            pull.oldest = lost.oldest
            self.result.taken_over += 1
            self.at(time + self.world.lease, DUE, lost.pull)
        self.idle -= self.free[replica]
        self.free[replica] = 0
        self.at(time + self.world.restart, BIRTH, replica)

    def rise(self, _time: float, replica: int) -> None:
        self.free[replica] = self.world.slots
        self.idle += self.world.slots


STEPS = {
    DUE: _Simulation.due,
    END: _Simulation.end,
    DEATH: _Simulation.die,
    BIRTH: _Simulation.rise,
}


def simulate(world: World, events: Iterable[Event]) -> Result:
    """Lives all events to the last pass; needs them in the order of time."""
    return _Simulation(world).run(events)
