"""Who may sign, and what nobody can forge: comments edited, deleted and planted."""

import pytest

from bot.report.marker import MARKER
from tests.stories.rig import RULES, Rig


@pytest.mark.parametrize(
    ("login", "because"),
    [
        pytest.param("dan", "the author of a pull request can't sign for security", id="its author"),
        pytest.param("rita", "only `acme/security` can sign for security", id="somebody outside the role"),
    ],
)
async def test_nobody_else_signs(rig: Rig, login: str, because: str):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.check(pull, "test")
    rig.sandbox.comment(pull, login, "/approve security")
    await rig.quiet()
    assert because in rig.comment(pull)
    assert "success" not in rig.ever(pull)


async def test_who_pushed_last_does_not_sign(rig: Rig):
    rig_pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.push(rig_pull, author="dan", committer="sam", files={"src/app.py": "2\n"}, message="fix: x")
    await rig.make_green(rig_pull)
    assert "who pushed last can't sign for security" in rig.comment(rig_pull)
    assert "success" not in rig.ever(rig_pull)


async def test_a_comment_edited_into_an_approval_signs_nothing(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.check(pull, "test")
    remark = rig.sandbox.comment(pull, "sam", "I have a question")
    await rig.later()
    rig.sandbox.edit_comment(remark, by="dan", body="/approve security")
    await rig.quiet()
    assert "a comment that `dan` edited signs nothing" in rig.comment(pull)
    assert "success" not in rig.ever(pull)


@pytest.mark.parametrize("by", ["sam", "rita"])
async def test_an_approval_dies_with_its_comment(rig: Rig, by: str):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.check(pull, "test")
    approval = rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.later()
    assert rig.shown(pull)[1] == "success"
    rig.sandbox.delete_comment(approval, by=by)
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"


async def test_a_revocation_stands_when_its_comment_is_deleted(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    await rig.later()
    revocation = rig.sandbox.comment(pull, "sam", "/revoke security")
    await rig.later()
    assert rig.shown(pull)[1] == "action_required"
    rig.sandbox.delete_comment(revocation, by="dan")
    await rig.later()
    assert rig.shown(pull)[1] == "action_required"
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_a_comment_before_the_first_verdict_signs_nothing_without_a_commit(rig: Rig):
    pull = rig.release(rig.shop())
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.quiet()
    assert "no verdict was published before this comment" in rig.comment(pull)
    assert rig.shown(pull)[1] == "action_required"


async def test_a_push_between_verdict_and_comment_leaves_the_new_head_unsigned(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    seen = pull.head_oid
    rig.sandbox.push(pull, author="dan", files={"src/auth/x.py": "2\n"}, message="fix: x")
    rig.sandbox.check(pull, "test")
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.quiet()
    assert f"was pushed after `{seen[:7]}` was signed and changes `src/auth/x.py`" in rig.comment(pull)
    assert "success" not in rig.ever(pull)


async def test_a_push_elsewhere_keeps_the_sign_off(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    await rig.later()
    rig.sandbox.push(pull, author="dan", files={"docs/x.md": "2\n"}, message="docs: x")
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_a_rewritten_branch_drops_the_sign_off(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    await rig.later()
    signed = pull.head_oid
    rig.sandbox.force_push(pull, author="dan", files={"src/auth/x.py": "other\n"}, message="feat: other")
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    assert f"was pushed after `{signed[:7]}` was signed and changes `src/auth/x.py`" in rig.comment(pull)
    assert rig.shown(pull)[1] == "action_required"


async def test_a_commit_that_was_never_a_head_is_refused(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.comment(pull, "sam", "/approve security deadbeef1")
    await rig.quiet()
    assert f"is no head of this pull request; write `/approve security {pull.head_oid[:7]}`" in rig.comment(pull)


async def test_a_member_who_left_no_longer_counts_when_it_matters(rig: Rig):
    """The membership is cached for minutes, but read afresh before anything turns green."""
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.later()
    assert rig.shown(pull)[1] is None
    rig.sandbox.leave_team("acme/security", "sam")
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    assert "success" not in rig.ever(pull)


async def test_a_team_of_teams_counts_its_members(rig: Rig):
    pull = rig.release(rig.shop())
    rig.sandbox.team("acme/pentesters", ["piet"], parent="security")
    await rig.later()
    rig.sandbox.check(pull, "test")
    rig.sandbox.comment(pull, "piet", "/approve security")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_a_bot_does_not_sign(rig: Rig):
    pull = rig.release(rig.shop(RULES.replace("teams: [acme/security]", "users: [helper]")))
    await rig.later()
    rig.sandbox.check(pull, "test")
    rig.sandbox.comment(pull, "helper[bot]", "/approve security")
    await rig.quiet()
    assert "success" not in rig.ever(pull)


async def test_a_role_of_users_is_signed_by_them(rig: Rig):
    pull = rig.release(rig.shop(RULES.replace("teams: [acme/security]", "users: [Sam]")))
    await rig.make_green(pull)
    assert rig.shown(pull)[1] == "success"


async def test_a_planted_marker_is_not_our_comment(rig: Rig):
    pull = rig.release(rig.shop())
    planted = rig.sandbox.comment(pull, "dan", f"{MARKER}\n## 🟩 Ready")
    await rig.quiet()
    assert planted.body.endswith("Ready")
    assert "Blocked" in rig.comment(pull)


async def test_our_comment_edited_by_a_person_is_put_right(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    before = rig.comment(pull)
    rig.sandbox.edit_comment(rig.comments(pull)[0], by="rita", body="All fine, merge it")
    await rig.later()
    assert [comment.body for comment in rig.comments(pull) if not comment.is_minimized][-1] == before


async def test_a_misspelt_role_is_asked_about_and_other_bots_commands_are_not(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.comment(pull, "sam", "/approve securty")
    rig.sandbox.comment(pull, "rita", "/approve\n\n/approve no-issue")
    await rig.quiet()
    assert "did you mean `/approve security`?" in rig.comment(pull)
    assert "no-issue" not in rig.comment(pull)
