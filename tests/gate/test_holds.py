"""`/hold` and `/unhold`: who may, when a hold ends, what is remembered, and what is answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate.evaluate import evaluate, questions
from bot.gate.facts import Closing, Comment, Permission, Unavailable
from bot.gate.finding import Who
from bot.gate.people import People
from bot.gate.verdict import Outcome
from tests.builders import NOW, a_comment, a_snapshot, heard, minutes_ago, rules_of

WHO = {"dan": Permission.WRITE, "ann": Permission.ADMIN, "wim": Permission.WRITE, "eve": Permission.READ}
HOLD = a_comment("/hold because the lawyers ask", by="dan", ago=30)
NEVER = Permission.NONE
LOST = Unavailable("lost")


def a_hold(by: str = "dan", *, ago: float = 30, until: str = "", comment: str = "99") -> Closing:
    """A remembered hold, whatever became of its comment."""
    return Closing(comment=comment, verb="hold", argument=until, login=by, at=minutes_ago(ago), because="x")


def _said(*comments: Comment, **facts: Any) -> People:
    return heard(rules_of(), a_snapshot(comments=comments, **({"permissions": WHO} | facts)))


def _held(said: People) -> list[str]:
    return [hold.login for hold in said.holds]


def _answers(said: People) -> list[str]:
    return [refusal.because for refusal in said.refusals]


@pytest.mark.parametrize(
    ("comments", "facts", "held"),
    [
        pytest.param([HOLD], {}, ["dan"], id="whoever may write holds"),
        pytest.param([replace(HOLD, author="ann")], {}, ["ann"], id="an admin holds"),
        pytest.param([HOLD], {"author": "dan"}, ["dan"], id="the author holds"),
        pytest.param([replace(HOLD, author="eve")], {}, [], id="who may only read holds nothing"),
        pytest.param([replace(HOLD, is_bot=True)], {}, [], id="a bot holds nothing"),
        pytest.param([replace(HOLD, author=None)], {}, [], id="a deleted account holds nothing"),
        pytest.param([HOLD], {"permissions": {}}, ["dan"], id="while it is not known whether they may it holds"),
        pytest.param([HOLD], {"permissions": {"dan": LOST}}, ["dan"], id="when it can't be told it holds"),
        pytest.param([], {"closings": (a_hold(),)}, ["dan"], id="it holds when its comment is gone"),
        pytest.param(
            [],
            {"closings": (a_hold(),), "permissions": {"dan": NEVER}},
            ["dan"],
            id="and when whoever said it has left",
        ),
        pytest.param(
            [replace(HOLD, body="never mind", edited_at=NOW)],
            {"closings": (a_hold(),)},
            ["dan"],
            id="when it is edited",
        ),
        pytest.param(
            [HOLD, a_comment("/hold", by="ann", ago=20)],
            {},
            ["dan", "ann"],
            id="two people hold it, each for themselves",
        ),
        pytest.param([a_comment("/hold for 29m", by="dan", ago=30)], {}, [], id="a hold is over at its date"),
        pytest.param([a_comment("/hold for 31m", by="dan", ago=30)], {}, ["dan"], id="not before"),
        pytest.param([], {"closings": (a_hold(until=NOW.isoformat()),)}, [], id="a remembered one ends, too"),
        pytest.param(
            [a_comment("/hold for 31m", by="dan", ago=30, edited_at=minutes_ago(5))],
            {},
            ["dan"],
            id="an edit says it anew",
        ),
    ],
)
def test_who_holds_the_release(comments, facts, held):
    assert _held(_said(*comments, **facts)) == held


@pytest.mark.parametrize(
    ("release", "held", "answers"),
    [
        pytest.param(a_comment("/unhold", by="dan"), [], [], id="whoever holds it releases it"),
        pytest.param(a_comment("/unhold", by="DAN"), [], [], id="logins have no case"),
        pytest.param(a_comment("/gate unhold thanks", by="ann"), [], [], id="an admin releases every hold"),
        pytest.param(a_comment("/unhold", by="dan", ago=40), ["dan"], [], id="a release from before releases nothing"),
        pytest.param(
            a_comment("/unhold", by="dan", ago=30), ["dan"], [], id="nor does one of the very second of the hold"
        ),
        pytest.param(
            a_comment("/unhold", by="wim"), ["dan"], ["only `dan` or an admin can release this hold"], id="a colleague"
        ),
        pytest.param(
            a_comment("/unhold", by="eve"), ["dan"], ["only `dan` or an admin can release this hold"], id="a stranger"
        ),
        pytest.param(
            a_comment("/unhold", by="new"),
            ["dan"],
            ["only `dan` or an admin can release this hold"],
            id="somebody of whom nothing is known",
        ),
        pytest.param(
            a_comment("/unhold", by="dan", edited_at=NOW),
            ["dan"],
            ["an edited comment releases nothing; write it as a new comment"],
            id="an edited release",
        ),
        pytest.param(
            a_comment("/unhold", by="dan", edited_at=NOW, editor="eve"),
            ["dan"],
            ["a comment that `eve` edited releases nothing; write it as a new comment"],
            id="a release that another edited",
        ),
        pytest.param(
            a_comment("/unhold", by="dan", is_bot=True),
            ["dan"],
            ["Apps and deleted accounts can't release a hold"],
            id="a bot called as the holder",
        ),
        pytest.param(
            a_comment("/unhold", by=None), ["dan"], ["Apps and deleted accounts can't release a hold"], id="a ghost"
        ),
    ],
)
def test_who_releases_a_hold(release, held, answers):
    said = _said(HOLD, release)
    assert (_held(said), _answers(said)) == (held, answers)


def test_whoever_holds_releases_it_whatever_became_of_their_access():
    for permission in (NEVER, LOST):
        facts = {"closings": (a_hold(),), "permissions": {"dan": permission}}
        assert _held(_said(a_comment("/unhold", by="dan"), **facts)) == []


def test_a_release_by_one_leaves_the_hold_of_another():
    said = _said(HOLD, a_comment("/hold", by="wim", ago=20), a_comment("/unhold", by="dan"))
    assert (_held(said), _answers(said)) == (["wim"], [])


def test_a_hold_after_a_release_holds_anew():
    assert _held(_said(HOLD, a_comment("/unhold", by="dan", ago=20), a_comment("/hold", by="dan", ago=10))) == ["dan"]


@pytest.mark.parametrize(
    "comments",
    [
        pytest.param([], id="nothing was held"),
        pytest.param([a_comment("/hold for 5m", by="dan", ago=30)], id="it has ended by itself"),
        pytest.param([HOLD, a_comment("/unhold", by="dan", ago=20)], id="it was released before"),
    ],
)
def test_a_release_of_nothing_is_not_refused(comments):
    assert _answers(_said(*comments, a_comment("/unhold", by="eve"))) == []


def test_a_refused_hold_says_who_may():
    assert _answers(_said(replace(HOLD, author="eve"))) == ["only people with write access can hold a release"]
    assert _answers(_said(replace(HOLD, is_bot=True))) == ["Apps and deleted accounts can't hold a release"]


def test_a_hold_is_remembered_once_and_only_of_who_may():
    [closing] = _said(HOLD).closings
    assert (closing.comment, closing.login, closing.because) == (HOLD.key, "dan", "the lawyers ask")
    assert _said(HOLD, closings=(closing,)).closings == ()
    assert _held(_said(HOLD, closings=(closing,))) == ["dan"]
    assert _said(HOLD, permissions={}).closings == ()
    assert _said(replace(HOLD, author="eve")).closings == ()


def test_a_hold_whose_holder_cannot_be_asked_about_says_so():
    [hold] = _said(HOLD, permissions={"dan": LOST}).holds
    assert hold.doubt == "lost"
    [hold] = _said(HOLD, permissions={}).holds
    assert hold.doubt == "what `dan` may do here is not known yet"


@pytest.mark.parametrize(
    ("comment", "asked"),
    [
        pytest.param(HOLD, {"dan"}, id="of who holds"),
        pytest.param(a_comment("/unhold", by="eve"), {"eve"}, id="of who releases"),
        pytest.param(a_comment("/recheck", by="eve"), set(), id="not of others"),
        pytest.param(replace(HOLD, is_bot=True), set(), id="not of bots"),
        pytest.param(replace(HOLD, author=None), set(), id="not of who is gone"),
        pytest.param(a_comment("/hold cancel", by="dan"), set(), id="not for another bot's command"),
    ],
)
def test_permissions_are_asked(comment, asked):
    assert questions(rules_of(), a_snapshot(comments=(comment,))).permissions == asked
    assert not questions(rules_of(), a_snapshot(comments=(comment,), permissions=WHO)).permissions


def test_a_hold_blocks_wakes_the_gate_and_says_what_to_type():
    until = NOW + timedelta(hours=1)
    snapshot = a_snapshot(comments=(a_comment("/hold for 90m", by="dan", ago=30),), permissions=WHO)
    verdict = evaluate(rules_of(), snapshot)
    [blocker] = verdict.blockers
    assert (verdict.outcome, verdict.again_at, blocker.finding.who) == (Outcome.BLOCKED, until, Who.HOLDER)
    assert blocker.finding.do == "`/unhold`, or wait until 22 Nov 2026 13:00 UTC"
    assert evaluate(rules_of(), replace(snapshot, taken_at=until)).outcome is Outcome.READY


SAYINGS = st.sampled_from(["/hold", "/hold for 10m", "/hold for 9d because x", "/unhold", "/hold until , because"])
PERMISSIONS = st.sampled_from([*Permission, LOST])


@given(
    st.lists(st.builds(a_comment, SAYINGS, by=st.sampled_from("ab"), ago=st.integers(1, 40)), max_size=6),
    st.dictionaries(st.sampled_from("ab"), PERMISSIONS),
)
def test_losing_a_comment_or_a_permission_never_ends_a_hold(comments, permissions):
    before = _said(*comments, permissions=permissions)
    standing = {(hold.login, hold.at) for hold in before.holds if not hold.doubt}
    for lost in comments:
        rest = [comment for comment in comments if comment is not lost]
        after = _said(*rest, permissions=permissions, closings=before.closings)
        assert standing <= {(hold.login, hold.at) for hold in after.holds}
    unasked = _said(*comments, permissions=dict.fromkeys(permissions, LOST), closings=before.closings)
    assert standing <= {(hold.login, hold.at) for hold in unasked.holds}
