"""The built-in sets and the examples: what they hold, and that only people are missing in the sets."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import builtin
from bot.evidence.attestation import Attestation, Link
from bot.evidence.check import Check
from bot.evidence.combined import All
from bot.evidence.elapsed import Elapsed
from bot.evidence.measure import Measure
from bot.gate.blast_radius import Radius
from bot.gate.checklist import Evidence, Tier
from bot.gate.metrics import Metric
from bot.gate.risk import Level
from bot.gate.rules import BrokenRules, Rules
from bot.rules import parse

FILLED = """\
version: 1
extends: release
roles:
  release-manager: {users: ann, required: true}
  security: {users: ann, required: true}
  devops: {users: ann, required: true}
  product-owner: {users: bob, required: true}
"""
JOBS = {
    "lint-python",
    "lint-frontend",
    "test-backend",
    "test-frontend",
    "security-scan",
    "validate-config",
    "docker-build",
    "all-checks-passed",
}


def _parse(text: str) -> Rules | BrokenRules:
    return parse(text, file=".release-gate.yml", source="", sets=builtin.sets())


@pytest.fixture(scope="module")
def release():
    rules = _parse(FILLED)
    assert isinstance(rules, Rules), rules
    return rules


def test_there_are_two_sets():
    assert set(builtin.sets()) == {"minimal", "release"}


@pytest.mark.parametrize("name", ["minimal", "release"])
def test_a_set_misses_people_and_nothing_else(name):
    for text in (builtin.sets()[name], f"version: 1\nextends: {name}\n"):
        broken = _parse(text)
        assert isinstance(broken, BrokenRules)
        assert {fault.message.partition("`;")[0].rpartition(" ")[0] for fault in broken.faults}
        assert all("must sign but has nobody" in fault.message for fault in broken.faults)


def test_the_missing_people_are_told_at_extends():
    broken = _parse("version: 1\nextends: release\n")
    assert isinstance(broken, BrokenRules)
    assert {(fault.line, fault.column) for fault in broken.faults} == {(2, 10)}
    assert {fault.path for fault in broken.faults} == {
        "roles.release-manager",
        "roles.security",
        "roles.devops",
        "roles.product-owner",
    }


def test_the_comment_at_its_top_can_be_copied():
    lines = builtin.sets()["release"].partition("\nversion:")[0].splitlines()
    example = "\n".join(line.removeprefix("#   ") for line in lines if line.startswith("#   "))
    rules = _parse(example)
    assert isinstance(rules, Rules), rules
    assert len(rules.checklist) == 22


@pytest.mark.parametrize(
    ("tier", "ids"),
    [
        (
            Tier.CRITICAL,
            "SEC-001 SEC-002 DOC-001 DOC-002 DOC-003 VER-001 ENV-001 TEST-001 TEST-002 TEST-003",
        ),
        (Tier.HIGH, "PERF-001 PERF-002 API-001 API-002 MONITOR-001 DB-001 INFRA-001 BACKUP-001"),
        (Tier.MEDIUM, "DOC-004 MONITOR-002 ROLLBACK-001 COMM-001 TRAIN-001"),
    ],
)
def test_release_has_the_papers_23_items(release, tier, ids):
    assert [item.id for item in release.checklist if item.tier is tier] == ids.split()


def test_of_the_medium_items_only_the_notice_to_clients_blocks(release):
    assert [item.id for item in release.checklist if item.tier is Tier.MEDIUM and item.blocking] == ["COMM-001"]


def test_the_eight_jobs_of_ci_are_asked_for_by_workflow(release):
    checks = [part for item in release.checklist for part in _parts(item.evidence) if isinstance(part, Check)]
    assert {check.name for check in checks if check.workflow == "ci.yml"} == JOBS
    assert {check.workflow for check in checks} == {"ci.yml", "staging.yml"}


def test_the_papers_thresholds_are_measured(release):
    measures = {
        item.id: (part.min, part.max, part.unit)
        for item in release.checklist
        for part in _parts(item.evidence)
        if isinstance(part, Measure)
    }
    assert measures == {"TEST-001": (85, None, "%"), "DB-001": (None, 30, "s"), "BACKUP-001": (None, 15, "min")}


def test_the_clients_have_two_weeks(release):
    [notice] = [item for item in release.checklist if item.id == "COMM-001"]
    told, waited = _parts(notice.evidence)
    assert (told.by, told.url) == (("product-owner",), Link.REQUIRED)
    assert waited == Elapsed(since="attestation", for_=timedelta(days=14))


def test_nothing_is_signed_item_by_item(release):
    """The paper is signed once by each of four roles; what a machine can't see is attested by the role in charge."""
    assert [item.id for item in release.checklist if item.evidence.needs().roles] == []
    attested = [
        item.id for item in release.checklist for part in _parts(item.evidence) if isinstance(part, Attestation)
    ]
    expected = "SEC-002 PERF-001 API-002 MONITOR-001 MONITOR-002 ROLLBACK-001 COMM-001 TRAIN-001"
    assert attested == expected.split()


def test_every_item_says_how(release):
    assert [item.id for item in release.checklist if not item.how] == []


def test_the_papers_six_areas(release):
    assert [area.radius for area in release.areas] == [*2 * [Radius.HIGH], *2 * [Radius.MEDIUM], *2 * [Radius.LOW]]
    assert [bool(area.rollback and area.watch) for area in release.areas] == [*4 * [True], *2 * [False]]


def test_the_papers_seven_risks(release):
    assert {id: risk.severity for id, risk in release.risks.items()} == {
        "R1": Level.CRITICAL,
        "R2": Level.CRITICAL,
        "R3": Level.CRITICAL,
        "R4": Level.HIGH,
        "R5": Level.HIGH,
        "R6": Level.MEDIUM,
        "R7": Level.MEDIUM,
    }
    assert release.block_at is Level.HIGH


def test_the_papers_metrics_and_deliverables(release):
    assert set(release.metrics) == set(Metric)
    assert release.metrics[Metric.FILES].rate(1427) == release.metrics[Metric.LINES].rate(366_830) == "very large scope"
    assert release.metrics[Metric.COVERAGE].rate(85) == "excellent"
    assert list(release.deliverables) == ["release-notes", "migration-guide", "changelog", "versions"]


EXAMPLES = sorted((Path(__file__).parents[2] / "config" / "examples").glob("*.yml"))


def test_there_are_four_examples():
    assert [path.stem for path in EXAMPLES] == ["library", "mobile-app", "monorepo", "web-service"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_can_be_copied_as_it_is(path):
    rules = _parse(path.read_text("utf-8"))
    assert isinstance(rules, Rules), rules
    assert rules.warnings == ()
    assert [item.id for item in rules.checklist if not item.how] == []


def _parts(evidence: Evidence) -> tuple[Any, ...]:
    return evidence.of if isinstance(evidence, All) else (evidence,)
