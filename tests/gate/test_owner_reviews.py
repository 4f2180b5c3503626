"""Which memberships are asked for: those that can decide whether an owner approved, and no others."""

import pytest

from bot.evidence.review import Review
from bot.gate.evaluate import questions
from bot.gate.facts import File, Unavailable
from bot.gate.needs import Questions
from tests.builders import OLD, a_change, a_review, a_snapshot, an_item, rules_of

FILE = File(path="CODEOWNERS", size=1, text="* @acme/web\n/docs/ @ann @acme/docs\n/ops/ @acme/ops\n/free\n")
SRC, DOCS = (a_change("src/a"),), (a_change("docs/a"),)


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        pytest.param({}, set(), id="nobody approved"),
        pytest.param({"reviews": (a_review(),)}, {("acme/web", "rita")}, id="who approved, in the team that owns it"),
        pytest.param(
            {"changes": DOCS, "reviews": (a_review(), a_review("ann"))},
            {("acme/docs", "rita")},
            id="not who owns it by name",
        ),
        pytest.param({"changes": (a_change("free"),), "reviews": (a_review(),)}, set(), id="nobody's files"),
        pytest.param({"reviews": (a_review("zed"),)}, set(), id="the author"),
        pytest.param({"reviews": (a_review(is_bot=True),)}, set(), id="an App"),
        pytest.param({"reviews": (a_review(sha=OLD),)}, set(), id="an older head"),
        pytest.param({"reviews": (a_review(is_approval=False),)}, set(), id="who refused"),
        pytest.param(
            {"reviews": (a_review(),), "memberships": {("acme/web", "rita"): False}}, set(), id="what is known"
        ),
        pytest.param({"reviews": Unavailable("502")}, set(), id="reviews that are hidden"),
        pytest.param({"code_owners": None, "reviews": (a_review(),)}, set(), id="no CODEOWNERS"),
        pytest.param({"code_owners": Unavailable("502"), "reviews": (a_review(),)}, set(), id="a hidden CODEOWNERS"),
    ],
)
def test_memberships(facts, asked):
    rules = rules_of(an_item(Review(codeowners=True)))
    snapshot = a_snapshot(**{"code_owners": FILE, "changes": SRC} | facts)
    assert questions(rules, snapshot) == Questions(memberships=frozenset(asked))


def test_the_changed_files_are_asked_for_first():
    rules = rules_of(an_item(Review(codeowners=True)))
    snapshot = a_snapshot(code_owners=FILE, changes=None, reviews=(a_review(),))
    assert questions(rules, snapshot) == Questions(changes=True)


def test_without_code_owners_in_the_rules_nobody_s_team_matters():
    rules = rules_of(an_item(Review()))
    assert not questions(rules, a_snapshot(code_owners=FILE, changes=SRC, reviews=(a_review(),)))
