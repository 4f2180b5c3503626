"""`python -m tests.histories COUNT [SEED]`: so many random histories, counted."""

import sys
import time

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.histories.machine import COUNT, Histories


def main(count: int, number: int) -> None:
    """Lives them; raises at the first that breaks a law."""
    began = time.monotonic()
    chosen = settings(
        max_examples=count,
        stateful_step_count=30,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(number)(Histories), settings=chosen)
    finally:
        took = time.monotonic() - began
        mean = COUNT.steps / max(1, COUNT.histories)
        print(f"{COUNT.histories} histories in {took:.0f} s, {mean:.1f} steps each on average, seed {number}")  # noqa: T201


if __name__ == "__main__":
    main(*([int(argument) for argument in sys.argv[1:]] + [20_000, 0][len(sys.argv) - 1 :]))
