"""Reads the commands in a comment: at the start of a line, outside code, quotes and HTML."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from markdown_it import MarkdownIt
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
_MAY_HOLD_COMMAND = regex(rf"(?im)(?:^|\r)[ \t]*/(?:gate[ \t]+)?(?:{'|'.join(Verb)})\b")
_LINK = regex(r"^https://[^\s()<>\\|`\[\]\"']{1,500}$")
_COMMIT = regex(r"^[0-9a-fA-F]{7,40}$")
# Emphasis, links and headings stay as written: a line starts with a command only if its first character is the slash.
# Escapes stay apart from text for the same reason. Tables are GitHub's, and what stands in one is no command.
_MARKDOWN = (
    MarkdownIt("commonmark").enable("table").disable(["heading", "emphasis", "link", "image", "autolink", "text_join"])
)


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
    """The commands of a comment in their order; never raises, whatever the text."""
    # Reading Markdown costs; most comments hold no command, and one look at the plain text tells.
    if not _MAY_HOLD_COMMAND.search(comment.body):
        return ()
    return tuple(
        command
        for token in _MARKDOWN.parse(comment.body)
        # Level 1 is a paragraph of the comment itself; deeper ones stand in a quote or a list.
        if token.type == "inline" and token.level == 1
        for line in _lines(token.children or ())
        if (command := _parse(line, comment))
    )


_READ = frozenset({"text", "text_special", "code_inline"})


def _lines(tokens: Iterable[Token]) -> Iterator[str]:
    """The lines of a paragraph that start with plain text; code and raw HTML never start a command."""
    line, is_plain = "", True
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            if is_plain:
                yield line
            line, is_plain = "", True
        else:
            is_plain = is_plain and bool(line or token.type == "text")
            line += token.content if token.type in _READ else ""
    if is_plain:
        yield line


def _parse(line: str, comment: Comment) -> Command | None:
    match = _COMMAND.search(line.strip(" \t"))
    if match is None:
        return None
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
