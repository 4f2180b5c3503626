"""A decision's body into few bytes for the database, and a decision with its body into a line of JSON; and back."""

import zlib
from dataclasses import asdict
from typing import Any

import orjson

from bot.record.chain import Body, Decision, Json, Kept
from bot.record.codec import Unreadable, canonical, decoded
from bot.record.grounds import Grounds, facts_of, rules_of

_LEVEL = 6
_PARTS = ("facts", "rules", "verdict")


def body_of(grounds: Grounds, told: Json) -> Body:
    """All that is kept of a decision, of which `told` is the account."""
    return Body(facts=facts_of(grounds), rules=rules_of(grounds), verdict=told)


def packed(body: Body) -> bytes:
    """JSON, compressed by zlib."""
    return zlib.compress(canonical({name: getattr(body, name) for name in _PARTS}), _LEVEL)


def unpacked(data: bytes) -> Body:
    """The body again. Raises `Unreadable`."""
    try:
        return _body(orjson.loads(zlib.decompress(data)))
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise Unreadable("the body of a decision is damaged") from error


def line_of(kept: Kept) -> bytes:
    """One line of an export: the decision's fields, and `body`, null once it went. Without the line's end."""
    body = kept.body and {name: getattr(kept.body, name) for name in _PARTS}
    return canonical({**asdict(kept.decision), "body": body})


def kept_in(line: bytes) -> Kept:
    """A line of an export. Raises `Unreadable`."""
    try:
        data = orjson.loads(line)
        body = data["body"] and _body(data["body"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("this is no line of an export") from error
    return Kept(decision=decoded(Decision, data), body=body)


def _body(data: Any) -> Body:  # noqa: ANN401  JSON
    return Body(**{name: data[name] for name in _PARTS})
