"""Limits: what may leave now, what has to wait, for how long and because of what."""

import pytest

from bot.github.limits import Ask, Budget, Ceilings, Delay, Urgency, Window, asking, urgency
from bot.metrics import Limit, Wait

NOW = 1_000_000.0
READ = Ask(hour=Limit.GRAPHQL)
SPEAK = Ask(hour=Limit.GRAPHQL, is_write=True, contents=2)
REST = Ask(hour=Limit.REST)
DELETE = Ask(hour=Limit.REST, is_write=True)


def a_budget(**ceilings: int) -> Budget:
    return Budget(Ceilings(**ceilings))


def sent(budget: Budget, ask: Ask, times: int, at: float = NOW) -> Budget:
    for _ in range(times):
        budget.begin(ask, at)
        budget.end(ask)
    return budget


def told(remaining: int, *, limit: int = 5_000, resets_in: float = 600.0) -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(int(NOW + resets_in)),
    }


def waits(budget: Budget, ask: Ask, urgency: Urgency = Urgency.PEOPLE, at: float = NOW) -> tuple[Wait, float] | None:
    delay = budget.delay(ask, urgency, at)
    return (delay.wait, round(delay.seconds, 3)) if delay else None


@pytest.mark.parametrize(
    ("ask", "times", "expected"),
    [
        pytest.param(READ, 1_899, None, id="GraphQL: 1,899 queries a minute"),
        pytest.param(READ, 1_900, (Wait.GRAPHQL_MINUTE, 61.0), id="GraphQL: no more, a twentieth is kept"),
        pytest.param(REST, 854, None, id="REST: 854 requests a minute"),
        pytest.param(REST, 855, (Wait.REST_MINUTE, 61.0), id="REST: no more"),
        pytest.param(DELETE, 170, None, id="REST: a write counts five"),
        pytest.param(DELETE, 171, (Wait.REST_MINUTE, 61.0), id="REST: no more writes"),
        pytest.param(SPEAK, 37, None, id="contents: 74 a minute, and two more"),
        pytest.param(SPEAK, 38, (Wait.CONTENT_MINUTE, 61.0), id="contents: no more"),
    ],
)
def test_a_minute_has_room_for_so_many(ask: Ask, times: int, expected: tuple[Wait, float] | None):
    assert waits(sent(a_budget(), ask, times), ask) == expected


def test_an_hour_has_room_for_475_contents_of_those_that_people_wait_for():
    budget = a_budget()
    for minute in range(8):
        sent(budget, SPEAK, 30, NOW + 61 * minute)
    later = NOW + 61 * 8
    assert waits(budget, SPEAK, Urgency.BULK, later) == (Wait.CONTENT_HOUR, NOW + 61 + 3_601 - later)
    assert waits(budget, SPEAK, Urgency.TELLING, later) is None
    assert waits(budget, SPEAK, Urgency.PEOPLE, later) == (Wait.CONTENT_HOUR, NOW + 3_601 - later)
    assert waits(budget, READ, Urgency.BULK, later) is None
    assert waits(budget, SPEAK, Urgency.PEOPLE, NOW + 3_601) is None


@pytest.mark.parametrize(
    ("remaining", "who", "expected"),
    [
        pytest.param(1_251, Urgency.BULK, None, id="bulk takes three quarters"),
        pytest.param(1_250, Urgency.BULK, (Wait.GRAPHQL_HOUR, 600.0), id="bulk leaves the last quarter alone"),
        pytest.param(1_250, Urgency.PEOPLE, None, id="people take of it"),
        pytest.param(250, Urgency.PEOPLE, (Wait.GRAPHQL_HOUR, 600.0), id="a twentieth is kept for telling"),
        pytest.param(250, Urgency.TELLING, None, id="and used for it"),
        pytest.param(0, Urgency.TELLING, (Wait.GRAPHQL_HOUR, 600.0), id="to the last point"),
    ],
)
def test_each_hour_keeps_something_for_what_is_more_urgent(remaining: int, who: Urgency, expected):
    budget = a_budget()
    budget.hear(Limit.GRAPHQL, told(remaining), ahead=0.0, now=NOW)
    assert waits(budget, READ, who) == expected
    assert waits(budget, REST, who) is None


def test_before_github_told_anything_nothing_is_held():
    assert waits(a_budget(), Ask(hour=Limit.GRAPHQL, cost=100)) is None


