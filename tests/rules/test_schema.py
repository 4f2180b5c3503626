"""The schema for editors: what is committed is what is generated, and it never refuses what `lint` takes."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings

from bot import builtin
from bot.evidence import KINDS
from bot.gate.rules import BrokenRules
from bot.rules import parse
from bot.rules.document import read
from bot.rules.faults import Faults
from bot.rules.locking import data
from bot.rules.schema import schema
from tests.rules.test_any_text import any_values

CONFIG = Path(__file__).parents[2] / "config"
GOLDEN = yaml.safe_load(Path(__file__).with_name("faults.yml").read_text("utf-8"))
GOOD = sorted(CONFIG.rglob("*.yml"))
BEYOND_A_SCHEMA = {
    "what an id or a role elsewhere in the file decides": (
        "sections: nothing to switch off", "sections: nobody", "sections: too few people", "whole file: misspelt set",
        "whole file: a file elsewhere that nobody fetched", "whole file: extends a file elsewhere",
        "whole file: workflow changes by nobody",
        "whole file: extends a file outside of its repository", "whole file: nothing asked", "items: role misspelt",
        "items: ids that sound alike", "items: when a radius without areas", "items: any job",
        "items: any job, deeper", "kinds: a critical measure by any job", "kinds: a version in no file",
        "kinds: boxes alone", "kinds: time since nothing", "kinds: time since a misspelt item",
        "kinds: time since what has no instant", "kinds: time since itself",
        "areas: in a circle", "areas: of nobody", "risks: misspelt item and role", "risks: an item where there is none",
        "risks: ids that sound alike", "risks: nobody may open it", "metrics: coverage of a misspelt item",
        "kinds: time in a circle", "kinds: time since a list", "kinds: time since too many",
        "kinds: time since an item that has no instant", "kinds: a workflow of another App",
        "kinds: what can't be changed and unchanged", "kinds: what can't be labelled",
    ),
    "what only RE2, pathspec, IANA or a calendar knows": (
        "freezes: no such zone", "freezes: no such cron table", "freezes: ends before it begins",
        "freezes: a length that is none",
        "sections: not RE2", "sections: wildcards", "sections: path range", "items: regex",
    ),
    "numbers that are compared, or options that exclude each other": (
        "risks: no severity", "risks: mitigated twice", "metrics: two words for one number",
        "kinds: a measure of an empty range", "kinds: a duration that is too long",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def validator():
    return jsonschema_rs.Draft7Validator(schema())


def _data(text: str) -> Any:
    """The file's plain value; None when there is a fault of YAML in it, which no schema ever sees."""
    faults = Faults()
    node = read(text, faults)
    return None if node is None or faults.found else data(node)


def test_the_committed_schema_is_the_generated_one():
    committed = (CONFIG / "release-gate.schema.json").read_text("utf-8")
    assert json.loads(committed) == schema(), "write it again: make schema"


def test_it_is_a_schema():
    jsonschema_rs.meta.validate(schema())


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_files_are_good(validator, path):
    assert [error.message for error in validator.iter_errors(_data(path.read_text("utf-8")))] == []


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_every_file_that_may_be_copied_names_the_schema(path):
    first = path.read_text("utf-8").partition("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve() == CONFIG / "release-gate.schema.json"


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in GOLDEN if _data(case["text"])])
def test_bad_files_are_bad_as_far_as_a_schema_can_tell(validator, case):
    beyond = {id for ids in BEYOND_A_SCHEMA.values() for id in ids}
    assert validator.is_valid(_data(case["text"])) == (not case["faults"] or case["id"] in beyond)


def test_nothing_is_said_to_be_beyond_a_schema_that_is_not_there():
    known = {case["id"] for case in GOLDEN}
    assert [id for ids in BEYOND_A_SCHEMA.values() for id in ids if id not in known] == []


@settings(max_examples=150, deadline=None)
@given(any_values())
def test_it_refuses_nothing_that_lint_takes(validator, values):
    text = json.dumps({"version": 1, **values})
    if not validator.is_valid(_data(text)):
        assert isinstance(parse(text, file="f", source="s", sets=builtin.sets()), BrokenRules)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_known_to_it(kind):
    known = schema()["definitions"]["evidence"]["anyOf"][0]["properties"]
    assert known[kind]["description"]
