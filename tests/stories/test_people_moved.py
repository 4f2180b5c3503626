"""What people said when the pull request was put onto another base, or they go by another name since."""

import pytest

from tests.stories.people import (
    APPROVES,
    SECURITY,
    UNSIGNED,
    Step,
    base_gets,
    deletes,
    looks_again,
    ready,
    reviews,
    rules,
    says,
    shut,
    shut_again,
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


def renames(who: str, to: str) -> Step:
    """Somebody goes by another login from now on, and a stranger takes the old one."""

    def act(stage):
        github = stage.rig.sandbox
        github.rename(github.account(who), to)
        github.collaborator(stage.pull.repository, who, "read")

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


HELD = says("rita", "/hold because the keys leaked")
REFUSED = says("lea", "/reject security because of the back door")


@pytest.mark.parametrize(
    ("steps", "end"),
    [
        pytest.param(
            (SIGNED, says("sam", "/revoke security"), renames("sam", "samuel"), looks_again()),
            shut_again(UNSIGNED, "security has not signed"),
            id="signed and taken back, they rename themselves → still taken back",
        ),
        pytest.param(
            (HELD, SIGNED, renames("rita", "rita-new"), says("rita", "/unhold")),
            shut("Held by rita-new", "only `rita-new` or an admin can release this hold"),
            id="held, the holder renames, a stranger takes the login and releases → still held",
        ),
        pytest.param(
            (HELD, deletes("dan", of="rita"), SIGNED, renames("rita", "rita-new"), says("rita", "/unhold")),
            shut("Held by rita", "only `rita` or an admin can release this hold"),
            id="held, the comment is deleted, a stranger takes the login and releases → still held",
        ),
        pytest.param(
            (HELD, SIGNED, renames("rita", "rita-new"), says("rita-new", "/unhold")),
            ready(),
            id="held, the holder releases under another name → ready",
        ),
        pytest.param(
            (REFUSED, renames("lea", "lea-new"), says("lea", "/revoke security")),
            shut("Blocked: refused by security", "security refused by `lea-new`: `of the back door`"),
            id="refused, a stranger takes the login and takes it back → still refused",
        ),
        pytest.param(
            (REFUSED, renames("lea", "lea-new"), says("lea-new", "/revoke security"), SIGNED),
            ready(),
            id="refused, they take it back under another name, another signs → ready",
        ),
    ],
)
async def test_they_go_by_another_name(tmp_path, steps, end):
    await told(tmp_path, SECURITY, steps, end)
