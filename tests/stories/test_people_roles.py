"""Who may sign for a role, and who may not: stories of people on one pull request."""

import pytest

from tests.stories.people import (
    APPROVES,
    SECURITY,
    UNSIGNED,
    code,
    joins,
    pushes,
    ready,
    rules,
    says,
    shut,
    shut_again,
    told,
)

BOTH = rules(more="  release-manager: {teams: [acme/release], users: [sam], required: true}\n")
AREA = "areas:\n  auth: {roles: [security], paths: ['src/auth/**'], radius: high}\n"
OPTIONAL = rules(more=AREA).replace("required: true", "required: false")
ASKED_BY_ITEM = OPTIONAL.replace("evidence: {file: README.md}", "evidence: {sign_off: [security]}")


@pytest.mark.parametrize(
    ("rules", "steps", "end"),
    [
        pytest.param(SECURITY, (says("sam", APPROVES),), ready("✅ `"), id="a member of the team signs → ready"),
        pytest.param(SECURITY, (says("pia", APPROVES),), ready(), id="a member of a team below it signs → ready"),
        pytest.param(
            SECURITY,
            (joins("dan", "acme/security"), says("dan", APPROVES)),
            shut(UNSIGNED, "the author of a pull request can't sign for security"),
            id="the author signs, though in the team → refused",
        ),
        pytest.param(
            SECURITY,
            (says("rita", APPROVES),),
            shut(UNSIGNED, "only `acme/security` can sign for security"),
            id="somebody who may write, but is not in the team, signs → refused",
        ),
        pytest.param(
            SECURITY,
            (says("ann", APPROVES),),
            shut(UNSIGNED, "only `acme/security` can sign for security"),
            id="an admin of the repository who is not in the team signs → refused",
        ),
        pytest.param(
            SECURITY,
            (says("mallory", APPROVES),),
            shut(UNSIGNED, "only `acme/security` can sign for security"),
            id="a passer-by signs → refused",
        ),
        pytest.param(
            SECURITY,
            (says("piet", APPROVES),),
            shut(UNSIGNED, "only `acme/security` can sign for security"),
            id="somebody who has not accepted the team's invitation yet signs → refused",
        ),
        pytest.param(
            rules(who="users: [Sam]"), (says("sam", APPROVES),), ready(), id="a listed user signs, in any case → ready"
        ),
        pytest.param(
            rules(who="users: [sam]"),
            (says("sarn", APPROVES),),
            shut(UNSIGNED, "only `sam` can sign for security"),
            id="somebody with a look-alike login signs → refused",
        ),
        pytest.param(
            rules(who="users: [helper]"),
            (says("helper[bot]", APPROVES),),
            shut(UNSIGNED, "Apps and deleted accounts can't sign"),
            id="a bot that bears a listed user's name signs → refused",
        ),
        pytest.param(
            SECURITY,
            (joins("helper[bot]", "acme/security"), says("helper[bot]", APPROVES)),
            shut(UNSIGNED, "Apps and deleted accounts can't sign"),
            id="a bot signs, though in the team → refused",
        ),
        pytest.param(
            rules("apps: [helper]"),
            (says("helper[bot]", APPROVES),),
            ready(),
            id="an App that the role lists signs → ready",
        ),
        pytest.param(
            SECURITY,
            (says("sam", "/approve sеcurity"),),
            shut(UNSIGNED, "did you mean `/approve security`?"),
            id="a member signs for a role with a Cyrillic letter in its name → asked what is meant",
        ),
        pytest.param(
            SECURITY,
            (pushes("sam", {"src/x.py": "x\n"}), says("sam", APPROVES)),
            shut(UNSIGNED, "who pushed last can't sign for security"),
            id="who pushed last signs → refused",
        ),
        pytest.param(
            SECURITY,
            (pushes("sam", {"src/x.py": "x\n"}), says("lea", APPROVES)),
            ready(),
            id="one member pushed last, another signs → ready",
        ),
        pytest.param(
            rules("exclude: [author]"),
            (pushes("sam", {"src/x.py": "x\n"}), says("sam", APPROVES)),
            ready(),
            id="who pushed last signs where only the author is excluded → ready",
        ),
        pytest.param(
            rules("exclude: [author, committers]"),
            (pushes("sam", {"src/x.py": "x\n"}), pushes("dan", {"src/y.py": "y\n"}), says("sam", APPROVES)),
            shut(UNSIGNED, "who has commits in it can't sign for security"),
            id="who wrote an earlier commit signs where committers are excluded → refused",
        ),
        pytest.param(
            rules("exclude: [author, committers]"),
            (pushes("dan", {"src/x.py": "x\n"}, beside="sam"), says("sam", APPROVES)),
            shut(UNSIGNED, "who has commits in it can't sign for security"),
            id="a co-author of a commit signs where committers are excluded → refused",
        ),
        pytest.param(
            SECURITY,
            (pushes("sam", {"src/x.py": "x\n"}), pushes("dan", {"src/y.py": "y\n"}), says("sam", APPROVES)),
            ready(),
            id="who wrote an earlier commit signs where only the last pusher is excluded → ready",
        ),
        pytest.param(
            rules("count: 2"),
            (says("sam", APPROVES),),
            shut(UNSIGNED, "so far signed by `sam`"),
            id="one of two signs → waits for the other",
        ),
        pytest.param(
            rules("count: 2"),
            (says("sam", APPROVES), says("sam", f"{APPROVES} again")),
            shut(UNSIGNED, "so far signed by `sam`"),
            id="one of two signs twice → still waits for the other",
        ),
        pytest.param(
            rules("count: 2"), (says("sam", APPROVES), says("lea", APPROVES)), ready(), id="two of two sign → ready"
        ),
        pytest.param(
            BOTH,
            (says("sam", "/approve security\n/approve release-manager"),),
            ready(),
            id="one person signs for both of their roles → ready",
        ),
        pytest.param(
            BOTH.replace("true}", "true, distinct: true}"),
            (says("sam", "/approve security\n/approve release-manager"),),
            shut("Blocked: waiting for release-manager to sign", "`sam` fills `security`, and may not fill both"),
            id="one person signs for two roles that want distinct people → one is missing",
        ),
        pytest.param(
            BOTH.replace("true}", "true, distinct: true}"),
            (says("sam", "/approve security\n/approve release-manager"), says("lea", APPROVES)),
            ready("`sam` fills `release-manager`, and may not fill both"),
            id="a second person signs for one of two distinct roles → the first counts for the other, ready",
        ),
        pytest.param(
            rules(who="users: [dan]"),
            (says("lea", APPROVES),),
            shut("Blocked: security can't be filled", "security can't be filled: its only member is the author"),
            id="the role's only member opened it → named as impossible",
        ),
        pytest.param(
            rules("count: 2", who="users: [dan, sam]"),
            (says("sam", APPROVES),),
            shut(
                "Blocked: security can't be filled", "can't be filled: it wants 2 people, and 1 of its members may sign"
            ),
            id="two must sign and one of the only two opened it → named as impossible",
        ),
        pytest.param(
            rules("when: {bump: [major]}"), (), ready(), id="nobody signs a patch for a role of majors → ready"
        ),
        pytest.param(
            rules("when: {bump: [minor]}", top="semver: {zero: strict}\n"),
            (pushes("dan", {"src/x.py": "x\n"}, "feat: more"),),
            shut_again(UNSIGNED, "security has not signed"),
            id="a push makes it the bump that the role is asked for → waits for it",
        ),
        pytest.param(rules('when: {paths: ["**/auth/**"]}'), (), ready(), id="nobody touches the role's paths → ready"),
        pytest.param(
            rules('when: {paths: ["**/auth/**"]}'),
            (pushes("dan", {"src/auth/login.py": code(5)}),),
            shut_again(UNSIGNED, "security has not signed"),
            id="a push touches the role's paths → waits for it",
        ),
        pytest.param(
            rules("when: {radius: [high]}", more=AREA.replace("roles: [security], ", "")),
            (pushes("dan", {"src/auth/login.py": code(5)}),),
            shut_again(UNSIGNED, "security has not signed"),
            id="a push reaches as far as the role is asked for → waits for it",
        ),
        pytest.param(OPTIONAL, (), ready(), id="nobody touches the area that the role must sign → ready"),
        pytest.param(
            OPTIONAL,
            (pushes("dan", {"src/auth/login.py": code(5)}),),
            shut_again(UNSIGNED, "security has not signed"),
            id="a push touches the area that the role must sign → waits for it",
        ),
        pytest.param(
            OPTIONAL,
            (pushes("dan", {"src/auth/login.py": code(5)}), says("sam", APPROVES)),
            ready("✅ `"),
            id="a push touches the area that the role must sign, a member signs → ready",
        ),
        pytest.param(
            ASKED_BY_ITEM,
            (says("rita", APPROVES),),
            shut(UNSIGNED, "only `acme/security` can sign for security"),
            id="an item asks for the role, somebody outside signs → refused",
        ),
        pytest.param(
            ASKED_BY_ITEM, (says("lea", APPROVES),), ready(), id="an item asks for the role, a member signs → ready"
        ),
        pytest.param(
            rules("exclude: [last_pusher]", who="users: [dan]"),
            (pushes("rita", {"src/x.py": "x\n"}), says("dan", APPROVES)),
            ready(),
            id="the author signs what somebody else pushed, where only the last pusher is excluded → ready",
        ),
    ],
)
async def test_who_may_sign(tmp_path, rules, steps, end):
    await told(tmp_path, rules, steps, end)
