"""What people ask and how commands are acknowledged: answers, misspelt verbs, other bots' commands, reactions."""

from typing import Any

import pytest

from bot.evidence.attestation import Attestation
from bot.gate.checklist import Tier
from bot.gate.commands import Verb
from bot.gate.evaluate import evaluate
from bot.gate.facts import Comment, Unavailable
from bot.gate.reactions import ASKED, COUNTS, REFUSED, unheard_rechecks
from bot.gate.risk import Level, Risk
from bot.gate.rules import Role, Rules
from bot.gate.verdict import Verdict
from bot.gate.version import Semver
from tests.builders import HEAD, a_comment, a_role, a_snapshot, an_item, rules_of

SECURITY, OPS = a_role(), a_role("ops", required=False, users=frozenset(), teams=frozenset({"acme/ops"}))
TOLD = an_item(Attestation(by=("ops",)), id="COMM-001", tier=Tier.HIGH, title="Clients told")
NOTES = an_item(id="DOC-001", title="Notes")
RISK = Risk(id="R2", title="Downtime", stated=Level.HIGH, owners=("ops",))
RULES = rules_of(SECURITY, OPS, TOLD, NOTES, risks={"R2": RISK}, semver=Semver(override_by=("security",)))


def _of(*comments: Comment, rules: Rules = RULES, **facts: Any) -> Verdict:
    return evaluate(rules, a_snapshot(comments=comments, **facts))


@pytest.mark.parametrize(
    ("body", "explained"),
    [
        pytest.param("/explain", ["COMM-001", "DOC-001"], id="all that is open"),
        pytest.param("/explain DOC-001", ["DOC-001"], id="an item"),
        pytest.param("/gate explain doc-001 please", ["DOC-001"], id="an item in small letters"),
        pytest.param("/explain SECURITY", ["security"], id="a role in capitals"),
        pytest.param("/explain DOC-001\n/explain ops", ["ops", "DOC-001"], id="two, the newest first"),
        pytest.param("/explain ops\n/explain DOC-001\n/explain OPS", ["ops", "DOC-001"], id="one asked twice, once"),
        pytest.param("/recheck", [], id="a fresh look is no question"),
    ],
)
def test_what_is_explained(body, explained):
    answers = _of(a_comment(body, by="eve")).answers
    assert [one.id for answer in answers for one in answer.explained] == explained


def test_a_role_and_an_item_of_one_id_are_both_explained():
    rules = rules_of(a_role("qa"), an_item(id="qa"))
    [answer] = _of(a_comment("/explain qa"), rules=rules).answers
    assert [one.title for one in answer.explained] == ["Done", "role"]


def test_only_the_newest_questions_are_answered():
    asked = [a_comment(f"/explain {id}", ago=ago) for ago, id in ((9, "DOC-001"), (8, "ops"), (7, "security"))]
    answers = _of(*asked, a_comment("/gate status", ago=6)).answers
    assert [answer.command.argument for answer in answers] == ["", "security", "ops"]


@pytest.mark.parametrize(
    ("id", "note"),
    [
        ("COMM-001", "high, blocks; `/waive COMM-001 because …` by `ann` or `bob`"),
        ("DOC-001", "critical, blocks; nobody can waive it"),
        ("security", "`ann` or `bob`; one of them signs"),
        ("ops", "`acme/ops`; one of them signs"),
    ],
)
def test_an_answer_says_who_may(id, note):
    [answer] = _of(a_comment(f"/explain {id}")).answers
    assert [one.note for one in answer.explained] == [note]


@pytest.mark.parametrize(
    ("role", "note"),
    [
        pytest.param(a_role("qa", count=2), "`ann` or `bob`; 2 of them sign", id="a quorum"),
        pytest.param(Role(id="qa"), "it has nobody", id="nobody"),
    ],
)
def test_how_many_sign_is_said(role, note):
    [answer] = _of(a_comment("/explain qa"), rules=rules_of(role)).answers
    assert answer.explained[0].note == note


def test_help_lists_each_command_with_who_may():
    [answer] = _of(a_comment("/gate help", by="eve")).answers
    assert dict(answer.usages) == {
        "`/approve ROLE [SHA] [VERSION] [note]`": "`security`: `ann` or `bob`, not the author or who pushed last; "
        "`ops`: `acme/ops`, not the author or who pushed last",
        "`/revoke ROLE`": "whoever signed or refused",
        "`/reject ROLE because …`": "`security`: `ann` or `bob`; `ops`: `acme/ops`",
        "`/attest ITEM [LINK] [note]`": "`COMM-001`: `acme/ops`",
        "`/unattest ITEM`": "`COMM-001`: `acme/ops`",
        "`/waive ITEM [SHA] [until DATE] because …`": "`COMM-001`: `ann` or `bob`",
        "`/unwaive ITEM`": "`COMM-001`: `ann` or `bob`",
        "`/accept-risk RISK [until DATE] because …`": "`R2`: `acme/ops`",
        "`/hold [until DATE] because …`": "whoever has write access",
        "`/unhold`": "whoever holds it, or an admin",
        "`/bump major|minor|patch because …`": "`ann` or `bob`",
        "`/recheck`": "anyone",
        "`/explain [ITEM]`": "anyone",
        "`/gate status`": "anyone",
        "`/gate help`": "anyone",
    }


