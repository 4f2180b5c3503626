"""Bad rules files: every fault, where it is and what it says."""

from pathlib import Path

import pytest
import yaml

from bot.gate.rules import BrokenRules, Fault, Rules
from bot.rules import parse
from bot.rules.characters import SIZE_LIMIT
from bot.rules.checklist import ITEM_LIMIT
from bot.rules.coherence import WAIT_LIMIT, WAITS_LIMIT
from bot.rules.document import DEPTH_LIMIT, NODE_LIMIT
from bot.rules.faults import LIMIT
from bot.rules.packages import PACKAGE_LIMIT

START = "version: 1\n"
ITEM = "checklist: {A-1: {title: t, tier: high, evidence: {file: a}}}\n"
GOLDEN = [
    case
    for file in ("faults.yml", "people_faults.yml", "package_faults.yml")
    for case in yaml.safe_load(Path(__file__).with_name(file).read_text("utf-8"))
]


def _parse(text: str | bytes) -> Rules | BrokenRules:
    return parse(text, file="f", source="s", sets={"minimal": START + ITEM, "release": START + ITEM})


def _told(faults: tuple[Fault, ...]) -> list[str]:
    return [f"{fault.line}:{fault.column} {fault.path}: {fault.message}" for fault in faults]


def _faults(text: str | bytes) -> list[str]:
    broken = _parse(text)
    assert isinstance(broken, BrokenRules), text
    return _told(broken.faults)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in GOLDEN])
def test_every_fault_and_warning_of_a_file(case):
    answer = _parse(case["text"])
    assert _told(answer.faults if isinstance(answer, BrokenRules) else ()) == case["faults"]
    assert _told(answer.warnings) == case.get("warnings", [])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"a: \xc3\xa9\nb: \xff\n", "2:4 : byte 0xff is not UTF-8; save the file as UTF-8"),
        (b"\xef\xbb\xbf\xc3\xa9\xff", "1:2 : byte 0xff is not UTF-8; save the file as UTF-8"),
        ("a: \ud800", "1:4 : byte 0xed is not UTF-8; save the file as UTF-8"),
        ("a" * (SIZE_LIMIT + 1), "1:1 : the file has more than 256 KB, which is the limit; shorten it"),
        ("[" * 60_000, f"1:33 {'.'.join('0' * 32)}: this is nested more than {DEPTH_LIMIT} deep; flatten it"),
        ("{a: " * 60_000, f"1:126 {'.'.join('a' * 31)}.?: this is nested more than {DEPTH_LIMIT} deep; flatten it"),
        (f"[{'1,' * 60_000}]", f"1:60000 29999: there are more than {NODE_LIMIT:,} values; shorten the file"),
    ],
    ids=["not UTF-8", "after a mark", "half a pair", "too large", "60,000 brackets", "60,000 braces", "60,000 values"],
)
def test_what_no_golden_file_can_hold(text, fault):
    assert _faults(text) == [fault]


def test_too_many_items_are_told_once():
    items = "".join(
        f"  A-{number}: {{title: t, tier: high, evidence: {{file: a}}}}\n" for number in range(ITEM_LIMIT + 1)
    )
    assert _faults(f"{START}checklist:\n{items}") == ["2:1 checklist: `checklist` has 1,001 items; 1,000 is the limit"]


def test_too_many_packages_are_told_once():
    packages = "".join(f"  p{number}: {{paths: p{number}/}}\n" for number in range(PACKAGE_LIMIT + 1))
    assert _faults(f"{START}packages:\n{packages}{ITEM}") == [
        "2:1 packages: `packages` has 101 packages; 100 is the limit"
    ]


def _counting(times: int, since: str) -> list[str]:
    items = "".join(
        f"  A-{n}: {{title: t, tier: high, evidence: {{elapsed: {{since: {since.format(n + 1)}, for: 1d}}}}}}\n"
        for n in range(times)
    )
    return _faults(f"{START}checklist:\n{items}  A-{times}: {{title: t, tier: high, evidence: {{check: a}}}}\n")


def test_a_long_chain_of_waits_is_told_where_it_becomes_too_long():
    assert [fault.partition(": ")[2] for fault in _counting(WAITS_LIMIT, "A-{}")] == [
        f"`A-{WAITS_LIMIT - WAIT_LIMIT - 1}` counts from more than {WAIT_LIMIT} items in turn; count from fewer"
    ]


def test_too_many_waits_are_told_once():
    assert [fault.partition(": ")[2] for fault in _counting(WAITS_LIMIT + 1, "A-{}")] == [
        f"`elapsed` counts from items {WAITS_LIMIT + 1} times; {WAITS_LIMIT} is the limit"
    ]


def test_a_long_text_is_told():
    text = f"{START}checklist: {{A: {{title: t, tier: high, how: {'a' * 4001}, evidence: {{file: a}}}}}}"
    assert _faults(text) == ["2:44 checklist.A.how: `how` has 4,001 characters; 4,000 is the limit"]


def test_faults_are_in_order_and_the_last_one_counts_the_rest():
    faults = _faults(START + ITEM + "".join(f"x{number}: 1\n" for number in range(LIMIT + 5)))
    assert len(faults) == LIMIT + 1
    assert [fault.partition(":")[0] for fault in faults] == [str(line) for line in range(3, 3 + LIMIT + 1)]
    assert faults[-1] == "103:1 : 5 more faults from here on; mend those above first"


def test_a_long_key_is_cut():
    [fault] = _faults(START + ITEM + "x" * 500 + ": 1\n")
    assert len(fault) < 400


@pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.CSafeLoader])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param('a: "\\ud800"', id="an escape of half a pair"),
        pytest.param('a: "\\U00110000"', id="an escape beyond the last character"),
        pytest.param("a: b: c", id="two colons"),
        pytest.param("a: [", id="an open bracket"),
        pytest.param("a: `b`", id="a reserved character"),
    ],
)
def test_python_and_c_parsers_both_end_in_a_fault(monkeypatch, loader, text):
    monkeypatch.setattr("bot.rules.document._LOADER", loader)
    assert " : this is not YAML: " in _faults(text)[-1]
