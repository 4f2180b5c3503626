"""What the comment says of commands that did not count: the newest, below what matters more, and no old news."""

from bot.gate.evaluate import evaluate
from bot.report.body import body
from bot.report.words import ENGLISH
from tests.builders import HEAD, a_comment, a_role, a_snapshot, minutes_ago, rules_of

FLOOD = tuple(a_comment(f"/gate approve x{number}", ago=60 - number) for number in range(12))
ROLE = a_role(teams=frozenset(), users=frozenset({"sam"}))


def _said(*comments, role=ROLE) -> str:
    return body(evaluate(rules_of(role), a_snapshot(comments=comments, pushers=frozenset({"dan"}))), ENGLISH)


def test_the_ten_newest_are_shown_below_what_matters_more():
    said = _said(*FLOOD)
    shown = [number for number in range(12) if f"/gate approve x{number}`" in said]
    assert shown == list(range(2, 12))
    assert "2 more, all older" in said
    assert said.index("### Sign-offs") < said.index("### Commands that did not count")


def test_ten_are_no_more():
    assert "more, all older" not in _said(*FLOOD[:10])


def test_a_refusal_is_old_news_once_the_same_person_has_signed_for_the_role():
    edited = a_comment("/approve security", by="sam", ago=50, edited_at=minutes_ago(49))
    signed = a_comment(f"/approve security {HEAD}", by="sam", ago=40)
    assert "### Commands that did not count" in _said(edited)
    assert "### Commands that did not count" not in _said(edited, signed)
    earlier = a_comment(f"/approve security {HEAD}", by="sam", ago=51)
    assert "### Commands that did not count" in _said(edited, earlier)


def test_what_somebody_says_with_a_sign_off_is_cut():
    said = _said(a_comment(f"/approve security {HEAD} {'so ' * 100}", by="sam", ago=40))
    assert f"✅ `{HEAD[:7]}` {('so ' * 100)[:119].strip()}" in said
    assert "so " * 50 not in said
