"""Turns YAML text into values that know their line and column, with limits before anything is built."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn, TypeAlias

import yaml

from bot.gate.markup import code
from bot.rules.characters import unseen
from bot.rules.faults import Faults, Mark
from bot.rules.scalars import Value, plain

DEPTH_LIMIT = 32
NODE_LIMIT = 30_000

# libyaml's parser where PyYAML was built with it. Its composer overflows the stack on deep nesting; we stop in time.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A single value."""

    at: Mark
    value: Value
    text: str
    """As written, without quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A YAML sequence."""

    at: Mark
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A key's place and its value."""

    key_at: Mark
    node: "Node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A YAML mapping; its keys are texts."""

    at: Mark
    entries: Mapping[str, Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Something that was told as a fault already; whoever meets it stays silent."""

    at: Mark


Node: TypeAlias = Scalar | Listing | Table | Broken
Path: TypeAlias = tuple[str, ...]
"""The keys that lead to a value."""


class _StopError(Exception):
    """Reading on makes no sense; the fault is told."""


def read(text: str, faults: Faults) -> Node | None:
    """The document's root; None when there is none or YAML's syntax is broken. Never raises."""
    walk = _Walk(events=yaml.parse(text, Loader=_LOADER), faults=faults)
    try:
        return walk.document()
    except _StopError:
        return None
    except (yaml.YAMLError, ValueError) as error:  # a ValueError comes from escapes that name no character
        at, said = _syntax_error(error)
        faults.add(at, "", f"this is not YAML: {said}")
        return None


def moved(node: Node, at: Mark) -> Node:
    """The same value with every place in it set to `at`: how an inherited entry is told in the file that inherits.

    A place goes on knowing the file and the line where it was first written.
    """
    here = _seen_from(at, node.at)
    match node:
        case Listing(items=items):
            return Listing(at=here, items=tuple(moved(item, at) for item in items))
        case Table(entries=entries):
            below = {
                key: Entry(key_at=_seen_from(at, entry.key_at), node=moved(entry.node, at))
                for key, entry in entries.items()
            }
            return Table(at=here, entries=below)
        case _:
            return replace(node, at=here)


def _seen_from(at: Mark, was: Mark) -> Mark:
    origin = was if was.inherited else replace(at, there=was.line)
    return replace(origin, line=at.line, column=at.column)


@dataclass(slots=True, kw_only=True)
class _Walk:
    events: Iterator[yaml.Event]
    faults: Faults
    nodes: int = 0

    def document(self) -> Node | None:
        """The only document of the stream."""
        next(self.events)  # the stream's start
        start = next(self.events)
        if not isinstance(start, yaml.DocumentStartEvent):
            return None
        if start.version or start.tags:
            self.faults.add(_mark(start), "", "a line starts with `%`; YAML directives are not read: remove it")
        root = self._node(next(self.events), ())
        next(self.events)  # the document's end
        following = next(self.events)
        if isinstance(following, yaml.DocumentStartEvent):
            self._stop(_mark(following), (), "a second document starts here; keep one and remove `---`")
        return root

    def _node(self, event: yaml.Event, path: Path) -> Node:
        at = _mark(event)
        self.nodes += 1
        if self.nodes > NODE_LIMIT:
            self._stop(at, path, f"there are more than {NODE_LIMIT:,} values; shorten the file")
        if len(path) >= DEPTH_LIMIT:
            self._stop(at, path, f"this is nested more than {DEPTH_LIMIT} deep; flatten it")
        match event:
            case yaml.ScalarEvent():
                node = self._scalar(event, at, path)
            case yaml.SequenceStartEvent():
                node = Listing(at=at, items=tuple(self._items(path)))
            case yaml.MappingStartEvent():
                node = self._table(at, path)
            case _:
                return self._refuse(at, path, "a `*` starts an alias; aliases are not read: write the value itself")
        return Broken(at=at) if self._is_decorated(event, at, path) else node

    def _is_decorated(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, at: Mark, path: Path) -> bool:
        """Tells tags and anchors; the value behind them was read, for the faults in it."""
        if event.tag is not None:
            self._refuse(at, path, f"{code(event.tag, limit=40)} is a tag; tags are not read: remove it")
        if event.anchor is not None:
            self._refuse(at, path, f"{code('&' + event.anchor, limit=40)} is an anchor; nothing reads it: remove it")
        return event.tag is not None

    def _scalar(self, event: yaml.ScalarEvent, at: Mark, path: Path) -> Node:
        # What stands there plainly was looked at before; only escapes bring in more.
        if event.style == '"' and (name := unseen(event.value)):
            return self._refuse(at, path, f"the control character {name} can't be seen; remove its escape")
        is_plain = event.style in {None, ""}
        return Scalar(at=at, text=event.value, value=plain(event.value) if is_plain else event.value)

    def _items(self, path: Path) -> Iterator[Node]:
        number = 0
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            yield self._node(event, (*path, str(number)))
            number += 1

    def _table(self, at: Mark, path: Path) -> Table:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key_at, key = _mark(event), self._key(event, path)
            below = (*path, key or "?")
            node = self._node(next(self.events), below)
            if key in entries:
                first = entries[key].key_at.line
                self._refuse(key_at, below, f"{code(key, limit=60)} stands here twice, first in line {first}; keep one")
            elif key is not None:
                entries[key] = Entry(key_at=key_at, node=node)
        return Table(at=at, entries=entries)

    def _key(self, event: yaml.Event, path: Path) -> str | None:
        """The key, or None when it was told as a fault."""
        node = self._node(event, (*path, "?"))
        match node:
            case Broken():
                pass
            case Scalar(value="<<"):
                self._refuse(
                    node.at, path, "`<<` is a merge key; merge keys are not read: write the entries themselves"
                )
            case Scalar(value=str() as key):
                return key
            case Scalar(text=text):
                shown = code(text or "null", limit=40)
                self._refuse(node.at, path, f"the key {shown} is no text; put it in quotes or write a word")
            case _:
                self._refuse(node.at, path, "a list or mapping can't be a key; write a word")
        return None

    def _refuse(self, at: Mark, path: Path, message: str) -> Broken:
        self.faults.add(at, dotted(path), message)
        return Broken(at=at)

    def _stop(self, at: Mark, path: Path, message: str) -> NoReturn:
        self.faults.add(at, dotted(path), message)
        raise _StopError


def dotted(path: Path) -> str:
    """The path as one text; of a very long key only the beginning."""
    return ".".join(step[:60] for step in path)


def _mark(event: yaml.Event) -> Mark:
    mark = event.start_mark
    return Mark(line=mark.line + 1, column=mark.column + 1) if mark else _START


_START = Mark(line=1, column=1)

_HINTS = {
    "mapping values are not allowed": "a second `:` stands in one line; put the text in quotes",
    "could not find expected ':'": "a `:` is missing after a key, or a quote or bracket is not closed",
    "cannot start any token": "a text starts with a character that YAML reserves; put it in quotes",
    "unexpected end of stream": "a quote is not closed; close it",
    "expected ',' or": "a bracket or brace is not closed; close it",
    "did not find expected node content": "a bracket or brace is not closed; close it",
    "did not find expected": "the indentation does not fit the lines above; align it",
    "expected <block end>": "the indentation does not fit the lines above; align it",
}


def _syntax_error(error: Exception) -> tuple[Mark, str]:
    """Where YAML's syntax breaks, and what usually mends it."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return _START, "an escape names no character; remove it"
    said = ", ".join(part for part in (error.context, error.problem) if part).replace("`", "'")
    hint = next((hint for sign, hint in _HINTS.items() if sign in said), "mend the line or put the text in quotes")
    mark = error.problem_mark or error.context_mark
    return (Mark(line=mark.line + 1, column=mark.column + 1) if mark else _START), f"{hint} ({said})"
