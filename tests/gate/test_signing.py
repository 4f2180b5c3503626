"""How somebody signs: by a review, of a version, of a commit; and what a sign-off says as evidence."""

from typing import Any

import pytest

from bot.gate.facts import BaseChange, Comment, ReviewState, Unavailable
from bot.gate.finding import State, Who
from bot.gate.published import PublishedHead
from bot.gate.rules import Quote, Role, Stale, Via
from bot.gate.standing import Standing, finding
from bot.gate.version import Bump
from tests.builders import HEAD, OLD, a_comment, a_commit, a_role, a_snapshot, a_version, heard, minutes_ago, rules_of

APPROVED, CHANGES, DISMISSED = ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED, ReviewState.DISMISSED
BY_REVIEW = a_role(via=frozenset({Via.REVIEW}))
EITHER = a_role(via=frozenset(Via))
HEADS = (PublishedHead(sha=OLD, at=minutes_ago(50)), PublishedHead(sha=HEAD, at=minutes_ago(20)))


def a_reviewing(state: ReviewState = APPROVED, by: str = "ann", *, ago: float = 10, **facts: Any) -> Comment:
    """A review of the head without a word."""
    return a_comment("", by=by, ago=ago, **({"review": state, "sha": HEAD} | facts))


def _standing(*comments: Comment, role: Role = BY_REVIEW, version: Any = None, **facts: Any) -> Standing:
    said = heard(rules_of(role), a_snapshot(comments=comments, **facts), version)
    return said.standings["security"]


@pytest.mark.parametrize(
    ("comments", "role", "signed"),
    [
        pytest.param([a_reviewing()], BY_REVIEW, ["ann"], id="an approving review"),
        pytest.param([a_reviewing()], EITHER, ["ann"], id="where a command would do as well"),
        pytest.param([a_reviewing()], a_role(), [], id="not where only commands sign"),
        pytest.param([a_reviewing(by="eve")], BY_REVIEW, [], id="not of a stranger"),
        pytest.param([a_reviewing(by="zed")], a_role(users={"zed"}, via=BY_REVIEW.via), [], id="not of the author"),
        pytest.param([a_reviewing(CHANGES)], BY_REVIEW, [], id="not one that asks for changes"),
        pytest.param([a_reviewing(ago=20), a_reviewing(CHANGES)], BY_REVIEW, [], id="not when changes are asked later"),
        pytest.param([a_reviewing(CHANGES, ago=20), a_reviewing()], BY_REVIEW, ["ann"], id="when approved later"),
        pytest.param(
            [a_reviewing(ago=20), a_reviewing(ReviewState.COMMENTED)],
            BY_REVIEW,
            ["ann"],
            id="whatever is remarked later",
        ),
        pytest.param([a_reviewing(DISMISSED)], BY_REVIEW, [], id="not when dismissed"),
        pytest.param([a_reviewing(ago=20), a_reviewing(DISMISSED)], BY_REVIEW, [], id="and no older one in its place"),
        pytest.param([a_reviewing(sha=None)], BY_REVIEW, [], id="not of no commit"),
        pytest.param([a_reviewing(), a_comment("/revoke security", ago=5)], BY_REVIEW, [], id="not when taken back"),
        pytest.param([a_reviewing(edited_at=minutes_ago(1))], BY_REVIEW, ["ann"], id="whatever became of its words"),
        pytest.param([a_reviewing(sha=OLD)], BY_REVIEW, [], id="not of an older commit that nothing is known of"),
        pytest.param(
            [a_reviewing(sha=OLD)], a_role(via=BY_REVIEW.via, stale=Stale.NEVER), ["ann"], id="unless no push matters"
        ),
        pytest.param([a_comment("/approve security")], BY_REVIEW, [], id="not a command where reviews sign"),
        pytest.param(
            [a_comment("/approve security", ago=20), a_reviewing(CHANGES)],
            EITHER,
            [],
            id="not a command when the same person asks for changes later",
        ),
        pytest.param(
            [a_reviewing(CHANGES, ago=20), a_comment("/approve security")],
            EITHER,
            ["ann"],
            id="a command after having asked for changes",
        ),
    ],
)
def test_a_review_signs(comments, role, signed):
    assert [one.login for one in _standing(*comments, role=role).signed] == signed


def test_a_command_where_reviews_sign_is_told_so():
    said = heard(rules_of(BY_REVIEW), a_snapshot(comments=(a_comment("/approve security"),)))
    assert [one.because for one in said.refusals] == ["security signs with an approving review, not with a command"]


