"""What a question costs, by GitHub's published formula.

https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
"""

from dataclasses import dataclass
from typing import Any

from graphql import FragmentDefinitionNode, GraphQLNamedType, GraphQLSchema, OperationDefinitionNode, get_named_type
from graphql.language import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
)
from graphql.utilities import value_from_ast_untyped


@dataclass(frozen=True, slots=True)
class Cost:
    """Points (requests that fill every connection, by hundreds, at least one) and nodes asked for."""

    points: int
    nodes: int


def cost(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> Cost:
    """The cost of one operation of a valid document."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    root = schema.get_root_type(operation.operation)
    assert root is not None  # noqa: S101 - the document is valid
    requests, nodes = _Walk(schema, fragments, variables).selections(operation.selection_set, root, 1)
    return Cost(points=max(1, int(requests / 100 + 0.5)), nodes=nodes)


def roots(schema: GraphQLSchema, operation: OperationDefinitionNode, variables: dict[str, Any]) -> tuple[str, ...]:
    """The fields that the operation itself asks for, without those that its variables leave out."""
    walk = _Walk(schema, {}, variables)
    chosen = (one for one in operation.selection_set.selections if isinstance(one, FieldNode))
    return tuple(one.name.value for one in chosen if walk.included(one.directives))


class _Walk:
    def __init__(
        self, schema: GraphQLSchema, fragments: dict[str, FragmentDefinitionNode], variables: dict[str, Any]
    ) -> None:
        self.schema, self.fragments, self.variables = schema, fragments, variables

    def selections(self, chosen: SelectionSetNode, kind: GraphQLNamedType, times: int) -> tuple[int, int]:
        requests = nodes = 0
        for selection in chosen.selections:
            if self.included(selection.directives):
                more = self._selection(selection, kind, times)
                requests, nodes = requests + more[0], nodes + more[1]
        return requests, nodes

    def _selection(self, selection: SelectionNode, kind: GraphQLNamedType, times: int) -> tuple[int, int]:
        if isinstance(selection, FragmentSpreadNode):
            fragment = self.fragments[selection.name.value]
            on = self.schema.type_map[fragment.type_condition.name.value]
            return self.selections(fragment.selection_set, on, times)
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            on = self.schema.type_map[condition.name.value] if condition else kind
            return self.selections(selection.selection_set, on, times)
        return self._field(selection, kind, times) if isinstance(selection, FieldNode) else (0, 0)

    def _field(self, field: FieldNode, kind: GraphQLNamedType, times: int) -> tuple[int, int]:
        definition = getattr(kind, "fields", {}).get(field.name.value)
        if definition is None or field.selection_set is None:
            return 0, 0
        inner = get_named_type(definition.type)
        if not inner.name.endswith("Connection"):
            return self.selections(field.selection_set, inner, times)
        bounds = [self._value(one.value) for one in field.arguments or () if one.name.value in ("first", "last")]
        size = next((bound for bound in bounds if isinstance(bound, int)), 0)
        requests, nodes = self.selections(field.selection_set, inner, times * size)
        return requests + times, nodes + times * size

    def included(self, directives: tuple[DirectiveNode, ...] | None) -> bool:
        for directive in directives or ():
            given = directive.arguments or ()
            wanted = bool(self._value(given[0].value))
            if wanted != (directive.name.value == "include"):
                return False
        return True

    def _value(self, node: ValueNode) -> object:
        return value_from_ast_untyped(node, self.variables)
