"""Reads the commands in a comment: at the start of a line, outside code, quotes and HTML."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.ruler import StateBase
from markdown_it.rules_block import StateBlock, table
from markdown_it.token import Token

from bot.gate.facts import Comment
from bot.gate.patterns import regex


class Verb(StrEnum):
    """What a command does. Opening commands die with their comment, closing ones stand once seen."""

    APPROVE = "approve"
    REVOKE = "revoke"
    ATTEST = "attest"
    UNATTEST = "unattest"


_COMMAND = regex(rf"^/(?P<prefix>gate[ \t]+)?(?i:(?P<verb>{'|'.join(Verb)}))(?:[ \t]+(?P<rest>.*))?$")
_MAY_HOLD_COMMAND = regex(rf"(?im)(?:^|\r)[ \t]*(?P<text>/(?:gate[ \t]+)?(?P<verb>{'|'.join(Verb)})\b[^\r\n]*)")
_LINK = regex(r"^https://[^\s()<>\\|`\[\]\"']{1,500}$")
_COMMIT = regex(r"^[0-9a-fA-F]{7,40}$")

MAX_COMMANDS: Final = 50
MAX_STEPS: Final = 12_000
"""How often a rule of Markdown may be tried on one comment, which takes 50 milliseconds at most.

Anybody may comment and everybody waits: 64 KB of quotes in quotes would take seconds. A line of prose takes 13 steps.
"""
TOO_MUCH: Final = (
    f"its comment is too long or too nested to be read, or has over {MAX_COMMANDS} commands; "
    "write the command as a comment of its own"
)


class _TooMuchError(Exception):
    """Reading takes too many steps."""


def _counted(rule: Callable[..., bool]) -> Callable[..., bool]:
    def counted(state: StateBase, *given: int | bool) -> bool:
        state.env["steps"] += 1
        if state.env["steps"] > MAX_STEPS:
            raise _TooMuchError
        return rule(state, *given)

    return counted


def _pass_over_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's
    """A block rule: GitHub's tables, <https://github.github.com/gfm/#tables-extension->, as nothing at all.

    No command stands in one, and a short table may have a million cells.
    """
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


def _markdown() -> MarkdownIt:
    """Splits into blocks; what stands in one is read only where it may matter.

    Emphasis, links and headings stay as written: a line starts with a command only if its first character is the
    slash. Escapes stay apart from text for the same reason.
    """
    made = MarkdownIt("commonmark")
    made.block.ruler.at("table", _pass_over_table, {"alt": ["paragraph", "reference"]})
    for block in made.block.ruler.__rules__:
        block.fn = _counted(block.fn)
    for inline in made.inline.ruler.__rules__:
        inline.fn = _counted(inline.fn)
    made.enable("table")
    return made.disable(["inline", "heading", "emphasis", "link", "image", "autolink", "text_join"])


_MARKDOWN = _markdown()


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One line that addresses us."""

    verb: Verb
    text: str
    """The line as written, for an answer."""
    argument: str
    """The role or item, as written."""
    commit: str | None
    """At least seven hex digits, in lower case."""
    note: str
    addressed: bool
    """`/gate` stood in front: it is meant for us and nobody else."""
    comment: Comment
    url: str | None = None
    """The link that an attestation points at."""


def commands_in(comment: Comment) -> tuple[Command, ...]:
    """The commands of a comment in their order; never raises, whatever the text. None of what `unread_in` tells of."""
    lines = _command_lines(comment.body) if _may_hold_command(comment.body) else None
    return tuple(_parse(line, comment) for line in lines or ())


def unread_in(comment: Comment) -> Command | None:
    """What looks like the first command of a comment that is too much to read, so that somebody is told."""
    if not _may_hold_command(comment.body) or _command_lines(comment.body) is not None:
        return None
    found = _MAY_HOLD_COMMAND.search(comment.body)
    return Command(
        verb=Verb(found["verb"].lower()),
        text=found["text"].strip(),
        argument="",
        commit=None,
        url=None,
        note="",
        addressed=True,
        comment=comment,
    )


def _may_hold_command(text: str) -> bool:
    """Most comments hold none, and one look at the plain text tells."""
    return bool(_MAY_HOLD_COMMAND.search(text))


@lru_cache(maxsize=500)
def _command_lines(text: str) -> tuple[str, ...] | None:
    """The lines of a comment that are commands; None when it is too much to read."""
    try:
        lines = tuple(line for line in _plain_lines(text) if _COMMAND.search(line))
    except _TooMuchError:
        return None
    return lines if len(lines) <= MAX_COMMANDS else None


def _plain_lines(text: str) -> Iterator[str]:
    """The lines of those paragraphs that may hold a command."""
    env = {"steps": 0}
    for token in _MARKDOWN.parse(text, env):
        # Level 1 is a paragraph of the comment itself; deeper ones stand in a quote or a list.
        if token.type == "inline" and token.level == 1 and _may_hold_command(token.content):
            inside: list[Token] = []
            _MARKDOWN.inline.parse(token.content, _MARKDOWN, env, inside)
            yield from _lines(inside)


_READ = frozenset({"text", "text_special", "code_inline"})


def _lines(tokens: Iterable[Token]) -> Iterator[str]:
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


def _parse(line: str, comment: Comment) -> Command:
    match = _COMMAND.search(line)
    argument, rest = _first_word(match["rest"] or "")
    first, note = _first_word(rest)
    verb = Verb(match["verb"].lower())
    commit = first.lower() if verb is not Verb.ATTEST and _COMMIT.search(first) else None
    url = first if verb is Verb.ATTEST and _LINK.search(first) else None
    return Command(
        verb=verb,
        text=line.strip(),
        argument=argument,
        commit=commit,
        url=url,
        note=note if commit or url else rest,
        addressed=bool(match["prefix"]),
        comment=comment,
    )


def _first_word(text: str) -> tuple[str, str]:
    word, *rest = text.split(maxsplit=1) or ("",)
    return word, rest[0].strip() if rest else ""
