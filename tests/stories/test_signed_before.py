"""Who signed before a workflow or the rules were changed has not seen the change: somebody has to sign it anew."""

import pytest

from tests.stories.rig import RULES, Rig

NEVER = RULES.replace('stale: {paths: ["**/auth/**"]}', "stale: never")
WEAKER = RULES.replace("tier: critical", "tier: medium").replace("required: true", "required: false")


@pytest.mark.parametrize("rules", [pytest.param(RULES, id="paths elsewhere"), pytest.param(NEVER, id="never stale")])
@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        pytest.param(".github/workflows/ci.yml", "on: pull_request\n", "a sign-off of the change by security", id="ci"),
        pytest.param(".release-gate.yml", WEAKER, "weakens", id="rules"),
    ],
)
async def test_a_change_of_what_proves_it_is_signed_anew(rig: Rig, rules, file, text, said):
    repository = rig.shop(rules, {".github/workflows/ci.yml": "on: push\n"})
    pull = rig.release(repository)
    await rig.make_green(pull)
    assert rig.shown(pull)[1] == "success"
    rig.sandbox.push(pull, author="dan", files={file: text}, message="ci: change it")
    await rig.later()
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"
    assert said in rig.comment(pull)
    assert "success" not in rig.ever(pull)

    rig.sandbox.comment(pull, "sam", f"/approve security {pull.head_oid}")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"
