"""What people read of a version that was declared, and of one that is inconsistent."""

from typing import Any

import pytest

from bot.evidence.check import Check
from bot.gate.evaluate import evaluate
from bot.gate.facts import Tag
from bot.gate.verdict import Verdict
from bot.gate.version import Semver
from bot.report.text import report_of
from tests.builders import HEAD, a_check, a_commit, a_file, a_snapshot, an_item, rules_of
from tests.report.golden import assert_golden, words

FILES = ("VERSION", "package.json")


CASES = [
    pytest.param("version-declared", ("2.0.0", "2.0.0"), ["fix: a leak", "chore(release): 1.3.0"], id="declared"),
    pytest.param("version-too-low", ("1.2.4", "1.2.4"), ["feat: log in"], id="declared too low"),
    pytest.param("version-disagrees", ("1.2.4", "1.2.0"), ["fix: a leak"], id="files disagree, and one goes back"),
    pytest.param("version-tagged", ("1.5.0", "1.5.0"), ["fix: a leak"], id="tagged already"),
]


def judged(versions, messages) -> Verdict:
    """The verdict on files that carry these versions, and commits that say this."""
    texts = (versions[0], f'{{"version": "{versions[1]}"}}')
    facts: dict[str, Any] = {
        "tags": (Tag(name="v1.2.3", sha="d" * 40), Tag(name="v1.5.0", sha="e" * 40)),
        "merged_tags": {"v1.5.0": False, "v1.2.3": True},
        "commits": tuple(a_commit(message, sha=HEAD) for message in messages),
        "files": {path: a_file(path, text) for path, text in zip(FILES, texts, strict=True)},
        "checks": (a_check(),),
    }
    tests = an_item(Check(name="tests", workflow="ci.yml"), id="TEST-001", title="Tests pass")
    return evaluate(rules_of(tests, semver=Semver(files=FILES)), a_snapshot(**facts))


@pytest.mark.parametrize(("name", "versions", "messages"), CASES)
def test_people_read(name, versions, messages):
    assert_golden(name, words(report_of(judged(versions, messages))))
