"""What reading people's words costs, and that no change of them is missed however old they are."""

import pytest

from tests.stories.rig import Rig


async def _signed_long_ago(rig: Rig, remarks: int = 200):
    """Green, with an approval that many comments have come after."""
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    approval = next(one for one in pull.comments if one.author.login == "sam")
    for number in range(remarks):
        rig.sandbox.comment(pull, "rita", f"remark {number}")
    await rig.later()
    assert rig.shown(pull)[1] == "success"
    return pull, approval


async def test_a_warm_pass_with_twenty_old_commands_is_one_request(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    for number in range(20):
        rig.sandbox.comment(pull, "sam", f"/approve security {pull.head_oid} again {number}")
        await rig.later()
    rig.sandbox.requests.clear()
    rig.sandbox.label(pull, "x", by="rita")
    await rig.later()
    assert rig.counted() == (1, 0)


async def test_more_than_two_hundred_comments_cost_two_requests_more_once(rig: Rig):
    pull, _ = await _signed_long_ago(rig)
    counts = []
    for name in ("a", "b", "c"):
        rig.sandbox.requests.clear()
        rig.sandbox.label(pull, name, by="rita")
        await rig.later()
        counts.append(rig.counted())
    assert counts == [(1, 0)] * 3
    rig.sandbox.requests.clear()
    rig.sandbox.comment(pull, "rita", "one more")
    await rig.later()
    assert rig.counted() == (3, 0)


def _edit(rig: Rig, approval) -> None:
    rig.sandbox.edit_comment(approval, by="rita", body="/approve security and more")


def _delete(rig: Rig, approval) -> None:
    rig.sandbox.delete_comment(approval, by="rita")


@pytest.mark.parametrize("change", [pytest.param(_edit, id="edited"), pytest.param(_delete, id="deleted")])
async def test_an_approval_on_an_old_page_dies_at_once(rig: Rig, change):
    pull, approval = await _signed_long_ago(rig)
    change(rig, approval)
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"


async def test_nothing_turns_green_on_what_was_read_minutes_ago(rig: Rig):
    """The delivery about the edit is lost; a pass for another reason must not take the approval for what it was."""
    pull, approval = await _signed_long_ago(rig)
    rig.sandbox.check(pull, "test", conclusion="failure", rerun=True)
    await rig.later()
    assert rig.shown(pull)[1] == "failure"
    rig.sandbox.arm("lost_delivery", matching="issue_comment.edited")
    _edit(rig, approval)
    await rig.later()
    rig.sandbox.check(pull, "test", rerun=True)
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"
