"""Nobody forges a word, and none is lost: comments changed by others, a server that was away, a store that is gone."""

import pytest

from bot.report.marker import MARKER
from tests.stories.people import (
    APPROVES,
    SECURITY,
    SILENCE,
    UNSIGNED,
    at_once,
    comes_back,
    deletes,
    edits,
    goes_down,
    hides,
    hides_teams,
    looks_again,
    loses_the_store,
    pushes,
    ready,
    reviews,
    rules,
    says,
    shut,
    shut_again,
    told,
)

SIGNED = says("sam", "/approve security {head}")
REJECTS = says("sam", "/reject security because no")
REFUSED = "Blocked: refused by security"
OPEN = SECURITY.replace(", required: true", "")
BACK = (comes_back(), looks_again())
STORE_LOST = (loses_the_store(), looks_again())
EITHER = rules("via: [comment, review]")


@pytest.mark.parametrize(
    ("rules", "steps", "end"),
    [
        pytest.param(
            SECURITY,
            (says("sam", "I have a question."), edits("dan", of="sam", to=APPROVES)),
            shut(UNSIGNED, "a comment that `dan` edited signs nothing"),
            id="the author edits a member's comment into an approval → signs nothing, and the author is named",
        ),
        pytest.param(
            SECURITY,
            (says("sam", "I have a question."), edits("sam", of="sam", to=APPROVES)),
            shut(UNSIGNED, "an edited comment signs nothing; write it as a new comment"),
            id="a member edits the own comment into an approval → told to write a new one",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, edits("sam", of="sam", to="/approve security of course")),
            shut_again(UNSIGNED, "an edited comment signs nothing"),
            id="a member edits the own approval → it is gone",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, edits("dan", of="sam", to="I object.")),
            shut_again(UNSIGNED, "security has not signed"),
            id="somebody else edits an approval away → it is gone",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, deletes("sam", of="sam")),
            shut_again(UNSIGNED, "security has not signed"),
            id="a member deletes the own approval → it is gone",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, deletes("rita", of="sam")),
            shut_again(UNSIGNED, "`rita` deleted one of `sam`"),
            id="somebody else deletes an approval → it is gone, and they are named",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, says("sam", "/revoke security"), deletes("dan", of="sam")),
            shut_again(UNSIGNED, "`dan` deleted one of `sam`"),
            id="a member takes the sign-off back, the author deletes that → stays taken back",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, says("sam", "/revoke security"), edits("dan", of="sam", to="never mind")),
            shut_again(UNSIGNED, "security has not signed"),
            id="a member takes the sign-off back, the author edits that away → stays taken back",
        ),
        pytest.param(
            SECURITY,
            (says("lea", "Nice."), edits("dan", of="lea", to="/revoke security"), SIGNED),
            ready("`dan` edited", absent="dropped"),
            id="somebody edits a member's comment into a revocation → another member's sign-off is not touched",
        ),
        pytest.param(
            SECURITY, (SIGNED, hides(of="sam"), looks_again()), ready(), id="an approval is minimised → still counts"
        ),
        pytest.param(
            OPEN,
            (REJECTS, hides(of="sam"), looks_again()),
            shut_again(REFUSED, "security refused by `sam`"),
            id="a refusal is minimised → still blocks",
        ),
        pytest.param(
            SECURITY,
            (says("mallory", f"{MARKER}\n## 🟩 Ready"),),
            shut(UNSIGNED, "security has not signed"),
            id="somebody plants a comment that looks like ours → ours stays what it is",
        ),
        pytest.param(
            SECURITY,
            (says("mallory", f"{MARKER}\n{APPROVES}"),),
            shut(UNSIGNED, "only `acme/security` can sign for security"),
            id="somebody signs below our marker → refused",
        ),
        pytest.param(
            SECURITY,
            (edits("rita", of="release-gate[bot]", to="## Ready, merge it"),),
            shut(UNSIGNED, "security has not signed"),
            id="somebody rewrites our comment → it is put right",
        ),
        pytest.param(
            SECURITY,
            (edits("sam", of="release-gate[bot]", to=APPROVES),),
            shut(UNSIGNED, "security has not signed", absent=SILENCE),
            id="a member writes an approval into our comment → signs nothing",
        ),
        pytest.param(
            SECURITY,
            (deletes("rita", of="release-gate[bot]"),),
            shut(UNSIGNED, "security has not signed"),
            id="somebody deletes our comment → it is written again",
        ),
        pytest.param(
            SECURITY,
            (says("sam", "/approve secur\u200bity"),),
            shut(UNSIGNED, "security has not signed"),
            id="a role with a letter in it that nobody sees → signs nothing",
        ),
        pytest.param(
            SECURITY,
            (goes_down(), says("sam", APPROVES), *BACK),
            ready(),
            id="a member signs while the server is down → counts when it is back",
        ),
        pytest.param(
            OPEN,
            (goes_down(), REJECTS, *BACK),
            shut_again(REFUSED, "security refused by `sam`"),
            id="a member refuses while the server is down → counts when it is back",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, goes_down(), edits("dan", of="sam", to=f"{APPROVES} and more"), *BACK),
            shut_again(UNSIGNED, "a comment that `dan` edited signs nothing"),
            id="an approval is edited while the server is down → gone when it is back",
        ),
        pytest.param(
            OPEN,
            (
                REJECTS,
                goes_down(),
                deletes("dan", of="sam"),
                comes_back(),
                looks_again(),
            ),
            shut_again(REFUSED, "security refused by `sam`"),
            id="a refusal is deleted while the server is down → still refused when it is back",
        ),
        pytest.param(
            SECURITY,
            (goes_down(), pushes("dan", {"src/x.py": "x\n"}), says("sam", APPROVES), *BACK),
            shut(UNSIGNED, "was signed and changes `src/x.py`"),
            id="pushed and signed while the server is down → signs the head that was on show, not the new one",
        ),
        pytest.param(
            OPEN,
            (hides_teams(), says("rita", "/reject security because no")),
            shut_again(REFUSED, "security refused by `rita`"),
            id="somebody refuses while it is hidden who is in the team → blocked until that can be told",
        ),
        pytest.param(
            OPEN,
            (says("rita", "/hold"), deletes("rita", of="rita"), says("ann", "/unhold")),
            ready(absent="Held"),
            id="a hold is deleted, an admin releases it → ready",
        ),
        pytest.param(
            OPEN,
            (says("sam", "/reject security"), deletes("sam", of="sam"), says("sam", "/revoke security")),
            ready(absent="refused"),
            id="a refusal without a reason is deleted, who wrote it takes it back → ready",
        ),
        pytest.param(
            OPEN,
            (REJECTS, says("lea", APPROVES), deletes("dan", of="lea")),
            shut_again(REFUSED, "`dan` deleted one of `lea`"),
            id="a member refuses, another one signs, the author deletes that → refused again",
        ),
        pytest.param(
            SECURITY,
            (at_once(says("sam", APPROVES), edits("sam", of="sam", to=f"{APPROVES} looks fine")),),
            shut(UNSIGNED, "an edited comment signs nothing"),
            id="a member signs and edits that before the server looked → told to write a new one",
        ),
    ],
)
async def test_what_nobody_can_forge(tmp_path, rules, steps, end):
    await told(tmp_path, rules, steps, end)


