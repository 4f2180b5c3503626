"""What a file may change of the risks, freezes and areas that it inherits, and what weakens them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.gate.applies import ItemWhen
from bot.gate.blast_radius import Area, Radius
from bot.gate.freeze import Freeze, Weekly
from bot.gate.metrics import Metric, Ratings
from bot.gate.risk import Level, Risk, Status
from bot.gate.rule_changes import rule_changes
from bot.gate.rules import BrokenRules, Rules
from bot.rules import parse
from tests.builders import rules_of

UPSTREAM = """\
version: 1
risk: {block_at: high}
risks:
  R1: {title: t, severity: high, owners: ops, locked: true}
  R2: {title: t, probability: medium, impact: high, mitigated_by: [A-1, A-2], locked: true}
  R3: {title: t, severity: low, owners: ops}
freezes:
  weekend: {weekly: "fri 16:00 - mon 08:00", zone: UTC, reason: r, locked: true}
deliverables: {notes: {title: t, path: a, locked: true}}
contacts: {on-call: ann}
roles: {ops: {users: [a, b]}}
checklist:
  A-1: {title: t, tier: high, evidence: {file: a}}
  A-2: {title: t, tier: high, evidence: {file: b}}
  A-3: {title: t, tier: high, evidence: {file: c}}
"""


def parsed(*lines: str) -> Rules | BrokenRules:
    return parse("\n".join(("version: 1", "extends: up", *lines)), file="f", source="s", sets={"up": UPSTREAM})


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("risks: {R1: {title: t, severity: critical, owners: ops}}", id="more severe"),
        pytest.param(
            "risks: {R2: {title: t, probability: critical, impact: high, mitigated_by: [A-1, A-2, A-3]}}",
            id="more probable, and mitigated by more",
        ),
        pytest.param("risks: {R3: off}", id="one that is not locked"),
        pytest.param("risk: {block_at: low}", id="every risk blocks"),
        pytest.param("risk: {block_at: high}", id="what holds anyhow"),
        pytest.param("contacts: {on-call: bob}", id="another contact"),
        pytest.param("deliverables: {guide: {title: t, path: b}}", id="one more deliverable"),
    ],
)
def test_what_may_be_changed(line):
    assert isinstance(parsed(line), Rules)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("risks: {R1: off}", "it can't be switched off"),
        ("risks: {R1: {title: t, severity: medium, owners: ops}}", "its `severity` stays `high` or rises"),
        ("risks: {R1: {title: t, probability: low, impact: low, owners: ops}}", "its `severity` stays `high` or rises"),
        ("risks: {R1: {title: t, severity: high, owners: ops, mitigated_by: A-1}}", "no item can mitigate it"),
        ("risks: {R1: {title: t, severity: high, owners: ops, status: closed}}", "its `status` has to stay as it is"),
        (
            "risks: {R2: {title: t, probability: low, impact: high, mitigated_by: [A-1, A-2]}}",
            "its `probability` stays",
        ),
        ("risks: {R2: {title: t, probability: medium, impact: high, mitigated_by: A-1}}", "keeps what it has"),
        (
            "risks: {R2: {title: t, severity: low, probability: medium, impact: high, mitigated_by: [A-1, A-2]}}",
            "its severity goes on being told",
        ),
        ("freezes: {weekend: {weekly: 'fri 17:00 - mon 08:00', zone: UTC, reason: r}}", "its `weekly` has to stay"),
        ("freezes: {weekend: off}", "it can't be switched off"),
        ("deliverables: {notes: {title: t, path: b}}", "its `path` has to stay as it is"),
        ("risk: {block_at: critical}", "`risk` can't be set here: what this file extends has locked entries"),
        ("risk: {block_at: off}", "`risk` can't be set here: what this file extends has locked entries"),
    ],
)
def test_what_is_locked_is_never_loosened(line, why):
    broken = parsed(line)
    assert isinstance(broken, BrokenRules)
    assert any(why in fault.message for fault in broken.faults)


def test_a_level_may_be_set_where_none_is_inherited():
    text = "version: 1\nextends: up\nrisk: {block_at: critical}\n"
    upstream = UPSTREAM.replace("risk: {block_at: high}\n", "")
    rules = parse(text, file="f", source="s", sets={"up": upstream})
    assert isinstance(rules, Rules)
    assert rules.block_at is Level.CRITICAL


def test_what_leans_on_an_item_that_was_switched_off_says_what_to_type():
    text = "version: 1\nextends: up\nchecklist: {A-1: off}\n"
    broken = parse(text, file="f", source="s", sets={"up": UPSTREAM.replace(", locked: true", "")})
    assert isinstance(broken, BrokenRules)
    [fault] = broken.faults
    assert fault.message.startswith(
        "there is no item `A-1`; write `R2` anew without it, or `R2: off`, under `risks:` (inherited from `up`"
    )


@pytest.mark.parametrize(
    ("section", "entry", "limit"),
    [
        ("areas", "{paths: a, radius: low}", 200),
        ("risks", "{title: t, severity: low}", 500),
        ("freezes", "{until: 2026-12-01, zone: UTC, reason: r}", 50),
    ],
)
def test_too_many_are_told_once(section, entry, limit):
    lines = "".join(f"\n  x{number}: {entry}" for number in range(limit + 1))
    broken = parsed(f"{section}:{lines}" if section != "risks" else f"risk: {{block_at: off}}\n{section}:{lines}")
    assert isinstance(broken, BrokenRules)
    assert [fault for fault in broken.faults if fault.message.endswith(f"{limit} is the limit")]


AREA = Area(id="api", paths=("a",), radius=Radius.LOW, roles=("ops", "qa"))
R1 = Risk(id="R1", title="t", probability=Level.MEDIUM, impact=Level.HIGH, owners=("ops",))
ITEMS = replace(R1, mitigated_by=("A-1",))
WEEKEND = Freeze(
    id="weekend",
    schedule=Weekly(start=timedelta(days=4), end=timedelta()),
    zone="UTC",
    reason="r",
    labels=("hotfix",),
    head=("hotfix/*",),
)


def said(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [f"{change.effect} {change.said}" for change in rule_changes(rules_of(**old), rules_of(**new))]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(R1, R1, [], id="the same risk"),
        pytest.param(
            R1, replace(R1, impact=Level.LOW), ["weakens the risk `R1` is low instead of high"], id="less severe"
        ),
        pytest.param(R1, replace(R1, impact=Level.CRITICAL), ["changes `impact` of the risk `R1`"], id="more severe"),
        pytest.param(
            R1, replace(R1, stated=Level.CRITICAL), ["weakens the risk `R1` is rated otherwise"], id="newly stated"
        ),
        pytest.param(R1, ITEMS, ["weakens the risk `R1` is mitigated by other items"], id="items begin to mitigate"),
        pytest.param(
            ITEMS,
            replace(R1, mitigated_by=("A-2", "A-1")),
            ["changes `mitigated_by` of the risk `R1`"],
            id="more items",
        ),
        pytest.param(
            R1, replace(R1, status=Status.CLOSED), ["weakens the risk `R1` is closed by the rules"], id="closed"
        ),
        pytest.param(replace(R1, status=Status.CLOSED), R1, ["changes `status` of the risk `R1`"], id="open again"),
        pytest.param(
            R1,
            replace(R1, owners=("ops", "qa")),
            ["weakens the risk `R1` may be accepted by `qa` too"],
            id="more may accept it",
        ),
        pytest.param(R1, replace(R1, owners=()), ["changes `owners` of the risk `R1`"], id="nobody may accept it"),
        pytest.param(
            R1,
            replace(R1, when=ItemWhen(base=("main",))),
            ["weakens the risk `R1` does not apply to the same changes any more"],
            id="applies to some changes",
        ),
        pytest.param(
            replace(R1, when=ItemWhen(base=("main",))), R1, ["changes `when` of the risk `R1`"], id="applies to all"
        ),
        pytest.param(
            R1,
            replace(R1, title="x", mitigation="y"),
            ["changes `title` and `mitigation` of the risk `R1`"],
            id="words",
        ),
    ],
)
def test_what_a_change_of_a_risk_does(old, new, words):
    assert said({"risks": {"R1": old}}, {"risks": {"R1": new}}) == words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(None, Level.HIGH, ["changes `block_at` of the gate"], id="risks begin to block"),
        pytest.param(Level.HIGH, Level.LOW, ["changes `block_at` of the gate"], id="more of them"),
        pytest.param(
            Level.HIGH,
            Level.CRITICAL,
            ["weakens the gate blocks for risks from critical on only: `risk: {block_at: critical}`"],
            id="fewer",
        ),
        pytest.param(Level.HIGH, None, ["weakens the gate blocks for no risk any more"], id="none"),
    ],
)
def test_what_a_change_of_the_level_does(old, new, words):
    assert said({"block_at": old}, {"block_at": new}) == words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param({"risks": {"R1": R1}}, {}, ["removes the risk `R1`"], id="a risk less"),
        pytest.param({}, {"freezes": {"weekend": WEEKEND}}, ["adds the freeze `weekend`"], id="a freeze more"),
        pytest.param({"freezes": {"weekend": WEEKEND}}, {}, ["removes the freeze `weekend`"], id="a freeze less"),
        pytest.param(
            {"freezes": {"weekend": WEEKEND}},
            {"freezes": {"weekend": replace(WEEKEND, zone="Europe/Berlin")}},
            ["weakens the freeze `weekend` has another `zone`"],
            id="a freeze elsewhere",
        ),
        pytest.param(
            {"freezes": {"weekend": WEEKEND}},
            {"freezes": {"weekend": replace(WEEKEND, labels=("a", "hotfix"), head=("*",))}},
            [
                "weakens the freeze `weekend` excepts other labels",
                "weakens the freeze `weekend` excepts other branches",
            ],
            id="a freeze for fewer",
        ),
        pytest.param(
            {"freezes": {"weekend": WEEKEND}},
            {"freezes": {"weekend": replace(WEEKEND, labels=(), head=(), reason="x")}},
            ["changes `reason`, `labels` and `head` of the freeze `weekend`"],
            id="a freeze for more",
        ),
        pytest.param(
            {"areas": (AREA,)},
            {"areas": (replace(AREA, roles=("ops",)),)},
            ["weakens the area `api` no longer asks for `qa`"],
            id="fewer sign an area",
        ),
        pytest.param(
            {"areas": (replace(AREA, roles=()),)},
            {"areas": (replace(AREA, watch=("x",), rollback="y", depends_on=("z",)),)},
            ["changes `roles`, `depends_on`, `rollback` and `watch` of the area `api`"],
            id="more sign an area",
        ),
        pytest.param(
            {"contacts": {"on-call": "ann"}},
            {"metrics": {Metric.FILES: Ratings(steps=((0, "small"),))}},
            ["changes `metrics` and `contacts` of the gate"],
            id="what is only told",
        ),
    ],
)
def test_what_other_changes_do(old, new, words):
    assert said(old, new) == words
