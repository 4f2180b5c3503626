"""Frozen values into JSON, and JSON into values of a type again: facts outlive the program that read them."""

import hashlib
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import orjson

from bot.gate.facts import Unavailable

T = TypeVar("T")
_Reader = Callable[[Any], Any]
_PLAIN = (str, int, bool, float)


class Unreadable(ValueError):
    """Kept values that this program can't read; `str()` says which."""


def canonical(value: object) -> bytes:
    """JSON in the one form that digests are taken of: keys sorted, no white space, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(value: object) -> str:
    """SHA-256 over the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def encoded(value: Any) -> Any:  # noqa: ANN401  JSON
    """A dataclass of facts as JSON: every field by its name; what was not available as `{"because": …}`."""
    return orjson.loads(orjson.dumps({one.name: _keyed(getattr(value, one.name)) for one in fields(value)}, _plain))


def _keyed(value: object) -> object:
    """JSON has names for keys: a pair becomes two words."""
    if isinstance(value, Mapping):
        return {" ".join(key) if isinstance(key, tuple) else key: one for key, one in value.items()}
    return value


def _plain(value: object) -> object:
    """What orjson does not know."""
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError


def decoded(kind: type[T], data: object) -> T:
    """The value that `encoded` made JSON of; a field that was not known then has its default.

    Raises `Unreadable`.
    """
    try:
        return cast("T", _reader(cast("Any", kind))(data))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Unreadable(f"no {kind.__name__}: {error}") from error


@cache
def _reader(kind: Any) -> _Reader:  # noqa: ANN401  types, and forms of them
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _of_union(inside)
    if origin is tuple:
        return _of_tuple(inside)
    if origin is frozenset:
        return _many(frozenset, _reader(inside[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _of_mapping(*inside)
    if is_dataclass(kind):
        return _of_dataclass(kind)
    return _of_one(kind)


def _of_one(kind: type) -> _Reader:
    if kind is datetime:
        return datetime.fromisoformat
    if issubclass(kind, Enum):
        return kind
    if kind not in _PLAIN:
        raise TypeError(f"nothing is known of {kind.__name__}")

    def read(data: Any) -> Any:  # noqa: ANN401
        if not isinstance(data, kind):
            raise TypeError(f"{data!r:.40} where a {kind.__name__} is wanted")
        return data

    return read


def _of_union(inside: tuple[Any, ...]) -> _Reader:
    (kind,) = (one for one in inside if one not in (types.NoneType, Unavailable))
    read = _reader(kind)
    is_fact, is_optional = Unavailable in inside, types.NoneType in inside

    def read_any(data: Any) -> Any:  # noqa: ANN401
        if data is None and is_optional:
            return None
        if is_fact and isinstance(data, dict) and data.keys() == {"because"}:
            return Unavailable(data["because"])
        return read(data)

    return read_any


def _of_tuple(inside: tuple[Any, ...]) -> _Reader:
    if inside[-1] is Ellipsis:
        return _many(tuple, _reader(inside[0]))
    readers = tuple(_reader(one) for one in inside)
    return lambda data: tuple(read(one) for read, one in zip(readers, data, strict=True))


def _many(make: Callable[[Any], Any], read: _Reader) -> _Reader:
    return lambda data: make(read(one) for one in data)


def _of_mapping(key: Any, value: Any) -> _Reader:  # noqa: ANN401
    read = _reader(value)
    is_pair = get_origin(key) is tuple
    return lambda data: {tuple(name.split(" ")) if is_pair else name: read(one) for name, one in data.items()}


def _of_dataclass(kind: Any) -> _Reader:  # noqa: ANN401
    readers = {name: _reader(of) for name, of in get_type_hints(kind).items()}
    return lambda data: kind(**{name: read(data[name]) for name, read in readers.items() if name in data})
