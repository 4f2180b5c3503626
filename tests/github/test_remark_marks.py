"""Deliveries that tell of changed comments and reviews: what is kept of them is dropped, once for each change."""

from typing import Any

import pytest

from bot.github.deliveries import concerning
from bot.github.targets import PullRequest, Repository
from bot.github.watermark import lags, tells_of_remarks
from bot.store.wishes import Watermark
from tests.builders import a_snapshot

APP = 77
AT = "2026-11-20T10:00:00Z"
COMMENT = {"id": 8, "body": "/approve security", "updated_at": AT}
PULL = PullRequest(repository=Repository(installation=3, name="acme/shop"), number=5)


def _watermark(event: str, action: str, **changed: Any) -> Watermark | None:
    remark = {**COMMENT, **changed}
    (concern,) = concerning(
        event,
        {
            "action": action,
            "installation": {"id": 3},
            "repository": {"id": 9, "full_name": "acme/shop"},
            "issue": {"number": 5, "pull_request": {"url": "…"}},
            "pull_request": {"number": 5},
            "comment": remark,
            "review": remark,
        },
        app_id=APP,
    )
    assert concern.target == PULL
    return concern.watermark


@pytest.mark.parametrize(
    ("event", "action", "expected"),
    [
        pytest.param("issue_comment", "created", False, id="a new comment is among the newest"),
        pytest.param("issue_comment", "edited", True, id="an edited comment"),
        pytest.param("issue_comment", "deleted", True, id="a deleted comment"),
        pytest.param("pull_request_review", "submitted", False, id="a new review is among the newest"),
        pytest.param("pull_request_review", "edited", True, id="an edited review"),
        pytest.param("pull_request_review", "dismissed", True, id="a dismissed review"),
    ],
)
def test_what_is_kept_is_dropped_for(event: str, action: str, expected: bool):
    assert tells_of_remarks(_watermark(event, action)) is expected


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"body": "/approve ops"}, id="another text within the same second"),
        pytest.param({"updated_at": "2026-11-20T10:00:01Z"}, id="the same text later"),
        pytest.param({"body": "\ud800"}, id="half a character"),
        pytest.param({"body": None}, id="no text"),
    ],
)
def test_each_change_has_a_mark_of_its_own(changed):
    assert _watermark("issue_comment", "edited") != _watermark("issue_comment", "edited", **changed)


def test_comments_on_lines_are_not_heard():
    payload = {"action": "created", "installation": {"id": 3}, "repository": {"id": 9, "full_name": "acme/shop"}}
    pull_request = {"pull_request": {"number": 5}, "comment": COMMENT}
    assert concerning("pull_request_review_comment", payload | pull_request, app_id=APP) == ()


def test_comments_and_reviews_are_numbered_apart():
    marks = {**(_watermark("issue_comment", "edited") or {}), **(_watermark("pull_request_review", "edited") or {})}
    assert set(marks) == {"remark:comment-8", "remark:review-8"}


def test_a_change_without_a_number_says_nothing_of_what_changed():
    assert _watermark("issue_comment", "edited", id=None) is None


def test_a_change_of_a_comment_is_no_reason_to_read_checks_again():
    assert not lags(a_snapshot(), _watermark("issue_comment", "edited"))
    assert not tells_of_remarks({"check_run:1:completed": {"id": 1}})
    assert not tells_of_remarks(None)


def test_of_too_many_marks_it_is_known_that_all_may_have_changed():
    marks = {"full": {"n": 300}}
    assert lags(a_snapshot(), marks)
    assert tells_of_remarks(marks)
