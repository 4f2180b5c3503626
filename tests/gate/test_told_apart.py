"""What looks like a command and is another, or none; what was meant otherwise than it was written."""

from datetime import timedelta
from typing import Any

import pytest
from semver import Version

from bot.evidence.label import Label
from bot.gate.checklist import Tier
from bot.gate.commands import Verb, commands_in
from bot.gate.evaluate import evaluate
from bot.gate.facts import Comment, Permission, Unavailable
from bot.gate.people import closing_questions
from bot.gate.release import When
from bot.gate.rules import Rules
from bot.gate.stated import stated
from bot.gate.verdict import Outcome, Verdict
from bot.gate.version import Semver
from tests.builders import HEAD, a_comment, a_role, a_snapshot, an_item, minutes_ago, rules_of

STAGED = an_item(Label(any=frozenset({"staged"})), id="OPS-001", tier=Tier.HIGH, waivable_by=("security",))
RULES = rules_of(a_role(required=False), STAGED, semver=Semver(override_by=("security",)))
ANN = {"permissions": {"ann": Permission.WRITE}}


def _verdict(*comments: Comment, rules: Rules = RULES, **facts: Any) -> Verdict:
    known: dict[str, Any] = {**ANN, **facts}
    return evaluate(rules, a_snapshot(comments=comments, **known))


@pytest.mark.parametrize(
    "text",
    [
        "/hold until 18:00 tomorrow",
        "/hold until fri 09:00 PST",
        "/hold until fri 9am",
        "/hold until monday afternoon",
        "/hold until 2026-12-06 9pm",
        "/hold for 1d 12h",
    ],
)
def test_a_hold_whose_end_is_not_understood_whole_has_none(text):
    [command] = commands_in(a_comment(text))
    assert (command.verb, command.until) == (Verb.HOLD, None)


@pytest.mark.parametrize(
    ("why", "is_date"),
    [
        ("staging is down until 2026-12-06", True),
        ("staging is down until fri 09:00 Europe/Berlin.", True),
        ("we need it for 3d", True),
        ("we wait until the audit", False),
        ("it was red for 3 days until 2026-11-20", False),
        ("until then nobody may", False),
    ],
)
def test_a_date_in_the_reason_is_no_date_and_is_told(why, is_date):
    verdict = _verdict(a_comment(f"/waive OPS-001 {HEAD[:7]} because {why}"))
    assert (verdict.outcome is Outcome.BLOCKED) is is_date
    assert [refusal.because for refusal in verdict.refusals] == (
        ["what follows `because` is the reason, a date too: write `/waive OPS-001 until … because …`"]
        if is_date
        else []
    )


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        (f"/waive OPS-001 {HEAD[:7]} because x\n/unwaive OPS-001", False),
        (f"/unwaive OPS-001\n/waive OPS-001 {HEAD[:7]} because x", True),
        (f"/unwaive ops-001\n/waive OPS-001 {HEAD[:7]} because x\n/unwaive OPS-001", False),
    ],
)
def test_within_one_comment_the_order_of_the_lines_tells(text, is_open):
    said = a_comment(text)
    first = _verdict(said)
    again = _verdict(said, closings=first.closings)
    assert [verdict.outcome is Outcome.READY for verdict in (first, again)] == [is_open, is_open]


def test_within_one_comment_a_role_is_signed_anew():
    before, anew = a_comment(f"/approve security {HEAD[:7]}", ago=20), a_comment("/revoke security\n/approve security")
    rules = rules_of(a_role())
    assert evaluate(rules, a_snapshot(comments=(before, anew))).outcome is Outcome.READY
    gone = a_comment("/approve security\n/revoke security")
    assert evaluate(rules, a_snapshot(comments=(before, gone))).outcome is Outcome.BLOCKED


@pytest.mark.parametrize(
    "text",
    [
        "Look:\n\n![diagram\n/approve security\n](https://example.com/x.png)",
        '[a](https://x.test "t\n/approve security\n")',
        "[^x]: hi\n/approve security",
        "Fine.\n\n[^x]: hi there\n/approve security",
        "[x]: https://x.test 't\n/approve security\n'",
    ],
)
def test_what_nobody_sees_is_no_command(text):
    assert commands_in(a_comment(text)) == ()


def test_who_said_nothing_has_nothing_to_revoke():
    signed, eve = a_comment("/approve security", ago=20), a_comment("/revoke security", by="eve")
    verdict = _verdict(signed, eve, rules=rules_of(a_role()))
    assert verdict.outcome is Outcome.READY
    assert [refusal.because for refusal in verdict.refusals] == ["`eve` has neither signed for security nor refused"]
    assert verdict.closings == ()


def test_two_roles_in_one_command_are_none():
    verdict = _verdict(a_comment("/approve security ops"), rules=rules_of(a_role(), a_role("ops")))
    assert (
        verdict.refusals[0].because == "it names two roles; write `/approve security` and `/approve ops` on a line each"
    )


def test_whoever_declared_the_bump_may_push():
    said = a_comment("/bump minor because of the API", by="ann")
    first = _verdict(said, rules=RULES)
    pushed = _verdict(said, rules=RULES, closings=first.closings, pushers=frozenset({"ann"}))
    assert str(first.version) == str(pushed.version) == "0.1.0 (minor)"


class TestWhatIsNoReleaseNow:
    RULES = rules_of(a_role(), STAGED, when=When(labels=("release",)))
    SAID = (
        a_comment("/hold because keys leaked", by="ann", ago=9),
        a_comment("/reject security because x", by="ann", ago=8),
    )

    def test_what_closes_is_remembered(self):
        verdict = _verdict(*self.SAID, rules=self.RULES)
        assert verdict.outcome is Outcome.NOT_A_RELEASE
        assert {closing.verb for closing in verdict.closings} == {"hold", "reject"}
        later = _verdict(rules=self.RULES, closings=verdict.closings, labels=frozenset({"release"}))
        assert [hold.login for hold in later.holds] == ["ann"]

    def test_only_what_closes_is_asked_about(self):
        opened = a_comment("/approve security\n/unhold", by="bea")
        asked = closing_questions(self.RULES, a_snapshot(comments=(*self.SAID, opened), memberships={}))
        assert asked.permissions == {"ann"}
        nothing = closing_questions(self.RULES, a_snapshot(comments=Unavailable("502")))
        assert not nothing


def test_comments_that_others_edited_are_named():
    edited = a_comment("never mind", by="lea", edited_at=minutes_ago(3), editor="dan")
    own = a_comment("never mind", by="lea", edited_at=minutes_ago(3), editor="LEA", ago=9)
    assert [comment.author for comment in _verdict(edited, own).edits] == ["lea"]
    assert _verdict(edited, own).edits == (edited,)


@pytest.mark.parametrize(
    ("headline", "version"),
    [
        ("Merge branch 'main' into release/1.0.0", None),
        ("Merge branch 'release/1.0.0' into main", "1.0.0"),
        ("Merge pull request #7 from acme/release/1.0.0", "1.0.0"),
        ("Merge remote-tracking branch 'origin/release/1.0.0' into main", "1.0.0"),
    ],
)
def test_a_merge_states_what_was_merged_not_where_to(headline, version):
    found = stated(headline, Version.parse("0.9.0"))
    assert (str(found.version) if found else None) == version


def test_what_is_declared_in_files_is_not_met_while_the_changes_are_unknown():
    rules = rules_of(semver=Semver(files=("pyproject.toml",)))
    verdict = _verdict(rules=rules, commits=Unavailable("502"), taken_at=minutes_ago(0) + timedelta(seconds=1))
    assert verdict.outcome is Outcome.BLOCKED
