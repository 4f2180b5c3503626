"""`/recheck` looks again with nothing taken from what was read before, and once for each time that it is written."""

from tests.stories.rig import Rig


async def test_a_recheck_asks_again_who_is_in_the_team(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.comment(pull, "rita", f"/approve security {pull.head_oid}")
    await rig.later(30)
    assert "only `acme/security` can sign for security" in rig.comment(pull)
    rig.sandbox.team("acme/security", ["sam", "rita"])
    rig.sandbox.comment(pull, "dan", "just talking")
    rig.poke(pull)
    await rig.later(30)
    assert "only `acme/security` can sign for security" in rig.comment(pull), "memberships are kept for minutes"

    rig.sandbox.comment(pull, "dan", "/recheck")
    await rig.later(30)
    assert "only `acme/security` can sign for security" not in rig.comment(pull)
    assert [reaction.content for reaction in pull.comments[-1].reactions] == ["EYES"]

    rig.sandbox.requests.clear()
    rig.sandbox.comment(pull, "dan", "still talking")
    rig.poke(pull)
    await rig.quiet()
    asked = [request.path for request in rig.sandbox.requests if "memberships" in request.path]
    assert asked == [], "one that was heard asks for nothing more"
