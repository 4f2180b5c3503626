"""Finds headings, their sections and task lists in Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.gate.markup import visible
from bot.gate.patterns import regex

if TYPE_CHECKING:  # only what is read needs it, and `lint` reads no Markdown
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_BOX = regex(r"^\[([ xX])\][ \t]+(.*)$")


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands below it, up to the next heading of its level or a higher one."""

    level: int
    title: str
    body: tuple["Token", ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing but headings stands below it."""
        texts = (token for token in self.body if token.type in {"inline", "fence", "code_block"})
        headings = {id(after) for token, after in _pairs(self.body) if token.type == "heading_open"}
        return not any(_shown(token) and id(token) not in headings for token in texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A box of a task list."""

    text: str
    is_done: bool


@lru_cache(maxsize=64)
def sections(markdown: str) -> tuple[Section, ...]:
    """Every section of the text, in order; headings in quotes and code are none."""
    tokens = _markdown().parse(markdown)
    starts = [
        (at, int(token.tag[1:]), tokens[at + 1].content.strip())
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0
    ]
    return tuple(
        Section(level=level, title=title, body=tuple(tokens[at + 3 : _end(starts[number:], len(tokens))]))
        for number, (at, level, title) in enumerate(starts)
    )


def tasks_under(heading: str, markdown: str) -> list[Task]:
    """The boxes below a heading of that text, whatever its level; case and blanks don't matter."""
    wanted = _folded(heading)
    return [
        Task(text=found[2].strip(), is_done=found[1] != " ")
        for section in sections(markdown)
        if _folded(section.title) == wanted
        for token in section.body
        if token.type == "inline" and (found := _BOX.search(token.content.partition("\n")[0]))
    ]


def _shown(token: "Token") -> str:
    """What a reader sees of it: `&nbsp;` and comments in HTML are nothing."""
    shown = (child.content for child in token.children or () if child.type != "html_inline")
    return visible("".join(shown) if token.type == "inline" else token.content).strip()


def _end(starts: list[tuple[int, int, str]], last: int) -> int:
    (_, level, _), *later = starts
    return next((at for at, other, _ in later if other <= level), last)


def _pairs(tokens: tuple["Token", ...]) -> Iterator[tuple["Token", "Token"]]:
    return pairwise(tokens)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(":")
