"""Failures: what becomes of a look after each kind of error."""

import pytest

from bot.github.errors import Ambiguous, Forbidden, Gone, RateLimited, Rejected, Unreachable
from bot.store import StoreRefused
from bot.work.failures import Drop, Retry, sort

OURS = "an error inside release-gate (KeyError)"


@pytest.mark.parametrize(
    ("error", "attempts", "expected"),
    [
        pytest.param(Gone("it left"), 0, Drop(because="it left"), id="what is gone is dropped"),
        pytest.param(
            RateLimited("too fast", retry_after=42.0),
            9,
            Retry(delay=42.0, because="too fast", limits_installation=True),
            id="a limit waits as long as GitHub says, holds the installation, and is nobody's trouble",
        ),
        pytest.param(
            RateLimited("too fast", retry_after=-1.0),
            0,
            Retry(delay=0.0, because="too fast", limits_installation=True),
            id="a limit that is over already waits for nothing",
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
