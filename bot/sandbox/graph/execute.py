"""A GraphQL request in, GitHub's answer out: `data`, and `errors` with their types and paths."""

import functools
from dataclasses import dataclass
from typing import Any

from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, execute, parse, validate
from graphql.language import DocumentNode
from graphql.utilities import get_operation_ast

from bot.sandbox.auth import Caller, Quota
from bot.sandbox.limits import CONTENTS
from bot.sandbox.world import Refused, World

from . import check_fields, deployment_fields, git_fields, mutations, pull_fields, root_fields
from .cost import Cost, cost, roots
from .resolve import Context, resolver, typename
from .schema import schema

FIELDS = {
    **root_fields.FIELDS,
    **git_fields.FIELDS,
    **pull_fields.FIELDS,
    **check_fields.FIELDS,
    **deployment_fields.FIELDS,
    **mutations.FIELDS,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A valid request: its operation and what it will cost."""

    document: DocumentNode
    operation: OperationDefinitionNode
    variables: dict[str, Any]
    cost: Cost
    contents: int
    """How many comments, check runs and reactions it makes or changes."""

    @property
    def name(self) -> str:
        """The operation's name, empty when it has none."""
        return self.operation.name.value if self.operation.name else ""

    @property
    def writes(self) -> bool:
        """Whether it is a mutation."""
        return self.operation.operation.value == "mutation"


@functools.lru_cache(maxsize=64)
def _checked(text: str) -> tuple[DocumentNode, tuple[GraphQLError, ...]]:
    document = parse(text)
    return document, tuple(validate(schema(), document))


def understand(world: World, body: dict[str, Any]) -> Question | dict[str, Any]:
    """The question, or GitHub's answer to one that makes no sense."""
    text = body.get("query")
    if not isinstance(text, str):
        return {"errors": [{"message": "A query attribute must be specified and must be a string."}]}
    try:
        document, faults = _checked(text)
    except GraphQLError as error:
        return {"errors": [error.formatted]}
    if faults:
        # Either nonsense or a field that the cut schema lacks: never let it pass unnoticed.
        world.errors += [f"GraphQL: {fault.message}" for fault in faults]
        return {"errors": [fault.formatted for fault in faults]}
    operation = get_operation_ast(document, body.get("operationName"))
    if operation is None:
        return {"errors": [{"message": "An operation name is required"}]}
    variables = dict(body.get("variables") or {})
    known = {**_defaults(operation), **variables}
    price = cost(schema(), document, operation, known)
    contents = sum(name in CONTENTS for name in roots(schema(), operation, known))
    return Question(document=document, operation=operation, variables=variables, cost=price, contents=contents)


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    from graphql.utilities import value_from_ast_untyped

    return {
        one.variable.name.value: value_from_ast_untyped(one.default_value)
        for one in operation.variable_definitions or ()
        if one.default_value is not None
    }


def answer(world: World, question: Question, caller: Caller, quota: Quota) -> dict[str, Any]:
    """Execute a question."""
    context = Context(world=world, caller=caller, cost=question.cost, quota=quota)
    result = execute(
        schema(),
        question.document,
        context_value=context,
        variable_values=question.variables,
        operation_name=question.name or None,
        field_resolver=resolver(FIELDS),
        type_resolver=typename,
    )
    assert isinstance(result, ExecutionResult)  # noqa: S101 - no resolver is a coroutine
    if not result.errors:
        return {"data": result.data}
    return {"data": result.data, "errors": [_formatted(world, error) for error in result.errors]}


def _formatted(world: World, error: GraphQLError) -> dict[str, Any]:
    cause = error.original_error
    if isinstance(cause, Refused):
        return {"type": cause.kind, **error.formatted}
    # Unmodelled, or a slip of the sandbox itself, or variables that don't fit: all must be noticed.
    world.errors.append(f"GraphQL: {error.message} at {error.path}")
    return dict(error.formatted)
