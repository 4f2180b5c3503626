"""No text makes the reader raise, hang or give a fault without a place."""

import json
import random
import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import builtin
from bot.evidence import KINDS
from bot.gate.rules import BrokenRules, Rules
from bot.rules import parse
from bot.rules.kinds import readers_of
from bot.rules.scalars import plain

GOOD = (*builtin.sets().values(), "version: 1\nextends: release\nroles: {security: {users: [ann]}, devops: off}\n")
SNIPPETS = ["[", "{", "]", "}", ":", " ", "\n", "- ", "&a ", "*a", "!!x ", "<<", "'", '"', "|", ">", "#", "\t", "---\n"]
SNIPPETS += [
    "off",
    "null",
    "1",
    "true",
    "%",
    "@",
    "`",
    "\0",
    "\u2028",
    "version",
    "checklist",
    "? ",
    "\\",
    "***",
    "(",
    "é",
]


def _look_at(text: str | bytes) -> None:
    answer = parse(text, file="f", source="s", sets=builtin.sets())
    assert isinstance(answer, Rules) or answer.faults
    if isinstance(answer, BrokenRules):
        raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
        assert all(1 <= fault.line <= lines + 1 and fault.column >= 1 and fault.message for fault in answer.faults)
        assert len(answer.faults) <= 101


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_any_text(text):
    _look_at(text)


@given(st.lists(st.sampled_from(SNIPPETS), max_size=40).map("".join))
def test_any_yaml(text):
    _look_at(text)


KEYS = st.sampled_from(sorted({*re.findall(r"[\w-]+(?=:)", "".join(GOOD)), "not", "count", "exclude", "conclusions"}))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["off", "main", "a/b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


SECTIONS = [
    "release",
    "semver",
    "roles",
    "areas",
    "mode",
    "check",
    "workflow_changes",
    "checklist",
    "extends",
    "version",
]


def any_values() -> st.SearchStrategy[dict[str, Any]]:
    """Whatever may stand below the keys that are known."""
    return st.dictionaries(st.sampled_from(SECTIONS), VALUES)


@settings(max_examples=150, deadline=None)
@given(any_values())
def test_any_values_under_known_keys(values):
    _look_at(json.dumps({"version": 1, **values}))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(GOOD), st.randoms(use_true_random=False))
def test_good_files_with_accidents(good, chance: random.Random):
    text = good
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(text) + 1)
        cut = chance.choice([0, 0, 1, 5, 40])
        text = text[:at] + chance.choice(["", *SNIPPETS]) + text[at + cut :]
    _look_at(text)


@pytest.mark.parametrize(
    "unit",
    [
        "- ",
        "a: ",
        "? ",
        "{a: 1, ",
        "[a, ",
        "&a *a ",
        "'",
        "a\n",
        "a: |\n",
        "!x ",
        "#",
        "a: b\n",
        "  - a\n",
        "{? ",
        "---\n",
    ],
)
def test_large_files_are_answered_at_once(unit):
    start = time.perf_counter()
    _look_at((unit * 262_144)[:262_144])
    assert time.perf_counter() - start < 5  # far above what it takes, far below what a quadratic reader would


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("true", True), ("False", False), ("1", 1), ("-7", -7), ("0o17", 15),
        ("0x1F", 31), ("1.5", 1.5), ("1e3", 1000.0), (".inf", float("inf")), ("-.inf", float("-inf")),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("017", 17), ("1_000", "1_000"),
        ("1:30", "1:30"), ("2025-10-06", "2025-10-06"), ("9" * 19, 1e19), ("0b1", "0b1"), ("tRUE", "tRUE"),
    ],
)  # fmt: skip
def test_plain_scalars_are_read_by_yaml_1_2(text, value):
    assert plain(text) == value


def test_not_a_number_is_no_number():
    assert str(plain(".nan")) == "nan"


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=list(KINDS))
def test_every_option_of_every_kind_can_be_read(kind):
    assert readers_of(kind)


def test_an_option_of_a_type_that_nobody_reads_is_a_bug_of_ours():
    class Odd:
        option: dict[str, int]

    with pytest.raises(TypeError, match="no reader"):
        readers_of(Odd)
