"""Stories of versions: what is current, where there are more tags than one request shows."""

from tests.stories.rig import Rig


async def test_the_version_comes_from_a_tag_that_a_hundred_newer_ones_hide(rig: Rig):
    repository = rig.shop()
    rig.sandbox.tag(repository, "v1.4.2")
    rig.sandbox.push_branch(repository, "main", author="rita", files={"x": "y"}, message="chore: x")
    for number in range(105):
        rig.sandbox.tag(repository, f"nightly-{number}")
    pull = rig.release(repository, title="feat: search")
    await rig.later()
    assert rig.shown(pull)[0].endswith("next 1.5.0 (minor)")
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    rig.sandbox.requests.clear()
    rig.sandbox.edit_comment(rig.sandbox.comment(pull, "rita", "a remark"), by="rita", body="another remark")
    await rig.quiet()
    assert rig.counted() == (1, 0)


async def test_a_branch_behind_many_releases_asks_about_them_in_few_turns(rig: Rig):
    repository = rig.shop()
    rig.sandbox.tag(repository, "v1.0.0")
    rig.sandbox.branch(repository, "next")
    for minor in range(12):
        rig.sandbox.push_branch(repository, "next", author="rita", files={"x": f"{minor}"}, message="feat: x")
        rig.sandbox.tag(repository, f"v2.{minor}.0", at="next")
    pull = rig.release(repository)
    await rig.later()
    assert rig.shown(pull)[0].endswith("next 1.0.1 (patch)")
    compared = [request.path for request in rig.sandbox.requests if "/compare/" in request.path]
    assert len(compared) == len(set(compared)) == 12
