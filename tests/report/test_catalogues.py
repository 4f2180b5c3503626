"""The translations: whole, of the texts that the code has, and compiled."""

import ast
import subprocess
import sys
from io import BytesIO
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.catalogues import DOMAIN, LANGUAGES, words_of
from bot.gate.rules import Language
from bot.report.words import ENGLISH
from tests.architecture.sources import ROOT, modules, read, tree

MARKS = {"msg": 1, "words": 1, "many": 2, "plural": 2, "of_kind": 2}
"""How texts are marked, and how many texts each takes; the list that the Makefile gives pybabel."""
FOLDERS = [LANGUAGES / language / "LC_MESSAGES" for language in Language if language != ENGLISH.language]
by_language = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)


def messages(folder) -> list[Message]:
    return [message for message in read_po(BytesIO((folder / f"{DOMAIN}.po").read_bytes())) if message.id]


def key(message: Message) -> tuple[object, ...]:
    return (message.context, message.id)


def marked() -> set[tuple[object, ...]]:
    """Every text in the code that is marked for the catalogue."""
    found: set[tuple[object, ...]] = set()
    for path in modules("bot/report"):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = [arg.value for arg in node.args[: MARKS.get(name, 0)] if isinstance(arg, ast.Constant)]
            if len(texts) == MARKS.get(name):
                context, *rest = texts if name == "of_kind" else [None, *texts]
                found.add((context, rest[0] if len(rest) == 1 else tuple(rest)))
    return found


def names(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@by_language
def test_every_text_in_the_code_is_translated_and_no_other(folder):
    assert {key(message) for message in messages(folder)} == marked()


@by_language
def test_no_translation_is_missing_or_fuzzy(folder):
    whole = [message for message in messages(folder) if not message.fuzzy and all(forms(message))]
    assert [message.id for message in messages(folder) if message not in whole] == []


def forms(message: Message) -> tuple[str, ...]:
    return tuple(map(str, message.string if isinstance(message.string, tuple) else (message.string or "",)))


@by_language
def test_what_stands_in_braces_is_the_same(folder):
    wrong = []
    for message in messages(folder):
        wanted = names(message.id if isinstance(message.id, str) else message.id[1])
        wrong += [message.id for form in forms(message) if names(form) != wanted]
    assert wrong == []


def test_russian_has_its_three_forms():
    russian = words_of("ru")
    told = [russian.many("{number} job", "{number} jobs", number) for number in (1, 2, 5, 11, 21, 1_002)]
    assert told == ["1 задание", "2 задания", "5 заданий", "11 заданий", "21 задание", "1\u00a0002 задания"]


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        pytest.param(1_101, "1\u00a0101", id="thousands"),
        pytest.param("+1,234,567 −20", "+1\u00a0234\u00a0567 −20", id="millions within a text"),
        pytest.param("92.5 %", "92,5 %", id="decimals"),
        pytest.param("1, 2", "1, 2", id="a list stays"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(english, russian):
    assert words_of("ru").number(english) == russian
    assert ENGLISH.number(english) == (f"{english:,}" if isinstance(english, int) else english)


@by_language
def test_the_compiled_catalogue_is_that_of_the_text(folder):
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO((folder / f"{DOMAIN}.po").read_bytes())))
    assert (folder / f"{DOMAIN}.mo").read_bytes() == compiled.getvalue(), "type: make words"


def test_no_marked_text_hides_in_an_f_string():
    """Where the extraction does not look."""
    hidden = [
        f"{path}:{node.lineno}"
        for path in modules("bot/report")
        for string in ast.walk(tree(path))
        if isinstance(string, ast.JoinedStr)
        for node in ast.walk(string)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in MARKS
        if node.args and isinstance(node.args[0], ast.Constant)
    ]
    assert hidden == []


def test_make_words_finds_what_this_test_finds(tmp_path):
    keywords = next(line for line in read("Makefile").splitlines() if line.startswith("KEYWORDS")).split(":= ")[1]
    template = tmp_path / "words.pot"
    extract = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "--no-default-keywords"]
    subprocess.run([*extract, *keywords.split(), "-o", template, ROOT / "bot/report"], check=True, capture_output=True)
    assert {key(message) for message in read_po(BytesIO(template.read_bytes())) if message.id} == marked()
