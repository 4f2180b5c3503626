"""`/attest` and `/unattest`: who may, what takes it back, what is remembered, what is answered."""

from dataclasses import replace
from typing import Any

import pytest

from bot.evidence.attestation import Attestation
from bot.evidence.check import Check
from bot.gate.checklist import Item
from bot.gate.commands import commands_in
from bot.gate.evaluate import evaluate, questions
from bot.gate.facts import Closing, Comment, Fact, Unavailable
from bot.gate.people import People
from bot.gate.published import PublishedHead
from bot.gate.rules import Exclude, Role, Stale
from bot.gate.verdict import Outcome
from tests.builders import HEAD, OLD, a_comment, a_role, a_snapshot, an_item, heard, minutes_ago, rules_of

PRODUCT = a_role("product", required=False)
TEAM = a_role("product", required=False, users=frozenset(), teams=frozenset({"acme/product"}))
OPS = a_role("ops", required=False, users=frozenset({"otto"}), exclude=frozenset[Exclude]())
TOLD = an_item(Attestation(by=("product",)), id="COMM-001")
TESTS = an_item(Check(name="tests", workflow="ci.yml"), id="TEST-001")
ATTEST, UNATTEST = a_comment("/attest COMM-001"), a_comment("/unattest COMM-001", ago=5)
LOST = Unavailable("lost")
HEADS = (PublishedHead(sha=OLD, at=minutes_ago(50)), PublishedHead(sha=HEAD, at=minutes_ago(20)))


def _said(*comments: Comment, role: Role = PRODUCT, item: Item = TOLD, **facts: Any) -> People:
    return heard(rules_of(role, OPS, item, TESTS), a_snapshot(comments=comments, **facts))


def _who(said: People) -> list[str]:
    return [claim.login for claim in said.attested["COMM-001"].claims]


def _answers(said: People) -> list[str]:
    return [refusal.because for refusal in said.refusals]


def _member(answer: Fact[bool], login: str = "ann") -> dict[tuple[str, str], Fact[bool]]:
    return {("acme/product", login): answer}


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param(ATTEST, id="as it should be"),
        pytest.param(a_comment("/attest comm-001"), id="the id in other case"),
        pytest.param(a_comment("/gate attest COMM-001 told them all"), id="with a note"),
        pytest.param(a_comment("/attest COMM-001", by="ANN"), id="the login in other case"),
    ],
)
def test_a_member_attests(comment):
    said = _said(comment)
    assert (len(said.attested["COMM-001"].claims), said.refusals) == (1, ())


@pytest.mark.parametrize(
    ("body", "url", "note"),
    [
        ("/attest COMM-001 https://x.test/mail told them all", "https://x.test/mail", "told them all"),
        ("/attest COMM-001 told https://x.test", None, "told https://x.test"),
        ("/attest COMM-001 http://x.test", None, "http://x.test"),
        ("/attest COMM-001 https://x.test/(a)", None, "https://x.test/(a)"),
        ("/attest COMM-001 javascript:alert(1)", None, "javascript:alert(1)"),
        ("/attest COMM-001 abcdef1 it is", None, "abcdef1 it is"),
    ],
)
def test_a_link_is_one_that_can_be_shown(body, url, note):
    [command] = commands_in(a_comment(body))
    assert (command.url, command.because, command.commit) == (url, note, None)


def test_only_an_attestation_takes_a_link():
    [command] = commands_in(a_comment("/approve security https://x.test"))
    assert (command.url, command.because) == (None, "https://x.test")


