"""People are told apart by their accounts, whatever they are called by now."""

from dataclasses import replace

import pytest

from bot.gate.evaluate import evaluate
from bot.gate.facts import Permission
from bot.gate.persons import same_person
from tests.builders import a_comment, a_role, a_snapshot, heard, rules_of


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        pytest.param(("ann", 1), ("ann", 1), True, id="one account"),
        pytest.param(("ann", 1), ("annie", 1), True, id="one account under another name"),
        pytest.param(("ann", 1), ("ann", 2), False, id="another account that took the name"),
        pytest.param(("ann", None), ("Ann", 2), True, id="by name where one is not known; logins have no case"),
        pytest.param(("ann", None), ("bob", None), False, id="two names of which no account is known"),
    ],
)
def test_same_person(one, other, is_same):
    assert same_person(*one, *other) is is_same


ANYBODY = a_role(users=frozenset({"ann", "annie", "bob"}))


def test_a_revocation_stands_under_another_name():
    signed, revoked = (a_comment("/approve security", author_id=1, ago=20), a_comment("/revoke security", author_id=1))
    known = heard(rules_of(ANYBODY), a_snapshot(comments=(signed, revoked))).closings
    again = a_snapshot(comments=(replace(signed, author="annie"),), closings=known)
    assert heard(rules_of(ANYBODY), again).standings["security"].signed == ()


def test_one_person_under_two_names_signs_once():
    comments = (a_comment("/approve security", author_id=1), a_comment("/approve security", by="annie", author_id=1))
    standing = heard(rules_of(a_role(users=ANYBODY.users, count=2)), a_snapshot(comments=comments)).standings
    assert standing["security"].missing == 1


@pytest.mark.parametrize(
    ("by", "id", "is_held"),
    [
        pytest.param("rita-new", 1, False, id="the holder under another name"),
        pytest.param("rita", 2, True, id="not who took the login"),
        pytest.param("rita", 1, False, id="the holder"),
        pytest.param("rita", None, False, id="by name where the account is not known"),
    ],
)
def test_who_releases_a_hold(by, id, is_held):
    rules, may = rules_of(), {"rita": Permission.WRITE, "rita-new": Permission.WRITE}
    hold = a_comment("/hold because keys leaked", by="rita", author_id=1, ago=30)
    known = evaluate(rules, a_snapshot(comments=(hold,), permissions=may)).closings
    comments = (a_comment("/unhold", by=by, author_id=id),)
    assert bool(evaluate(rules, a_snapshot(comments=comments, permissions=may, closings=known)).holds) is is_held


@pytest.mark.parametrize(
    ("by", "id", "is_refused"),
    [
        pytest.param("bobby", 1, False, id="its author under another name"),
        pytest.param("bob", 2, True, id="not who took the login"),
    ],
)
def test_who_takes_back_a_veto(by, id, is_refused):
    rules = rules_of(ANYBODY)
    known = heard(rules, a_snapshot(comments=(a_comment("/reject security", by="bob", author_id=1, ago=30),))).closings
    said = heard(rules, a_snapshot(comments=(a_comment("/revoke security", by=by, author_id=id),), closings=known))
    assert bool(said.standings["security"].vetoes) is is_refused


def test_what_is_still_there_shows_what_its_author_is_called_by_now():
    may = {"rita": Permission.WRITE}
    hold = a_comment("/hold because keys leaked", by="rita", author_id=1, ago=30)
    known = evaluate(rules_of(), a_snapshot(comments=(hold,), permissions=may)).closings
    verdict = evaluate(rules_of(), a_snapshot(comments=(replace(hold, author="rita-new"),), closings=known))
    assert [one.login for one in verdict.holds] == ["rita-new"]
