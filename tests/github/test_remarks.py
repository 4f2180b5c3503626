"""What people said: comments and reviews together, older ones kept for minutes, and none missed that was changed."""

from dataclasses import replace
from typing import Any

import pytest

from bot.gate.facts import BaseChange, Comment, Deletion, ReviewState, Snapshot, Unavailable
from bot.gate.needs import Needs
from bot.gate.published import PublishedComment
from bot.github import decode, decode_remarks, pages
from bot.github.client import Answer, Problem
from bot.github.errors import Unreachable
from bot.github.gather import Gathered, gather, hear_again
from bot.github.kept_pages import KEPT_SECONDS, MOST_CHARACTERS, KeptPages, Page, Place
from bot.report.plan import MinimizeComment, React, UpdateComment, Write
from tests.builders import NOW
from tests.github.conftest import Desk


def _heard(snapshot: Snapshot) -> tuple[Comment, ...]:
    assert not isinstance(snapshot.comments, Unavailable)
    return snapshot.comments


async def _gathered(desk: Desk) -> Gathered:
    return await gather(desk.client, desk.ref, Needs(), desk.caches.pages)


async def _said(desk: Desk) -> list[str]:
    return [one.body for one in _heard((await _gathered(desk)).snapshot)]


def _remark(desk: Desk, count: int) -> list[Any]:
    return [desk.sandbox.comment(desk.pull, "rita", f"remark {number}") for number in range(count)]


async def test_comments_and_reviews_are_heard_together(desk: Desk):
    sandbox, pull = desk.sandbox, desk.pull
    said = sandbox.comment(pull, "sam", "/approve security", by_mail=True)
    sandbox.edit_comment(said, by="sam", body="/approve ops")
    robot = sandbox.comment(pull, "codecov[bot]", "85 %")
    sandbox.comment(pull, "release-gate[bot]", "what we say")
    review = sandbox.review(pull, "sam", state="APPROVED", body="/approve security")
    silent = sandbox.review(pull, "rita", state="CHANGES_REQUESTED")
    sandbox.dismiss_review(silent, by="sam")
    for author in ("sam", "release-gate[bot]"):
        sandbox.review(pull, author, state="PENDING", body="/approve security")
    sandbox.react(review, "release-gate[bot]", "THUMBS_UP")
    sandbox.react(said, "sam", "HEART")
    snapshot = await desk.snapshot()
    first, second, third, fourth = _heard(snapshot)
    assert (first.author, first.by_mail, first.editor, first.app, first.review) == ("sam", True, "sam", None, None)
    assert (first.node_id, first.key, first.reactions) == (said.id, str(said.database_id), frozenset())
    assert (second.author, second.app, second.is_bot, second.by_mail) == ("codecov", "codecov", True, False)
    assert robot.id == second.node_id
    assert (third.review, third.sha, third.created_at) == (ReviewState.APPROVED, pull.head_oid, review.submitted_at)
    assert (third.key, third.node_id) == (f"review-{review.database_id}", review.id)
    assert third.reactions == {"THUMBS_UP"}
    assert (fourth.body, fourth.review) == ("", ReviewState.DISMISSED)
    assert snapshot.published.reactions == {(review.id, "THUMBS_UP")}


async def test_who_deleted_whose_comment_is_known(desk: Desk):
    gone = desk.sandbox.comment(desk.pull, "sam", "/hold because no")
    desk.sandbox.clock.advance(60)
    desk.sandbox.collaborator(desk.pull.repository, "dan", "write")
    desk.sandbox.delete_comment(gone, by="dan")
    snapshot = await desk.snapshot()
    assert snapshot.deletions == (Deletion(author="sam", by="dan", at=desk.pull.timeline[-1].created_at),)
    assert snapshot.comments == ()


HIDDEN = Unavailable("hidden")


def test_hidden_deletions_are_unknown():
    deletions = (*PATH[:2], "deletions")
    shown = {"deletions": {"nodes": [None]}}
    problems = (Problem(type="FORBIDDEN", path=(*deletions, "nodes", 0), message="no"),)
    answer = Answer(data={"repository": {"pullRequest": shown}}, problems=problems, at=NOW)
    assert decode_remarks.deletions(answer, *deletions) == Unavailable("GitHub does not show `deletions`: `no`")
    assert decode_remarks.deletions(replace(answer, problems=()), *deletions) == ()


@pytest.mark.parametrize(
    ("comments", "reviews"),
    [
        pytest.param(HIDDEN, [], id="comments"),
        pytest.param([], HIDDEN, id="reviews"),
        pytest.param(HIDDEN, HIDDEN, id="both"),
    ],
)
def test_where_some_is_hidden_nothing_counts_as_heard(comments, reviews):
    assert decode_remarks.remarks(comments, reviews) == HIDDEN


