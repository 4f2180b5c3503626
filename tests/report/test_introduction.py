"""The one run on a base branch's head that lets admins require the check."""

from bot.gate.rules import BrokenRules, Fault
from bot.report.introduction import introduction
from tests.builders import rules_of


def test_rules_that_can_be_read_say_how_to_require_the_check():
    report = introduction(rules_of(), "main")
    assert (report.name, report.status, report.conclusion) == ("release-gate: main", "completed", "neutral")
    assert "require the check `release-gate: main`" in report.summary
    assert not report.starts_comment


def test_rules_with_faults_are_annotated():
    fault = Fault(line=2, column=3, path="roles", message="no")
    report = introduction(BrokenRules(source="x", file=".release-gate.yml", faults=(fault,)), "main")
    assert (report.title, report.conclusion) == ("Rules can't be read: 1 fault", "failure")
    assert [(note.path, note.line) for note in report.annotations] == [(".release-gate.yml", 2)]
    assert "| 2:3 | `roles` | no |" in report.summary


def test_the_fixed_name_is_the_one_to_require():
    report = introduction(rules_of(is_fixed=True), "main")
    assert report.name == "release-gate"
    assert "require the check `release-gate`" in report.summary
