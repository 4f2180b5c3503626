"""The rules that hold, shown so that reading them again gives the same rules."""

from dataclasses import replace

import pytest

from bot import builtin
from bot.gate.rules import Rules
from bot.rules import effective, parse, render

TRAPS = """\
version: 1
mode: shadow
roles: {qa: {users: [ann, bob], required: true}}
workflow_changes: qa
checklist:
  A: {title: "yes", tier: high, how: "one\\n\\n  two: #3\\n", evidence: {file: "1e3"}}
  B: {title: "0o17", tier: high, how: " - a ", evidence: {label: ["null", "~", "on", "017", "1_000", "2025-10-06"]}}
  C: {title: "é ≥ 85 %", tier: high, evidence: {file: {path: a, matches: '(?m)^\\s*"\\[#]'}}}
"""
PEOPLE = "version: 1\nextends: release\nroles: {" + ", ".join(
    f"{role}: {{teams: a/b, required: true}}" for role in ("release-manager", "security", "devops", "product-owner")
)


def _parse(text: str) -> Rules:
    rules = parse(text, file="f", source="s", sets=builtin.sets())
    assert isinstance(rules, Rules), rules
    return rules


@pytest.mark.parametrize("text", [TRAPS, PEOPLE + "}"], ids=["values that YAML takes for others", "a built-in set"])
def test_what_is_shown_means_the_same(text):
    shown = render(effective(text, builtin.sets()), "f")
    assert replace(_parse(shown), warnings=()) == replace(_parse(text), warnings=())


def test_a_section_that_is_no_mapping_is_shown_as_it_is():
    assert render(effective("version: 1\nroles: ann\n", {}), "f") == "version: 1\n\n# f:2\nroles: ann\n"


def test_of_what_is_no_mapping_nothing_holds():
    assert effective("- a", {}) == ()
