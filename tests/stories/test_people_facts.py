"""What reading people's words costs, and that no change of them is missed however old they are."""

import pytest

from tests.stories.rig import RULES, Rig


async def _signed_long_ago(rig: Rig, remarks: int = 200):
    """Green, with an approval that many comments have come after."""
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    approval = next(one for one in pull.comments if one.author.login == "sam")
    for number in range(remarks):
        rig.sandbox.comment(pull, "rita", f"remark {number}")
    rig.poke(pull)
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
    rig.poke(pull)
    await rig.later()
    assert rig.counted() == (1, 0)


async def test_more_than_two_hundred_comments_cost_two_requests_more_once(rig: Rig):
    pull, _ = await _signed_long_ago(rig)
    counts = []
    for _ in range(3):
        rig.sandbox.requests.clear()
        rig.poke(pull)
        await rig.later()
        counts.append(rig.counted())
    assert counts == [(1, 0)] * 3
    rig.sandbox.requests.clear()
    rig.sandbox.comment(pull, "rita", "one more")
    rig.poke(pull)
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


def _signs(remark) -> list[str]:
    return [one.content for one in remark.reactions if one.user.login == "release-gate[bot]"]


async def test_a_command_is_acknowledged_once(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    approval = rig.sandbox.comment(pull, "sam", "/approve security")
    refused = rig.sandbox.comment(pull, "rita", "/approve security")
    chat = rig.sandbox.comment(pull, "rita", "looks good")
    rig.sandbox.requests.clear()
    await rig.later()
    assert (_signs(approval), _signs(refused), _signs(chat)) == (["THUMBS_UP"], ["CONFUSED"], [])
    assert sum(one.is_write for one in rig.sandbox.requests if one.kind != "token") == 1, "they go with the verdict"
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.later()
    assert rig.counted() == (1, 0)


async def test_ten_commands_a_pass_are_acknowledged(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.arm("lost_delivery", times=12, matching="issue_comment.created")
    made = [rig.sandbox.comment(pull, "sam", f"/approve security {number}") for number in range(12)]
    counts = []
    for _ in range(3):
        rig.poke(pull)
        await rig.later()
        counts.append(sum(bool(_signs(one)) for one in made))
    assert counts == [10, 12, 12]


async def test_a_locked_conversation_is_not_tried_again_and_again(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.lock(pull)
    rig.sandbox.collaborator(pull.repository, "sam", "write")
    rig.sandbox.comment(pull, "sam", f"/approve security {pull.head_oid}")
    await rig.later()
    assert rig.shown(pull)[0].startswith("Blocked") or rig.shown(pull)[0].startswith("Waiting")
    writes = []
    for _ in range(2):
        rig.sandbox.requests.clear()
        rig.poke(pull)
        await rig.later()
        writes.append([one.variables for one in rig.sandbox.requests if one.is_write and "react0" in one.document])
    assert writes == [[], []]


async def test_what_we_wrote_on_an_old_page_is_not_written_twice(rig: Rig):
    """Neither our comment nor the acknowledgement: what was kept of the page does not show them yet."""
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.arm("lost_delivery", matching="issue_comment.created")
    approval = rig.sandbox.comment(pull, "sam", "/approve security")
    for number in range(120):
        rig.sandbox.comment(pull, "rita", f"remark {number}")
    rig.poke(pull)
    await rig.later()
    assert _signs(approval) == ["THUMBS_UP"]
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.later()
    assert rig.counted() == (1, 0)


async def test_a_merge_group_reacts_to_nobody(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    await rig.later()
    rig.sandbox.requests.clear()
    rig.sandbox.merge_group(pull)
    await rig.quiet()
    assert [one for one in rig.sandbox.requests if one.is_write and "react0" in one.document] == []


def _asked(rig: Rig, part: str) -> int:
    return sum(part in one.path for one in rig.sandbox.requests)


async def test_what_somebody_may_do_is_asked_when_they_hold_and_not_before(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    assert _asked(rig, "/collaborators/") == 0
    rig.sandbox.comment(pull, "rita", "/hold because the migration is not ready")
    await rig.later()
    assert rig.shown(pull)[1] == "action_required"
    rig.poke(pull)
    await rig.later()
    assert _asked(rig, "/collaborators/") == 1


@pytest.mark.parametrize("way", ["update_branch", "rebase"])
@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        pytest.param(None, "success", id="clean"),
        pytest.param({"src/evil.py": "1\n"}, "action_required", id="with something slipped in"),
    ],
)
@pytest.mark.parametrize("files", [pytest.param(2, id="few files"), pytest.param(310, id="more than 300 files")])
async def test_a_branch_brought_up_to_date(rig: Rig, way: str, extra, expected: str, files: int):
    """Told by hunks where GitHub lists the files, by trees where it cuts them off."""
    shop = rig.shop(RULES.replace(', stale: {paths: ["**/auth/**"]}', ""), {"src/gone.py": "1\n"})
    changed = {**{f"src/f{number}.py": "1\n" for number in range(files)}, "src/gone.py": None}
    pull = rig.release(shop, files=changed)
    await rig.make_green(pull)
    assert rig.shown(pull)[1] == "success"
    rig.sandbox.push_branch(shop, "main", author="rita", files={"docs/x.md": "1\n"}, message="docs: x")
    await rig.later()
    getattr(rig.sandbox, way)(pull, by="dan", resolved=extra)
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    assert rig.shown(pull)[1] == expected
    assert (_asked(rig, "/git/trees/") > 0) is (files > 300)
