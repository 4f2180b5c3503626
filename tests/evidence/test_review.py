"""`review`: people with write access approved the current head."""

import pytest

from bot.evidence.review import Review
from bot.gate.facts import Unavailable
from bot.gate.finding import State, Who
from bot.gate.needs import Needs
from tests.builders import OLD, a_candidate, a_review, minutes_ago

MET, UNMET = State.MET, State.UNMET
ONE, TWO, BY_TEAM = Review(), Review(count=2), Review(teams=("acme/web", "acme/ops"))
WEB, OPS = ("acme/web", "rita"), ("acme/ops", "otto")
ELSEWHERE = {("acme/web", "otto"): False, ("acme/ops", "rita"): False}


@pytest.mark.parametrize(
    ("evidence", "reviews", "state", "seen"),
    [
        pytest.param(ONE, [a_review()], MET, "approved by `rita`", id="approved"),
        pytest.param(ONE, [], UNMET, "no approving review of this head", id="not reviewed"),
        pytest.param(
            ONE, [a_review(is_approval=False)], UNMET, "no approving review of this head", id="changes wanted"
        ),
        pytest.param(
            ONE,
            [a_review(sha=OLD)],
            UNMET,
            "no approving review of this head; an older head was approved by `rita`",
            id="of an older head",
        ),
        pytest.param(ONE, [a_review("zed")], UNMET, "no approving review of this head", id="by the author"),
        pytest.param(ONE, [a_review(is_bot=True)], UNMET, "no approving review of this head", id="by an App"),
        pytest.param(ONE, [a_review(None)], UNMET, "no approving review of this head", id="by a deleted account"),
        pytest.param(TWO, [a_review()], UNMET, "1 approving review of this head, by `rita`", id="one of two"),
        pytest.param(TWO, [a_review(), a_review("otto")], MET, "approved by `rita` and `otto`", id="both"),
    ],
)
def test_review(evidence, reviews, state, seen):
    finding = evidence.judge(a_candidate(reviews=tuple(reviews)))
    assert (finding.state, finding.seen) == (state, seen)


@pytest.mark.parametrize(
    ("reviews", "members", "state"),
    [
        pytest.param([a_review(), a_review("otto")], {WEB: True, OPS: True, **ELSEWHERE}, MET, id="one of each"),
        pytest.param([a_review()], {WEB: True, **ELSEWHERE}, UNMET, id="a team is missing"),
        pytest.param([a_review()], {WEB: True}, State.UNKNOWN, id="a team can't be told"),
        pytest.param([a_review()], {WEB: True, ("acme/ops", "rita"): True}, MET, id="one person is in both"),
    ],
)
def test_teams(reviews, members, state):
    assert BY_TEAM.judge(a_candidate(reviews=tuple(reviews), memberships=members)).state is state


def test_it_names_the_teams_that_are_missing():
    finding = BY_TEAM.judge(a_candidate(reviews=(a_review(),), memberships={WEB: True, **ELSEWHERE}))
    assert (finding.wanted, finding.who) == ("1 approving review, one by `acme/ops`", Who.REVIEWER)
    assert TWO.judge(a_candidate()).wanted == "2 approving reviews"


def test_it_is_met_since_the_last_of_them():
    reviews = (a_review(ago=5), a_review("otto", ago=9))
    assert TWO.judge(a_candidate(reviews=reviews)).at == minutes_ago(5)


def test_what_cannot_be_read_is_unknown():
    assert ONE.judge(a_candidate(reviews=Unavailable("502"))).state is State.UNKNOWN


def test_it_needs_the_reviews_and_the_teams():
    assert BY_TEAM.needs() == Needs(reviews=True, review_teams=frozenset({"acme/web", "acme/ops"}))
