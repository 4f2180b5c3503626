"""Finds the lines of a comment that address somebody: at their start, outside code, quotes, lists and HTML."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from bot.gate.patterns import regex

if TYPE_CHECKING:  # only comments need it, and `lint` reads none
    from markdown_it import MarkdownIt
    from markdown_it.ruler import StateBase
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_COMMAND = regex(r"^/[A-Za-z]")
_FOOTNOTE = regex(r"^\[\^[^\]]+\]:")
"""GitHub shows a footnote only where something refers to it."""
_MAY_HOLD = regex(r"(?m)(?:^|\r)[ \t]*/[A-Za-z]")

MAX_COMMANDS: Final = 50
MAX_STEPS: Final = 12_000
"""How often a rule of Markdown may be tried on one comment, which takes 50 milliseconds at most.

Anybody may comment and everybody waits: 64 KB of quotes in quotes would take seconds. A line of prose takes 13 steps.
"""


class _TooMuchError(Exception):
    """Reading takes too many steps."""


def _counted(rule: Callable[..., bool]) -> Callable[..., bool]:
    def counted(state: "StateBase", *given: int | bool) -> bool:
        state.env["steps"] += 1
        if state.env["steps"] > MAX_STEPS:
            raise _TooMuchError
        return rule(state, *given)

    return counted


def _pass_over_table(state: "StateBlock", start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's
    """A block rule: GitHub's tables, <https://github.github.com/gfm/#tables-extension->, as nothing at all.

    No command stands in one, and a short table may have a million cells.
    """
    from markdown_it.rules_block import table

    if not table(state, start, end, True):  # noqa: FBT003
        return False
    if silent:
        return True
    ending = state.md.block.ruler.getRules("blockquote")
    state.line = start + 2
    while state.line < end and not (
        state.sCount[state.line] < state.blkIndent
        or state.isEmpty(state.line)
        or state.is_code_block(state.line)
        or any(rule(state, state.line, end, True) for rule in ending)  # noqa: FBT003
    ):
        state.line += 1
    return True


@cache
def _markdown() -> "MarkdownIt":
    """Splits into blocks; what stands in one is read only where it may matter.

    Emphasis and headings stay as written: a line starts with a command only if its first character is the slash. What
    stands in an image's description or a link's title nobody sees. Escapes stay apart from text for the same reason.
    """
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark")
    made.block.ruler.at("table", _pass_over_table, {"alt": ["paragraph", "reference"]})
    for block in made.block.ruler.__rules__:
        block.fn = _counted(block.fn)
    for inline in made.inline.ruler.__rules__:
        inline.fn = _counted(inline.fn)
    made.enable("table")
    return made.disable(["inline", "heading", "emphasis", "autolink", "text_join"])


@lru_cache(maxsize=500)
def command_lines(text: str, *, by_mail: bool = False) -> tuple[str, ...] | None:
    """The lines that begin with a slash and a word, in their order; None when the text is too much to read.

    What came `by_mail` counts up to the first empty line: below may stand what others wrote, in every mail program
    and language another way.
    """
    try:
        lines = tuple(_plain_lines(text, by_mail=by_mail))
    except _TooMuchError:
        return None
    return lines if len(lines) <= MAX_COMMANDS else None


def _plain_lines(text: str, *, by_mail: bool) -> Iterator[str]:
    """The lines of those paragraphs that may hold a command."""
    env = {"steps": 0}
    markdown = _markdown()
    tokens = markdown.parse(text, env)
    # A paragraph is an opening token, its text and a closing one.
    for token in tokens[:3] if by_mail else tokens:
        # Level 1 is a paragraph of the comment itself; deeper ones stand in a quote or a list.
        is_read = token.type == "inline" and token.level == 1 and may_hold_command(token.content)
        if is_read and not _in_footnote(text, token):
            inside: list[Token] = []
            markdown.inline.parse(token.content, markdown, env, inside)
            yield from (line for line in _lines(inside) if _COMMAND.search(line))


def _in_footnote(text: str, token: "Token") -> bool:
    """Whether a paragraph goes on a footnote, which GitHub shows only where something refers to it.

    See "Footnotes" in GitHub's "Basic writing and formatting syntax".
    """
    if "[^" not in text:
        return False
    begin, end = token.map or (0, 0)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:end]
    while begin and lines[begin - 1].strip():
        begin -= 1
    return any(_FOOTNOTE.search(line.strip()) for line in lines[begin:end])


def may_hold_command(text: str) -> bool:
    """Most comments hold none, and one look at the plain text tells."""
    return bool(_MAY_HOLD.search(text))


_READ = frozenset({"text", "text_special", "code_inline"})


def _lines(tokens: Iterable["Token"]) -> Iterator[str]:
    """The lines of a paragraph that start with plain text; code and raw HTML never start a command."""
    line, is_plain = "", True
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            if is_plain:
                yield line.strip(" \t")
            line, is_plain = "", True
        else:
            is_plain = is_plain and bool(line or token.type == "text")
            line += token.content if token.type in _READ else ""
    if is_plain:
        yield line.strip(" \t")