PATH = ("repository", "pullRequest", "comments")


@pytest.mark.parametrize(
    ("connection", "problem", "expected"),
    [
        pytest.param({"nodes": []}, None, None, id="nothing said"),
        pytest.param({"nodes": [{"id": "1"}]}, (*PATH, "nodes", 0, "editor"), None, id="who edited is hidden"),
        pytest.param({"nodes": [{"id": "1"}, None]}, (*PATH, "nodes", 1), "no", id="one comment is hidden"),
        pytest.param({"nodes": [None]}, (*PATH, "nodes", 0, "body"), "no", id="its text took it along"),
        pytest.param({"nodes": [None]}, None, None, id="a hole that nobody explains"),
        pytest.param({"nodes": None}, (*PATH, "nodes"), "no", id="all nodes"),
        pytest.param(None, PATH, "no", id="the whole list"),
    ],
)
def test_a_list_with_a_hidden_node_is_not_whole(connection, problem, expected):
    problems = (Problem(type="FORBIDDEN", path=problem, message="no"),) if problem else ()
    answer = Answer(data={"repository": {"pullRequest": {"comments": connection}}}, problems=problems, at=NOW)
    found = decode.hidden(answer, *PATH)
    assert found == (Unavailable(f"GitHub does not show `comments`: `{expected}`") if expected else None)


async def test_two_hundred_comments_cost_one_request_more_once(desk: Desk):
    _remark(desk, 200)
    asked = []
    for _ in range(3):
        desk.sandbox.requests.clear()
        assert await _said(desk) == [f"remark {number}" for number in range(200)]
        asked.append([one.operation for one in desk.asked()])
    assert asked == [["Gate", "Pages"], ["Gate"], ["Gate"]]


async def test_reviews_have_pages_too(desk: Desk):
    for number in range(250):
        desk.sandbox.review(desk.pull, "rita", state="COMMENTED", body=f"review {number}")
    _remark(desk, 120)
    desk.sandbox.requests.clear()
    for _ in range(2):
        said = await _said(desk)
        assert sorted(said) == sorted([f"remark {n}" for n in range(120)] + [f"review {n}" for n in range(250)])
    assert [one.operation for one in desk.asked()] == ["Gate", "Pages", "Pages", "Gate"]


async def test_a_new_comment_moves_what_is_older(desk: Desk):
    _remark(desk, 150)
    await _said(desk)
    desk.sandbox.comment(desk.pull, "rita", "remark 150")
    assert await _said(desk) == [f"remark {number}" for number in range(151)]


async def test_a_comment_gone_and_one_come_are_not_taken_for_the_same(desk: Desk):
    """The count is as before, and so is the cursor where it tells but a position."""
    made = _remark(desk, 150)
    await _said(desk)
    desk.sandbox.delete_comment(made[3], by="rita")
    desk.sandbox.comment(desk.pull, "rita", "remark 150")
    assert await _said(desk) == [f"remark {number}" for number in range(151) if number != 3]


async def test_what_is_dropped_is_read_again(desk: Desk):
    made = _remark(desk, 150)
    await _said(desk)
    desk.sandbox.edit_comment(made[3], by="rita", body="changed")
    assert "changed" not in await _said(desk)
    desk.caches.pages.drop(desk.ref.key)
    assert "changed" in await _said(desk)
    desk.sandbox.requests.clear()
    await _said(desk)
    assert [one.operation for one in desk.asked()] == ["Gate"]


async def test_kept_pages_are_read_afresh_before_success(desk: Desk):
    made = _remark(desk, 150)
    await _said(desk)
    desk.sandbox.edit_comment(made[3], by="rita", body="changed")
    gathered = await _gathered(desk)
    assert gathered.first is not None
    desk.sandbox.requests.clear()
    heard = await hear_again(desk.client, desk.ref, gathered.first, desk.caches.pages, gathered.snapshot)
    assert "changed" in [one.body for one in _heard(heard)]
    assert [one.operation for one in desk.asked()] == ["Pages"]
    assert (await _gathered(desk)).first is not None


async def test_what_was_just_read_is_not_read_again(desk: Desk):
    _remark(desk, 150)
    assert (await _gathered(desk)).first is None


async def test_hidden_comments_don_t_come_to_light_by_reading_them_again(desk: Desk):
    _remark(desk, 150)
    await _said(desk)
    gathered = await _gathered(desk)
    assert gathered.first is not None
    snapshot = replace(gathered.snapshot, comments=HIDDEN)
    assert await hear_again(desk.client, desk.ref, gathered.first, desk.caches.pages, snapshot) is snapshot


