"""Events of the program → lines of JSON (or of a console), with every secret taken out."""

import asyncio
import atexit
import contextlib
import json
import logging
import re
import sys
import threading
import time
from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from typing import Any, Final, TextIO, cast

import orjson
import structlog

REDACTED: Final = "[redacted]"

_LINGER: Final = 0.02
"""Seconds that a line may wait for others."""

_SECRET_KEYS: Final = re.compile(r"(?i)token|secret|signature|authorization|password|private_key|cookie")
# https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
# No length is assumed: tokens grew in 2026. JSON Web Tokens start with the base64 of `{"`.
_SECRET_TEXTS: Final = re.compile(
    r"(?:gh[a-z]|github_pat)_[A-Za-z0-9_.\-]+"
    r"|\beyJ[\w\-]+\.[\w\-]+\.[\w\-]+"
    r"|-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\Z)"
    r"|sha(?:1|256)=[0-9a-f]{40,64}"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)",
    re.DOTALL,
)

_SIGNS: Final = ("_", "eyJ", "-----BEGIN ", "sha1=", "sha256=", "://")
"""Without any of these a text holds no secret; they are found ten times as fast."""


def set_up(stream: TextIO | None = None, *, level: int = logging.INFO, as_json: bool | None = None) -> None:
    """Send structlog's events and the standard library's records to `stream` (default: standard error).

    `as_json` is false for a terminal and true elsewhere unless given. Call it once, at start; a later call
    replaces what an earlier one set.
    """
    stream = sys.stderr if stream is None else stream
    as_json = not stream.isatty() if as_json is None else as_json
    stream = cast("TextIO", _Gathered(stream))
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        redact,
        structlog.processors.JSONRenderer(serializer=_json) if as_json else _console(),
    ]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    _route_standard_library(stream, level, shared, last)


class _Gathered:
    """A stream that writes what one turn of the event loop logs at once, under load all that comes within `_LINGER`.

    A write for each delivery costs three times its line: every thread that waits for the interpreter takes its turn
    then. What others log is written at once. A process that is killed may lose the lines of that time.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lines: list[str] = []
        self._sent_at = -_LINGER
        self._swap = threading.Lock()
        atexit.register(self._send)

    def write(self, text: str) -> None:
        self._lines.append(text)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # another thread, or no loop: nobody would come back to it
            self._send()
            return
        if len(self._lines) == 1 or loop is not self._loop:  # an older loop may have ended without coming back
            self._loop = loop
            loop.call_later(max(0.0, self._sent_at + _LINGER - time.monotonic()), self._send)

    def flush(self) -> None:
        """The time decides."""

    def _send(self) -> None:
        with self._swap:
            lines, self._lines = self._lines, []
        self._sent_at = time.monotonic()
        if lines:
            with contextlib.suppress(OSError, ValueError):  # a full disk, a closed stream: nowhere to say so
                self._stream.write("".join(lines))
                self._stream.flush()


def redact(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the event without secrets, in whatever key, depth or traceback they are."""
    for key, value in event.items():
        event[key] = _clean(key, value)
    return event


def without_secrets(text: str) -> str:
    """The text with tokens, private keys, signatures and passwords in addresses replaced by `[redacted]`."""
    return _SECRET_TEXTS.sub(REDACTED, text) if any(sign in text for sign in _SIGNS) else text


@lru_cache(maxsize=1_000)
def _is_secret(key: str) -> bool:
    return _SECRET_KEYS.search(key) is not None


def _clean(key: object, value: object) -> object:
    if isinstance(key, str) and _is_secret(key):
        return REDACTED
    match value:
        case str():
            return without_secrets(value)
        case bool() | int() | float() | None:
            return value
        case Mapping():
            return {inner: _clean(inner, item) for inner, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_clean(None, item) for item in value]
        case _:
            return without_secrets(str(value))


def _json(event: object, **_options: object) -> str:
    try:
        return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # lone surrogates and integers of more than 64 bits are not orjson's, but no reason to be silent
        return json.dumps(event, default=str)


def _console() -> structlog.typing.Processor:
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


def _route_standard_library(
    stream: TextIO,
    level: int,
    shared: list[structlog.typing.Processor],
    last: list[structlog.typing.Processor],
) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("alembic").setLevel(max(level, logging.WARNING))  # it tells each of its plug-ins
