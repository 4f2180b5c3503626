"""GitHub's JSON as facts: who is a person, and by which name a bot is known."""

import pytest

from bot.gate.facts import Merge, Unavailable
from bot.github import decode, decode_remarks, decode_rest
from bot.github.client import Answer
from tests.builders import NOW

COMMENT = {
    "id": "IC_1",
    "fullDatabaseId": "1",
    "body": "/approve security",
    "createdAt": "2026-11-20T10:00:00Z",
    "createdViaEmail": False,
    "lastEditedAt": None,
    "url": "https://github.com/acme/shop/pull/7#issuecomment-1",
}
REVIEW = {"state": "APPROVED", "submittedAt": "2026-11-20T10:00:00Z", "commit": {"oid": "a" * 40}}


@pytest.mark.parametrize(
    ("author", "is_bot"),
    [
        pytest.param({"__typename": "User", "login": "sam"}, False, id="a user"),
        pytest.param({"__typename": "Bot", "login": "sam"}, True, id="a bot"),
        pytest.param({"__typename": "Mannequin", "login": "sam"}, True, id="a name that came with an import"),
        pytest.param({"__typename": "EnterpriseUserAccount", "login": "sam"}, True, id="an enterprise account"),
        pytest.param(None, True, id="nobody any more"),
    ],
)
def test_only_users_are_people(author, is_bot):
    assert decode_remarks.comment({**COMMENT, "author": author}).is_bot is is_bot
    reviews = decode.reviews({"totalCount": 1, "nodes": [{**REVIEW, "author": author}]})
    assert not isinstance(reviews, Unavailable)
    assert [review.is_bot for review in reviews] == [is_bot]


@pytest.mark.parametrize(
    ("creator", "login"),
    [
        pytest.param({"__typename": "Bot", "login": "codecov"}, "codecov[bot]", id="a bot in GraphQL"),
        pytest.param({"type": "Bot", "login": "codecov[bot]"}, "codecov[bot]", id="a bot in REST"),
        pytest.param({"__typename": "User", "login": "codecov"}, "codecov", id="a user in GraphQL"),
        pytest.param({"type": "User", "login": "codecov"}, "codecov", id="a user in REST"),
        pytest.param(None, None, id="nobody any more"),
    ],
)
def test_a_status_is_set_by_the_login_that_rest_knows(creator, login):
    status = {"context": "ci", "state": "success", "creator": creator}
    graphql = decode.status({**status, "createdAt": "2026-11-20T10:00:00Z"})
    (rest,) = decode_rest.statuses([{**status, "created_at": "2026-11-20T10:00:00Z"}])
    assert (graphql.creator, rest.creator) == (login, login)


def test_a_list_that_is_too_short_has_nothing_there():
    answer = Answer(data={"head": {"nodes": []}}, problems=(), at=NOW)
    assert decode.fact(answer, "head", "nodes", 0, "commit") is None


@pytest.mark.parametrize(
    ("pull", "found"),
    [
        pytest.param({}, None, id="not merged"),
        pytest.param(
            {"mergedAt": "2026-11-22T12:00:00Z", "mergedBy": {"__typename": "User", "login": "ann"}},
            Merge(by="ann", at=NOW, commit=None),
            id="by a person, its commit gone",
        ),
        pytest.param(
            {
                "mergedAt": "2026-11-22T12:00:00Z",
                "mergedBy": {"__typename": "Bot", "login": "merger"},
                "mergeCommit": {"oid": "c"},
            },
            Merge(by="merger[bot]", at=NOW, commit="c"),
            id="by a bot",
        ),
        pytest.param(
            {"mergedAt": "2026-11-22T12:00:00Z", "mergedBy": None, "mergeCommit": {"oid": "c"}},
            Merge(by=None, at=NOW, commit="c"),
            id="by an account that is gone",
        ),
    ],
)
def test_who_merged_it(pull, found):
    assert decode.merge(pull) == found