def test_a_review_of_somebody_unknown_is_unknown():
    assert _standing(a_reviewing(), pushers=Unavailable("lost")).unknown == "lost"


@pytest.mark.parametrize(
    ("quote", "version", "body", "signed", "dropped"),
    [
        pytest.param(Quote.MAJOR, a_version(), "1.0.0", True, "", id="the version that comes next"),
        pytest.param(Quote.MAJOR, a_version(), "v1.0.0", True, "", id="with a v"),
        pytest.param(Quote.MAJOR, a_version(), "", False, "", id="none where a major has to be named"),
        pytest.param(Quote.MAJOR, a_version("0.10.0", Bump.MINOR), "", True, "", id="none of a minor"),
        pytest.param(Quote.ALWAYS, a_version("0.10.0", Bump.MINOR), "", False, "", id="none where all have to be"),
        pytest.param(
            Quote.NEVER,
            a_version(),
            "2.0.0",
            False,
            "it names the version 2.0.0, and the next one is 1.0.0",
            id="another one, though none has to be",
        ),
        pytest.param(Quote.NEVER, a_version(), "", True, "", id="none where none has to be"),
        pytest.param(
            Quote.NEVER,
            Unavailable("no tags"),
            "1.0.0",
            False,
            "it names the version 1.0.0, and the next one is not known: no tags",
            id="one that can't be compared",
        ),
        pytest.param(Quote.ALWAYS, Unavailable("no tags"), "1.0.0", False, None, id="one that has to be and can't"),
    ],
)
def test_a_sign_off_names_the_version(quote, version, body, signed, dropped):
    standing = _standing(a_comment(f"/approve security {body}"), role=a_role(quote_version=quote), version=version)
    assert bool(standing.signed) is signed
    if dropped is not None:
        assert [one.dropped for one in standing.dropped] == ([dropped] if dropped else [])


def test_a_version_to_name_that_is_not_known_makes_the_role_unknown():
    standing = _standing(role=a_role(quote_version=Quote.ALWAYS), version=Unavailable("no tags"))
    assert finding(standing, HEAD).state is State.UNKNOWN
    assert standing.unknown == "a sign-off has to name the next version, which is not known: no tags"


def test_a_review_names_no_version():
    standing = _standing(a_reviewing(), role=a_role(via=BY_REVIEW.via, quote_version=Quote.MAJOR))
    assert [one.dropped for one in standing.dropped] == ["a review does not name the version 1.0.0"]


@pytest.mark.parametrize(
    ("role", "typed"),
    [
        pytest.param(a_role(), "`/approve security aaaaaaa`", id="a command"),
        pytest.param(a_role(quote_version=Quote.MAJOR), "`/approve security aaaaaaa 1.0.0`", id="with the version"),
        pytest.param(EITHER, "`/approve security aaaaaaa` or an approving review", id="either"),
        pytest.param(BY_REVIEW, "an approving review", id="a review"),
    ],
)
def test_what_to_type(role, typed):
    assert finding(_standing(role=role), HEAD).do == typed


def test_a_role_that_nobody_can_fill_is_for_an_admin():
    found = finding(_standing(role=a_role(users={"zed"})), HEAD)
    assert (found.who, found.seen) == (Who.ADMIN, "security can't be filled: its only member is the author")


@pytest.mark.parametrize(
    ("comment", "signed"),
    [
        pytest.param(a_comment("/approve security", ago=30), OLD, id="the head that was published before"),
        pytest.param(a_comment("/approve security", ago=10), HEAD, id="the newest of those"),
        pytest.param(a_comment("/approve security", ago=20), OLD, id="not one of the very second"),
        pytest.param(a_comment(f"/approve security {OLD[:7]}", ago=10), OLD, id="the one that it names"),
        pytest.param(a_comment("/approve security", review=ReviewState.COMMENTED, sha=OLD), OLD, id="its review's"),
        pytest.param(
            a_comment(f"/approve security {HEAD[:9]}", review=ReviewState.COMMENTED, sha=OLD),
            HEAD,
            id="named in a review",
        ),
        pytest.param(a_comment("/approve security", ago=55), None, id="none before any was published"),
        pytest.param(a_comment("/approve security 1234567"), None, id="none from elsewhere"),
        pytest.param(a_comment("/approve security", review=ReviewState.COMMENTED), None, id="none of a review of none"),
    ],
)
def test_which_commit_is_signed(comment, signed):
    standing = _standing(comment, role=a_role(stale=Stale.NEVER), heads=HEADS)
    assert [one.sha for one in standing.signed] == ([signed] if signed else [])


