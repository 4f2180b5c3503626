"""The GraphQL documents, ready to send; each validates against GitHub's schema."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_FILE_LINE = "# files: "


@cache
def gate(paths: int) -> str:
    """The one read of a pass, with variables `$path0` … for as many files at the head."""
    return _with_paths("gate", paths)


@cache
def group(paths: int) -> str:
    """What a merge group's commit shows, with variables `$path0` … for as many files at it."""
    return _with_paths("group", paths)


@cache
def document(name: str) -> str:
    """One of `pages`, `publish`, `tip`."""
    text = _source(name)
    return text + "\n" + _fragments(text)


def _with_paths(name: str, paths: int) -> str:
    lines = _source(name).splitlines()
    text = "\n".join(line for template in lines for line in _repeated(template, paths))
    return text + "\n" + _fragments(text)


def _repeated(template: str, paths: int) -> Iterator[str]:
    if _FILE_LINE not in template:
        yield template
        return
    for number in range(paths):
        yield template.replace(_FILE_LINE, "").replace("{n}", str(number))


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
