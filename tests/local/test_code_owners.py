"""Code owners on this machine: git tells who owns what, GitHub who approved it."""

from pathlib import Path

import pytest

from bot.local.asking import check_repository
from tests.builders import NOW
from tests.local.repository import a_release, a_repository

RULES = """\
version: 1
checklist:
  OWN-001: {title: Owners approve, tier: critical, evidence: {review: {codeowners: true}}}
"""


@pytest.mark.parametrize(
    ("places", "is_undecided", "exit_code"),
    [
        pytest.param({}, False, 1, id="no file, so that no review can help"),
        pytest.param({"CODEOWNERS": "* @acme/web\n"}, True, 0, id="who approved is GitHub's"),
        pytest.param({"CODEOWNERS": "/docs/ @acme/web\n"}, False, 0, id="nobody owns what is changed"),
        pytest.param(
            {"docs/CODEOWNERS": "* @ann\n", ".github/CODEOWNERS": "/docs/ @ann\n"},
            False,
            0,
            id="the first place counts",
        ),
    ],
)
def test_the_base_says_who_owns_what(tmp_path: Path, places, is_undecided, exit_code):
    repository = a_repository(tmp_path)
    repository.commit("chore: begin", {".release-gate.yml": RULES, **places})
    repository.branch("release/1.3.0")
    repository.commit("feat: sell by the dozen", {"src/shop.py": "dozen = 12\n"})
    checked = check_repository(tmp_path, base="main", head="release/1.3.0", at=NOW)
    assert ("OWN-001" in checked.undecided, checked.exit_code) == (is_undecided, exit_code)


def test_the_head_can_not_say_it(tmp_path: Path):
    a_release(tmp_path, {"CODEOWNERS": "/nothing @ann\n"}, RULES)
    assert check_repository(tmp_path, base="main", head="release/1.3.0", at=NOW).exit_code == 1
