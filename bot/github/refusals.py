"""An answer's headers and messages → whether GitHub refused for one of its limits, and what it said."""

from collections.abc import Mapping
from typing import Any


def is_limit(headers: Mapping[str, str], message: str) -> bool:
    """Whether a 403 is a limit, <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>."""
    return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or "rate limit" in message.lower()


def limit_in_graphql(said: Mapping[str, Any], headers: Mapping[str, str]) -> str | None:
    """What a GraphQL answer with HTTP 200 says of a limit that it was refused for; None where it is another answer.

    The last point of an hour buys a good answer that says that nothing remains.
    <https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api>
    """
    errors = said.get("errors") or ()
    messages = [message for one in (said, *errors) if (message := str(one.get("message") or ""))]
    is_named = any("rate limit" in message.lower() for message in messages)
    is_typed = any(str(one.get("type")).startswith("RATE_LIMIT") for one in errors)
    is_told = bool(messages) and "retry-after" in headers
    is_used_up = not isinstance(said.get("data"), dict) and headers.get("x-ratelimit-remaining") == "0"
    if not (is_named or is_typed or is_told or is_used_up):
        return None
    return messages[0] if messages else "it gave no reason"
