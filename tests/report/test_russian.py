"""The check run and the comment in Russian, word by word, and nothing in them that is still in English."""

from typing import Any, cast

import pytest

from bot.catalogues import words_of
from bot.gate.evaluate import evaluate
from bot.gate.verdict import Verdict
from bot.report.text import report_of
from tests.builders import a_snapshot
from tests.heard import english_in
from tests.report import test_outlook, test_version_words, test_words
from tests.report.golden import HERE, assert_golden, words

RUSSIAN = words_of("ru")
THEIRS = (
    "nobody on call",
    "need coordination",
    "add the label `qa`",
    "Seen on staging",
    "looked at it",
    "fine by me",
    "is no tier; one of",
    "nobody can fill `devops`",
    "in production for 2 days",
    "told 4 of 14 days ago",
    "GitHub shows 250 only",
    "GitHub shows 3,000 files only",
    "A backup was restored",
    "QA is done",
    "Add the label `qa` when done.",
)
"""What the rules of the cases say: it stays as it is written there."""


def told(name: Any, verdict: Verdict):
    return pytest.param(name, verdict, id=name)


def beyond(name: str, rules: Any, facts: Any):
    return told(name, evaluate(rules, a_snapshot(**(test_outlook.FACTS | facts))))


def of_version(name: str, versions: Any, messages: Any):
    return told(name, test_version_words.judged(versions, messages))


CASES: list[Any] = [
    *test_words.CASES,
    *(beyond(*case.values) for case in cast("list[Any]", test_outlook.CASES)),
    *(of_version(*case.values) for case in cast("list[Any]", test_version_words.CASES)),
]


@pytest.mark.parametrize(("name", "verdict"), CASES)
def test_people_read(name: str, verdict: Verdict):
    report = report_of(verdict, words=RUSSIAN)
    assert_golden(f"ru/{name}", words(report))
    assert english_in(f"{report.title}\n{report.summary}\n{report.comment}", theirs=THEIRS) == []


def test_every_golden_file_has_its_case():
    files = {file.stem for file in (HERE / "ru").glob("*.md")}
    assert {name for name in files if not name.startswith("demo-")} == {case.values[0] for case in CASES}
