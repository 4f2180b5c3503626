"""Markdown that can't be broken by what others wrote, and that stays within GitHub's limits."""

from collections.abc import Iterable, Sequence

MAX_BYTES = 60_000
"""GitHub takes 65,535 characters in a check run and 65,536 in a comment; whether it counts bytes it does not say."""

_SPECIAL = frozenset("\\`*_[]<>|~&@#$")


def plain(text: str) -> str:
    """The text with nothing in it that Markdown, HTML or GitHub's mentions and links would take up."""
    flat = " ".join(text.split())
    return "".join(f"&#{ord(letter)};" if letter in _SPECIAL else letter for letter in flat)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a row is cut into cells by us alone."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def link(text: str, url: str | None) -> str:
    """A link, or the text alone when there is no address that can stand in one."""
    safe = url is not None and url.startswith("https://") and not set(url) & set("()<> \n\t\\|")
    return f"[{text}]({url})" if safe else text


def folded(summary: str, body: str) -> str:
    """A part that opens on a click."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def joined(parts: Iterable[str], *, limit: int = MAX_BYTES) -> str:
    """The parts one below the other; too long, the later ones are cut at a line, and the reader is told."""
    text = "\n\n".join(part for part in parts if part)
    if len(text.encode()) <= limit:
        return text
    kept, size = [], 0
    room = limit - 200
    for line in text.split("\n"):
        size += len(line.encode()) + 1
        if size > room:
            break
        kept.append(line)
    opened = sum(line == "<details>" for line in kept) - sum(line == "</details>" for line in kept)
    ending = ["", *["</details>"] * opened, "", "**Cut here:** the rest does not fit into GitHub's limit."]
    return "\n".join([*kept, *ending])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split()) or " "
