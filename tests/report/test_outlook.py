"""What people read beyond the checklist: risks, the blast radius, figures and the timeline."""

from datetime import timedelta
from typing import Any

import pytest

from bot.evidence.file import File as FileThere
from bot.gate.applies import ItemWhen
from bot.gate.blast_radius import Area, Radius
from bot.gate.checklist import Tier
from bot.gate.evaluate import evaluate
from bot.gate.facts import Tag, Unavailable
from bot.gate.finding import scheduled
from bot.gate.freeze import Freeze, Weekly
from bot.gate.metrics import Metric, Ratings
from bot.gate.risk import Level, Risk, Status
from bot.report.text import report_of
from tests.builders import NOW, Says, a_change, a_commit, a_file, a_role, a_snapshot, an_item, rules_of
from tests.report.golden import assert_golden, words

DEVOPS = a_role("devops", required=False, users=frozenset({"dora"}))
GUIDE = an_item(FileThere(path="GUIDE.md"), id="DOC-002", title="A guide", tier=Tier.MEDIUM, blocking=False)
GRACE = an_item(
    Says(scheduled(seen="told 4 of 14 days ago", again_at=NOW + timedelta(days=6))),
    id="COMM-001",
    title="Clients told",
)
AREAS = (
    Area(
        id="authentication",
        paths=("auth/**",),
        radius=Radius.HIGH,
        depends_on=("database",),
        rollback="hard (database migrations)",
        watch=("failed_login_attempts", "error rate > 5 % | <b>"),
    ),
    Area(id="database", paths=("db/**",), radius=Radius.MEDIUM, rollback="very hard"),
    Area(id="docs", paths=("docs/**",), radius=Radius.LOW),
)
RISKS = {
    risk.id: risk
    for risk in (
        Risk(
            id="R1",
            title="Old *clients* stop working",
            probability=Level.HIGH,
            impact=Level.HIGH,
            mitigated_by=("DOC-002",),
            owners=("devops",),
        ),
        Risk(id="R2", title="Downtime", stated=Level.CRITICAL, status=Status.OPEN, owners=("devops",)),
        Risk(id="R4", title="Slow", probability=Level.LOW, impact=Level.LOW, status=Status.MITIGATED),
        Risk(
            id="R5",
            title="Mobile",
            probability=Level.LOW,
            impact=Level.LOW,
            when=ItemWhen(labels=frozenset({"mobile"})),
        ),
    )
}
WEEKEND = Freeze(
    id="weekend",
    schedule=Weekly(start=timedelta(days=4, hours=16), end=timedelta(hours=8)),
    zone="Europe/Berlin",
    reason="nobody on call",
)
RATINGS = {
    Metric.FILES: Ratings(steps=((0, "small"), (2, "large"))),
    Metric.LINES: Ratings(steps=((0, "small"),)),
    Metric.BREAKING_CHANGES: Ratings(steps=((0, "none"), (1, "need coordination"))),
    Metric.COVERAGE: Ratings(steps=((85, "excellent"),), item="TEST-001"),
}
FACTS: dict[str, Any] = {
    "changes": (a_change("auth/login.py"), a_change("db/one.sql"), a_change("db/two.sql")),
    "commits": (a_commit("feat!: a new API"),),
    "files": {"GUIDE.md": a_file("GUIDE.md")},
    "tags": (Tag(name="v0.9.0", sha="d" * 40),),
    "merged_tags": {"v0.9.0": True},
}
ALL = {"areas": AREAS, "risks": RISKS, "block_at": Level.HIGH, "metrics": RATINGS}


CASES = [
    pytest.param("risks-block", rules_of(DEVOPS, GUIDE, **ALL), {"files": {"GUIDE.md": None}}, id="risks block"),
    pytest.param("risks-shown", rules_of(DEVOPS, GUIDE, **(ALL | {"block_at": None})), {}, id="risks are shown only"),
    pytest.param("frozen", rules_of(GUIDE, freezes={"weekend": WEEKEND}), {}, id="a freeze holds"),
    pytest.param(
        "frozen-later",
        rules_of(GRACE, freezes={"weekend": WEEKEND}),
        {"taken_at": NOW + timedelta(days=2)},
        id="the grace period ends in a freeze",
    ),
    pytest.param(
        "frozen-and-open",
        rules_of(a_role("security"), GRACE, freezes={"weekend": WEEKEND}),
        {},
        id="a freeze, a grace period and people",
    ),
    pytest.param(
        "radius-unknown",
        rules_of(GUIDE, **ALL),
        {"changes": Unavailable("GitHub shows 3,000 files only"), "commits": Unavailable("GitHub shows 250 only")},
        id="what is touched is not known",
    ),
]


@pytest.mark.parametrize(("name", "rules", "facts"), CASES)
def test_people_read(name, rules, facts):
    assert_golden(name, words(report_of(evaluate(rules, a_snapshot(**(FACTS | facts))))))
