"""`/waive`, `/unwaive` and `/accept-risk`: who may, until when, which push ends a waiver, and what is answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.evidence.label import Label
from bot.gate.applies import ItemWhen
from bot.gate.checklist import Item, Tier
from bot.gate.differences import Comparison, OwnChange, OwnFile
from bot.gate.evaluate import evaluate, questions
from bot.gate.facts import BaseChange, Closing, Comment, Unavailable
from bot.gate.finding import State
from bot.gate.published import PublishedHead
from bot.gate.risk import Level, Risk
from bot.gate.rules import Rules
from bot.gate.verdict import Outcome, Verdict
from tests.builders import HEAD, NOW, OLD, a_change, a_comment, a_role, a_snapshot, an_item, minutes_ago, rules_of

LOST = Unavailable("lost")
OPEN = Label(any=frozenset({"qa"}))
HIGH = an_item(OPEN, id="DB-001", tier=Tier.HIGH)
CRITICAL = an_item(OPEN, id="SEC-001")
OPS = a_role("ops", required=False)
TEAM = a_role("ops", required=False, users=frozenset(), teams=frozenset({"acme/ops"}))
WAIVE = a_comment("/waive DB-001 because staging is down")
BY_OPS = {Tier.HIGH: ("ops",)}
HEADS = (PublishedHead(sha=OLD, at=minutes_ago(50)), PublishedHead(sha=HEAD, at=minutes_ago(20)))
EARLY = a_comment("/waive DB-001 because staging is down", ago=30)
"""Written when the older head was published."""


def _of(*comments: Comment, item: Item = HIGH, rules: Rules | None = None, **facts: Any) -> Verdict:
    return evaluate(rules or rules_of(OPS, item, waivable_by=BY_OPS), a_snapshot(comments=comments, **facts))


def _state(verdict: Verdict) -> State:
    return verdict.items[0].finding.state


def _answers(verdict: Verdict) -> list[str]:
    return [refusal.because for refusal in verdict.refusals]


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param(WAIVE, id="a member of the role"),
        pytest.param(replace(WAIVE, author="ANN"), id="logins have no case"),
        pytest.param(a_comment("/gate waive db-001 because x"), id="nor have ids"),
        pytest.param(a_comment('/waive "DB-001" because "x"'), id="in quotes"),
        pytest.param(a_comment(f"/waive DB-001 {HEAD[:7]} because x"), id="of this commit"),
        pytest.param(a_comment("/waive DB-001 until 2026-12-06 because x"), id="until a date"),
        pytest.param(a_comment("/waive DB-001 because x\n/waive DB-001 for 1h because y"), id="twice"),
    ],
)
def test_who_may_waives(comment):
    verdict = _of(comment)
    assert (_state(verdict), verdict.outcome, verdict.refusals) == (State.WAIVED, Outcome.READY, ())


@pytest.mark.parametrize(
    ("comment", "facts", "answer"),
    [
        pytest.param(replace(WAIVE, author="eve"), {}, "only `ann` or `bob` can waive `DB-001`", id="a stranger"),
        pytest.param(WAIVE, {"author": "ann"}, "the author of a pull request can't waive `DB-001`", id="the author"),
        pytest.param(WAIVE, {"pushers": {"ann"}}, "who pushed last can't waive `DB-001`", id="whoever pushed last"),
        pytest.param(replace(WAIVE, is_bot=True), {}, "Apps and deleted accounts can't waive", id="a bot"),
        pytest.param(replace(WAIVE, author=None), {}, "Apps and deleted accounts can't waive", id="a deleted account"),
        pytest.param(
            replace(WAIVE, edited_at=NOW, editor="dan"),
            {},
            "a comment that `dan` edited can't waive anything; write it as a new comment",
            id="an edited comment",
        ),
        pytest.param(
            a_comment("/waive DB-001"),
            {},
            "it does not say why: write `/waive DB-001 because …`",
            id="without a reason",
        ),
        pytest.param(
            WAIVE,
            {"heads": ()},
            f"it is not clear of which commit; write `/waive DB-001 {HEAD[:7]} because …`",
            id="before any verdict was published",
        ),
        pytest.param(
            a_comment("/waive DB-001 1234567 because x"),
            {},
            f"it is not clear of which commit; write `/waive DB-001 {HEAD[:7]} because …`",
            id="of a commit from elsewhere",
        ),
        pytest.param(
            a_comment("/waive DB-01 because x"),
            {},
            "there is no item to waive `DB-01`; did you mean `/waive DB-001`?",
            id="misspelt",
        ),
        pytest.param(
            a_comment("/unwaive DB-001", by="eve"),
            {},
            "only `ann` or `bob` can take back what was said of `DB-001`",
            id="a stranger takes it back",
        ),
    ],
)
def test_a_waiver_is_refused_and_says_why(comment, facts, answer):
    verdict = _of(comment, **facts)
    assert (_state(verdict), _answers(verdict), verdict.closings) == (State.UNMET, [answer], ())


@pytest.mark.parametrize(
    ("rules", "answer"),
    [
        pytest.param(
            rules_of(OPS, replace(CRITICAL, id="DB-001"), waivable_by=BY_OPS),
            "nobody can waive `DB-001`, which is critical: no `waivable_by` names a role",
            id="a critical item",
        ),
        pytest.param(
            rules_of(OPS, replace(HIGH, is_locked=True), waivable_by=BY_OPS),
            "`DB-001` is locked upstream: nobody can waive it",
            id="a locked item",
        ),
        pytest.param(
            rules_of(OPS, replace(HIGH, is_locked=True, waivable_by=("ops",))),
            "`DB-001` is locked upstream: nobody can waive it",
            id="a locked item that names who may",
        ),
        pytest.param(
            rules_of(OPS, HIGH, waivable_by={Tier.MEDIUM: ("ops",)}),
            "nobody can waive `DB-001`, which is high: no `waivable_by` names a role",
            id="an item where no role is required",
        ),
        pytest.param(
            rules_of(OPS, replace(HIGH, waivable_by=("gone",))),
            "nobody can waive `DB-001`, which is high: no `waivable_by` names a role",
            id="a role that there is not",
        ),
    ],
)
def test_what_nobody_can_waive_says_so(rules, answer):
    verdict = _of(WAIVE, rules=rules)
    assert (_state(verdict), _answers(verdict)) == (State.UNMET, [answer])


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(
            rules_of(OPS, replace(CRITICAL, id="DB-001", waivable_by=("ops",))), id="its own, though critical"
        ),
        pytest.param(
            rules_of(OPS, replace(CRITICAL, id="DB-001"), waivable_by={Tier.CRITICAL: ("ops",)}), id="its tier's"
        ),
        pytest.param(rules_of(a_role("ops"), HIGH), id="those that are required"),
    ],
)
def test_whose_roles_may(rules):
    assert _state(_of(WAIVE, rules=rules)) is State.WAIVED


@pytest.mark.parametrize(
    ("facts", "known"),
    [
        pytest.param({}, "whether `ann` is in `acme/ops` is not known yet", id="not asked yet"),
        pytest.param({"memberships": {("acme/ops", "ann"): LOST}}, "lost", id="can't be told"),
    ],
)
def test_a_waiver_of_somebody_unknown_does_not_count_and_says_so(facts, known):
    verdict = _of(WAIVE, rules=rules_of(TEAM, HIGH, waivable_by=BY_OPS), **facts)
    finding = verdict.items[0].finding
    assert (finding.state, verdict.refusals) == (State.UNMET, ())
    assert finding.seen.endswith(f"; it can't be told whether it is waived: {known}")


@pytest.mark.parametrize(
    ("comment", "state", "again_at"),
    [
        pytest.param(a_comment("/waive DB-001 for 31m because x", ago=30), State.WAIVED, minutes_ago(-1), id="before"),
        pytest.param(a_comment("/waive DB-001 for 30m because x", ago=30), State.UNMET, None, id="at its date"),
        pytest.param(
            a_comment("/waive DB-001 for 31m because x\n/waive DB-001 for 50m because y", ago=30),
            State.WAIVED,
            minutes_ago(-20),
            id="the one that lasts longest counts",
        ),
        pytest.param(
            a_comment("/waive DB-001 because x\n/waive DB-001 for 50m because y", ago=30),
            State.WAIVED,
            None,
            id="one without a date lasts longest",
        ),
    ],
)
def test_a_waiver_ends(comment, state, again_at):
    verdict = _of(comment, heads=(PublishedHead(sha=HEAD, at=minutes_ago(50)),))
    assert (_state(verdict), verdict.again_at) == (state, again_at)


def test_an_ended_waiver_says_so():
    verdict = _of(a_comment("/waive DB-001 for 10m because x", ago=30))
    ended = "; the waiver of `ann` has ended: it ended on 22 Nov 2026 11:40 UTC"
    assert verdict.items[0].finding.seen.endswith(ended)


DB_ONLY = replace(HIGH, when=ItemWhen(paths=("db/",)))


def _own(path: str, blob: str = "1") -> OwnChange:
    return OwnChange(merge_base="m", files={path: OwnFile(previous=None, status="modified", blob=blob, hunks=None)})


@pytest.mark.parametrize(
    ("item", "facts", "state"),
    [
        pytest.param(HIGH, {}, State.UNMET, id="any push, for an item about everything"),
        pytest.param(
            DB_ONLY,
            {
                "changes": (a_change("db/one.sql"),),
                "comparisons": {OLD: Comparison(linear=True, files=frozenset({"README.md"}))},
            },
            State.WAIVED,
            id="not one that leaves what the item is about alone",
        ),
        pytest.param(
            DB_ONLY,
            {"comparisons": {OLD: Comparison(linear=True, files=frozenset({"db/one.sql"}))}},
            State.UNMET,
            id="one that touches it",
        ),
        pytest.param(
            DB_ONLY,
            {
                "comparisons": {OLD: Comparison(linear=False, files=frozenset())},
                "own_changes": {OLD: _own("db/a"), HEAD: _own("db/a")},
            },
            State.WAIVED,
            id="not a rebase that changes nothing",
        ),
        pytest.param(
            DB_ONLY,
            {
                "comparisons": {OLD: Comparison(linear=False, files=frozenset())},
                "own_changes": {OLD: _own("db/a"), HEAD: _own("db/a", "2")},
            },
            State.UNMET,
            id="a rebase that changes what it is about",
        ),
        pytest.param(DB_ONLY, {"comparisons": {OLD: LOST}}, State.UNMET, id="one of which nothing can be told"),
    ],
)
def test_which_push_ends_a_waiver(item, facts, state):
    changes = {"changes": LOST} | facts
    assert _state(_of(EARLY, item=item, heads=HEADS, **changes)) is state


@pytest.mark.parametrize(
    ("ago", "state"),
    [pytest.param(31, State.WAIVED, id="before it was written"), pytest.param(30, State.UNMET, id="since")],
)
def test_another_base_ends_a_waiver(ago, state):
    change = BaseChange(before="feature", after="main", at=minutes_ago(ago))
    heads = (PublishedHead(sha=HEAD, at=minutes_ago(50)),)
    assert _state(_of(EARLY, heads=heads, base_change=change)) is state


@pytest.mark.parametrize(
    ("comments", "closings", "state"),
    [
        pytest.param([WAIVE, a_comment("/unwaive DB-001", by="bob", ago=5)], (), State.UNMET, id="by anybody who may"),
        pytest.param([WAIVE, a_comment("/unwaive DB-001", by="eve", ago=5)], (), State.WAIVED, id="not by a stranger"),
        pytest.param([a_comment("/unwaive DB-001", ago=15), WAIVE], (), State.WAIVED, id="not what comes later"),
        pytest.param(
            [WAIVE],
            (Closing(comment="9", verb="unwaive", argument="DB-001", login="bob", at=minutes_ago(5)),),
            State.UNMET,
            id="though its comment is gone",
        ),
    ],
)
def test_what_takes_a_waiver_back(comments, closings, state):
    assert _state(_of(*comments, closings=closings)) is state


@pytest.mark.parametrize(
    ("item", "comparisons"), [pytest.param(HIGH, set(), id="ends anyhow"), pytest.param(DB_ONLY, {OLD}, id="by paths")]
)
def test_commits_are_compared_where_that_decides(item, comparisons):
    rules = rules_of(OPS, item, waivable_by=BY_OPS)
    assert questions(rules, a_snapshot(comments=(EARLY,), heads=HEADS)).comparisons == comparisons


def test_memberships_are_asked_of_who_waives_or_takes_back():
    rules = rules_of(TEAM, HIGH, waivable_by=BY_OPS)
    for comment in (WAIVE, a_comment("/unwaive DB-001")):
        assert questions(rules, a_snapshot(comments=(comment,))).memberships == {("acme/ops", "ann")}


RISK = Risk(id="R2", title="Downtime", stated=Level.HIGH, owners=("ops",))
ACCEPT = a_comment("/accept-risk R2 because we watch it", ago=30)


def _with_risk(*comments: Comment, risk: Risk = RISK, **facts: Any) -> Verdict:
    rules = rules_of(OPS, risks={"R2": risk}, block_at=Level.HIGH)
    return evaluate(rules, a_snapshot(comments=comments, **facts))


@pytest.mark.parametrize(
    ("comments", "outcome"),
    [
        pytest.param([], Outcome.BLOCKED, id="nobody"),
        pytest.param([ACCEPT], Outcome.READY, id="an owner"),
        pytest.param([a_comment("/accept-risk r2 because x", by="BOB")], Outcome.READY, id="without case"),
        pytest.param([a_comment("/accept-risk R2 for 31m because x", ago=30)], Outcome.READY, id="before its date"),
        pytest.param([a_comment("/accept-risk R2 for 30m because x", ago=30)], Outcome.BLOCKED, id="at its date"),
        pytest.param([replace(ACCEPT, edited_at=NOW)], Outcome.BLOCKED, id="an edited comment"),
        pytest.param([replace(ACCEPT, author="eve")], Outcome.BLOCKED, id="a stranger"),
        pytest.param([replace(ACCEPT, is_bot=True)], Outcome.BLOCKED, id="a bot"),
        pytest.param([a_comment("/accept-risk R2")], Outcome.BLOCKED, id="without a reason"),
        pytest.param([a_comment("/waive R2 because x")], Outcome.BLOCKED, id="by waiving it"),
    ],
)
def test_who_accepts_a_risk(comments, outcome):
    assert _with_risk(*comments).outcome is outcome


@pytest.mark.parametrize(
    ("comment", "risk", "answer"),
    [
        pytest.param(replace(ACCEPT, author="eve"), RISK, "only `ann` or `bob` can accept `R2`", id="a stranger"),
        pytest.param(
            ACCEPT, replace(RISK, owners=()), "nobody can accept `R2`: its `owners` name no role", id="without owners"
        ),
        pytest.param(
            a_comment("/gate accept-risk R9 because x"),
            RISK,
            "there is no risk to accept `R9`; did you mean `/accept-risk R2`?",
            id="another risk",
        ),
        pytest.param(
            a_comment("/accept-risk R2"), RISK, "it does not say why: write `/accept-risk R2 because …`", id="no reason"
        ),
    ],
)
def test_an_acceptance_is_refused_and_says_why(comment, risk, answer):
    assert _answers(_with_risk(comment, risk=risk)) == [answer]


def test_of_several_acceptances_the_longest_is_shown_with_all_who_said_so():
    bob = a_comment("/accept-risk R2 for 2d because fine", by="bob", ago=20)
    verdict = _with_risk(
        bob, a_comment("/accept-risk R2 for 1d because x"), a_comment("/accept-risk R2 for 3h because", ago=5)
    )
    assert verdict.outlook
    [judged] = verdict.outlook.risks
    assert judged.because == "accepted by `bob` and `ann` until 24 Nov 2026 11:40 UTC: `fine`"
    assert verdict.again_at == minutes_ago(20) + timedelta(days=2)
