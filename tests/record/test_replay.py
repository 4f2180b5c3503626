"""What is kept of a decision makes the same decision again; what makes it another one, and what does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.builtin import sets
from bot.gate.facts import Unavailable
from bot.gate.proposal import Proposal
from bot.gate.rules import BrokenRules, Origin, Rules
from bot.gate.verdict import Flip, Outcome, Preview
from bot.record.account import account, gist
from bot.record.body import body_of, packed, unpacked
from bot.record.codec import Unreadable, digest
from bot.record.grounds import Grounds, facts_of, grounds_from, rules_of
from bot.record.replay import replayed
from bot.rules import extended, parse
from tests.builders import HEAD, NOW, a_check, a_comment, a_snapshot

TEXT = """\
version: 1
roles:
  security: {users: [ann, bob], required: true}
checklist:
  TEST-001: {title: Tests pass, tier: critical, evidence: {check: {name: tests, workflow: ci.yml}}}
"""
PEOPLE = "".join(
    f"  {role}: {{users: [{role[:3]}], required: true}}\n"
    for role in ("release-manager", "security", "devops", "product-owner")
)
PREVIEW = Preview(flips=(Flip(number=3, before=Outcome.READY, after=Outcome.BLOCKED),), looked_at=1, others=2)


def rules_in(text: str, **more: str) -> Rules | BrokenRules:
    """As the rulebook keeps them."""
    known = {**sets(), **more}
    rules = parse(text, file=".release-gate.yml", source="blob", sets=known)
    if isinstance(rules, BrokenRules):
        return rules
    inside = {name: known[name] for name in extended(text, known)}
    return replace(rules, origin=Origin(text=text, sets=inside, is_default=True))


def grounds_of(text: str = TEXT, proposal: Proposal | None = None, **facts: object) -> Grounds:
    return Grounds(rules=rules_in(text), snapshot=a_snapshot(**facts), proposal=proposal)


def said(grounds: Grounds) -> str:
    return gist(account(grounds.verdict), digest(rules_of(grounds)))


@pytest.mark.parametrize(
    "grounds",
    [
        pytest.param(grounds_of(), id="nothing is known of the check"),
        pytest.param(grounds_of(checks=(a_check(),), comments=(a_comment(f"/approve security {HEAD}"),)), id="ready"),
        pytest.param(grounds_of(comments=Unavailable("no permission")), id="people can't be heard"),
        pytest.param(grounds_of(f"version: 1\nextends: release\nroles:\n{PEOPLE}"), id="a built-in set"),
        pytest.param(
            Grounds(
                rules=rules_in("version: 1\nextends: acme/rules\n", **{"acme/rules": f"extends: minimal\n{TEXT}"}),
                snapshot=a_snapshot(),
            ),
            id="a file elsewhere that stands on a built-in set",
        ),
        pytest.param(grounds_of("version: 1\nextends: nothing\n"), id="rules with faults"),
        pytest.param(grounds_of(proposal=Proposal(file="f", rules=None)), id="the rules would go"),
        pytest.param(
            grounds_of(proposal=Proposal(file="f", rules=rules_in("version: 1\n"), preview=PREVIEW)),
            id="the rules would change",
        ),
        pytest.param(
            grounds_of(proposal=Proposal(file="f", rules=rules_in("version: 2\n"))), id="the rules would break"
        ),
    ],
)
def test_the_same_is_decided_again(grounds):
    body = unpacked(packed(body_of(grounds, account(grounds.verdict))))
    again = replayed(body)
    assert again.differences == ()
    assert again.verdict == grounds.verdict
    assert (facts_of(again.grounds), rules_of(again.grounds)) == (facts_of(grounds), rules_of(grounds))


def test_only_what_is_extended_is_kept():
    assert list(rules_of(grounds_of(f"version: 1\nextends: release\nroles:\n{PEOPLE}"))["rules"]["sets"]) == ["release"]
    assert rules_of(grounds_of())["rules"]["sets"] == {}


def test_rules_that_were_read_from_nowhere_can_not_be_kept():
    with pytest.raises(TypeError, match="rules without the text"):
        rules_of(Grounds(rules=replace(rules_in(TEXT), origin=None), snapshot=a_snapshot()))  # type: ignore[arg-type]


def test_what_differs_is_named():
    grounds = grounds_of()
    told = {**account(grounds.verdict), "readiness": 99, "blockers": []}
    again = replayed(body_of(grounds, told))
    assert again.differences[0] == "readiness: 99 → 0"
    assert again.differences[1].startswith('blockers: [] → [{"do":')


def test_of_lists_of_one_length_the_entries_that_differ_are_named():
    grounds = grounds_of()
    told = account(grounds.verdict)
    was = {**told, "items": [{**told["items"][0], "state": "met"}]}
    (difference,) = replayed(body_of(grounds, was)).differences
    assert difference.startswith("items: {")
    assert difference.count("…") <= 2


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"merge": {}}, {"rules": None}, id="a merge"),
        pytest.param(facts_of(grounds_of()), {"rules": {"file": "f", "source": "s"}, "proposed": None}, id="no text"),
    ],
)
def test_what_holds_no_decision_is_told(facts, rules):
    with pytest.raises(Unreadable):
        grounds_from(facts, rules)


WAITING = grounds_of(checks=(a_check(conclusion=None),))


@pytest.mark.parametrize(
    ("before", "now", "is_another"),
    [
        pytest.param(grounds_of(), grounds_of(taken_at=NOW + timedelta(minutes=1)), False, id="a minute passed"),
        pytest.param(grounds_of(), grounds_of(title="Another"), False, id="another title"),
        pytest.param(WAITING, grounds_of(checks=(a_check(),)), True, id="a check succeeded"),
        pytest.param(grounds_of(), grounds_of(head_sha="d" * 40), True, id="a push"),
        pytest.param(
            grounds_of(), grounds_of(comments=(a_comment(f"/approve security {HEAD}"),)), True, id="a sign-off"
        ),
        pytest.param(grounds_of(), grounds_of(is_draft=True), True, id="a draft"),
        pytest.param(grounds_of(), grounds_of(f"{TEXT}# more\n"), True, id="other rules"),
        pytest.param(grounds_of(), grounds_of(proposal=Proposal(file="f", rules=None)), True, id="a proposal"),
        pytest.param(
            grounds_of(comments=(a_comment("/hold because x"),), permissions={}),
            grounds_of(comments=(a_comment("/hold because y"),), permissions={}),
            False,
            id="the same hold in other words",
        ),
    ],
)
def test_what_makes_it_another_decision(before, now, is_another):
    assert (said(before) != said(now)) is is_another
