"""The GraphQL documents, ready to send; each validates against GitHub's schema."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_FILE_LINE = "# files: "
_REACTION_LINE = "# reactions: "
_BASE_FILE_LINE = "# files at the base: "


@cache
def gate(paths: int, at_base: int = 0) -> str:
    """The one read of a pass, with variables `$path0` … for as many files at the head, `$base0` … at the base."""
    return _with_lines("gate", {_FILE_LINE: paths, _BASE_FILE_LINE: at_base})


@cache
def group(paths: int) -> str:
    """What a merge group's commit shows, with variables `$path0` … for as many files at it."""
    return _with_lines("group", {_FILE_LINE: paths})


@cache
def publish(reactions: int) -> str:
    """All that a pass writes, with variables `$subject0` and `$content0` … for as many reactions."""
    return _with_lines("publish", {_REACTION_LINE: reactions})


@cache
def document(name: str) -> str:
    """One of `open`, `pages`, `tags`, `tip`, `trouble`."""
    text = _source(name)
    return text + "\n" + _fragments(text)


def _with_lines(name: str, counts: Mapping[str, int]) -> str:
    lines = _source(name).splitlines()
    text = "\n".join(line for template in lines for line in _repeated(template, counts))
    return text + "\n" + _fragments(text)


def _repeated(template: str, counts: Mapping[str, int]) -> Iterator[str]:
    mark = next((mark for mark in counts if mark in template), None)
    if mark is None:
        yield template
        return
    for number in range(counts[mark]):
        yield template.replace(mark, "").replace("{n}", str(number))


def _fragments(text: str) -> str:
    """The fragments that the document uses, and those that they use: GitHub refuses unused ones."""
    fragments = {part.split()[1]: part.strip() for part in _source("fragments").split("\n\n")}
    used: dict[str, str] = {}
    waiting = text
    while found := [name for name in fragments if name not in used and _spreads(name, waiting)]:
        used |= {name: fragments[name] for name in found}
        waiting = "\n".join(fragments[name] for name in found)
    return "\n\n".join(used.values())


def _spreads(fragment: str, text: str) -> bool:
    return bool(re.search(rf"\.\.\.{fragment}\b", text))


def _source(name: str) -> str:
    return files(__name__).joinpath(f"{name}.graphql").read_text("utf-8")