@pytest.mark.parametrize(
    ("comment", "because"),
    [
        pytest.param(
            a_comment("/attest COMM-001", by="eve"), "only `ann` or `bob` can attest `COMM-001`", id="a stranger"
        ),
        pytest.param(
            replace(ATTEST, edited_at=minutes_ago(1)),
            "an edited comment can't attest anything; write it as a new comment",
            id="edited",
        ),
        pytest.param(replace(ATTEST, is_bot=True), "Apps and deleted accounts can't attest", id="a bot"),
        pytest.param(replace(ATTEST, author=None), "Apps and deleted accounts can't attest", id="a deleted account"),
        pytest.param(
            a_comment("/attest COMM-01"),
            "there is no item to attest `COMM-01`; did you mean `/attest COMM-001`?",
            id="misspelt",
        ),
        pytest.param(
            a_comment("/gate attest X"),
            "there is no item to attest `X`; the items to attest are `COMM-001`",
            id="another word altogether",
        ),
        pytest.param(
            a_comment("/gate attest"), "it names no item to attest; the items to attest are `COMM-001`", id="no item"
        ),
        pytest.param(
            a_comment("/attest test-001"),
            "`TEST-001` is not attested, its evidence is another; to be attested: `COMM-001`",
            id="an item with other evidence",
        ),
        pytest.param(
            a_comment("/unattest COMM-001", by="eve"),
            "only `ann` or `bob` can take back what was said of `COMM-001`",
            id="a stranger takes back",
        ),
        pytest.param(replace(UNATTEST, is_bot=True), "Apps and deleted accounts can't attest", id="a bot takes back"),
        pytest.param(
            a_comment("/unattest COMM-002"),
            "there is no item to attest `COMM-002`; did you mean `/unattest COMM-001`?",
            id="misspelt while taking back",
        ),
    ],
)
def test_a_refusal_says_why(comment, because):
    said = _said(comment)
    assert (_who(said), _answers(said), said.closings) == ([], [because], ())


@pytest.mark.parametrize("body", ["/attest bugs", "/attest", "/unattest A", "/approve lg"])
def test_other_bots_commands_are_left_alone(body):
    assert _said(a_comment(body)).refusals == ()


def test_without_any_item_to_attest_it_says_so():
    said = heard(rules_of(PRODUCT, TESTS), a_snapshot(comments=(a_comment("/attest TEST-001"),)))
    assert _answers(said) == ["`TEST-001` is not attested, its evidence is another; to be attested: none is"]


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        pytest.param({"author": "Ann"}, "the author of a pull request can't attest `COMM-001`", id="the author"),
        pytest.param({"pushers": frozenset({"ANN"})}, "who pushed last can't attest `COMM-001`", id="the last pusher"),
    ],
)
def test_the_exclusions_of_a_role_hold(facts, because):
    said = _said(ATTEST, **facts)
    assert (_who(said), _answers(said)) == ([], [because])


@pytest.mark.parametrize(
    ("role", "facts", "because"),
    [
        pytest.param(
            TEAM, {"memberships": _member(Unavailable("no permission"))}, "no permission", id="who is in the team"
        ),
        pytest.param(PRODUCT, {"pushers": Unavailable("not told")}, "not told", id="who pushed"),
        pytest.param(PRODUCT, {"pushers": None}, "who pushed the head is not known yet", id="who pushed, not asked"),
    ],
)
def test_what_cannot_be_told_is_unknown(role, facts, because):
    said = _said(ATTEST, role=role, **facts)
    assert (_who(said), said.refusals, said.attested["COMM-001"].unknown) == ([], (), because)


def test_unreadable_comments_are_unknown():
    said = heard(rules_of(PRODUCT, TOLD), a_snapshot(comments=Unavailable("502")))
    assert said.attested["COMM-001"].unknown == "502"


def test_one_role_of_several_is_enough():
    item = an_item(Attestation(by=("product", "ops")), id="COMM-001")
    said = _said(a_comment("/attest COMM-001", by="otto"), item=item, role=TEAM, memberships=_member(LOST, "otto"))
    assert [claim.roles for claim in said.attested["COMM-001"].claims] == [frozenset({"ops"})]


def test_it_knows_which_head_could_be_seen():
    said = _said(ATTEST, a_comment("/attest COMM-001", ago=30), a_comment("/attest COMM-001", ago=55), heads=HEADS)
    assert [claim.sha for claim in said.attested["COMM-001"].claims] == [None, OLD, HEAD]


