"""That a pull request was merged: in one line, and as the heading of the comment that says what was open."""

from bot.gate.published import Published
from bot.report.markdown import plain
from bot.report.marker import MARKER
from bot.report.plan import UpdateComment


def merged_line(by: str | None, shown: str, *, is_despite: bool) -> str:
    """Who merged it, and what the check said then."""
    who = by or "an account that is gone"
    return f"Merged by {who} despite: {shown}" if is_despite else f"Merged by {who}: {shown}"


def told_despite(line: str, published: Published) -> tuple[UpdateComment, ...]:
    """The comment with this heading instead of its own; nothing without a comment, or when it says so already."""
    if not published.comments:
        return ()
    comment = published.comments[0]
    heading, _, rest = comment.body.replace("\r\n", "\n").removeprefix(f"{MARKER}\n").partition("\n")
    told = f"## 🟥 {plain(line)}"
    if heading == told:
        return ()
    return (UpdateComment(id=comment.id, body=f"{MARKER}\n{told}\n{rest}"),)
