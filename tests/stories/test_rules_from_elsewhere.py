"""Rules that come from another repository: a push there makes those look again whose rules it changes."""

from typing import Any

import pytest

from bot.sandbox.model.git import Repository
from tests.stories.rig import RULES, WEAK_RULES, Rig

SHARED = "gates/strict.yml"


def written(rig: Rig, place: Repository, file: str, text: str | None) -> None:
    """Rita changes a file of another repository."""
    rig.sandbox.push_branch(place, "main", author="rita", files={file: text}, message="other rules")


@pytest.mark.parametrize(
    ("source", "file", "own"),
    [
        pytest.param("acme/.github", "release-gate.yml", None, id="the organisation's rules"),
        pytest.param("acme/.github", "release-gate.yml", "version: 1\nextends: acme/.github\n", id="extended by name"),
        pytest.param(
            "acme/rules", SHARED, f"version: 1\nextends: Acme/rules:{SHARED}\n", id="extended, in another case"
        ),
    ],
)
async def test_a_push_to_the_source_changes_what_open_pull_requests_show(rig: Rig, source, file, own):
    place = rig.sandbox.repository(source, files={file: RULES})
    pull = rig.release(rig.shop(own))
    await rig.make_green(pull)
    rig.sandbox.check(pull, "test", conclusion="failure", rerun=True)
    await rig.later()
    assert rig.shown(pull)[1] == "failure"
    written(rig, place, file, WEAK_RULES)
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_a_tag_that_moves_is_a_push_too(rig: Rig):
    place = rig.sandbox.repository("acme/rules", files={".release-gate.yml": RULES})
    tip = place.branch("main")
    assert tip is not None
    rig.sandbox.move_ref(place, "refs/tags/v1", tip, by=rig.sandbox.account("rita"))
    pull = rig.release(rig.shop("version: 1\nextends: acme/rules@v1\n"))
    await rig.later()
    assert rig.shown(pull)[1] != "success"
    weaker = rig.sandbox.commit(
        place, "weaker", {".release-gate.yml": WEAK_RULES}, parents=(tip,), author=rig.sandbox.account("rita")
    )
    rig.sandbox.move_ref(place, "refs/tags/v1", weaker, by=rig.sandbox.account("rita"))
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


@pytest.fixture
def elsewhere(rig: Rig) -> Any:
    """`acme/shop` with rules of its own beside the organisation's, and a repository with those."""
    return rig.shop(), rig.sandbox.repository("acme/.github", files={"release-gate.yml": RULES})


async def test_whose_rules_are_their_own_is_not_asked(rig: Rig, elsewhere):
    rig.release(elsewhere[0])
    await rig.later()
    rig.sandbox.requests.clear()
    written(rig, elsewhere[1], "release-gate.yml", WEAK_RULES)
    await rig.quiet()
    assert [request.path for request in rig.sandbox.requests if "/acme/shop" in request.path] == []


async def test_a_proposal_alone_makes_nobody_look(rig: Rig, elsewhere):
    rig.release(elsewhere[0], files={".release-gate.yml": "version: 1\nextends: acme/.github\n"})
    await rig.later()
    rig.sandbox.requests.clear()
    written(rig, elsewhere[1], "release-gate.yml", WEAK_RULES)
    await rig.quiet()
    assert [request.path for request in rig.sandbox.requests if "/acme/shop" in request.path] == []
