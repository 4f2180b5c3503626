"""What the document tells of how a release ended, and of what was decided of it before."""

from datetime import timedelta

import pytest

from bot.gate.facts import Merge
from bot.gate.verdict import Outcome
from bot.report.past import Closed, Past, ending, history
from bot.report.words import ENGLISH
from tests.builders import HEAD, NOW

MERGE = Merge(by="rita", at=NOW, commit="d" * 40)
THEN = "What follows was decided before, by what was known then."


def a_past(number: int, outcome: Outcome | None = Outcome.BLOCKED) -> Past:
    at = NOW + timedelta(minutes=number)
    return Past(number=number, at=at, commit=HEAD, outcome=outcome, digest=f"{number:064}")


@pytest.mark.parametrize(
    ("closed", "lines"),
    [
        pytest.param(Closed(merge=None), ["Closed without a merge.", THEN], id="closed"),
        pytest.param(
            Closed(merge=MERGE), ["Merged by `rita`, 2026-11-22 12:00 UTC, as `ddddddd`.", THEN], id="merged when ready"
        ),
        pytest.param(
            Closed(merge=Merge(by=None, at=NOW, commit=None), is_despite=True),
            ["Merged by an account that is gone, 2026-11-22 12:00 UTC.", "**Merged despite what stands below.**", THEN],
            id="merged despite it",
        ),
        pytest.param(
            Closed(merge=None, program="0.0.9"),
            ["Closed without a merge.", THEN, "This program decides otherwise than version 0.0.9 did."],
            id="decided otherwise by another program",
        ),
    ],
)
def test_how_it_ended(closed, lines):
    assert ending(closed, ENGLISH).split("  \n") == lines


def test_decisions_are_told_the_newest_first():
    text = history((a_past(1), a_past(2, Outcome.READY), a_past(3, None)), ENGLISH)
    rows = [[cell.strip() for cell in row.split("|")[1:5]] for row in text.splitlines()[4:]]
    assert rows == [
        ["3", "2026-11-22 12:03", "`aaaaaaa`", "merged"],
        ["2", "2026-11-22 12:02", "`aaaaaaa`", "may ship"],
        ["1", "2026-11-22 12:01", "`aaaaaaa`", "blocked"],
    ]


def test_without_decisions_there_is_no_table():
    assert history((), ENGLISH) == ""


def test_of_many_decisions_the_older_are_counted():
    text = history(tuple(a_past(number) for number in range(1, 34)), ENGLISH)
    assert "| 33 |" in text
    assert "| 3 |" not in text
    assert text.endswith("3 older decisions are not shown.")
