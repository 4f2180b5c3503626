"""What people said when the pull request was put onto another base, or they go by another name since."""

import pytest

from tests.stories.people import (
    APPROVES,
    SECURITY,
    UNSIGNED,
    Step,
    base_gets,
    ready,
    reviews,
    rules,
    says,
    shut,
    told,
)


def retargets(base: str) -> Step:
    """Dan puts the pull request onto another branch, made of main if it is new."""

    def act(stage):
        github, pull = stage.rig.sandbox, stage.pull
        if pull.repository.branch(base) is None:
            github.branch(pull.repository, base, by="dan")
        github.retarget(pull, base=base, by="dan")

    return act


SIGNED = says("sam", APPROVES)
AT_ANOTHER = (retargets("stable"), base_gets({"src/auth/login.py": "let all in\n"}))
TO_MAIN = "the base was changed from `stable` to `main` after it was signed"


@pytest.mark.parametrize(
    ("rules", "steps", "end"),
    [
        pytest.param(
            SECURITY,
            (*AT_ANOTHER, SIGNED, retargets("main")),
            shut(UNSIGNED, TO_MAIN),
            id="signed, put onto another base, though not a letter is pushed → dropped",
        ),
        pytest.param(
            rules("stale: push"),
            (*AT_ANOTHER, reviews("sam", "APPROVED", APPROVES), retargets("main")),
            shut(UNSIGNED, TO_MAIN),
            id="signed in a review where any push drops it, put onto another base → dropped",
        ),
        pytest.param(
            rules("stale: never"),
            (*AT_ANOTHER, says("sam", "/approve security {head}"), retargets("main")),
            shut(UNSIGNED, TO_MAIN),
            id="signed by name where no push drops it, put onto another base → dropped",
        ),
        pytest.param(
            SECURITY,
            (*AT_ANOTHER, SIGNED, retargets("main"), SIGNED),
            ready(),
            id="signed, put onto another base, signed again → ready",
        ),
    ],
)
async def test_the_base_is_changed(tmp_path, rules, steps, end):
    await told(tmp_path, rules, steps, end)
