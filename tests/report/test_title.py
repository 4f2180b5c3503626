"""The one line: which words for which verdict, always one line of plain text."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence.attestation import Attestation
from bot.evidence.label import Label
from bot.gate.applies import ItemWhen
from bot.gate.checklist import Tier
from bot.gate.evaluate import cannot_evaluate, evaluate
from bot.gate.facts import Closing, Unavailable
from bot.gate.finding import Finding, State, Who
from bot.gate.release import When
from bot.gate.rules import BrokenRules, Fault, Mode
from bot.gate.verdict import Outcome, Verdict
from bot.gate.version import Semver
from bot.report.title import MAX_TITLE, title
from bot.report.words import ENGLISH
from tests.builders import NOW, Says, a_role, a_snapshot, an_item, minutes_ago, rules_of

TOLD = Attestation(by=("security",))
UNTOLD = Unavailable("lost")
OPEN = Label(all=frozenset({"never"}))
DONE = Label(none=frozenset({"never"}))
CI = Says(Finding(state=State.PENDING, seen="runs", who=Who.CI))
CLOCK = Says(Finding(state=State.PENDING, seen="soaks", who=Who.CLOCK, again_at=NOW.replace(day=24, hour=9)))
LATER = Says(Finding(state=State.PENDING, seen="soaks", who=Who.CLOCK, again_at=NOW.replace(month=12, day=1)))
SOMETIME = Says(Finding(state=State.PENDING, seen="soaks", who=Who.CLOCK))
BUMP = Closing(comment="9", verb="bump", argument="minor", login="ann", at=minutes_ago(5))
HIDDEN = Says(Finding(state=State.UNKNOWN, seen="hidden", who=Who.ADMIN))


def _of(*parts, **facts) -> Verdict:
    return evaluate(rules_of(*parts), a_snapshot(**({"tags": UNTOLD} | facts)))


def _shadow(*parts, **facts) -> Verdict:
    return evaluate(rules_of(*parts, mode=Mode.SHADOW), a_snapshot(**({"tags": UNTOLD} | facts)))


def _fault(number: int) -> Verdict:
    faults = (Fault(line=1, column=1, path="", message="no"),) * number
    return evaluate(BrokenRules(source="x", file="f", faults=faults), a_snapshot())


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        pytest.param(_of(an_item(OPEN)), "Blocked: 1 of 1 critical item open", id="one item"),
        pytest.param(
            _of(an_item(OPEN), an_item(DONE), an_item(HIDDEN)),
            "Blocked: 2 of 3 critical items open",
            id="unknown is open, met is not",
        ),
        pytest.param(
            _of(an_item(DONE), an_item(OPEN, tier=Tier.MEDIUM), an_item(OPEN, tier=Tier.HIGH)),
            "Blocked: 1 of 1 high item open",
            id="the most important tier that has open ones",
        ),
        pytest.param(
            _of(an_item(OPEN, blocking=False), an_item(OPEN, tier=Tier.HIGH)),
            "Blocked: 1 of 1 high item open",
            id="what is only recommended does not count",
        ),
        pytest.param(_of(a_role()), "Blocked: waiting for security to sign", id="one role"),
        pytest.param(
            _of(a_role("a"), a_role("b"), a_role("c")), "Blocked: waiting for a, b and c to sign", id="three roles"
        ),
        pytest.param(
            _of(a_role(users=frozenset({"zed"}))), "Blocked: security can't be filled", id="only the author is in it"
        ),
        pytest.param(
            _of(a_role(users=frozenset({"zed"})), a_role("devops")),
            "Blocked: security can't be filled",
            id="nobody is in one of two roles",
        ),
        pytest.param(
            evaluate(
                rules_of(a_role(required=False), semver=Semver(override_by=("security",))),
                a_snapshot(closings=(BUMP,), tags=UNTOLD),
            ),
            "Blocked: the version is inconsistent",
            id="what was declared is gone",
        ),
        pytest.param(
            _of(a_role(required=False), an_item(TOLD)), "Blocked: waiting for security to attest", id="a word"
        ),
        pytest.param(_of(a_role(), an_item(TOLD)), "Blocked: waiting for security", id="a word and a sign-off"),
        pytest.param(_of(a_role(), an_item(OPEN)), "Blocked: 1 of 1 critical item open", id="items before roles"),
        pytest.param(
            _of(a_role(), a_role("ops"), an_item(DONE), comments=UNTOLD),
            "Blocked: what people say can't be read",
            id="roles of whom nobody can tell who signed",
        ),
        pytest.param(
            _of(a_role(), comments=UNTOLD), "Blocked: what people say can't be read", id="a role of that kind"
        ),
        pytest.param(_of(an_item(CI)), "Waiting for 1 check", id="one check runs"),
        pytest.param(_of(an_item(CI), an_item(CI), an_item(CLOCK)), "Waiting for 2 checks", id="the clock is no check"),
        pytest.param(
            _of(an_item(CLOCK), an_item(LATER, title="Soaked")),
            "Opens 1 Dec 12:00 UTC: Soaked",
            id="the last instant opens it",
        ),
        pytest.param(_of(an_item(SOMETIME)), "Opens later: Done", id="the clock without an instant"),
        pytest.param(_of(an_item(OPEN, blocking=False)), "Ready, 1 recommended item open", id="one recommended item"),
        pytest.param(_of(an_item(DONE)), "Ready", id="ready, and no version"),
        pytest.param(_of(an_item(DONE), tags=()), "Ready · 0.0.1 (patch)", id="ready, with the version"),
        pytest.param(_of(an_item(OPEN), tags=()), "Blocked: 1 of 1 critical item open · next 0.0.1 (patch)", id="next"),
        pytest.param(_of(an_item(DONE), is_draft=True), "Draft · Ready", id="a draft"),
        pytest.param(
            evaluate(rules_of(when=When(base=("stable",))), a_snapshot(is_draft=True)),
            "Draft · Not a release",
            id="a draft that is no release",
        ),
        pytest.param(
            _of(an_item(OPEN), an_item(OPEN, id="DOC-002", when=ItemWhen(base=("v1",)))),
            "Blocked: 1 of 1 critical item open",
            id="what does not apply is not counted",
        ),
        pytest.param(
            _of(an_item(OPEN), an_item(OPEN, enforce_from=NOW + timedelta(days=1))),
            "Blocked: 1 of 1 critical item open",
            id="what does not block yet is not counted",
        ),
        pytest.param(_shadow(an_item(OPEN)), "Shadow: would block, 1 item open", id="shadow, one item"),
        pytest.param(
            _shadow(a_role(), an_item(OPEN), an_item(OPEN, tier=Tier.HIGH), is_draft=True),
            "Draft · Shadow: would block, 2 items open",
            id="shadow, a draft with two items",
        ),
        pytest.param(
            _shadow(a_role()), "Shadow: would block, waiting for security to sign", id="shadow, a signature is missing"
        ),
        pytest.param(_shadow(an_item(CI)), "Shadow: would wait for 1 check", id="shadow, a check runs"),
        pytest.param(
            _shadow(an_item(CLOCK, title="Soaked")),
            "Shadow: would open 24 Nov 09:00 UTC: Soaked",
            id="shadow, the clock",
        ),
        pytest.param(_shadow(an_item(DONE)), "Shadow: would pass", id="shadow, nothing is open"),
        pytest.param(_shadow(an_item(OPEN, blocking=False)), "Shadow: would pass", id="shadow, a recommended item"),
        pytest.param(_fault(1), "Rules can't be read: 1 fault", id="one fault"),
        pytest.param(_fault(2), "Rules can't be read: 2 faults", id="two faults"),
        pytest.param(
            cannot_evaluate(a_snapshot(is_draft=True), "GitHub answered 502"),
            "Cannot evaluate: GitHub answered 502",
            id="trouble, draft or not",
        ),
    ],
)
def test_title(verdict: Verdict, expected: str):
    assert title(verdict, ENGLISH) == expected


def test_a_long_title_ends_in_dots():
    line = title(cannot_evaluate(a_snapshot(), "x" * 1000), ENGLISH)
    assert (len(line), line[-2:]) == (MAX_TITLE, "x…")


@given(because=st.text(min_size=1), outcome=st.sampled_from(Outcome), is_draft=st.booleans())
def test_a_title_is_one_line_that_fits(because: str, outcome: Outcome, is_draft: bool):
    line = title(replace(cannot_evaluate(a_snapshot(is_draft=is_draft), because), outcome=outcome), ENGLISH)
    assert 0 < len(line) <= MAX_TITLE
    assert line == " ".join(line.split())


def test_what_can_t_be_evaluated_would_not_pass_in_shadow_mode_either():
    verdict = replace(cannot_evaluate(a_snapshot(), "GitHub answered 502"), is_shadow=True)
    assert title(verdict, ENGLISH) == "Shadow: Cannot evaluate: GitHub answered 502"
