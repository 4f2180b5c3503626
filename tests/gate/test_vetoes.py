"""`/reject`: who refuses for a role, what lifts it, what is remembered, and what is answered."""

from dataclasses import replace
from typing import Any

import pytest

from bot.gate.evaluate import evaluate, questions
from bot.gate.facts import Closing, Comment, ReviewState, Unavailable
from bot.gate.finding import State
from bot.gate.people import People
from bot.gate.published import PublishedHead
from bot.gate.rules import Role, Stale, Via
from bot.gate.standing import finding
from bot.gate.verdict import Outcome
from tests.builders import HEAD, OLD, a_comment, a_role, a_snapshot, heard, minutes_ago, rules_of

REJECT = a_comment("/reject security because the token leaks", ago=30)
APPROVE = a_comment("/approve security", by="bob", ago=10)
REVOKE = a_comment("/revoke security", ago=10)
TEAM = a_role(users=frozenset(), teams=frozenset({"acme/security"}))
LOST = Unavailable("lost")
DEVOPS = a_role("devops", users=frozenset({"otto"}), required=False)


def a_veto(by: str = "ann", *, role: str = "security", ago: float = 30) -> Closing:
    """A remembered refusal, whatever became of its comment."""
    return Closing(comment="99", verb="reject", argument=role, login=by, at=minutes_ago(ago), because="x")


def _said(*comments: Comment, role: Role | None = None, **facts: Any) -> People:
    return heard(rules_of(role or a_role(), DEVOPS), a_snapshot(comments=comments, **facts))


def _refusing(said: People) -> list[str]:
    return [veto.login for veto in said.standings["security"].vetoes]


def _answers(said: People) -> list[str]:
    return [refusal.because for refusal in said.refusals]


@pytest.mark.parametrize(
    ("comments", "facts", "refusing"),
    [
        pytest.param([REJECT], {}, ["ann"], id="a member refuses"),
        pytest.param([a_comment("/reject SECURITY it leaks")], {}, ["ann"], id="without because, the role in capitals"),
        pytest.param([a_comment("/reject security")], {}, ["ann"], id="without any reason"),
        pytest.param([REJECT], {"author": "ann"}, ["ann"], id="the author refuses, who may not sign"),
        pytest.param([REJECT], {"pushers": frozenset({"ann"})}, ["ann"], id="whoever pushed last does"),
        pytest.param([replace(REJECT, edited_at=minutes_ago(5))], {}, ["ann"], id="an edited comment refuses, too"),
        pytest.param([], {"closings": (a_veto(),)}, ["ann"], id="it stands when its comment is gone"),
        pytest.param([REJECT], {"role": TEAM}, ["ann"], id="while it is not known who is in the team"),
        pytest.param(
            [REJECT],
            {"role": TEAM, "memberships": {("acme/security", "ann"): LOST}},
            ["ann"],
            id="when it can't be told who is in the team",
        ),
        pytest.param([], {"role": TEAM, "closings": (a_veto(),)}, ["ann"], id="it stands when whoever said it left"),
        pytest.param([REJECT, a_comment("/reject security", by="bob", ago=20)], {}, ["ann", "bob"], id="two refuse"),
        pytest.param([], {"closings": (a_veto(role="devops"),)}, [], id="for another role"),
        pytest.param([], {"closings": (a_veto(role="gone"),)}, [], id="for a role that the rules know no more"),
        pytest.param([replace(REJECT, author="eve")], {}, [], id="a stranger refuses nothing"),
        pytest.param([replace(REJECT, is_bot=True)], {}, [], id="nor does a bot"),
    ],
)
def test_who_refuses(comments, facts, refusing):
    assert _refusing(_said(*comments, **facts)) == refusing


