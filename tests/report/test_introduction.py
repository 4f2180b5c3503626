"""The run where rules first appear: on a base branch's head, and on the pull request that brings them."""

import pytest

from bot.gate.checklist import Tier
from bot.gate.release import When
from bot.gate.rules import BrokenRules, Fault, Mode, Severity
from bot.report.introduction import FIRST_RULES, first_rules, introduction
from bot.report.words import ENGLISH
from tests.builders import a_role, an_item, rules_of


def test_rules_that_can_be_read_say_how_to_require_the_check():
    report = introduction(rules_of(), "main", ENGLISH)
    assert (report.name, report.status, report.conclusion) == ("release-gate: main", "completed", "neutral")
    assert "require the check `release-gate: main`" in report.summary
    assert not report.starts_comment


def test_rules_with_faults_are_annotated():
    fault = Fault(line=2, column=3, path="roles", message="no")
    report = introduction(BrokenRules(source="x", file=".release-gate.yml", faults=(fault,)), "main", ENGLISH)
    assert (report.title, report.conclusion) == ("Rules can't be read: 1 fault", "failure")
    assert [(note.path, note.line) for note in report.annotations] == [(".release-gate.yml", 2)]
    assert "| 2:3 | `roles` | no |" in report.summary


def test_the_fixed_name_is_the_one_to_require():
    report = introduction(rules_of(is_fixed=True), "main", ENGLISH)
    assert report.name == "release-gate"
    assert "require the check `release-gate`" in report.summary


def test_first_rules_are_neutral_and_start_no_comment():
    report = first_rules(rules_of(), "main", ENGLISH)
    assert (report.name, report.status, report.conclusion) == ("release-gate: main", "completed", "neutral")
    assert report.title == FIRST_RULES
    assert "`main` has no rules yet, so nothing is asked of this pull request." in report.summary
    assert not report.starts_comment


@pytest.mark.parametrize(
    ("rules", "line"),
    [
        pytest.param(
            rules_of(an_item(), an_item(id="DOC-002"), an_item(id="X-1", tier=Tier.HIGH)),
            "- 2 critical items: `DOC-001` and `DOC-002`\n- 1 high item: `X-1`\n- no sign-offs",
            id="items by tier",
        ),
        pytest.param(rules_of(a_role(required=True)), "- no items\n- signed off by `security`", id="a required role"),
        pytest.param(rules_of(a_role(required=False)), "- no sign-offs", id="a role that nothing asks for"),
        pytest.param(rules_of(), "- every pull request is a release", id="no conditions"),
        pytest.param(
            rules_of(when=When(base=("main",), labels=("release",))),
            "- releases only, as `release: when` tells them by `base` and `labels`; other pull requests pass",
            id="conditions",
        ),
        pytest.param(rules_of(mode=Mode.SHADOW), "- `mode: shadow`:", id="shadow mode"),
        pytest.param(rules_of(is_fixed=True), "the check is called `release-gate` for all bases", id="one fixed name"),
    ],
)
def test_first_rules_are_summed_up(rules, line):
    assert line in first_rules(rules, "main", ENGLISH).summary


def test_warnings_of_first_rules_are_annotations_and_leave_them_valid():
    fault = Fault(line=2, column=3, path="roles", message="hm", severity=Severity.WARNING)
    report = first_rules(rules_of(warnings=(fault,)), "main", ENGLISH)
    assert report.title == FIRST_RULES
    assert [(note.line, note.is_warning) for note in report.annotations] == [(2, True)]
    assert "| 2:3 | `roles` | hm |" in report.summary


def test_first_rules_with_faults_fail_under_the_bases_name():
    fault = Fault(line=2, column=3, path="roles", message="no")
    broken = BrokenRules(source="x", file=".release-gate.yml", faults=(fault,), is_fixed=True)
    report = first_rules(broken, "main", ENGLISH)
    assert (report.name, report.title) == ("release-gate: main", "Rules can't be read: 1 fault")
    assert report.conclusion == "failure"
    assert [(note.path, note.line) for note in report.annotations] == [(".release-gate.yml", 2)]
    assert "blocks every pull request into `main` until they are mended" in report.summary
