"""The built-in sets and the examples: what they hold, and that only people are missing in the sets."""

from pathlib import Path

import pytest

from bot import builtin
from bot.evidence.check import Check
from bot.evidence.combined import All
from bot.gate.checklist import Evidence, Tier
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
    checks = [check for item in release.checklist for check in _checks(item.evidence)]
    assert {check.name for check in checks} == JOBS
    assert {check.workflow for check in checks} == {"ci.yml"}


def test_at_most_twelve_items_are_signed_by_hand(release):
    assert len([item for item in release.checklist if item.evidence.needs().roles]) <= 12


EXAMPLES = sorted((Path(__file__).parents[2] / "config" / "examples").glob("*.yml"))


def test_there_are_four_examples():
    assert [path.stem for path in EXAMPLES] == ["library", "mobile-app", "monorepo", "web-service"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_can_be_copied_as_it_is(path):
    rules = _parse(path.read_text("utf-8"))
    assert isinstance(rules, Rules), rules
    assert rules.warnings == ()
    assert [item.id for item in rules.checklist if not item.how] == []


def _checks(evidence: Evidence) -> list[Check]:
    parts = evidence.of if isinstance(evidence, All) else (evidence,)
    return [part for part in parts if isinstance(part, Check)]
