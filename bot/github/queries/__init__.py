"""The GraphQL documents, ready to send; each validates against GitHub's schema."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_FILE_LINE = "# files: "


@cache
def gate(paths: int) -> str:
    """The one read of a pass, with variables `$path0` … for as many files at the head."""
    lines = _source("gate").splitlines()
    return "\n".join(line for template in lines for line in _repeated(template, paths)) + _source("fragments")


@cache
def document(name: str) -> str:
    """One of `pages`, `publish`, `group`."""
    text = _source(name)
    return text + "\n" + _fragments(text)


def _repeated(template: str, paths: int) -> Iterator[str]:
    if _FILE_LINE not in template:
        yield template
        return
    for number in range(paths):
        yield template.replace(_FILE_LINE, "").replace("{n}", str(number))


def _fragments(text: str) -> str:
    """The fragments that the document uses: GitHub refuses unused ones."""
    fragments = _source("fragments").split("\n\n")
    return "\n\n".join(part for part in fragments if f"...{part.split()[1]} " in text)


def _source(name: str) -> str:
    return files(__name__).joinpath(f"{name}.graphql").read_text("utf-8")