def test_a_commit_that_two_heads_begin_with_is_none():
    twin = OLD[:-1] + "c"
    heads = (*HEADS, PublishedHead(sha=twin, at=minutes_ago(40)))
    standing = _standing(a_comment(f"/approve security {OLD[:7]}"), role=a_role(stale=Stale.NEVER), heads=heads)
    assert standing.signed == ()


MOVED = BaseChange(before="feature", after="main", at=minutes_ago(15))


@pytest.mark.parametrize(
    ("comment", "facts", "dropped"),
    [
        pytest.param(a_comment("/approve security", ago=14), {"base_change": MOVED}, "", id="after the change"),
        pytest.param(a_comment("/approve security", ago=14), {}, "", id="where it was opened onto its base"),
        pytest.param(
            a_comment("/approve security", ago=16),
            {"base_change": MOVED},
            "the base was changed from `feature` to `main` after it was signed",
            id="before the change",
        ),
        pytest.param(
            a_comment(f"/approve security {HEAD}", ago=15),
            {"base_change": MOVED},
            "the base was changed from `feature` to `main` after it was signed",
            id="in the same second, though it names the commit",
        ),
        pytest.param(
            a_reviewing(ago=16),
            {"base_change": MOVED},
            "the base was changed from `feature` to `main` after it was signed",
            id="a review before the change",
        ),
        pytest.param(
            a_comment("/approve security", ago=14),
            {"base_change": Unavailable("hidden")},
            "it can't be told whether the base was changed after it was signed: hidden",
            id="where the changes can't be read",
        ),
    ],
)
@pytest.mark.parametrize("stale", [pytest.param(stale, id=f"stale {stale}") for stale in Stale])
def test_what_was_signed_for_another_base_is_dropped(comment, facts, dropped, stale):
    heads = (PublishedHead(sha=HEAD, at=minutes_ago(50)),)
    standing = _standing(comment, role=a_role(via=frozenset(Via), stale=stale), heads=heads, **facts)
    assert [one.dropped for one in standing.dropped] == ([dropped] if dropped else [])
    assert bool(standing.signed) is not bool(dropped)


TWIN = OLD[:7] + "c" * 33
SHOWN = (PublishedHead(sha=OLD, at=minutes_ago(50)), PublishedHead(sha=TWIN, at=minutes_ago(20)))


@pytest.mark.parametrize(
    ("named", "ago", "facts", "signed"),
    [
        pytest.param(OLD[:7], 30, {"heads": SHOWN[:1]}, [OLD], id="the one that was shown"),
        pytest.param(OLD[:7], 30, {"heads": SHOWN}, [], id="not where a later head begins likewise"),
        pytest.param(OLD, 10, {"heads": SHOWN}, [OLD], id="the whole name of one of two"),
        pytest.param(OLD[:7], 30, {"commits": (a_commit("x", TWIN),), "heads": SHOWN[:1]}, [], id="nor a commit"),
        pytest.param(HEAD[:7], 30, {"heads": SHOWN[:1]}, [], id="no head that was pushed later"),
        pytest.param(HEAD, 30, {"heads": SHOWN[:1]}, [HEAD], id="a head not shown yet, by its whole name"),
        pytest.param(HEAD[:7], 30, {"heads": ()}, [], id="nor the head where nothing was shown"),
        pytest.param(HEAD, 30, {"heads": ()}, [HEAD], id="but by its whole name"),
    ],
)
def test_a_short_name_is_of_one_commit_that_was_shown(named, ago, facts, signed):
    standing = _standing(a_comment(f"/approve security {named}", ago=ago), role=a_role(stale=Stale.NEVER), **facts)
    assert [one.sha for one in standing.signed] == signed


def test_the_answer_names_as_many_digits_as_it_takes():
    twin = PublishedHead(sha=HEAD[:8] + "c" * 32, at=minutes_ago(20))
    said = heard(rules_of(a_role()), a_snapshot(comments=(a_comment(f"/approve security {HEAD[:7]}"),), heads=(twin,)))
    assert said.refusals[0].because.endswith("write `/approve security aaaaaaaaa`")


def test_a_head_that_was_not_shown_yet_is_not_called_foreign():
    said = heard(rules_of(a_role()), a_snapshot(comments=(a_comment(f"/approve security {HEAD[:7]}"),), heads=()))
    assert said.refusals[0].because == (
        "no verdict about `aaaaaaa` stood before this comment; write `/approve security aaaaaaa`"
    )
