"""Some hundred histories, the same ones every time; `python -m tests.histories` lives as many as one likes."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.histories.machine import Histories

PROFILE = settings(
    max_examples=120,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def test_whatever_happens_the_gate_keeps_its_promises():
    run_state_machine_as_test(Histories, settings=PROFILE)
