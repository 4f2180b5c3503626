"""Markdown that can't be broken by what others wrote, and that stays within GitHub's limits."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from bot.gate.markup import code, visible
from bot.report.words import ENGLISH, Words

MAX_BYTES = 60_000
"""GitHub takes 65,535 characters in a check run and 65,536 in a comment; whether it counts bytes it does not say."""

_SPECIAL = frozenset("\\`*_[]<>|~&$")
# GitHub looks for mentions and references in the rendered text, where escapes are gone; a space of no width stops it:
# https://github.com/github/markup/issues/1168
_ESCAPES = {letter: f"&#{ord(letter)};" for letter in _SPECIAL} | {"@": "&#64;&#8203;", "#": "&#35;&#8203;"}
_MARKUP = re.compile(
    r"[\\`*\[\]<>|~$]|&(?=#?[0-9A-Za-z]+;)|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])|\A[#+=-]|\A[0-9]{1,9}[.)]"
)
"""What Markdown would take up, of lists and headings only at the beginning."""
_LINKED = re.compile(
    r"(https?://[^\s<>|\\`\x00-\x1f\x7f]*[^\s<>|\\`.,;:!?()\[\]{}'\"*_~\x00-\x1f\x7f]|(?<![A-Za-z0-9.+_-])[A-Za-z0-9.+_-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
)
"""An address of the web or a mailbox, without the full stop or bracket behind it.

A control character ends it: with one between them, angle brackets make no link, and Markdown reads what they hold.
"""
_ADDRESS = re.compile(r"\Ahttps://|\Ahttp://(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?(?:/|\Z)")


def plain(text: str, *, limit: int = 300) -> str:
    """The text with nothing in it that Markdown, HTML or GitHub's mentions and links would take up."""
    flat = " ".join(visible(text).split())
    clipped = flat if len(flat) <= limit else flat[: limit - 1] + "…"
    escaped = "".join(_ESCAPES.get(letter, letter) for letter in clipped)
    # What GitHub makes a link of by itself: https://github.github.com/gfm/#autolinks-extension-
    return escaped.replace("://", "&#58;//").replace("www.", "www&#46;")


def exact(text: str, *, limit: int = 300) -> str:
    """The same for a file, where a name notifies nobody: addresses stand as they are, to be copied."""
    flat = " ".join(visible(text).split())
    return _MARKUP.sub(_escaped, flat if len(flat) <= limit else flat[: limit - 1] + "…")


def _escaped(found: re.Match[str]) -> str:
    before, letter = found[0][:-1], found[0][-1]
    return f"&#{ord(letter)};" if letter in "<>|&`" else f"{before}\\{letter}"


def addressed(text: str) -> str:
    """The same with web and e-mail addresses made links: for what the rules say."""
    parts = _LINKED.split(" ".join(visible(text).split()))
    return "".join(f"<{part}>" if number % 2 else _between(part, exact) for number, part in enumerate(parts))


def inline(text: str, prose: Callable[[str], str] = plain) -> str:
    """What stands in backticks is code, the rest is plain."""
    parts = text.split("`")
    return "".join(code(part, limit=200) if number % 2 else _between(part, prose) for number, part in enumerate(parts))


def _between(text: str, prose: Callable[[str], str]) -> str:
    """Prose that keeps the blanks around it."""
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{lead}{prose(text)}{tail}" if text.strip() else text


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a row is cut into cells by us alone, and a column with nothing in it is left out."""
    filled = list(rows)
    kept = [at for at in range(len(head)) if any(row[at] for row in filled)]
    lines = [[head[at] for at in kept], ["---"] * len(kept), *([row[at] for at in kept] for row in filled)]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def link(text: str, url: str | None) -> str:
    """A link, or the text alone when there is no address that can stand in one.

    Without TLS only what is on the reader's own machine, as the sandbox is.
    """
    safe = url is not None and _ADDRESS.search(url) and url.isprintable() and not set(url) & set(" ()<>\\|")
    return f"[{text}]({url})" if safe else text


def heading(text: str) -> str:
    """Of a part of a comment, or inside of a section of the document."""
    return f"### {text}"


def folded(summary: str, body: str) -> str:
    """A part that opens on a click."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def joined(parts: Iterable[str], *, limit: int = MAX_BYTES, words: Words = ENGLISH) -> str:
    """The parts one below the other; too long, the later ones are cut at a line, and the reader is told."""
    text = "\n\n".join(part for part in parts if part)
    if len(text.encode()) <= limit:
        return text
    lines = text.split("\n")
    sizes = accumulate(len(line.encode()) + 1 for line in lines)
    kept = [line for line, size in zip(lines, sizes, strict=True) if size <= limit - 200]
    opened = sum(line == "<details>" for line in kept) - sum(line == "</details>" for line in kept)
    told = words("**Cut here:** the rest does not fit into GitHub's limit.")
    ending = ["", *["</details>"] * opened, "", told]
    return "\n".join([*kept, *ending])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split()) or " "