def test_help_leaves_out_what_nobody_may():
    [answer] = _of(a_comment("/gate help"), rules=rules_of(Role(id="qa"), NOTES)).answers
    assert [usage.split()[0].strip("`") for usage, _ in answer.usages] == [
        "/hold", "/unhold", "/recheck", "/explain", "/gate", "/gate",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "because"),
    [
        pytest.param("/gate", "it names no command; `/gate help` lists them", id="no verb"),
        pytest.param(
            "/gate aprove security",
            "there is no command `aprove`; did you mean `/gate approve security`?",
            id="a verb misspelt",
        ),
        pytest.param("/gate stauts", "there is no command `stauts`; did you mean `/gate status`?", id="one alone"),
        pytest.param("/gate deploy", "there is no command `deploy`; `/gate help` lists them", id="another verb"),
        pytest.param(
            "/aprove security",
            "there is no command `aprove`; did you mean `/gate approve security`?",
            id="a bare verb misspelt, of a role of ours",
        ),
        pytest.param(
            "/gate explain ANYTHING",
            "there is no item `ANYTHING`; there are `COMM-001`, `DOC-001`, `security`, `ops`, `R2`",
            id="item",
        ),
        pytest.param(
            "/explain DOC-01", "there is no item `DOC-01`; did you mean `/explain DOC-001`?", id="an item misspelt"
        ),
    ],
)
def test_what_is_no_command_or_item_says_so(body, because):
    assert [refusal.because for refusal in _of(a_comment(body)).refusals] == [because]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("/lgtm", id="another bot's verb"),
        pytest.param("/approve", id="a verb of ours that names nothing"),
        pytest.param("/approve cancel", id="a verb of ours with another bot's word"),
        pytest.param("/hold cancel", id="another bot's release of a hold"),
        pytest.param("/status", id="everybody's status"),
        pytest.param("/help", id="everybody's help"),
        pytest.param("/explain yourself", id="a question to another"),
        pytest.param("/aprove x", id="a misspelt verb that names nothing of ours"),
        pytest.param("/test security", id="a job of CI that is called as a role of ours"),
        pytest.param("/retest security", id="a verb of others with a role of ours"),
        pytest.param("/assign @ann", id="somebody is assigned"),
    ],
)
def test_what_others_say_to_each_other_is_left_alone(body):
    verdict = _of(a_comment(body))
    assert (verdict.refusals, verdict.answers, verdict.reactions) == ((), (), ())


@pytest.mark.parametrize("body", ["/approve", "/approve x", "/reject b"])
def test_an_id_of_one_letter_is_near_to_nothing(body):
    assert _of(a_comment(body), rules=rules_of(a_role("a"))).refusals == ()


def _said(body: str, node: str, *, by: str = "ann", ago: float = 10) -> Comment:
    return a_comment(body, by=by, ago=ago, node_id=node)


@pytest.mark.parametrize(
    ("body", "by", "reaction"),
    [
        pytest.param(f"/approve security {HEAD[:7]}", "ann", COUNTS, id="what counts"),
        pytest.param("/approve security", "eve", REFUSED, id="what does not"),
        pytest.param("/explain DOC-001", "eve", ASKED, id="a question"),
        pytest.param("/recheck", "eve", ASKED, id="a fresh look"),
        pytest.param("/gate help\n/approve security", "eve", REFUSED, id="a question beside what does not count"),
        pytest.param("/approve security\n/explain", "ann", ASKED, id="a question beside what counts"),
        pytest.param("/gate nonsense", "eve", REFUSED, id="no command"),
        pytest.param("/approve security\n" * 51, "ann", REFUSED, id="too many commands"),
    ],
)
def test_reactions(body, by, reaction):
    assert _of(_said(body, "C_1", by=by)).reactions == (("C_1", reaction),)


def test_the_newest_comment_is_reacted_to_first():
    verdict = _of(_said("/recheck", "C_1", ago=9), _said("/recheck", "C_2", ago=3), _said("hello", "C_3", ago=1))
    assert [id for id, _ in verdict.reactions] == ["C_2", "C_1"]


@pytest.mark.parametrize(
    ("comment", "heard"),
    [
        pytest.param(_said("/recheck", "C_1"), {"C_1"}, id="a fresh look"),
        pytest.param(
            a_comment("/recheck", node_id="C_1", reactions=frozenset({ASKED})), set(), id="one that was heard"
        ),
        pytest.param(_said("/explain", "C_1"), set(), id="a question"),
    ],
)
def test_a_fresh_look_is_taken_once(comment, heard):
    assert unheard_rechecks(a_snapshot(comments=(comment,))) == heard


def test_without_comments_nothing_is_heard():
    assert unheard_rechecks(a_snapshot(comments=Unavailable("502"))) == frozenset()
    assert _of(rules=RULES).answers == ()


def test_every_verb_is_listed_in_help_or_may_be_used_by_nobody():
    [answer] = _of(a_comment("/gate help")).answers
    assert len(answer.usages) == len(Verb)
