"""The chain of decisions: whatever is changed, taken out, put in or moved is found, with or without bodies."""

import zlib
from dataclasses import asdict, replace

import pytest

from bot.record.body import kept_in, line_of, packed, unpacked
from bot.record.chain import FIRST, Body, Decision, Entry, Kept, Kind, altered, first_break, linked, missing
from bot.record.codec import Unreadable, digest


def an_entry(title: str = "Ready", body: Body | None = None) -> Entry:
    digests = body.digests if body else dict.fromkeys(("facts", "rules", "verdict"), "f" * 64)
    return Entry(
        subject="PR_7",
        kind=Kind.VERDICT,
        at=1_000,
        target="pull:3:acme/shop:7",
        repository="acme/shop",
        pull=7,
        commit="a" * 40,
        outcome="ready",
        title=title,
        program="1.0.0",
        gist=digest(title),
        **digests,
    )


def a_chain(*titles: str) -> tuple[Decision, ...]:
    chain: tuple[Decision, ...] = ()
    for title in titles or ("Blocked", "Waiting", "Ready"):
        chain = (*chain, linked(an_entry(title), chain[-1] if chain else None))
    return chain


def forged(decision: Decision, **fields: object) -> Decision:
    """Changed by somebody who knows how digests are made."""
    changed = replace(decision, **fields)  # type: ignore[arg-type]
    made_of = asdict(changed)
    del made_of["digest"]
    return replace(changed, digest=digest(made_of))


ONE, TWO, THREE = a_chain()


def test_a_chain_counts_and_points_back():
    assert [(one.number, one.previous) for one in (ONE, TWO, THREE)] == [(1, FIRST), (2, ONE.digest), (3, TWO.digest)]


@pytest.mark.parametrize(
    ("chain", "problem"),
    [
        pytest.param((), "", id="no decision"),
        pytest.param((ONE, TWO, THREE), "", id="whole"),
        pytest.param((ONE, TWO), "", id="a tail that was cut shows nothing by itself"),
        pytest.param(
            (ONE, replace(TWO, outcome="blocked"), THREE),
            "decision 2 was changed: its digest is not that of what it says",
            id="one was changed",
        ),
        pytest.param(
            (ONE, forged(TWO, outcome="blocked"), THREE),
            "decision 3 does not follow the one before it: that was changed or put there later",
            id="one was changed, and its digest with it",
        ),
        pytest.param((ONE, THREE), "decision 2 is missing, the next one is 3", id="one was taken out"),
        pytest.param((TWO, THREE), "decision 1 is missing, the next one is 2", id="the first was taken out"),
        pytest.param(
            (ONE, forged(THREE, number=2)),
            "decision 2 does not follow the one before it: that was changed or put there later",
            id="one was taken out, and the rest counted anew",
        ),
        pytest.param((ONE, THREE, TWO), "decision 2 is missing, the next one is 3", id="two changed places"),
        pytest.param(
            (forged(THREE, number=1), ONE),
            "decision 1 does not follow the one before it: that was changed or put there later",
            id="one was put in front",
        ),
    ],
)
def test_where_a_chain_is_broken(chain, problem):
    assert first_break(chain) == problem


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        pytest.param((TWO, THREE), "", id="the end of a chain"),
        pytest.param(
            (replace(TWO, outcome="blocked"), THREE), "decision 2 was changed", id="its first link was changed"
        ),
        pytest.param((ONE, THREE), "decision 2 is missing", id="a link in between is missing"),
    ],
)
def test_where_a_part_of_a_chain_is_broken(part, problem):
    assert first_break(part, is_part=True).startswith(problem)
    assert bool(first_break(part, is_part=True)) is bool(problem)


@pytest.mark.parametrize(
    ("chain", "problem"),
    [
        pytest.param((ONE, TWO, THREE), "", id="all that was known is there"),
        pytest.param((ONE,), f"decision 2 is gone: it was {TWO.digest[:12]} in the export", id="the tail was cut"),
        pytest.param(
            a_chain("Blocked", "Ready"),
            f"decision 2 is {a_chain('Blocked', 'Ready')[1].digest[:12]}; in the export it was {TWO.digest[:12]}",
            id="it was written anew",
        ),
    ],
)
def test_what_was_known_elsewhere_is_missed(chain, problem):
    assert missing(chain, {1: ONE.digest, 2: TWO.digest}) == problem


BODY = Body(facts={"snapshot": {"number": 7}}, rules={"rules": {"text": "version: 1"}}, verdict={"outcome": "ready"})


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param(None, "", id="it went with age"),
        pytest.param(BODY, "", id="as it was"),
        pytest.param(replace(BODY, facts={}), "its facts are not those", id="other facts"),
        pytest.param(replace(BODY, rules={}), "its rules are not those", id="other rules"),
        pytest.param(replace(BODY, verdict={}), "its verdict are not those", id="another verdict"),
    ],
)
def test_a_changed_body_is_found(body, problem):
    kept = Kept(decision=linked(an_entry(body=BODY), None), body=body)
    assert problem in altered(kept)
    assert bool(altered(kept)) is bool(problem)


@pytest.mark.parametrize("body", [pytest.param(BODY, id="with its body"), pytest.param(None, id="whose body went")])
def test_a_decision_comes_back_from_a_line(body):
    kept = Kept(decision=linked(an_entry(body=BODY), None), body=body)
    assert b"\n" not in line_of(kept)
    assert kept_in(line_of(kept)) == kept


def test_a_body_comes_back_from_the_database():
    assert unpacked(packed(BODY)) == BODY


@pytest.mark.parametrize(
    "damaged", [b"", b"no zlib", packed(BODY)[:-4], pytest.param(zlib.compress(b"[]"), id="no object")]
)
def test_a_damaged_body_is_told(damaged):
    with pytest.raises(Unreadable, match="the body of a decision is damaged"):
        unpacked(damaged)


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b'{"body": {}}', b'{"body": null}'])
def test_what_is_no_line_of_an_export_is_told(line):
    with pytest.raises(Unreadable, match=r"this is no line of an export|no Decision"):
        kept_in(line)
