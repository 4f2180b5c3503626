"""Which faults stand on which lines, and the mark that tells those that stand already."""

from dataclasses import replace

import pytest

from bot.gate.evaluate import evaluate
from bot.gate.rule_changes import rule_changes
from bot.gate.rules import BrokenRules, Fault, Severity
from bot.gate.verdict import Proposed, Verdict
from bot.report.annotations import MOST, annotations, mark, marked
from bot.report.proposed import MOST_CHANGES, proposed_rules
from bot.report.words import ENGLISH
from tests.builders import a_snapshot, an_item, rules_of

FAULT = Fault(line=2, column=3, path="roles", message="no")
WARNING = replace(FAULT, line=5, severity=Severity.WARNING)


def a_verdict(file: str = ".release-gate.yml", faults: int = 1, proposed: Proposed | None = None) -> Verdict:
    """A verdict by rules with faults."""
    broken = BrokenRules(source="x", file=file, faults=(FAULT,) * faults)
    return replace(evaluate(broken, a_snapshot()), proposed=proposed)


@pytest.mark.parametrize(
    ("verdict", "places"),
    [
        pytest.param(a_verdict(), [(".release-gate.yml", 2, False)], id="the rules of the base"),
        pytest.param(
            a_verdict("acme/.github:release-gate.yml"), [], id="a file of another repository has no lines here"
        ),
        pytest.param(evaluate(rules_of(), a_snapshot()), [], id="rules without faults"),
        pytest.param(
            a_verdict(proposed=Proposed(file="a.yml", faults=(FAULT,), warnings=(WARNING,))),
            [(".release-gate.yml", 2, False), ("a.yml", 2, False), ("a.yml", 5, True)],
            id="proposed rules with faults and warnings",
        ),
        pytest.param(a_verdict(faults=60), [(".release-gate.yml", 2, False)] * MOST, id="no more than GitHub takes"),
    ],
)
def test_where_faults_stand(verdict, places):
    assert [(note.path, note.line, note.is_warning) for note in annotations(verdict, ENGLISH)] == places


def test_the_mark_is_found_in_a_summary_and_differs_with_what_it_marks():
    one, two = annotations(a_verdict(), ENGLISH), annotations(a_verdict(faults=2), ENGLISH)
    assert marked(f"text{mark(one)}") == marked(f"other{mark(one)}") != marked(f"text{mark(two)}")
    assert (mark(()), marked("text")) == ("", "")


def test_many_changes_are_cut():
    changes = rule_changes(rules_of(*(an_item(id=f"A-{number}") for number in range(60))), rules_of())
    text = proposed_rules(replace(a_verdict(), proposed=Proposed(file="a.yml", changes=changes)), ENGLISH)
    assert text.count("**removes**") == MOST_CHANGES
    assert "- and 10 more" in text


def test_there_is_no_section_without_a_proposal():
    assert proposed_rules(a_verdict(), ENGLISH) == ""
