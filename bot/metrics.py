"""What the program does → numbers that Prometheus reads.

Every value of every label stands here, so that no repository and no login can become one, and each is there from the
start at 0. Names and units: https://prometheus.io/docs/practices/naming/
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from bot.gate.mask import Subject

disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_E = TypeVar("_E", bound=StrEnum)


class Delivery(StrEnum):
    """What became of a request to the webhook: taken in, or refused because of what."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    IGNORED = "ignored"
    LOST = "lost"
    UNSIGNED = "unsigned"
    WRONG_TYPE = "wrong_type"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"


class Pass(StrEnum):
    """How a pass ended."""

    FINISHED = "finished"
    LEASE_LOST = "lease_lost"
    POSTPONED = "postponed"
    FAILED = "failed"
    DROPPED = "dropped"


class Of(StrEnum):
    """What a pass was over."""

    CANDIDATE = "candidate"
    """A pull request, a merge group, or the tip of a branch that may get its first rules."""
    RESOLUTION = "resolution"
    """Which of those a commit, a base branch or a source of rules stands for."""
    SWEEP = "sweep"
    CHORE = "chore"


class Api(StrEnum):
    """What a request to GitHub was."""

    QUERY = "graphql_query"
    MUTATION = "graphql_mutation"
    REST = "rest"
    TOKEN = "token"  # noqa: S105  a word, not one


class Limit(StrEnum):
    """Which of GitHub's hourly limits a request counts against."""

    GRAPHQL = "graphql"
    REST = "rest"


class Wait(StrEnum):
    """Which of GitHub's limits was waited for; the last is GitHub's own word that it is enough."""

    REST_HOUR = "rest_hour"
    REST_MINUTE = "rest_minute"
    GRAPHQL_HOUR = "graphql_hour"
    GRAPHQL_MINUTE = "graphql_minute"
    CONTENT_HOUR = "content_hour"
    CONTENT_MINUTE = "content_minute"
    CONCURRENT = "concurrent"
    TOLD = "told"


def _counters(name: str, what: str, label: str, values: type[_E]) -> Mapping[_E, Counter]:
    """One counter for each value; a look-up of labels for every delivery would cost more than counting."""
    counter = Counter(name, what, [label], registry=REGISTRY)
    return {value: counter.labels(value.value) for value in values}


DELIVERIES: Final = _counters("release_gate_deliveries", "Requests to the webhook.", "result", Delivery)
LEFT_ALONE: Final = _counters(
    "release_gate_irrelevant_events", "Events that no rules of their repository heed.", "subject", Subject
)
_PASSES: Final = Counter("release_gate_passes", "Passes over a look.", ["of", "result"], registry=REGISTRY)
PASSES: Final = {(of, result): _PASSES.labels(of.value, result.value) for of in Of for result in Pass}
COALESCED: Final = _counters("release_gate_coalesced_wishes", "Wishes that needed no pass of their own.", "of", Of)
REQUESTS: Final = _counters("release_gate_api_requests", "Requests sent to GitHub.", "kind", Api)
POINTS: Final = _counters("release_gate_api_points", "Points of GitHub's hourly limits.", "limit", Limit)
LIMIT_WAITS: Final = _counters(
    "release_gate_limit_waits", "Times that a request or a look had to wait for a limit.", "limit", Wait
)
LIMIT_WAIT_SECONDS: Final = _counters(
    "release_gate_limit_wait_seconds", "Seconds that these waits were to last.", "limit", Wait
)
LIMIT_REFUSALS: Final = _counters(
    "release_gate_limit_refusals", "Requests that GitHub refused for a limit.", "limit", Limit
)
_PASS_SECONDS: Final = Histogram(
    "release_gate_pass_duration_seconds",
    "Seconds from taking a look to its answer.",
    ["of"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600),
    registry=REGISTRY,
)
PASS_SECONDS: Final = {of: _PASS_SECONDS.labels(of.value) for of in Of}
LAG_SECONDS: Final = Histogram(
    "release_gate_event_to_check_run_seconds",
    "Seconds from the oldest check or status that a pass was told of to the check run, by GitHub's clock.",
    buckets=(0.5, 1, 1.5, 2, 2.5, 5, 10, 30, 60, 300, 1800),
    registry=REGISTRY,
)
LOOKS_WAITING: Final = Gauge("release_gate_looks_waiting", "Looks that are due and not taken.", registry=REGISTRY)
LONGEST_WAIT: Final = Gauge(
    "release_gate_longest_wait_seconds", "Seconds that the look due longest has waited.", registry=REGISTRY
)
_VERDICTS: Final = Counter("release_gate_verdicts", "Verdicts by outcome.", ["outcome"], registry=REGISTRY)


def count_limit_wait(wait: Wait, seconds: float) -> None:
    """One more wait for this limit."""
    LIMIT_WAITS[wait].inc()
    LIMIT_WAIT_SECONDS[wait].inc(seconds)


def count_verdict(outcome: StrEnum) -> None:
    """One more verdict of this outcome; a closed set of words, so a label."""
    _VERDICTS.labels(outcome.value).inc()


def text() -> bytes:
    """All of them: https://prometheus.io/docs/instrumenting/exposition_formats/"""
    return generate_latest(REGISTRY)