@pytest.mark.parametrize(
    ("comments", "role", "refusing"),
    [
        pytest.param([REJECT, APPROVE], a_role(), [], id="the role approves after it"),
        pytest.param([REJECT, replace(APPROVE, author="ann")], a_role(), [], id="whoever refused approves after it"),
        pytest.param([replace(APPROVE, created_at=minutes_ago(40)), REJECT], a_role(), ["ann"], id="approved before"),
        pytest.param([REJECT, replace(APPROVE, created_at=REJECT.created_at)], a_role(), ["ann"], id="in one second"),
        pytest.param([REJECT, APPROVE], a_role(count=2), ["ann"], id="one of two who have to approve"),
        pytest.param(
            [REJECT, APPROVE, a_comment("/approve security", by="BOB", ago=5)],
            a_role(count=2),
            ["ann"],
            id="one person twice of two who have to",
        ),
        pytest.param(
            [REJECT, APPROVE, a_comment("/approve security", ago=5)], a_role(count=2), [], id="two of two who have to"
        ),
        pytest.param([REJECT, replace(APPROVE, author="eve")], a_role(), ["ann"], id="a stranger approves"),
        pytest.param(
            [REJECT, replace(APPROVE, edited_at=minutes_ago(1))], a_role(), ["ann"], id="an edited comment approves"
        ),
        pytest.param([REJECT, APPROVE, replace(REVOKE, author="bob", id=1)], a_role(), ["ann"], id="and takes it back"),
        pytest.param([REJECT, REVOKE], a_role(), [], id="whoever refused takes it back"),
        pytest.param([REJECT, replace(REVOKE, author="ANN")], a_role(), [], id="logins have no case"),
        pytest.param([REJECT, a_comment("/revoke SECURITY")], a_role(), [], id="nor have role ids"),
        pytest.param([REJECT, replace(REVOKE, author="bob")], a_role(), ["ann"], id="another member takes it back"),
        pytest.param([REJECT, replace(REVOKE, is_bot=True)], a_role(), ["ann"], id="a bot of that name does"),
        pytest.param([REJECT, replace(REVOKE, author=None)], a_role(), ["ann"], id="a deleted account does"),
        pytest.param([REJECT, a_comment("/revoke devops")], a_role(), ["ann"], id="for another role"),
        pytest.param([REJECT, replace(REVOKE, edited_at=minutes_ago(1))], a_role(), ["ann"], id="by an edited comment"),
        pytest.param([REJECT, replace(REVOKE, created_at=minutes_ago(40))], a_role(), ["ann"], id="before it was said"),
        pytest.param(
            [REJECT, a_comment("", by="bob", review=ReviewState.APPROVED, sha=HEAD)],
            a_role(via=frozenset({Via.REVIEW})),
            [],
            id="a review approves where reviews sign",
        ),
        pytest.param(
            [REJECT, a_comment("", by="bob", review=ReviewState.APPROVED, sha=HEAD)],
            a_role(),
            ["ann"],
            id="a review approves where they don't",
        ),
    ],
)
def test_what_lifts_a_refusal(comments, role, refusing):
    assert _refusing(_said(*comments, role=role)) == refusing


def test_a_sign_off_that_a_push_dropped_lifts_nothing():
    heads = (PublishedHead(sha=OLD, at=minutes_ago(50)), PublishedHead(sha=HEAD, at=minutes_ago(5)))
    assert _refusing(_said(REJECT, APPROVE, role=a_role(stale=Stale.PUSH), heads=heads)) == ["ann"]


def test_deleting_what_took_it_back_brings_it_back():
    taken_back = _said(REJECT, REVOKE)
    assert _refusing(_said(REJECT, closings=taken_back.closings)) == ["ann"]


@pytest.mark.parametrize(
    ("comment", "answer"),
    [
        pytest.param(replace(REJECT, author="eve"), "only `ann` or `bob` can refuse for security", id="a stranger"),
        pytest.param(replace(REJECT, is_bot=True), "Apps and deleted accounts can't refuse", id="a bot"),
        pytest.param(replace(REJECT, author=None), "Apps and deleted accounts can't refuse", id="a deleted account"),
        pytest.param(
            a_comment("/reject securty"), "there is no role `securty`; did you mean `/reject security`?", id="misspelt"
        ),
        pytest.param(
            a_comment("/gate reject"), "it names no role; the roles are `security`, `devops`", id="no role named"
        ),
    ],
)
def test_a_refused_refusal_says_why(comment, answer):
    said = _said(comment)
    assert (_refusing(said), _answers(said), said.closings) == ([], [answer], ())


def test_it_is_remembered_once():
    [closing] = _said(REJECT).closings
    assert (closing.comment, closing.argument, closing.because) == (REJECT.key, "security", "the token leaks")
    assert _said(REJECT, closings=(closing,)).closings == ()
    assert _refusing(_said(REJECT, closings=(closing,))) == ["ann"]


@pytest.mark.parametrize(
    ("comment", "role", "asked"),
    [
        pytest.param(REJECT, TEAM, {("acme/security", "ann")}, id="of who refuses"),
        pytest.param(replace(REJECT, edited_at=minutes_ago(1)), TEAM, {("acme/security", "ann")}, id="edited or not"),
        pytest.param(REJECT, a_role(), set(), id="not of who is listed"),
        pytest.param(a_comment("/gate reject"), TEAM, set(), id="not where no role is named"),
        pytest.param(replace(REJECT, is_bot=True), TEAM, set(), id="not of bots"),
    ],
)
def test_memberships_are_asked(comment, role, asked):
    assert questions(rules_of(role), a_snapshot(comments=(comment,))).memberships == asked


def test_it_blocks_even_where_the_role_need_not_sign_and_says_what_to_type():
    verdict = evaluate(rules_of(a_role(required=False)), a_snapshot(comments=(REJECT,)))
    [blocker] = verdict.blockers
    assert (verdict.outcome, blocker.id) == (Outcome.BLOCKED, "security")
    assert blocker.finding.seen == "security refused by `ann`: `the token leaks`"
    assert blocker.finding.do == f"`/approve security {HEAD[:7]}`; by `ann`: `/revoke security`"


def test_a_role_that_signed_and_is_refused_is_not_met():
    standing = _said(APPROVE, a_comment("/reject security", ago=5)).standings["security"]
    assert (standing.missing, standing.is_signed, finding(standing, HEAD).state) == (0, False, State.UNMET)
