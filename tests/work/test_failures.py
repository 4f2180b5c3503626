"""Failures: what becomes of a look after each kind of error."""

import pytest

from bot.github.errors import Ambiguous, Forbidden, Gone, RateLimited, Rejected, Suspended, Unreachable
from bot.metrics import Wait
from bot.store import StoreRefused
from bot.work.failures import Drop, PutOff, Retry, sort

OURS = "an error inside release-gate (KeyError)"


@pytest.mark.parametrize(
    ("error", "attempts", "expected"),
    [
        pytest.param(Gone("it left"), 0, Retry(delay=5.0, because="it left"), id="what seems gone is asked for again"),
        pytest.param(Gone("it left"), 1, Retry(delay=10.0, because="it left"), id="and once more"),
        pytest.param(Gone("it left"), 2, Drop(because="it left"), id="what is gone is dropped"),
        pytest.param(
            Suspended("closed"),
            4,
            Retry(delay=960.0, because="closed"),
            id="what is suspended is kept, and nobody told",
        ),
        pytest.param(Suspended("closed"), 99, Retry(delay=3_600.0, because="closed"), id="and asked for every hour"),
        pytest.param(
            RateLimited("too fast", retry_after=42.0),
            9,
            PutOff(delay=42.0, because="too fast", wait=Wait.TOLD),
            id="a limit waits as long as GitHub says, and is no failure",
        ),
        pytest.param(
            RateLimited("too fast", retry_after=-1.0),
            0,
            PutOff(delay=0.0, because="too fast", wait=Wait.TOLD),
            id="a limit that is over already waits for nothing",
        ),
        pytest.param(
            RateLimited("an hour", retry_after=600.0, wait=Wait.REST_HOUR),
            0,
            PutOff(delay=600.0, because="an hour", wait=Wait.REST_HOUR, is_trouble=True),
            id="a limit that lasts for ten minutes is trouble",
        ),
        pytest.param(Unreachable("502"), 0, Retry(delay=1.0, because="502"), id="the first try again comes soon"),
        pytest.param(Unreachable("502"), 1, Retry(delay=2.0, because="502"), id="the second later"),
        pytest.param(
            Unreachable("502"), 2, Retry(delay=4.0, because="502", is_trouble=True), id="the third is trouble"
        ),
        pytest.param(
            Unreachable("502"), 9999, Retry(delay=300.0, because="502", is_trouble=True), id="at most five minutes"
        ),
        pytest.param(Ambiguous("lost"), 0, Retry(delay=1.0, because="lost"), id="after a lost answer: read first"),
        pytest.param(StoreRefused("full"), 0, Retry(delay=1.0, because="full"), id="our own disk is no bug"),
        pytest.param(Forbidden("checks"), 0, Retry(delay=60.0, because="checks"), id="a missing permission waits"),
        pytest.param(
            Rejected("422"), 4, Retry(delay=900.0, because="422", is_trouble=True), id="at most a quarter of an hour"
        ),
        pytest.param(KeyError("x"), 0, Retry(delay=1.0, because=OURS, is_ours=True), id="the rest are our bugs"),
        pytest.param(
            KeyError("x"),
            2,
            Retry(delay=4.0, because=OURS, is_ours=True, is_trouble=True),
            id="bugs are trouble too, told without their insides",
        ),
    ],
)
def test_an_error_decides_what_becomes_of_the_look(error, attempts, expected):
    assert sort(error, attempts=attempts) == expected


def test_a_repository_is_gone_when_it_was_for_half_an_hour():
    tries = [sort(Gone("it left"), attempts=attempts, is_sweep=True) for attempts in range(3)]
    assert tries == [
        Retry(delay=600.0, because="it left", is_trouble=True),
        Retry(delay=1_200.0, because="it left", is_trouble=True),
        Drop(because="it left"),
    ]


@pytest.mark.parametrize(
    ("limited_for", "is_trouble"),
    [pytest.param(529.0, False, id="nine minutes so far"), pytest.param(570.0, True, id="ten minutes by the next try")],
)
def test_limits_that_follow_one_another_are_one_trouble(limited_for, is_trouble):
    sorted_out = sort(RateLimited("too fast", retry_after=60.0), attempts=0, limited_for=limited_for)
    assert sorted_out == PutOff(delay=60.0, because="too fast", wait=Wait.TOLD, is_trouble=is_trouble)
