"""One resolver for every field: permission, then the table of fields, then the model's own attribute."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from graphql import GraphQLResolveInfo, get_named_type, is_non_null_type

from bot.sandbox.auth import Caller, Quota
from bot.sandbox.world import Refused, Unmodelled, World

from .connections import Connection, connection
from .cost import Cost
from .permissions import PERMISSIONS

Handler = Callable[..., Any]
Source = Any
"""A thing of the model, or a payload as a dict."""
BOUNDS = ("first", "last", "after", "before")


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What every field's handler may look at."""

    world: Any
    """The `Sandbox` itself: mutations are its actions."""
    caller: Caller
    cost: Cost
    quota: Quota

    def refusal(self, key: str) -> Refused | None:
        """The refusal of a field whose permission was not granted."""
        permission, _, access = PERMISSIONS.get(key, "").partition(":")
        try:
            if permission:
                self.caller.require(permission, access or "read")
        except Refused as refused:
            return refused
        return None


def resolver(fields: dict[str, Handler]) -> Handler:
    """The resolver over a table `Type.field` → handler of (source, context, **arguments)."""

    def resolve(source: Source, info: GraphQLResolveInfo[Context], **arguments: object) -> object:
        key = f"{info.parent_type.name}.{info.field_name}"
        context = info.context
        refused = context.refusal(key)
        kind = get_named_type(info.return_type).name
        paged = kind.endswith("Connection")
        if refused and not (paged and is_non_null_type(info.return_type)):
            raise refused
        bounds: dict[str, Any] = {name: arguments.pop(name) for name in BOUNDS if name in arguments} if paged else {}
        value = _value(fields, key, source, context, arguments)
        if paged and value is not None and not isinstance(value, Connection):
            # A list that can't be null (comments) is refused at its nodes: the rest stays intact.
            return connection(kind, list(cast("Iterable[object]", value)), forbidden=refused, **bounds)
        return value

    return resolve


def _value(fields: dict[str, Handler], key: str, source: Source, context: Context, arguments: dict[str, Any]) -> object:
    handler = fields.get(key)
    if handler:
        return handler(source, context, **arguments)
    name = key.partition(".")[2]
    if isinstance(source, dict) and name in source:
        return source[name]
    facts = getattr(source, "facts", {})
    attribute = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    if attribute in facts:
        return facts[attribute]
    if arguments or source is None or isinstance(source, dict) or not hasattr(source, attribute):
        asked = f"({', '.join(arguments)})" if arguments else ""
        raise Unmodelled(f"the sandbox does not model {key}{asked}")
    return getattr(source, attribute)


def typename(value: Source, *_: object) -> str:
    """The GraphQL type of a thing of the model."""
    name = value["typename"] if isinstance(value, dict) else value.typename
    return str(name)


def world_of(context: Context) -> World:
    """The world, typed, for handlers that only read."""
    found: World = context.world
    return found
