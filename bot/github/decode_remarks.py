"""Turns comments, reviews and the timeline as GraphQL shows them into what people said and what became of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.gate.facts import BaseChange, Comment, Deletion, Fact, ReviewState, Unavailable
from bot.github.client import Answer
from bot.github.decode import fact, hidden, instant, is_person, nodes_of, number_of

Node = Mapping[str, Any]


def remarks(comments: Fact[list[Node]], reviews: Fact[list[Node]]) -> Fact[tuple[Comment, ...]]:
    """What others said: when either list is hidden or cut, all is unknown, for a veto may stand in what is missing."""
    if isinstance(comments, Unavailable):
        return comments
    if isinstance(reviews, Unavailable):
        return reviews
    said = [comment(node) for node in comments if not node["viewerDidAuthor"]]
    return (*said, *(review(node) for node in reviews if not node["viewerDidAuthor"]))


def comment(node: Node) -> Comment:
    """Somebody's comment."""
    return Comment(created_at=datetime.fromisoformat(node["createdAt"]), **_said(node))


def review(node: Node) -> Comment:
    """Somebody's review; one without a body is heard as well, by its state."""
    return Comment(
        created_at=datetime.fromisoformat(node["submittedAt"]),
        review=ReviewState(node["state"]),
        sha=(node.get("commit") or {}).get("oid"),
        **_said(node),
    )


def _said(node: Node) -> dict[str, Any]:
    author = node.get("author") or {}
    return {
        "id": number_of(node),
        "node_id": node["id"],
        "body": node["body"],
        "author": author.get("login"),
        "author_id": author.get("databaseId"),
        "is_bot": not is_person(author),
        # An App's bot bears the App's slug: https://docs.github.com/en/graphql/reference/objects#bot
        "app": author.get("login") if author.get("__typename") == "Bot" else None,
        "edited_at": instant(node.get("lastEditedAt")),
        "editor": (node.get("editor") or {}).get("login"),
        "by_mail": node["createdViaEmail"],
        "reactions": frozenset(_given(node)),
        "url": node["url"],
    }


def reactions(*lists: Fact[list[Node]]) -> frozenset[tuple[str, str]]:
    """How we reacted to what: (node id, content)."""
    nodes = (node for one in lists if not isinstance(one, Unavailable) for node in one)
    return frozenset((node["id"], content) for node in nodes for content in _given(node))


def _given(node: Node) -> Iterable[str]:
    return (group["content"] for group in node.get("reactionGroups") or () if group["viewerHasReacted"])


def deletions(answer: Answer, *path: str) -> Fact[tuple[Deletion, ...]]:
    """Comments that are no more, with who took them away; all or nothing."""
    return hidden(answer, *path) or tuple(
        Deletion(
            author=(node.get("deletedCommentAuthor") or {}).get("login"),
            by=(node.get("actor") or {}).get("login"),
            at=datetime.fromisoformat(node["createdAt"]),
        )
        for node in nodes_of(fact(answer, *path))
    )


def base_change(answer: Answer, *path: str) -> Fact[BaseChange | None]:
    """The newest change of the base branch; None when there was none."""
    if because := hidden(answer, *path):
        return because
    changes = [
        BaseChange(
            before=node["previousRefName"],
            after=node["currentRefName"],
            at=datetime.fromisoformat(node["createdAt"]),
        )
        for node in nodes_of(fact(answer, *path))
    ]
    return max(changes, key=lambda change: change.at, default=None)
