"""The cut schema as an executable one."""

import functools
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files

from graphql import GraphQLScalarType, GraphQLSchema, build_ast_schema, parse

from bot.sandbox.clock import iso


@functools.cache
def schema() -> GraphQLSchema:
    """Built at the first question, 50 ms; see `contract/README.md` for where it comes from."""
    text = (files(__package__).parent / "contract" / "schema.graphql").read_text()  # type: ignore[attr-defined]
    built = build_ast_schema(parse(text, no_location=True), assume_valid=True, assume_valid_sdl=True)
    for name, serialize in _SERIALIZERS.items():
        scalar = built.type_map.get(name)
        if isinstance(scalar, GraphQLScalarType):
            # The schema's own text cannot say how a scalar is written.
            scalar.coerce_output_value = serialize
    return built


def _timestamp(value: object) -> object:
    return iso(value) if isinstance(value, datetime) else value


_SERIALIZERS: dict[str, Callable[[object], object]] = {
    "DateTime": _timestamp,
    "GitTimestamp": _timestamp,
    "PreciseDateTime": _timestamp,
    # A string, as its numbers need not fit 32 bits.
    "BigInt": str,
}