def test_what_is_under_way_counts_before_its_answer_does():
    budget = a_budget()
    budget.hear(Limit.GRAPHQL, told(1_260), ahead=0.0, now=NOW)
    for _ in range(10):
        budget.begin(READ, NOW)
    assert waits(budget, READ, Urgency.BULK) == (Wait.GRAPHQL_HOUR, 600.0)
    budget.end(READ)
    budget.hear(Limit.GRAPHQL, told(1_259), ahead=0.0, now=NOW)  # it knows of the first only
    assert waits(budget, READ, Urgency.BULK) == (Wait.GRAPHQL_HOUR, 600.0)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param([told(100), told(4_000)], (Wait.GRAPHQL_HOUR, 600.0), id="an older answer comes late"),
        pytest.param([told(4_000), told(100)], (Wait.GRAPHQL_HOUR, 600.0), id="another replica spends as well"),
        pytest.param([told(100), told(4_999, resets_in=3_000)], None, id="the next hour has begun"),
        pytest.param([told(4_999, resets_in=3_000), told(100)], None, id="an answer of the hour before comes late"),
        pytest.param([told(100, resets_in=0)], None, id="the hour is over"),
        pytest.param([{"x-ratelimit-limit": "many"}], None, id="no numbers"),
        pytest.param([{**told(100), "x-ratelimit-reset": "²"}], None, id="a digit that is no number"),
        pytest.param([told(0, resets_in=3_701)], None, id="a reset further away than any hour"),
        pytest.param(
            [{**told(10), "x-ratelimit-reset": str(int(NOW) * 1_000)}, told(4_999)], None, id="milliseconds, once"
        ),
        pytest.param(
            [{**told(10), "x-ratelimit-reset": str(int(NOW) * 1_000)}, told(100)],
            (Wait.GRAPHQL_HOUR, 600.0),
            id="milliseconds, and then what counts",
        ),
    ],
)
def test_answers_tell_of_the_hour(answers: list[dict[str, str]], expected):
    budget = a_budget()
    for headers in answers:
        budget.hear(Limit.GRAPHQL, headers, ahead=0.0, now=NOW)
    assert waits(budget, READ, Urgency.BULK) == expected


def test_githubs_clock_may_differ_from_ours():
    budget = a_budget()
    budget.hear(Limit.GRAPHQL, told(0), ahead=500.0, now=NOW)
    assert waits(budget, READ) == (Wait.GRAPHQL_HOUR, 100.0)


def test_a_server_that_tells_of_no_limit_has_none():
    budget = sent(a_budget(rest_minute=10), REST, 20)
    assert waits(budget, REST) is not None
    budget.hear(Limit.REST, {}, ahead=0.0, now=NOW)
    assert waits(budget, REST) is None


def test_a_hundred_at_a_time():
    budget = a_budget()
    for _ in range(75):
        budget.begin(READ, NOW)
    assert waits(budget, READ, Urgency.BULK) == (Wait.CONCURRENT, 0.05)
    assert waits(budget, READ) is None
    budget.end(READ)
    assert waits(budget, READ, Urgency.BULK) is None


def test_what_is_more_than_the_whole_share_goes_alone():
    window = Window(4, 60.0)
    assert window.opens_in(9, 0.75, NOW) == 0.0
    window.spend(1, NOW)
    assert window.opens_in(9, 0.75, NOW) == 61.0


REFUSALS = [
    pytest.param({"retry-after": "7"}, Delay(wait=Wait.TOLD, seconds=7.0), id="for as long as it says"),
    pytest.param(
        {"retry-after": "7", **told(0)}, Delay(wait=Wait.TOLD, seconds=7.0), id="which counts more than the hour"
    ),
    pytest.param(told(0), Delay(wait=Wait.GRAPHQL_HOUR, seconds=600.0), id="until its hour ends"),
    pytest.param(told(0, resets_in=-5), Delay(wait=Wait.GRAPHQL_HOUR, seconds=1.0), id="a second after its hour"),
    pytest.param({}, Delay(wait=Wait.TOLD, seconds=60.0), id="a minute when it says nothing"),
    pytest.param({"retry-after": "soon"}, Delay(wait=Wait.TOLD, seconds=60.0), id="nor anything that is a number"),
    pytest.param({"retry-after": "²"}, Delay(wait=Wait.TOLD, seconds=60.0), id="nor a digit that is no number"),
    pytest.param({"retry-after": "99999999999"}, Delay(wait=Wait.TOLD, seconds=3_600.0), id="an hour at most"),
    pytest.param(told(0, resets_in=9_000), Delay(wait=Wait.TOLD, seconds=60.0), id="a reset that no hour has"),
    pytest.param(told(5), Delay(wait=Wait.TOLD, seconds=60.0), id="its hour is not what is used up"),
]


@pytest.mark.parametrize(("headers", "expected"), REFUSALS)
def test_a_refusal_is_waited_out(headers: dict[str, str], expected: Delay):
    budget = a_budget()
    assert budget.refuse(Limit.GRAPHQL, headers, ahead=0.0, now=NOW) == expected
    for who in Urgency:
        assert budget.delay(READ, who, NOW) == expected
    assert budget.delay(READ, Urgency.BULK, NOW + expected.seconds) is None
    assert (budget.delay(REST, Urgency.BULK, NOW) is None) is (expected.wait is Wait.GRAPHQL_HOUR)


def test_without_a_time_each_wait_is_longer_until_it_went_well():
    budget, now, waited = a_budget(), NOW, []
    for _ in range(8):
        waited.append(budget.refuse(Limit.REST, {}, ahead=0.0, now=now).seconds)
        now += waited[-1] + 1
    assert waited == [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]
    now += 3_600
    assert budget.refuse(Limit.REST, {}, ahead=0.0, now=now).seconds == 60


def test_refusals_of_requests_that_left_together_are_one():
    budget = a_budget()
    assert [budget.refuse(Limit.REST, {}, ahead=0.0, now=NOW + at).seconds for at in (0, 1, 2)] == [60, 59, 58]


def test_people_wait_unless_somebody_says_otherwise():
    assert urgency() is Urgency.PEOPLE
    with asking(Urgency.BULK):
        assert urgency() is Urgency.BULK
    assert urgency() is Urgency.PEOPLE
