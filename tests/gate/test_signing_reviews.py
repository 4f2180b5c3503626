"""Roles that sign with reviews: whose review signs, which commit, and what a later one takes away."""

import pytest

from bot.gate.differences import Comparison
from bot.gate.facts import ReviewState
from bot.gate.rules import Quote, Role, Via
from tests.builders import HEAD, OLD, a_comment, a_role, a_snapshot, heard, rules_of

APPROVED, COMMENTED = ReviewState.APPROVED, ReviewState.COMMENTED
CHANGES, DISMISSED = ReviewState.CHANGES_REQUESTED, ReviewState.DISMISSED
ONLY = a_role(via=frozenset({Via.REVIEW}))
EITHER = a_role(via=frozenset({Via.REVIEW, Via.COMMENT}))
TYPED = "/approve security"


def _review(state: ReviewState, *, ago: float, by: str | None = "ann", sha: str | None = HEAD, body: str = ""):
    return a_comment(body, by, ago=ago, review=state, sha=sha)


@pytest.mark.parametrize(
    ("role", "said", "signed", "dropped"),
    [
        pytest.param(ONLY, [_review(APPROVED, ago=9)], ["ann"], [], id="an approval"),
        pytest.param(a_role(), [_review(APPROVED, ago=9)], [], [], id="an approval where reviews don't sign"),
        pytest.param(ONLY, [_review(APPROVED, ago=9, by="eve")], [], [], id="an approval of somebody else"),
        pytest.param(ONLY, [_review(APPROVED, ago=9, by=None)], [], [], id="an approval of an account that is gone"),
        pytest.param(ONLY, [_review(APPROVED, ago=9, sha=None)], [], [], id="an approval of a commit that is gone"),
        pytest.param(ONLY, [_review(APPROVED, ago=9), _review(COMMENTED, ago=8)], ["ann"], [], id="a later comment"),
        pytest.param(ONLY, [_review(APPROVED, ago=9), _review(CHANGES, ago=8)], [], [], id="a later objection"),
        pytest.param(ONLY, [_review(CHANGES, ago=9), _review(APPROVED, ago=8)], ["ann"], [], id="an earlier objection"),
        pytest.param(ONLY, [_review(APPROVED, ago=9), _review(DISMISSED, ago=8)], [], [], id="the newest is dismissed"),
        pytest.param(
            ONLY,
            [_review(APPROVED, ago=9, sha=OLD)],
            [],
            [f"`{HEAD[:7]}` was pushed after `{OLD[:7]}` was signed and changes `a.py`"],
            id="an approval of an older commit",
        ),
        pytest.param(
            a_role(via=frozenset({Via.REVIEW}), quote_version=Quote.ALWAYS),
            [_review(APPROVED, ago=9)],
            [],
            ["a review does not name the version 1.0.0"],
            id="an approval where the version is to be named",
        ),
        pytest.param(EITHER, [a_comment(TYPED, ago=9)], ["ann"], [], id="a command where both sign"),
        pytest.param(
            EITHER,
            [a_comment(TYPED, ago=9), _review(CHANGES, ago=8)],
            [],
            ["`ann` has reviewed it since and does not approve it"],
            id="a command, and then an objection",
        ),
        pytest.param(
            EITHER,
            [a_comment(TYPED, ago=9), _review(DISMISSED, ago=8)],
            [],
            ["`ann` has reviewed it since and does not approve it"],
            id="a command, and then a review that was dismissed",
        ),
        pytest.param(
            EITHER,
            [_review(CHANGES, ago=9, body=TYPED)],
            [],
            ["`ann` has reviewed it since and does not approve it"],
            id="a command in an objection",
        ),
        pytest.param(
            EITHER, [_review(CHANGES, ago=9), a_comment(TYPED, ago=8)], ["ann"], [], id="an objection, then a command"
        ),
        pytest.param(
            EITHER,
            [a_comment(TYPED, ago=9), _review(CHANGES, ago=8, by="bob")],
            ["ann"],
            [],
            id="a command, and then somebody else's objection",
        ),
        pytest.param(
            a_role(),
            [a_comment(TYPED, ago=9), _review(CHANGES, ago=8)],
            ["ann"],
            [],
            id="a command, and then an objection where reviews don't sign",
        ),
    ],
)
def test_who_signs(role: Role, said, signed, dropped):
    changed = {OLD: Comparison(linear=True, files=frozenset({"a.py"}))}
    standing = heard(rules_of(role), a_snapshot(comments=tuple(said), comparisons=changed)).standings["security"]
    assert [one.login for one in standing.signed] == signed
    assert [one.dropped for one in standing.dropped] == dropped
