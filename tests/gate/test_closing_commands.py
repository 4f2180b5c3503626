"""Commands that shut the gate: seen once they stand, whatever becomes of the comment and of who wrote it."""

import pytest

from bot.evidence.attestation import Attestation
from bot.evidence.label import Label
from bot.gate.evaluate import evaluate
from bot.gate.facts import Comment, Permission, Snapshot
from bot.gate.verdict import Outcome, Verdict
from tests.builders import a_comment, a_role, a_snapshot, an_item, minutes_ago, rules_of

TEAM = a_role(users=frozenset({"bob"}), teams=frozenset({"acme/security"}), required=False)
RULES = rules_of(
    TEAM,
    an_item(Label(all=frozenset({"go"})), id="DOC-001", waivable_by=("security",)),
    an_item(Attestation(by=("security",)), id="COMM-001"),
)
BEFORE = (
    a_comment("/waive DOC-001 because it is elsewhere", "bob", ago=20),
    a_comment("/attest COMM-001", "bob", ago=20),
)


def _at(comment: Comment | None, *, may: bool, **facts) -> Snapshot:
    """What is known when ann, who said it, may do so, or may no more."""
    return a_snapshot(
        comments=(*BEFORE, comment) if comment else BEFORE,
        permissions={"ann": Permission.WRITE if may else Permission.READ},
        memberships={("acme/security", "ann"): may},
        **facts,
    )


def _answers(verdict: Verdict) -> list[str]:
    return [refusal.because for refusal in verdict.refusals]


def test_without_any_the_gate_is_open():
    assert evaluate(RULES, _at(None, may=True)).outcome is Outcome.READY


COMMANDS = pytest.mark.parametrize(
    ("command", "because"),
    [
        pytest.param("/hold because no", "only people with write access can hold a release", id="a hold"),
        pytest.param(
            "/reject security because no", "only `acme/security` or `bob` can refuse for security", id="a refusal"
        ),
        pytest.param(
            "/unwaive DOC-001", "only `acme/security` or `bob` can take back what was said of `DOC-001`", id="a waiver"
        ),
        pytest.param(
            "/unattest COMM-001",
            "only `acme/security` or `bob` can take back what was said of `COMM-001`",
            id="a word",
        ),
    ],
)


@COMMANDS
def test_it_shuts_the_gate_and_is_remembered(command: str, because: str):
    verdict = evaluate(RULES, _at(a_comment(command), may=True))
    assert (verdict.outcome, _answers(verdict), len(verdict.closings)) == (Outcome.BLOCKED, [], 1)


@COMMANDS
def test_of_somebody_who_may_not_it_does_nothing(command: str, because: str):
    verdict = evaluate(RULES, _at(a_comment(command), may=False))
    assert (verdict.outcome, _answers(verdict), verdict.closings) == (Outcome.READY, [because], ())


@COMMANDS
@pytest.mark.parametrize("is_there", [pytest.param(True, id="there"), pytest.param(False, id="gone")])
def test_seen_while_they_might_it_stands_when_they_may_no_more(command: str, because: str, is_there: bool):
    comment = a_comment(command)
    seen = evaluate(RULES, _at(comment, may=True)).closings
    verdict = evaluate(RULES, _at(comment if is_there else None, may=False, closings=seen))
    assert (verdict.outcome, _answers(verdict), verdict.closings) == (Outcome.BLOCKED, [], ())


@COMMANDS
def test_edited_into_other_words_it_stands(command: str, because: str):
    comment = a_comment(command)
    seen = evaluate(RULES, _at(comment, may=True)).closings
    edited = a_comment("never mind", edited_at=minutes_ago(1), editor="zed")
    assert evaluate(RULES, _at(edited, may=True, closings=seen)).outcome is Outcome.BLOCKED


@COMMANDS
def test_an_app_shuts_nothing(command: str, because: str):
    verdict = evaluate(RULES, _at(a_comment(command, "ci", is_bot=True), may=True))
    assert (verdict.outcome, len(verdict.refusals)) == (Outcome.READY, 1)
