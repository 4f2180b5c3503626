"""Every document that is sent: valid by GitHub's schema, and what it costs by GitHub's formula."""

import pytest
from graphql import OperationDefinitionNode, parse, validate
from graphql.utilities import get_operation_ast

from bot.github.apply import _IDLE
from bot.github.queries import document, gate, group, publish
from bot.sandbox.graph.cost import cost
from bot.sandbox.graph.schema import schema

EVERYTHING = dict.fromkeys(("outputs", "reviews", "codeOwners", "deployments"), True)

DOCUMENTS = [
    pytest.param(gate(0), {}, 1, id="the gate that asks for little"),
    pytest.param(gate(0), EVERYTHING, 1, id="the gate without files"),
    pytest.param(gate(1), EVERYTHING, 1, id="the gate with one file"),
    pytest.param(gate(40), EVERYTHING, 1, id="the gate with 40 files"),
    pytest.param(gate(1, 2), EVERYTHING, 1, id="the gate with files at the base"),
    pytest.param(
        document("pages"), dict.fromkeys(("commits", "contexts", "comments", "reviews"), True), 1, id="every page"
    ),
    pytest.param(
        document("pages"), dict.fromkeys(("commits", "contexts", "comments", "reviews"), False), 1, id="no page"
    ),
    pytest.param(document("tags"), {}, 1, id="a page of tags"),
    pytest.param(document("open"), {}, 1, id="a page of open pull requests"),
    pytest.param(document("tip"), {}, 1, id="the head of a base"),
    pytest.param(document("trouble"), {}, 1, id="trouble"),
    pytest.param(group(0), {"deployments": True}, 1, id="a merge group"),
    pytest.param(publish(0), {**_IDLE, "createCheck": True, "createComment": True}, 1, id="a new verdict"),
    pytest.param(publish(10), {**_IDLE}, 1, id="ten reactions"),
    pytest.param(publish(0), {**_IDLE, "updateCheck": True, "updateComment": True}, 1, id="another verdict"),
]


def _operation(text: str) -> OperationDefinitionNode:
    operation = get_operation_ast(parse(text))
    assert operation is not None
    return operation


@pytest.mark.parametrize(("text", "variables", "points"), DOCUMENTS)
def test_a_document_is_valid_and_cheap(text: str, variables: dict[str, object], points: int):
    assert validate(schema(), parse(text)) == []
    assert cost(schema(), parse(text), _operation(text), variables).points == points


def test_a_page_costs_no_more_than_it_turns():
    text = document("pages")
    nodes = {
        name: cost(
            schema(),
            parse(text),
            _operation(text),
            {"commits": False, "contexts": False, "comments": False, "reviews": False, name: True},
        ).nodes
        for name in ("commits", "contexts", "comments", "reviews")
    }
    assert nodes == {"commits": 1100, "contexts": 101, "comments": 100, "reviews": 100}


@pytest.mark.parametrize("files", [0, 1, 40])
def test_each_file_is_asked_for_once(files: int):
    text = gate(files)
    assert [f"file{n}: file(path: $path{n})" in text for n in range(files + 1)] == [True] * files + [False]
    assert "{n}" not in text


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        pytest.param(lambda text: text.replace("headRefOid", "headOid", 1), "Cannot query field 'headOid'", id="field"),
        pytest.param(lambda text: text.replace("$number: Int!", "$number: Float!", 1), "used in position", id="type"),
    ],
)
def test_the_schema_tells_a_wrong_document(break_it, message: str):
    faults = validate(schema(), parse(break_it(gate(0))))
    assert any(message in fault.message for fault in faults)
