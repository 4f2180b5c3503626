"""How people sign, by command or by review, of which version, and what takes their word back."""

import pytest

from tests.stories.people import (
    APPROVES,
    SECURITY,
    SILENCE,
    UNSIGNED,
    at_once,
    ci,
    code,
    dismisses,
    hides_teams,
    leaves,
    pushes,
    ready,
    restarts,
    reviews,
    rewords,
    rules,
    says,
    shut,
    shut_again,
    told,
)

BY_REVIEW = rules("via: [review]")
EITHER = rules("via: [comment, review]")
NAMES_VERSION = rules("quote_version: always")
WITH_CI = SECURITY + "  TEST-001: {title: Tests, tier: critical, evidence: {check: {name: test, workflow: ci.yml}}}\n"


@pytest.mark.parametrize(
    ("rules", "steps", "end"),
    [
        pytest.param(
            BY_REVIEW, (reviews("sam", "APPROVED"),), ready("in a review"), id="a member approves in a review → ready"
        ),
        pytest.param(
            EITHER, (reviews("sam", "APPROVED"),), ready(), id="a member approves in a review where both count → ready"
        ),
        pytest.param(EITHER, (says("sam", APPROVES),), ready(), id="a member types it where both count → ready"),
        pytest.param(
            BY_REVIEW,
            (says("sam", APPROVES),),
            shut(UNSIGNED, "security signs with an approving review, not with a command"),
            id="a member types it where only reviews count → told to review",
        ),
        pytest.param(
            SECURITY,
            (reviews("sam", "APPROVED"),),
            shut(UNSIGNED, "security has not signed"),
            id="a member approves in a review where only commands count → still waits",
        ),
        pytest.param(
            BY_REVIEW,
            (reviews("rita", "APPROVED"),),
            shut(UNSIGNED, "security has not signed", absent=SILENCE),
            id="somebody outside approves in a review → still waits, and nobody is scolded",
        ),
        pytest.param(
            SECURITY,
            (reviews("sam", "COMMENTED", f"Looks fine.\n\n{APPROVES}"),),
            ready(),
            id="a member types it in the text of a review → ready",
        ),
        pytest.param(
            SECURITY,
            (reviews("sam", "COMMENTED", "Hm."), rewords("dan", of="sam", to=APPROVES)),
            shut(UNSIGNED, "a comment that `dan` edited signs nothing"),
            id="somebody else types it into a member's review → signs nothing",
        ),
        pytest.param(
            BY_REVIEW,
            (reviews("sam", "APPROVED"), dismisses("rita", of="sam")),
            shut_again(UNSIGNED, "security has not signed"),
            id="a member's review is dismissed → shut again",
        ),
        pytest.param(
            BY_REVIEW,
            (reviews("sam", "APPROVED"), reviews("sam", "APPROVED"), dismisses("rita", of="sam")),
            shut_again(UNSIGNED, "security has not signed"),
            id="the newer of a member's two reviews is dismissed → the older one does not come back",
        ),
        pytest.param(
            BY_REVIEW,
            (reviews("sam", "APPROVED"), reviews("sam", "CHANGES_REQUESTED", "No, wait.")),
            shut_again(UNSIGNED, "security has not signed"),
            id="a member approves and then asks for changes → shut again",
        ),
        pytest.param(
            EITHER,
            (says("sam", APPROVES), reviews("sam", "CHANGES_REQUESTED", "No, wait.")),
            shut_again(UNSIGNED, "`sam` has reviewed it since and does not approve it"),
            id="a member types it and then asks for changes where both count → shut again",
        ),
        pytest.param(
            EITHER,
            (says("sam", APPROVES), reviews("lea", "CHANGES_REQUESTED", "No, wait.")),
            ready(),
            id="a member types it and another one asks for changes → ready, for only /reject refuses",
        ),
        pytest.param(
            BY_REVIEW,
            (reviews("sam", "APPROVED"), reviews("sam", "COMMENTED", "Nice.")),
            ready(),
            id="a member approves and then comments → still ready",
        ),
        pytest.param(
            BY_REVIEW,
            (pushes("dan", {"src/app.py": code(5)}), reviews("sam", "APPROVED", commit="{first}")),
            shut(UNSIGNED, "was signed and changes `src/app.py`"),
            id="a member approves an older commit → it signs that one, not the head",
        ),
        pytest.param(
            SECURITY,
            (says("sam", "/approve security {head} looked at all of it"),),
            ready("looked at all of it"),
            id="a member names the head and leaves a note → ready, with the note",
        ),
        pytest.param(
            SECURITY,
            (pushes("dan", {"src/app.py": code(5)}), says("sam", "/approve security {first}")),
            shut(UNSIGNED, "was signed and changes `src/app.py`"),
            id="a member names an older head → it signs that one, not the head",
        ),
        pytest.param(
            SECURITY,
            (says("sam", "/approve security deadbeef1"),),
            shut(UNSIGNED, "`deadbeef1` is no head of this pull request; write `/approve security "),
            id="a member names a commit that was never here → told what to type",
        ),
        pytest.param(
            NAMES_VERSION,
            (says("sam", APPROVES),),
            shut(UNSIGNED, "it has to name the version; write `/approve security "),
            id="a member does not name the version that must be named → told what to type",
        ),
        pytest.param(
            NAMES_VERSION, (says("sam", "/approve security v0.0.1"),), ready(), id="a member names the version → ready"
        ),
        pytest.param(
            NAMES_VERSION,
            (says("sam", "/approve security 0.1.0"),),
            shut(UNSIGNED, "it names the version 0.1.0, and the next one is 0.0.1"),
            id="a member names another version → dropped",
        ),
        pytest.param(
            rules("quote_version: always, stale: never", top="semver: {zero: strict}\n"),
            (says("sam", "/approve security 0.0.1"), pushes("dan", {"src/x.py": "x\n"}, "feat: more")),
            shut_again(UNSIGNED, "it names the version 0.0.1, and the next one is 0.1.0"),
            id="a member names the version, a push makes it another → dropped",
        ),
        pytest.param(
            rules("quote_version: major"),
            (says("sam", APPROVES),),
            ready(),
            id="a member need not name the version of a patch where majors are named → ready",
        ),
        pytest.param(
            rules("quote_version: major", top="semver: {zero: strict, initial: 1.2.3}\n"),
            (pushes("dan", {"src/x.py": "x\n"}, "feat!: other"), says("sam", APPROVES)),
            shut(UNSIGNED, " 2.0.0`"),
            id="a member does not name the version of a major → told what to type",
        ),
        pytest.param(
            SECURITY,
            (says("sam", APPROVES), says("sam", "/revoke security")),
            shut_again(UNSIGNED, "security has not signed"),
            id="a member takes the own sign-off back → shut again",
        ),
        pytest.param(
            SECURITY,
            (says("sam", APPROVES), says("lea", "/revoke security")),
            ready("`lea` has neither signed for security nor refused", absent="dropped"),
            id="another member takes back what they never gave → still ready",
        ),
        pytest.param(
            SECURITY,
            (says("sam", APPROVES), says("sam", "/revoke security"), says("sam", APPROVES)),
            ready(),
            id="a member signs, takes it back and signs again → ready",
        ),
        pytest.param(
            SECURITY,
            (says("rita", APPROVES), says("sam", APPROVES)),
            ready(absent=""),
            id="somebody outside is refused, then a member signs → ready",
        ),
        pytest.param(
            WITH_CI,
            (at_once(says("sam", APPROVES), ci("failure")), at_once(leaves("sam", "acme/security"), ci(rerun=True))),
            shut(UNSIGNED, "security has not signed"),
            id="a member leaves the team after signing, seconds before CI is green → never ready",
        ),
        pytest.param(
            SECURITY,
            (says("sam", APPROVES), leaves("sam", "acme/security"), restarts()),
            shut_again(UNSIGNED, "only `acme/security` can sign for security"),
            id="a member leaves the team while all is green → shut when it is asked for anew",
        ),
        pytest.param(
            SECURITY,
            (reviews("sam", "APPROVED", APPROVES), dismisses("rita", of="sam")),
            shut_again(UNSIGNED, "a dismissed review signs nothing"),
            id="a member types it in a review that is dismissed → shut again",
        ),
        pytest.param(
            SECURITY,
            (hides_teams(), says("sam", APPROVES)),
            shut("Blocked: security's sign-off can't be verified", "a sign-off that can be verified"),
            id="a member signs, but it is hidden who is one → blocked until that can be told",
        ),
        pytest.param(
            SECURITY,
            (says("sam", APPROVES), hides_teams(), restarts()),
            shut_again("Blocked: security's sign-off can't be verified", "a sign-off that can be verified"),
            id="a member signed, and then it is hidden who is one → blocked until that can be told",
        ),
    ],
)
async def test_how_people_sign(tmp_path, rules, steps, end):
    await told(tmp_path, rules, steps, end)