def test_whoever_may_attest_takes_back_what_anybody_said():
    said = _said(a_comment("/attest COMM-001", by="bob"), UNATTEST)
    assert (_who(said), [closing.argument for closing in said.closings]) == ([], ["COMM-001"])


def test_a_later_word_counts_again():
    assert _who(_said(UNATTEST, a_comment("/attest COMM-001", by="bob", ago=1))) == ["bob"]


def test_the_author_may_take_back():
    said = _said(a_comment("/attest COMM-001", by="bob"), UNATTEST, author="ann")
    assert _who(said) == []


def test_taking_back_stands_when_its_comment_is_gone():
    kept = Closing(comment="9", verb="unattest", argument="COMM-001", login="ann", at=minutes_ago(5))
    assert _who(_said(ATTEST, closings=(kept,))) == []
    assert _who(_said(ATTEST, closings=(replace(kept, verb="revoke"),))) == ["ann"]
    assert _who(_said(ATTEST, closings=(replace(kept, argument="OTHER"),))) == ["ann"]


def test_what_is_remembered_is_not_new():
    [closing] = _said(UNATTEST).closings
    assert _said(UNATTEST, closings=(closing,)).closings == ()


def test_a_role_and_an_item_of_one_name_are_two_things():
    said = _said(
        ATTEST, closings=(Closing(comment="9", verb="revoke", argument="COMM-001", login="ann", at=minutes_ago(5)),)
    )
    assert _who(said) == ["ann"]


def test_taking_back_by_who_knows_whom_counts_and_is_kept():
    said = _said(a_comment("/attest COMM-001", by="bob"), UNATTEST, role=TEAM, memberships=_member(True, "bob"))
    assert (_who(said), len(said.closings)) == ([], 1)


@pytest.mark.parametrize(
    ("comment", "facts", "memberships", "pushers"),
    [
        pytest.param(ATTEST, {}, {("acme/product", "ann")}, True, id="attested"),
        pytest.param(ATTEST, {"author": "ann"}, set(), False, id="by the author"),
        pytest.param(UNATTEST, {"author": "ann"}, {("acme/product", "ann")}, False, id="taken back by the author"),
        pytest.param(UNATTEST, {}, {("acme/product", "ann")}, False, id="taken back"),
        pytest.param(replace(ATTEST, is_bot=True), {}, set(), False, id="a bot"),
        pytest.param(a_comment("/gate attest X"), {}, set(), False, id="no such item"),
        pytest.param(ATTEST, {"memberships": _member(True)}, set(), True, id="a known member"),
    ],
)
def test_what_is_asked(comment, facts, memberships, pushers):
    asked = questions(rules_of(TEAM, TOLD), a_snapshot(comments=(comment,), **({"pushers": None} | facts)))
    assert (asked.memberships, asked.pushers, asked.comparisons) == (memberships, pushers, frozenset())


@pytest.mark.parametrize(("stale", "comparisons"), [(Stale.CHANGED, {OLD}), (Stale.PUSH, set()), (Stale.NEVER, set())])
def test_commits_are_compared_where_a_change_takes_it_away(stale, comparisons):
    item = an_item(Attestation(by=("product",), stale=stale), id="COMM-001")
    snapshot = a_snapshot(comments=(a_comment("/attest COMM-001", ago=30),), heads=HEADS)
    assert questions(rules_of(PRODUCT, item), snapshot).comparisons == comparisons


def test_it_opens_the_gate_and_shuts_it_again():
    rules = rules_of(PRODUCT, TOLD)
    outcomes = [evaluate(rules, a_snapshot(comments=said)).outcome for said in [(), (ATTEST,), (ATTEST, UNATTEST)]]
    assert outcomes == [Outcome.BLOCKED, Outcome.READY, Outcome.BLOCKED]
