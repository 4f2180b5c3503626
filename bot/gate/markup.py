"""Quotes what others wrote inside our own Markdown."""


def code(text: str, *, limit: int = 80) -> str:
    """The text as one code span of one line: nothing in it is markup, mentions anybody or ends the span."""
    flat = " ".join(text.replace("`", "'").split())
    return f"`{flat if len(flat) <= limit else flat[: limit - 1] + '…'}`" if flat else "(nothing)"


def listed(words: tuple[str, ...] | list[str], *, last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    *head, tail = words or ("nobody",)
    return f"{', '.join(head)} {last} {tail}" if head else tail
