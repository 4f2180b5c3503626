"""Facts come back from what is kept of them as they were, whatever they are."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.gate.differences import Comparison, OwnChange, OwnFile
from bot.gate.facts import Permission, Snapshot, Unavailable
from bot.gate.rules import BrokenRules, Fault
from bot.gate.verdict import Flip, Outcome, Preview
from bot.record.codec import Unreadable, canonical, decoded, digest, encoded
from tests.builders import HEAD, a_check, a_comment, a_deployment, a_file, a_review, a_snapshot

# A team or a login has no space in it.
_texts = st.text(alphabet=st.characters(codec="utf-8", exclude_characters=" "), max_size=8)
_instants = st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  its zone comes with it
_numbers = st.integers(min_value=-(2**53), max_value=2**63 - 1)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {str: _texts, datetime: _instants, int: _numbers}

WHOLE = a_snapshot(
    checks=(a_check(), a_check(workflow=Unavailable("no permission"), conclusion=None)),
    files={"CHANGELOG.md": a_file(), "gone": None, "hidden": Unavailable("GitHub does not show it")},
    changes=None,
    reviews=(a_review(),),
    deployments=(a_deployment(),),
    comments=(a_comment("/approve security", reactions=frozenset({"ROCKET", "EYES"})),),
    pushers=Unavailable("it was not found"),
    memberships={("acme/security", "sam"): True, ("acme/ops", "ann"): Unavailable("no permission")},
    permissions={"sam": Permission.WRITE},
    team_members={"acme/security": frozenset({"sam", "ann"})},
    comparisons={HEAD: Comparison(linear=True, files=frozenset({"a", "b"}))},
    own_changes={
        HEAD: OwnChange(
            merge_base="c" * 40,
            files={"a": OwnFile(previous=None, status="added", blob="1", hunks=None, mode="100644")},
        )
    },
)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(a_snapshot(), id="an ordinary snapshot"),
        pytest.param(WHOLE, id="a snapshot with every kind of fact"),
        pytest.param(replace(WHOLE, checks=Unavailable("x"), comments=Unavailable("y")), id="a snapshot without facts"),
        pytest.param(
            Preview(flips=(Flip(number=3, before=Outcome.READY, after=Outcome.BLOCKED),), looked_at=1, others=1),
            id="what proposed rules would mean",
        ),
        pytest.param(
            BrokenRules(source="1", file="f", faults=(Fault(line=1, column=2, path="a.b", message="no"),)),
            id="rules with faults",
        ),
    ],
)
def test_values_come_back(value):
    assert decoded(type(value), encoded(value)) == value


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data())
def test_any_snapshot_comes_back(data):
    for kind, strategy in PLAIN.items():
        st.register_type_strategy(kind, strategy)
    snapshot = data.draw(st.from_type(Snapshot))
    kept = encoded(snapshot)
    again = decoded(Snapshot, kept)
    assert again == snapshot
    assert canonical(encoded(again)) == canonical(kept)


def test_a_digest_knows_no_order():
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    assert digest({"a": [1, 2]}) != digest({"a": [2, 1]})


@given(st.recursive(st.text() | st.integers(-(2**53), 2**53) | st.none(), lambda of: st.dictionaries(st.text(), of)))
def test_the_canonical_form_is_that_of_any_json_library(value):
    told = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(value).decode() == told


def test_equal_facts_have_equal_digests_whatever_order_they_were_read_in():
    one = replace(WHOLE, permissions={"sam": Permission.WRITE, "ann": Permission.READ})
    other = replace(WHOLE, permissions={"ann": Permission.READ, "sam": Permission.WRITE})
    assert digest(encoded(one)) == digest(encoded(other))


def test_what_a_newer_program_added_has_its_default():
    kept = encoded(WHOLE)
    del kept["comparisons"]
    assert decoded(Snapshot, kept) == replace(WHOLE, comparisons={})


def test_what_an_older_program_does_not_know_is_left_out():
    assert decoded(Snapshot, {**encoded(WHOLE), "weather": "fine"}) == WHOLE


@pytest.mark.parametrize(
    ("change", "because"),
    [
        pytest.param({"taken_at": "noon"}, "no Snapshot: Invalid isoformat", id="no instant"),
        pytest.param({"number": "7"}, "no Snapshot: '7' where a int is wanted", id="no number"),
        pytest.param({"checks": 5}, "no Snapshot: 'int' object is not iterable", id="no list"),
        pytest.param({"permissions": {"sam": "OWNER"}}, "no Snapshot: 'OWNER' is not a valid Permission", id="no word"),
        pytest.param({"memberships": []}, "no Snapshot: 'list' object has no", id="no mapping"),
    ],
)
def test_what_is_no_snapshot_is_told(change, because):
    with pytest.raises(Unreadable, match=because):
        decoded(Snapshot, {**encoded(WHOLE), **change})


def test_what_is_missing_is_told():
    with pytest.raises(Unreadable, match="no Snapshot"):
        decoded(Snapshot, {})


def test_what_can_be_no_fact_is_no_fact():
    with pytest.raises(TypeError, match="not JSON serializable: complex"):
        encoded(replace(WHOLE, title=1j))  # type: ignore[arg-type]
    with pytest.raises(Unreadable, match="nothing is known of complex"):
        decoded(complex, 1)
