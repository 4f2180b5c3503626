"""Names and texts that nobody would choose, from a delivery in to GitHub's state."""

import pytest

from tests.stories.rig import RULES, Rig


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("rel/ü'\"`|<b>@acme/x&%23#", id="markup, a mention, an escape"),
        pytest.param("x%2Fy", id="an escaped slash"),
        pytest.param("a&b=c+d", id="what a query string is made of"),
        pytest.param("release/" + "long-" * 40 + "name", id="two hundred letters"),
    ],
)
async def test_a_base_of_any_name_goes_to_ready(rig: Rig, name: str):
    repository = rig.shop(RULES.replace("main, scratch", '"**"'))
    rig.sandbox.branch(repository, name)
    pull = rig.release(repository, head=f"head/{name}", base=name)
    await rig.later()
    assert rig.shown(pull, f"release-gate: {name}")[1] == "action_required"
    await rig.make_green(pull)
    assert rig.shown(pull, f"release-gate: {name}")[1] == "success"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("Looks good.\r\n\r\n/approve security\r\n\r\nThanks", id="CRLF"),
        pytest.param("/approve security\n\n" + "é" * 60_000, id="a huge comment"),
    ],
)
async def test_an_approval_in_an_odd_comment_counts(rig: Rig, body: str):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.check(pull, "test")
    rig.sandbox.comment(pull, "sam", body)
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_nobody_stalls_the_gate_with_markdown_and_the_refusal_is_shown(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    for _ in range(3):
        rig.sandbox.comment(pull, "mallory", "/gate approve security\n\n" + ("|\n" + "> " * 12 + "\n") * 2_300)
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"
    assert rig.comment(pull).count("is too long or too nested to be read") == 3


async def test_every_second_comment_of_ours_is_minimised(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    twins = [rig.sandbox.comment(pull, "release-gate[bot]", rig.comments(pull)[0].body) for _ in range(2)]
    await rig.later()
    rig.poke(pull)
    await rig.quiet()
    assert [twin.is_minimized for twin in twins] == [True, True]
