"""Tests of `/bump`: the newest one counts, and only while its comment says so."""

import pytest

from bot.gate.addressed import addressed
from bot.gate.declared import declared_bumps
from bot.gate.evaluate import evaluate
from bot.gate.facts import Closing, Unavailable
from bot.gate.version import Bump, Semver
from tests.builders import a_comment, a_role, a_snapshot, minutes_ago, rules_of

RULES = rules_of(a_role(), semver=Semver(override_by=("security",)))


def _bump(bump: str, *, ago: float = 10, **facts):
    return a_comment(f"/bump {bump} because so", ago=ago, **facts)


def _remembered(bump: str, *, ago: float = 10, comment: str = "1") -> Closing:
    return Closing(comment=comment, verb="bump", argument=bump, login="ann", at=minutes_ago(ago), because="so")


@pytest.mark.parametrize(
    ("comments", "closings", "declared"),
    [
        pytest.param([_bump("minor")], [], Bump.MINOR, id="one"),
        pytest.param([_bump("major", ago=20), _bump("minor")], [], Bump.MINOR, id="the newest counts"),
        pytest.param([_bump("minor", by="eve")], [], None, id="not by a stranger"),
        pytest.param([_bump("minor", edited_at=minutes_ago(1))], [], None, id="not in an edited comment"),
        pytest.param(
            [_bump("major", ago=20)], [_remembered("minor")], None, id="a deleted one brings no older one back"
        ),
        pytest.param(
            [_bump("major", id=1), _bump("minor", id=2)], [], Bump.MAJOR, id="of two in one second the higher"
        ),
        pytest.param(
            [_bump("minor", id=1), _bump("major", id=2)],
            [_remembered("major", comment="2"), _remembered("minor")],
            Bump.MAJOR,
            id="of two in one second the higher, whatever came first",
        ),
    ],
)
def test_what_is_declared(comments, closings, declared):
    snapshot = a_snapshot(comments=tuple(comments), closings=tuple(closings))
    said = declared_bumps(RULES, snapshot, addressed(RULES, tuple(comments)))
    assert (said.declared.bump if said.declared else None) == declared


def test_a_deleted_one_blocks():
    verdict = evaluate(RULES, a_snapshot(closings=(_remembered("minor"),)))
    (blocker,) = (one for one in verdict.blockers if one.id == "version")
    assert "was edited or deleted since" in blocker.finding.seen


def test_one_that_can_t_be_compared_with_the_changes_blocks():
    verdict = evaluate(RULES, a_snapshot(comments=(_bump("minor"),), tags=Unavailable("tags are hidden")))
    assert "tags are hidden" in [one.finding.seen for one in verdict.blockers if one.id == "version"]
