"""Code owners: the base's CODEOWNERS says who has to approve what is changed, at the head that is there now."""

from typing import Any

import pytest

from bot.sandbox.model.git import Repository
from tests.stories.rig import Rig

RULES = """\
version: 1
checklist:
  OWN-001: {title: Owners approve, tier: critical, evidence: {review: {codeowners: true}}}
"""
TEAM = "* @acme/security\n"


def a_shop(rig: Rig, owners: str | None = TEAM) -> Repository:
    """Sam is in security; dan, who opens pull requests, and rita are not."""
    return rig.shop(RULES, {".github/CODEOWNERS": owners} if owners else {})


def approve(rig: Rig, pull: Any, login: str) -> None:
    rig.sandbox.review(pull, login, state="APPROVED", body="")


async def test_an_owner_s_approval_counts_and_nobody_else_s(rig: Rig):
    pull = rig.release(a_shop(rig))
    await rig.quiet()
    assert "`acme/security` for `src/app.py`" in rig.comment(pull)
    approve(rig, pull, "rita")
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"
    assert "sam" not in rig.comment(pull)
    approve(rig, pull, "sam")
    await rig.quiet()
    assert rig.shown(pull) == ("Ready · 0.0.1 (patch)", "success")


async def test_an_approval_of_an_older_head_is_none(rig: Rig):
    pull = rig.release(a_shop(rig))
    approve(rig, pull, "sam")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"
    rig.sandbox.push(pull, author="dan", files={"src/app.py": "2\n"}, message="fix: more")
    await rig.quiet()
    assert "an older head was approved by `sam`" in rig.comment(pull)
    assert "success" not in rig.ever(pull)


async def test_the_author_can_not_approve_what_nobody_else_owns(rig: Rig):
    pull = rig.release(a_shop(rig, "* @dan\n"))
    approve(rig, pull, "rita")
    await rig.quiet()
    assert "an owner besides `dan`, who opened the pull request, for `src/app.py`" in rig.comment(pull)
    assert "name one in CODEOWNERS at `main`" in rig.comment(pull)
    assert "success" not in rig.ever(pull)


async def test_a_member_of_a_team_below_the_owners_is_one_of_them(rig: Rig):
    repository = a_shop(rig)
    rig.sandbox.team("acme/crypto", ["rita"], parent="security")
    pull = rig.release(repository)
    approve(rig, pull, "rita")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_who_left_the_team_is_no_owner_any_more(rig: Rig):
    pull = rig.release(a_shop(rig))
    rig.sandbox.leave_team("acme/security", "sam")
    approve(rig, pull, "sam")
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"
    assert "success" not in rig.ever(pull)


async def test_who_left_the_team_after_approving_once_is_asked_about_again(rig: Rig):
    """What is kept for minutes turns nothing green."""
    pull = rig.release(a_shop(rig))
    approve(rig, pull, "sam")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"
    rig.sandbox.leave_team("acme/security", "sam")
    rig.sandbox.push(pull, author="dan", files={"src/app.py": "2\n"}, message="fix: more")
    approve(rig, pull, "sam")
    await rig.quiet()
    assert "success" not in rig.ever(pull)


async def test_a_pull_request_can_not_choose_its_owners(rig: Rig):
    pull = rig.release(a_shop(rig), files={".github/CODEOWNERS": "* @rita\n", "src/app.py": "1\n"})
    approve(rig, pull, "rita")
    await rig.quiet()
    assert "`acme/security` for `.github/CODEOWNERS` and `src/app.py`" in rig.comment(pull)
    assert "success" not in rig.ever(pull)


async def test_who_moves_a_file_away_still_asks_its_owners(rig: Rig):
    repository = rig.shop(RULES, {"CODEOWNERS": "/auth/ @acme/security\n", "auth/key.py": "1\n" * 20})
    pull = rig.release(repository, files={"auth/key.py": None, "src/key.py": "1\n" * 20})
    await rig.quiet()
    assert "`acme/security` for `auth/key.py`" in rig.comment(pull)
    assert rig.shown(pull)[1] == "action_required"


async def test_other_owners_at_the_base_are_asked_at_once(rig: Rig):
    repository = a_shop(rig, "/docs/ @acme/security\n")
    pull = rig.release(repository)
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"
    owners = {".github/CODEOWNERS": "* @rita\n"}
    rig.sandbox.push_branch(repository, "main", author="dan", files=owners, message="docs: owners")
    await rig.quiet()
    assert "`rita` for `src/app.py`" in rig.comment(pull)
    assert rig.shown(pull)[1] == "action_required"


@pytest.mark.parametrize(
    ("owners", "withheld", "said"),
    [
        pytest.param(None, {}, "add `.github/CODEOWNERS` to `main`", id="no file"),
        pytest.param(TEAM, {"members": ""}, "integration | the reviewers' teams", id="teams that the App may not read"),
    ],
)
async def test_what_can_not_be_told_does_not_pass(rig: Rig, owners, withheld, said):
    repository = a_shop(rig, owners)
    rig.sandbox.grant(rig.sandbox.installation("acme"), **withheld)
    pull = rig.release(repository)
    approve(rig, pull, "sam")
    await rig.quiet()
    assert said in rig.comment(pull)
    assert "success" not in rig.ever(pull)


async def test_a_merge_group_asks_the_owners_of_its_pull_request(rig: Rig):
    pull = rig.release(a_shop(rig))
    group = rig.sandbox.merge_group(pull)
    place = (pull.repository, group.head_commit.oid)
    await rig.quiet()
    assert [run.state.conclusion for run in rig.sandbox.check_runs(place, app="release-gate")] == ["action_required"]
    approve(rig, pull, "sam")
    again = rig.sandbox.merge_group(pull)
    place = (pull.repository, again.head_commit.oid)
    await rig.quiet()
    assert rig.sandbox.check_runs(place, app="release-gate")[-1].state.conclusion == "success"


async def test_a_pass_with_nothing_new_costs_no_more_than_one_request(rig: Rig):
    pull = rig.release(a_shop(rig))
    approve(rig, pull, "sam")
    await rig.quiet()
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.quiet()
    assert rig.counted() == (1, 0)