async def test_a_push_before_reading_again_makes_the_read_void(desk: Desk):
    _remark(desk, 150)
    await _said(desk)
    gathered = await _gathered(desk)
    assert gathered.first is not None
    desk.sandbox.push(desk.pull, author="dan", files={"b": "1"}, message="one more")
    with pytest.raises(Unreachable, match="changed while it was read"):
        await hear_again(desk.client, desk.ref, gathered.first, desk.caches.pages, gathered.snapshot)


async def test_too_many_to_read_is_unknown_and_asked_for_once(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "MAX_PAGES", 2)
    _remark(desk, 201)
    desk.sandbox.requests.clear()
    for _ in range(2):
        snapshot = (await _gathered(desk)).snapshot
        assert snapshot.comments == Unavailable("it has more than 200 comments, too many to read")
        assert not snapshot.published.is_whole
    assert [one.operation for one in desk.asked()] == ["Gate", "Pages", "Gate"]


async def test_what_we_wrote_ourselves_shows_on_kept_pages(desk: Desk):
    """No delivery tells us of our own writing, and our one comment is the first to become old."""
    ours, extra = (desk.sandbox.comment(desk.pull, "release-gate[bot]", body) for body in ("old", "extra"))
    _remark(desk, 150)
    await _said(desk)
    desk.caches.pages.note("pull:1:acme/other:1", [UpdateComment(id=ours.id, body="elsewhere")])
    assert (await _gathered(desk)).snapshot.published.comments[0].body == "old"
    writes: list[Write] = [
        UpdateComment(id=ours.id, body="new"),
        MinimizeComment(id=extra.id),
        React(subject="x", content="EYES"),
    ]
    desk.caches.pages.note(desk.ref.key, writes)
    assert (await _gathered(desk)).snapshot.published.comments == (
        PublishedComment(id=ours.id, body="new", is_minimized=False),
        PublishedComment(id=extra.id, body="extra", is_minimized=True),
    )


PLACE = Place(pull="pull:1:acme/shop:1", name="comments", count=150, oldest="IC_1")


def _page(asked_at: float, size: int = 1) -> Page:
    return Page(nodes=({"body": "x" * size},), cursor=None, asked_at=asked_at)


@pytest.mark.parametrize(
    ("asked_at", "dropped_at", "now", "is_known"),
    [
        pytest.param(100, None, 100 + KEPT_SECONDS - 1, True, id="within minutes"),
        pytest.param(100, None, 100 + KEPT_SECONDS, False, id="after minutes"),
        pytest.param(100, 99, 110, True, id="asked for after the change"),
        pytest.param(100, 100, 110, False, id="asked for at the same moment"),
        pytest.param(100, 105, 110, False, id="asked for before the change, however late it came"),
    ],
)
def test_a_kept_page(asked_at: float, dropped_at: float | None, now: float, is_known: bool):
    clock = [dropped_at or asked_at]
    kept = KeptPages(lambda: clock[0])
    if dropped_at:
        kept.drop(PLACE.pull)
    kept.keep(PLACE, _page(asked_at))
    clock[0] = now
    assert (kept.get(PLACE) is not None) is is_known
    assert kept.get(replace(PLACE, count=149)) is None


def test_kept_pages_have_a_bound():
    kept = KeptPages(lambda: 1.0)
    big = replace(PLACE, name="reviews")
    kept.keep(PLACE, _page(1.0, 10))
    kept.keep(big, _page(1.0, MOST_CHARACTERS))
    assert kept.get(big) is None
    kept.keep(big, _page(1.0, MOST_CHARACTERS - 1_000))
    assert kept.get(PLACE) is None


async def test_the_newest_change_of_the_base(desk: Desk):
    assert (await desk.snapshot()).base_change is None
    for base in ("stable", "next"):
        desk.sandbox.branch(desk.pull.repository, base, by="dan")
        desk.sandbox.retarget(desk.pull, base=base, by="dan")
        desk.sandbox.clock.advance(60)
    at = desk.pull.timeline[-1].created_at
    assert (await desk.snapshot()).base_change == BaseChange(before="stable", after="next", at=at)


def test_hidden_changes_of_the_base_are_unknown():
    rebased = (*PATH[:2], "rebased")
    problems = (Problem(type="FORBIDDEN", path=(*rebased, "nodes", 0), message="no"),)
    answer = Answer(data={"repository": {"pullRequest": {"rebased": {"nodes": [None]}}}}, problems=problems, at=NOW)
    assert decode_remarks.base_change(answer, *rebased) == Unavailable("GitHub does not show `rebased`: `no`")
