"""`sign_off`: the named roles have signed."""

from bot.evidence.sign_off import SignOff
from bot.gate.finding import State
from bot.gate.needs import Needs
from tests.builders import a_candidate, a_comment, a_role, rules_of

BOTH = SignOff(roles=("security", "devops"))
RULES = rules_of(a_role("security"), a_role("devops"))


def test_every_role_has_to_sign():
    one = a_candidate(rules=RULES, comments=(a_comment("/approve security"),))
    both = a_candidate(rules=RULES, comments=(a_comment("/approve security\n/approve devops"),))
    assert (BOTH.judge(one).state, BOTH.judge(one).roles) == (State.UNMET, ("devops",))
    assert BOTH.judge(both).state is State.MET


def test_it_needs_its_roles():
    assert BOTH.needs() == Needs(roles=frozenset({"security", "devops"}))
