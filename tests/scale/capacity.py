"""Constants of one replica and a load → how many replicas, rows, bytes and points that load takes, by arithmetic."""

from dataclasses import dataclass
from math import ceil

HOUR, DAY = 3600.0, 86_400.0
BUSY = 0.7
"""Of a resource, above which waiting grows faster than load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """What one process does, as `docs/scaling.md` says where each number comes from."""

    accepted_per_second: float = 1_500.0
    passes: int = 8
    """At a time."""
    pass_seconds: float = 0.6
    """With a GitHub that takes 100 to 200 ms for an answer."""
    pass_cpu_seconds: float = 0.036
    connections: int = 11
    """To the database."""

    @property
    def slots(self) -> int:
        """Passes at a time that neither the setting nor the one core of Python forbids."""
        return max(1, min(self.passes, int(BUSY * self.pass_seconds / self.pass_cpu_seconds)))

    @property
    def passes_per_second(self) -> float:
        return self.slots / self.pass_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What GitHub sends, and what it lets us do."""

    deliveries_per_day: float = 20_000_000.0
    relevant: float = 0.4
    """Share of deliveries that concern a pull request of a repository with rules; the rest ends after the signature."""
    peak: float = 2.0
    """The busiest hour, as a multiple of the mean."""
    deliveries_per_pass: float = 1.9
    """As the simulation finds where nothing waits."""
    points_per_pass: float = 2.0
    """Of GraphQL: one to read, one to write; a pass that finds nothing new takes one."""
    delivery_bytes: float = 130.0
    retention_days: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What the load takes at its peak hour."""

    deliveries_per_second: float
    passes_per_second: float
    replicas_to_accept: int
    replicas_to_pass: int
    rows_per_second: float
    """Inserted or updated in the database: a delivery and its look, and per pass the taking and the finishing."""
    stored_bytes: float
    points_per_hour: float
    largest_installation: float
    """Passes an hour that one installation's 5,000 points allow."""
    connections: int


def capacity(load: Load, replica: Replica) -> Capacity:
    """The arithmetic of `docs/scaling.md`."""
    deliveries = load.deliveries_per_day / DAY * load.peak
    stored = deliveries * load.relevant
    passes = stored / load.deliveries_per_pass
    to_pass = ceil(passes / (BUSY * replica.passes_per_second))
    to_accept = ceil(deliveries / (BUSY * replica.accepted_per_second))
    return Capacity(
        deliveries_per_second=deliveries,
        passes_per_second=passes,
        replicas_to_accept=to_accept,
        replicas_to_pass=to_pass,
        rows_per_second=2 * stored + 2 * passes,
        stored_bytes=load.deliveries_per_day * load.relevant * load.delivery_bytes * load.retention_days,
        points_per_hour=passes * load.points_per_pass * HOUR,
        largest_installation=5_000 / load.points_per_pass,
        connections=max(to_pass, to_accept) * replica.connections,
    )
