"""To which changes an item applies, from when on it blocks, and what shadow mode leaves alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.evidence.elapsed import Elapsed
from bot.evidence.label import Label
from bot.evidence.paths import Paths
from bot.gate.applies import Author, ItemWhen
from bot.gate.blast_radius import Area, Radius
from bot.gate.checklist import JudgedItem, Tier
from bot.gate.evaluate import evaluate, questions
from bot.gate.facts import Unavailable
from bot.gate.finding import State
from bot.gate.rules import Mode
from bot.gate.verdict import Outcome
from bot.gate.version import Bump
from tests.builders import NOW, a_change, a_snapshot, an_item, minutes_ago, rules_of

LOST = Unavailable("lost")
OPEN = Label(all=frozenset({"never"}))
AREAS = (
    Area(id="auth", paths=("auth/",), radius=Radius.HIGH),
    Area(id="docs", paths=("docs/",), radius=Radius.LOW),
)
PATHS = ItemWhen(paths=("auth/",))
LABELS = ItemWhen(labels=frozenset({"db", "sql"}))
BASE = ItemWhen(base=("v*",))
MINOR = ItemWhen(bump=frozenset({Bump.MINOR, Bump.MAJOR}))
HIGH = ItemWhen(radius=frozenset({Radius.HIGH}))
BOT = ItemWhen(author=frozenset({Author.BOT}))


def _judged(when: ItemWhen | None, **facts: Any) -> JudgedItem:
    rules = rules_of(an_item(OPEN, when=when), areas=AREAS)
    [judged] = evaluate(rules, a_snapshot(**facts)).items
    return judged


@pytest.mark.parametrize(
    ("when", "facts", "applies"),
    [
        pytest.param(None, {}, True, id="no condition"),
        pytest.param(PATHS, {"changes": (a_change("auth/login.py"),)}, True, id="the path is changed"),
        pytest.param(PATHS, {"changes": (a_change("x.py", was="auth/x.py"),)}, True, id="a file is moved out of it"),
        pytest.param(PATHS, {"changes": (a_change("docs/x"),)}, False, id="another path is changed"),
        pytest.param(PATHS, {"changes": LOST}, True, id="what is changed can't be told"),
        pytest.param(LABELS, {"labels": frozenset({"sql"})}, True, id="one of the labels"),
        pytest.param(LABELS, {"labels": frozenset({"ui"})}, False, id="another label"),
        pytest.param(LABELS, {"labels": LOST}, True, id="labels can't be told"),
        pytest.param(BASE, {"base_ref": "v1"}, True, id="the base"),
        pytest.param(BASE, {}, False, id="another base"),
        pytest.param(MINOR, {}, False, id="a smaller bump"),
        pytest.param(MINOR, {"tags": LOST}, True, id="the bump can't be told"),
        pytest.param(HIGH, {"changes": (a_change("auth/a"), a_change("docs/a"))}, True, id="the highest radius"),
        pytest.param(HIGH, {"changes": (a_change("docs/a"),)}, False, id="a lower radius"),
        pytest.param(HIGH, {"changes": (a_change("b"),)}, False, id="no area"),
        pytest.param(HIGH, {"changes": LOST}, True, id="the radius can't be told"),
        pytest.param(BOT, {"author_is_bot": True}, True, id="a bot's pull request"),
        pytest.param(BOT, {"author_is_bot": Unavailable("needs GitHub")}, True, id="nobody knows whose"),
        pytest.param(BOT, {}, False, id="a person's pull request"),
        pytest.param(
            ItemWhen(paths=("auth/",), base=("v*",)),
            {"changes": (a_change("auth/a"),)},
            False,
            id="one of two conditions",
        ),
    ],
)
def test_when(when, facts, applies):
    judged = _judged(when, **facts)
    assert judged.is_applicable is applies
    assert (judged.finding.state is State.NOT_APPLICABLE) is not applies


@pytest.mark.parametrize(
    ("when", "facts", "doubt"),
    [
        pytest.param(PATHS, {"changes": LOST}, True, id="paths"),
        pytest.param(HIGH, {"changes": LOST}, True, id="a radius"),
        pytest.param(LABELS, {"labels": LOST}, True, id="labels"),
        pytest.param(MINOR, {"tags": LOST}, True, id="a bump"),
        pytest.param(BOT, {"author_is_bot": LOST}, True, id="who opened it"),
        pytest.param(PATHS, {"changes": (a_change("auth/a"),), "tags": LOST}, False, id="what nobody asked for"),
    ],
)
def test_what_may_not_apply_says_so(when, facts, doubt):
    seen = _judged(when, **facts).finding.seen
    assert ("; it may not apply to this change, but that is not known: " in seen) is doubt


def test_what_is_met_has_no_doubt():
    [judged] = evaluate(rules_of(an_item(Label(none=frozenset({"x"})), when=PATHS)), a_snapshot(changes=LOST)).items
    assert (judged.finding.state, judged.finding.seen) == (State.MET, "not labelled `x`")


@pytest.mark.parametrize(
    ("changes", "state"),
    [((), State.MET), ((a_change("auth/a"),), State.UNMET), (LOST, State.UNMET)],
    ids=["it does not apply", "it applies", "nobody knows"],
)
def test_what_does_not_apply_has_not_to_be_waited_for(changes, state):
    grace = an_item(Elapsed(since="DB-1", for_=timedelta(days=1)), id="IT-1")
    items = evaluate(rules_of(an_item(OPEN, id="DB-1", when=PATHS), grace), a_snapshot(changes=changes)).items
    assert items[1].finding.state is state


def test_what_does_not_apply_neither_blocks_nor_counts():
    met = an_item(Label(none=frozenset({"never"})), tier=Tier.MEDIUM)
    verdict = evaluate(rules_of(met, an_item(OPEN, id="OTHER", when=BASE)), a_snapshot())
    assert (verdict.outcome, verdict.readiness, verdict.recommended) == (Outcome.READY, 100, ())


@pytest.mark.parametrize(
    ("when", "needed"), [(PATHS, True), (HIGH, True), (LABELS, False), (MINOR, False), (None, False)]
)
def test_the_changed_files_are_read_where_a_condition_asks_for_them(when, needed):
    areas = AREAS if when is HIGH else ()
    asked = questions(rules_of(an_item(OPEN, when=when), areas=areas), a_snapshot(changes=None))
    assert asked.changes is needed


def test_evidence_that_asks_for_the_changed_files_reads_them_once():
    rules = rules_of(an_item(Paths(only=("docs/",))))
    assert questions(rules, a_snapshot(changes=None)).changes
    assert not questions(rules, a_snapshot(changes=LOST)).changes


@pytest.mark.parametrize(
    ("begins", "outcome", "again_at"),
    [
        pytest.param(NOW + timedelta(days=1), Outcome.CONDITIONAL, NOW + timedelta(days=1), id="tomorrow"),
        pytest.param(NOW, Outcome.BLOCKED, None, id="now"),
        pytest.param(minutes_ago(1), Outcome.BLOCKED, None, id="since a while"),
    ],
)
def test_an_item_blocks_from_its_day_on(begins, outcome, again_at):
    verdict = evaluate(rules_of(an_item(OPEN, enforce_from=begins)), a_snapshot())
    assert (verdict.outcome, verdict.again_at) == (outcome, again_at)


def test_a_met_item_needs_no_look_when_its_day_comes():
    item = an_item(Label(none=frozenset({"never"})), enforce_from=NOW + timedelta(days=1))
    assert evaluate(rules_of(item), a_snapshot()).again_at is None


def test_shadow_mode_judges_everything():
    rules = rules_of(an_item(OPEN))
    enforced, shadow = (evaluate(replace(rules, mode=mode), a_snapshot()) for mode in Mode)
    assert (enforced.is_shadow, shadow.is_shadow) == (False, True)
    assert (shadow.outcome, shadow.blockers, shadow.readiness) == (Outcome.BLOCKED, enforced.blockers, 0)
