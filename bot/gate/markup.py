"""Quotes what others wrote inside our own Markdown, and writes lists and instants the same way everywhere."""

import unicodedata
from datetime import datetime, timedelta


def code(text: str, *, limit: int = 80) -> str:
    """The text as one code span of one line: nothing in it is markup, mentions anybody or ends the span."""
    flat = " ".join(visible(text).replace("`", "'").split())
    return f"`{flat if len(flat) <= limit else flat[: limit - 1] + '…'}`" if flat else "(nothing)"


def visible(text: str) -> str:
    """The text without what shows nothing but may turn round or hide what stands beside it.

    These are the characters of Unicode's category Cf: <https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing>.
    """
    return text if text.isascii() else "".join(one for one in text if unicodedata.category(one) != "Cf")


def listed(words: tuple[str, ...] | list[str], *, last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    *head, tail = words or ("nobody",)
    return f"{', '.join(head)} {last} {tail}" if head else tail


def some(names: list[str] | tuple[str, ...], *, shown: int = 3) -> str:
    """The first few as code, and how many more there are."""
    rest = [f"{len(names) - shown} more"] if len(names) > shown else []
    return listed([*(code(name) for name in names[:shown]), *rest])


def instant(at: datetime) -> str:
    """`6 Dec 2026 09:00 UTC`."""
    return f"{at.day} {at:%b %Y %H:%M} UTC"


def span(lasts: timedelta) -> str:
    """`14 days`, in the largest unit of which there is a whole number."""
    seconds = int(lasts.total_seconds())
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds and seconds % size == 0:
            number = seconds // size
            return f"{number} {name if number > 1 else name.removesuffix('s')}"
    return f"{seconds} seconds"
