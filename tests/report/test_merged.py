"""How a comment says that its pull request was merged despite it."""

import pytest

from bot.gate.published import Published, PublishedComment
from bot.report.marker import MARKER
from bot.report.merged import merged_line, told_despite
from bot.report.plan import UpdateComment

LINE = "Merged by @rita despite: Blocked"
HEADING = "## 🟥 Merged by &#64;&#8203;rita despite: Blocked"


def published(*bodies: str) -> Published:
    return Published(
        comments=tuple(PublishedComment(id=str(at), body=body, is_minimized=False) for at, body in enumerate(bodies))
    )


@pytest.mark.parametrize(
    ("comments", "body"),
    [
        pytest.param((), None, id="there is none"),
        pytest.param(
            (f"{MARKER}\n## 🟥 Blocked\n\nwhy",), f"{MARKER}\n{HEADING}\n\nwhy", id="the heading alone is new"
        ),
        pytest.param((f"{MARKER}\r\n## x\r\n\r\nwhy",), f"{MARKER}\n{HEADING}\n\nwhy", id="line ends as GitHub likes"),
        pytest.param((f"{MARKER}\n{HEADING}\n\nwhy",), None, id="it says so already"),
        pytest.param((f"{MARKER}\n## a\n", "second"), f"{MARKER}\n{HEADING}\n", id="only the one comment"),
    ],
)
def test_what_is_written(comments, body):
    assert told_despite(LINE, published(*comments)) == ((UpdateComment(id="0", body=body),) if body else ())


def test_what_was_ready_was_merged_despite_nothing():
    assert merged_line("ann", "Ready", is_despite=False) == "Merged by ann: Ready"