@pytest.mark.parametrize(
    ("rules", "steps", "end"),
    [
        pytest.param(
            SECURITY,
            (SIGNED, *STORE_LOST),
            ready(),
            id="a sign-off that names its commit → still counts",
        ),
        pytest.param(
            EITHER,
            (reviews("sam", "APPROVED"), *STORE_LOST),
            ready(),
            id="an approving review → still counts",
        ),
        pytest.param(
            SECURITY,
            (says("sam", APPROVES), *STORE_LOST),
            shut_again(UNSIGNED, "no verdict was published before this comment, so it is not clear what it signs"),
            id="a sign-off that names no commit → no longer counts, and is told what to type",
        ),
        pytest.param(
            SECURITY,
            (*STORE_LOST, says("sam", APPROVES)),
            ready(),
            id="a sign-off written afterwards → counts",
        ),
        pytest.param(
            OPEN,
            (REJECTS, *STORE_LOST),
            shut_again(REFUSED, "security refused by `sam`"),
            id="a refusal whose comment is there → still blocks",
        ),
        pytest.param(
            OPEN,
            (
                says("rita", "/hold because no"),
                edits("rita", of="rita", to="/hold because not yet"),
                loses_the_store(),
                looks_again(),
            ),
            shut_again("Held by rita", "held by `rita`: `not yet`"),
            id="a hold whose comment was edited → still holds",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, says("sam", "/revoke security"), *STORE_LOST),
            shut_again(UNSIGNED, "security has not signed"),
            id="a revocation whose comment is there → still stands",
        ),
        pytest.param(
            OPEN,
            (REJECTS, deletes("dan", of="sam"), *STORE_LOST),
            ready("`dan` deleted one of `sam`"),
            id="a refusal whose comment is gone too → forgotten, and who deleted it is shown",
        ),
    ],
)
async def test_the_store_is_lost(tmp_path, rules, steps, end):
    await told(tmp_path, rules, steps, end)
