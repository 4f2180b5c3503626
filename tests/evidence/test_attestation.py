"""`attestation`: the word of somebody who may, with a link if one is required, while it lasts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.evidence.attestation import Attestation, Link
from bot.evidence.combined import All
from bot.evidence.elapsed import Elapsed
from bot.gate.checklist import Evidence
from bot.gate.claims import Claim, Claimed
from bot.gate.differences import Comparison
from bot.gate.facts import BaseChange
from bot.gate.finding import Finding, State, Who
from bot.gate.needs import Needs
from bot.gate.rules import Stale
from tests.builders import HEAD, NOW, OLD, a_candidate, a_role, minutes_ago, rules_of

MET, UNMET, UNKNOWN, PENDING = State.MET, State.UNMET, State.UNKNOWN, State.PENDING
PRODUCT, OPS = a_role("product"), a_role("ops", users=frozenset({"otto"}), teams=frozenset({"acme/ops"}))
TOLD = Attestation(by=("product",))
LINKED = Attestation(by=("product",), url=Link.REQUIRED)
FRESH = Attestation(by=("product",), max_age=timedelta(hours=1))
PUSHED = Attestation(by=("product",), stale=Stale.PUSH)
CHANGED = Attestation(by=("product",), stale=Stale.CHANGED)
AHEAD = Comparison(linear=True, files=frozenset({"a.py"}))


def _claim(by: str = "ann", *, ago: float = 10, **facts: Any) -> Claim:
    ordinary: dict[str, Any] = {"id": "COMM-001", "roles": frozenset({"product"}), "sha": HEAD, "proof": None}
    return Claim(login=by, at=minutes_ago(ago), url="https://github.test/comment", **(ordinary | facts))


def _judged(evidence: Evidence, *claims: Claim, unknown: str = "", item: str = "COMM-001", **facts: Any) -> Finding:
    candidate = a_candidate(rules=rules_of(PRODUCT, OPS), **facts)
    return evidence.judge(replace(candidate, item=item, attested={"COMM-001": Claimed(claims=claims, unknown=unknown)}))


@pytest.mark.parametrize(
    ("evidence", "claims", "state", "seen"),
    [
        pytest.param(TOLD, [], UNMET, "nobody has attested it", id="nobody"),
        pytest.param(TOLD, [_claim()], MET, "attested by `ann`", id="somebody"),
        pytest.param(TOLD, [_claim(), _claim("bob")], MET, "attested by `ann` and `bob`", id="two people"),
        pytest.param(TOLD, [_claim(roles=frozenset({"ops"}))], UNMET, "nobody has attested it", id="for another role"),
        pytest.param(TOLD, [_claim(sha=None)], MET, "attested by `ann`", id="before any verdict was published"),
        pytest.param(LINKED, [_claim()], UNMET, "`ann` attested it without a link", id="without a link"),
        pytest.param(LINKED, [_claim(proof="https://x.test")], MET, "attested by `ann`", id="with a link"),
        pytest.param(
            LINKED,
            [_claim(ago=20, proof="https://x.test"), _claim()],
            MET,
            "attested by `ann`",
            id="an older word counts as well",
        ),
        pytest.param(
            LINKED, [_claim("bob", ago=20, proof="https://x.test"), _claim()], MET, "attested by `bob`", id="of another"
        ),
        pytest.param(FRESH, [_claim(ago=59)], MET, "attested by `ann`", id="not too long ago"),
        pytest.param(
            FRESH,
            [_claim(ago=60)],
            UNMET,
            "`ann` attested it at 22 Nov 2026 11:00 UTC, which is too long ago",
            id="too long ago",
        ),
        pytest.param(PUSHED, [_claim()], MET, "attested by `ann`", id="of the head"),
        pytest.param(
            PUSHED, [_claim(sha=OLD)], UNMET, "`aaaaaaa` was pushed after `bbbbbbb` was attested", id="of an older head"
        ),
        pytest.param(TOLD, [_claim(sha=OLD)], MET, "attested by `ann`", id="a push takes nothing away by default"),
        pytest.param(
            PUSHED,
            [_claim(sha=None)],
            UNMET,
            "`ann` attested it before a verdict was published, so it is not clear of which commit",
            id="of no known head",
        ),
    ],
)
def test_attestation(evidence, claims, state, seen):
    finding = _judged(evidence, *claims)
    assert (finding.state, finding.seen) == (state, seen)


@pytest.mark.parametrize(
    ("evidence", "state"),
    [
        pytest.param(TOLD, MET, id="not by default"),
        pytest.param(PUSHED, UNMET, id="where any push does"),
        pytest.param(CHANGED, UNMET, id="where a change does"),
    ],
)
def test_another_base_takes_it_away(evidence, state):
    change = BaseChange(before="feature", after="main", at=NOW)
    finding = _judged(evidence, _claim(), base_change=change)
    assert finding.state is state
    if state is UNMET:
        assert finding.seen == "the base was changed from `feature` to `main` after it was attested"


@pytest.mark.parametrize(
    ("comparison", "state"),
    [
        pytest.param(Comparison(linear=True, files=frozenset()), MET, id="nothing changed"),
        pytest.param(AHEAD, UNMET, id="files changed"),
        pytest.param(Comparison(linear=False, files=frozenset()), UNMET, id="rewritten"),
        pytest.param(None, UNMET, id="not known"),
    ],
)
def test_a_change_takes_it_away_where_the_rules_say_so(comparison, state):
    comparisons = {OLD: comparison} if comparison else {}
    assert _judged(CHANGED, _claim(sha=OLD), comparisons=comparisons).state is state


def test_it_says_who_may_and_what_to_type():
    finding = _judged(Attestation(by=("product", "ops"), url=Link.REQUIRED))
    assert finding.wanted == "the word of `ann` or `bob` or `acme/ops` or `otto`"
    assert (finding.do, finding.who, finding.roles) == ("`/attest COMM-001 https://…`", Who.ROLE, ("product", "ops"))
    assert _judged(TOLD).do == "`/attest COMM-001`"


def test_what_cannot_be_told_is_unknown():
    finding = _judged(TOLD, unknown="no comments")
    assert (finding.state, finding.seen) == (UNKNOWN, "no comments")
    assert _judged(TOLD, _claim(), unknown="who eve is").state is MET


def test_it_counts_for_its_own_item_only():
    assert _judged(TOLD, _claim(), item="OTHER").state is UNMET


def test_it_is_met_since_the_first_of_those_that_count_and_until_the_last_ends():
    finding = _judged(FRESH, _claim(ago=30), _claim("bob", ago=10), _claim("bob", ago=50), _claim("bob", ago=61))
    assert (finding.at, finding.again_at) == (minutes_ago(50), NOW + timedelta(minutes=50))
    assert finding.seen == "attested by `bob` and `ann`"
    assert _judged(TOLD, _claim()).again_at is None


def test_it_points_at_the_proof():
    assert _judged(TOLD, _claim(proof="https://x.test")).link == "https://x.test"
    assert _judged(TOLD, _claim()).link == "https://github.test/comment"


def test_a_grace_period_counts_from_it():
    grace = All(of=(LINKED, Elapsed(since="attestation", for_=timedelta(days=14))))
    assert _judged(grace).state is UNMET
    waiting = _judged(grace, _claim(proof="https://x.test", ago=60))
    assert (waiting.state, waiting.who) == (PENDING, Who.CLOCK)
    assert waiting.again_at == NOW + timedelta(days=14, hours=-1)
    assert _judged(grace, _claim(proof="https://x.test", ago=14 * 24 * 60)).state is MET


def test_its_needs():
    assert TOLD.needs() == Needs(attesters=frozenset({"product"}))
    assert CHANGED.needs() == Needs(attesters=frozenset({"product"}), attested_commits=True)
