"""What stands around the checklist, as it decides: risks block, freezes shut and open by the clock."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.evidence.label import Label
from bot.gate.applies import ItemWhen
from bot.gate.blast_radius import Area, Radius
from bot.gate.checklist import Item, JudgedItem
from bot.gate.evaluate import evaluate, questions
from bot.gate.finding import Finding, State, met, scheduled
from bot.gate.freeze import MOST_WINDOWS, Cron, Freeze, Once, Weekly
from bot.gate.metrics import Metric, Ratings
from bot.gate.outlook import Outlook, outlook, timeline_of
from bot.gate.risk import Accepted, Level, Risk
from bot.gate.verdict import Outcome, Verdict
from tests.builders import NOW, Says, a_candidate, a_change, a_snapshot, an_item, rules_of

DONE = an_item(Says(met(seen="done")))
LATER = NOW + timedelta(days=2)
# NOW is a Sunday, 13:00 in Berlin.
WEEKEND = Freeze(
    id="weekend",
    schedule=Weekly(start=timedelta(days=4, hours=16), end=timedelta(hours=8)),
    zone="Europe/Berlin",
    reason="nobody on call",
    labels=("hotfix",),
)
MONDAY = datetime.fromisoformat("2026-11-23T07:00Z")
FRIDAY = datetime.fromisoformat("2026-11-27T15:00Z")
R2 = Risk(id="R2", title="Downtime", stated=Level.HIGH, owners=("devops",))


def frozen(*items: Item, **facts: Any) -> Verdict:
    return evaluate(rules_of(*items, freezes={"weekend": WEEKEND}), a_snapshot(**facts))


def test_a_freeze_shuts_by_the_clock_and_says_when_it_is_over():
    verdict = frozen(DONE)
    assert (verdict.outcome, verdict.again_at) == (Outcome.SCHEDULED, MONDAY)
    assert [(blocker.id, blocker.title) for blocker in verdict.blockers] == [("weekend", "nobody on call")]


def test_it_opens_by_itself_and_wakes_when_the_next_begins():
    verdict = frozen(DONE, taken_at=MONDAY)
    assert (verdict.outcome, verdict.again_at) == (Outcome.READY, FRIDAY)


def test_a_hotfix_passes():
    verdict = frozen(DONE, labels=frozenset({"hotfix"}))
    assert (verdict.outcome, verdict.again_at) == (Outcome.READY, None)


def test_two_freezes_are_one_blocker():
    audit = Freeze(
        id="audit", schedule=Once(end=datetime.fromisoformat("2026-11-24")), zone="UTC", reason="the books are audited"
    )
    [blocker] = evaluate(rules_of(DONE, freezes={"weekend": WEEKEND, "audit": audit}), a_snapshot()).blockers
    assert (blocker.id, blocker.title) == ("audit, weekend", "the books are audited; nobody on call")


@pytest.mark.parametrize(
    ("block_at", "outcome"),
    [
        pytest.param(None, Outcome.READY, id="no level"),
        pytest.param(Level.CRITICAL, Outcome.READY, id="a higher level"),
        pytest.param(Level.HIGH, Outcome.BLOCKED, id="its level"),
    ],
)
def test_a_risk_blocks_at_its_level(block_at, outcome):
    verdict = evaluate(rules_of(DONE, risks={"R2": R2}, block_at=block_at), a_snapshot())
    assert verdict.outcome is outcome
    assert [blocker.severity for blocker in verdict.blockers] == [Level.HIGH] * (outcome is Outcome.BLOCKED)


def test_an_acceptance_that_ends_is_looked_at_again():
    accepted = Accepted(logins=("ann",), until=LATER, because="we watch it", url="https://github.test/comment")
    rules = rules_of(risks={"R2": R2}, block_at=Level.HIGH)
    ahead = outlook(rules, a_candidate(), (), {"R2": accepted})
    assert ahead.again == (LATER,)
    line = timeline_of(ahead, (), (), rules, a_snapshot())
    assert [moment.what for moment in line.moments] == ["the acceptance of `R2` ends"]


def test_nothing_is_said_where_nothing_is_configured():
    verdict = evaluate(rules_of(DONE), a_snapshot(changes=None))
    assert verdict.outlook == Outlook()


AREAS = (Area(id="db", paths=("db/**",), radius=Radius.HIGH),)
SIZE = {Metric.FILES: Ratings(steps=((0, "small"),))}
COUNT = {Metric.COMMITS: Ratings(steps=((0, "small"),))}
WHEN_PATHS = {"R2": Risk(id="R2", title="x", stated=Level.LOW, when=ItemWhen(paths=("db/**",)))}


@pytest.mark.parametrize(
    ("rules", "asked"),
    [
        pytest.param({}, False, id="nothing asks"),
        pytest.param({"areas": AREAS}, True, id="areas"),
        pytest.param({"metrics": SIZE}, True, id="the size"),
        pytest.param({"metrics": COUNT}, False, id="other figures"),
        pytest.param({"risks": {"R2": R2}}, False, id="a risk of every change"),
        pytest.param({"risks": WHEN_PATHS}, True, id="a risk of some files"),
    ],
)
def test_when_the_changed_files_are_read(rules, asked):
    assert questions(rules_of(DONE, **rules), a_snapshot(changes=None)).changes is asked


def test_the_overall_risk_knows_the_radius():
    rules = rules_of(DONE, areas=AREAS, risks={"R2": Risk(id="R2", title="x", stated=Level.LOW)})
    ahead = evaluate(rules, a_snapshot(changes=(a_change("db/a.sql"),))).outlook
    assert ahead
    assert ahead.overall
    assert (ahead.radius, ahead.overall.level) == (Radius.HIGH, Level.HIGH)


OPEN = an_item(Label(any=frozenset({"qa"})))


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        pytest.param(JudgedItem(item=DONE, finding=met(seen="x")), [], id="met for good"),
        pytest.param(
            JudgedItem(item=DONE, finding=met(seen="x", again_at=LATER)),
            ["what shows `DOC-001` is too old"],
            id="met for a while",
        ),
        pytest.param(
            JudgedItem(item=DONE, finding=scheduled(seen="x", again_at=LATER)),
            ["`DOC-001` has waited long enough"],
            id="time alone is missing",
        ),
        pytest.param(
            JudgedItem(item=DONE, finding=Finding(state=State.WAIVED, seen="x", again_at=LATER)),
            ["the waiver of `DOC-001` ends"],
            id="waived for a while",
        ),
        pytest.param(
            JudgedItem(item=DONE, finding=Finding(state=State.PENDING, seen="x", again_at=LATER)),
            ["what `DOC-001` still lacks counts as missing"],
            id="CI is late then",
        ),
        pytest.param(
            JudgedItem(item=DONE, finding=Finding(state=State.UNMET, seen="x", until=LATER)),
            ["what `DOC-001` waits for has passed"],
            id="time and more is missing",
        ),
        pytest.param(
            JudgedItem(
                item=an_item(enforce_from=LATER), finding=Finding(state=State.UNMET, seen="x"), is_enforced=False
            ),
            ["`DOC-001` begins to block"],
            id="blocks later",
        ),
    ],
)
def test_what_the_clock_does_to_an_item(judged, said):
    line = timeline_of(Outlook(), (judged,), (), rules_of(), a_snapshot())
    assert [moment.what for moment in line.moments] == said


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


MANY = {
    "w": replace(WEEKEND, id="w", labels=()),
    "x": Freeze(id="x", schedule=Once(start=at("2026-11-23"), end=at("2026-11-25")), zone="UTC", reason="x"),
    "y": Freeze(id="y", schedule=Cron(expression="0 0 25 11 *", lasts=timedelta(days=5)), zone="UTC", reason="y"),
    "z": Freeze(id="z", schedule=Once(start=at("2026-12-24"), end=at("2026-12-25")), zone="UTC", reason="z"),
    "hot": replace(WEEKEND, id="hot"),
}


def test_the_timeline_lists_when_each_freeze_begins_and_ends():
    rules = rules_of(DONE, freezes=MANY)
    line = evaluate(rules, a_snapshot(labels=frozenset({"hotfix"}))).timeline
    assert [(f"{one.at:%d %b %H:%M}", one.what) for one in line.moments] == [
        ("23 Nov 00:00", "the freeze `x` begins"),
        ("23 Nov 07:00", "the freeze `w` is over"),
        ("25 Nov 00:00", "the freeze `x` is over"),
        ("25 Nov 00:00", "the freeze `y` begins"),
        ("27 Nov 15:00", "the freeze `w` begins"),
        ("30 Nov 00:00", "the freeze `y` is over"),
        ("30 Nov 07:00", "the freeze `w` is over"),
        ("04 Dec 15:00", "the freeze `w` begins"),
        ("07 Dec 07:00", "the freeze `w` is over"),
        ("24 Dec 00:00", "the freeze `z` begins"),
        ("25 Dec 00:00", "the freeze `z` is over"),
        ("25 Nov 00:00", "the freeze `y` begins"),
        ("30 Nov 00:00", "the freeze `y` is over"),
    ]
    assert line.earliest == at("2026-11-30T07:00Z")


def test_a_freeze_that_never_ends_is_told_for_some_windows():
    hourly = Freeze(id="h", schedule=Cron(expression="0 * * * *", lasts=timedelta(minutes=5)), zone="UTC", reason="h")
    rules = rules_of(an_item(Says(scheduled(seen="soak", again_at=LATER))), freezes={"h": hourly})
    assert len(evaluate(rules, a_snapshot()).timeline.moments) <= 2 * MOST_WINDOWS + 1
