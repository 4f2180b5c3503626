"""The bot's exact words in files, so that new wording is a diff; `REGOLD=1 pytest tests/report` writes them anew."""

import os
from pathlib import Path

from bot.report.annotations import mark
from bot.report.text import Report

HERE = Path(__file__).parent / "golden"
SAME = "The comment below its heading."


def words(report: Report) -> str:
    """A check run and a comment as one text: where they say the same, it stands there once."""
    said = report.comment.split("\n\n", 1)[1]
    summary = SAME if said == report.summary.removesuffix(mark(report.annotations)) else report.summary
    noted = "".join(
        f"annotation: {note.path}:{note.line}:{note.column} {note.message}\n" for note in report.annotations
    )
    comment = report.comment if report.starts_comment else f"(starts no comment)\n{report.comment}"
    return (
        f"name: {report.name}\nstatus: {report.status}\nconclusion: {report.conclusion}\ntitle: {report.title}\n"
        f"summary: {summary}\n{noted}\n{comment}\n"
    )


def assert_golden(name: str, text: str) -> None:
    """The text is what the file holds."""
    file = HERE / f"{name}.md"
    if os.environ.get("REGOLD"):
        file.write_text(text, "utf-8")
    assert file.read_text("utf-8") == text, "read the difference; if it is meant: REGOLD=1 pytest tests/report"
