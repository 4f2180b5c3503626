"""`deployment`: the head was deployed to an environment, and has been there for long enough."""

from datetime import timedelta

import pytest

from bot.evidence.deployment import Deployment
from bot.gate.facts import Unavailable
from bot.gate.finding import State, Who
from bot.gate.mask import Subject, Topic
from bot.gate.needs import Needs
from tests.builders import NOW, a_candidate, a_deployment, minutes_ago

MET, UNMET, PENDING = State.MET, State.UNMET, State.PENDING
STAGING, SOAKED = Deployment(environment="staging"), Deployment(environment="staging", soak=timedelta(hours=1))


@pytest.mark.parametrize(
    ("evidence", "deployments", "state"),
    [
        pytest.param(STAGING, [], UNMET, id="never deployed"),
        pytest.param(STAGING, [a_deployment()], MET, id="deployed"),
        pytest.param(STAGING, [a_deployment("production")], UNMET, id="deployed elsewhere"),
        *(
            pytest.param(STAGING, [a_deployment(state=state)], PENDING, id=f"the deployment is {state}")
            for state in ("pending", "queued", "in_progress", "waiting")
        ),
        *(
            pytest.param(STAGING, [a_deployment(state=state)], UNMET, id=f"the deployment ended with {state}")
            for state in ("failure", "error", "abandoned", "destroyed", "something new")
        ),
        pytest.param(STAGING, [a_deployment(state="inactive")], MET, id="another one took its place"),
        pytest.param(SOAKED, [a_deployment(state="inactive")], UNMET, id="another one took its place while it soaked"),
        pytest.param(
            STAGING, [a_deployment(ago=90), a_deployment(state="failure", ago=30)], UNMET, id="the newest one failed"
        ),
        pytest.param(
            SOAKED,
            [a_deployment(ago=60), a_deployment(state="inactive", ago=59, created_at=minutes_ago(90))],
            MET,
            id="the one that it replaced does not count",
        ),
        pytest.param(SOAKED, [a_deployment(ago=59)], PENDING, id="still soaking"),
        pytest.param(SOAKED, [a_deployment(ago=60)], MET, id="soaked to the minute"),
    ],
)
def test_deployment(evidence, deployments, state):
    for order in (deployments, deployments[::-1]):
        assert evidence.judge(a_candidate(deployments=tuple(order))).state is state


def test_a_soak_ends_by_itself():
    finding = SOAKED.judge(a_candidate(deployments=(a_deployment(ago=15),)))
    assert (finding.who, finding.again_at) == (Who.CLOCK, NOW + timedelta(minutes=45))
    assert finding.seen == "on `staging` since 22 Nov 2026 11:45 UTC, to stay until 22 Nov 2026 12:45 UTC"


def test_it_is_met_since_the_soak_ended():
    assert SOAKED.judge(a_candidate(deployments=(a_deployment(ago=90),))).at == minutes_ago(30)


def test_a_failed_deployment_is_a_machines_no():
    assert STAGING.judge(a_candidate(deployments=(a_deployment(state="failure"),))).failed
    assert not STAGING.judge(a_candidate()).failed


def test_what_cannot_be_read_is_unknown():
    finding = STAGING.judge(a_candidate(deployments=Unavailable("no permission")))
    assert (finding.state, finding.seen) == (State.UNKNOWN, "no permission")


def test_it_needs_its_environment():
    assert STAGING.needs() == Needs(
        environments=frozenset({"staging"}), heeds=frozenset({Topic(Subject.ENVIRONMENT, "staging")})
    )
