"""That a pull request was merged: in one line, and as the heading of the comment that says what was open."""

from bot.gate.published import Published
from bot.report.markdown import plain
from bot.report.marker import MARKER
from bot.report.plan import UpdateComment
from bot.report.words import ENGLISH, Words


def merged_line(by: str | None, shown: str, *, is_despite: bool, words: Words = ENGLISH) -> str:
    """Who merged it, and what the check said then."""
    who = by or words("an account that is gone")
    if is_despite:
        return words("Merged by {who} despite: {title}", who=who, title=shown)
    return words("Merged by {who}: {title}", who=who, title=shown)


def undecided(commit: str, words: Words = ENGLISH) -> str:
    """What the check said of a commit that it never judged."""
    return words("nothing was decided about {commit}", commit=commit[:7])


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
