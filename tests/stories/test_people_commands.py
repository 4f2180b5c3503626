"""Who holds and refuses a release, who may end that, and which words are commands of ours at all."""

import pytest

from tests.stories.people import (
    APPROVES,
    SECURITY,
    SILENCE,
    UNSIGNED,
    code,
    deletes,
    edits,
    joins,
    leaves,
    may,
    pushes,
    ready,
    restarts,
    reviews,
    rules,
    says,
    shut,
    shut_again,
    told,
    waits,
)

OPEN = """\
version: 1
roles:
  security: {teams: [acme/security]}
tiers: {high: {waivable_by: [security]}}
checklist:
  DOC-001: {title: There is a readme, tier: critical, evidence: {file: README.md}}
"""
"""Rules that ask nobody."""
GUIDE = f"{OPEN}  DOC-002: {{title: There is a guide, tier: high, evidence: {{file: GUIDE.md}}}}\n"
REFUSED = "Blocked: refused by security"
HOLDS = says("rita", "/hold because the database is being moved")
REJECTS = says("sam", "/reject security because tokens are logged")
NO_COMMANDS = f"""\
No commands:

> {APPROVES}

```
{APPROVES}
```

    {APPROVES}

- {APPROVES}

`{APPROVES}`

<!--
{APPROVES}
-->

<details>
{APPROVES}
</details>

Please write {APPROVES}, thanks.

\\{APPROVES}
"""


@pytest.mark.parametrize(
    ("rules", "steps", "end"),
    [
        pytest.param(
            OPEN,
            (HOLDS,),
            shut_again("Held by rita", "held by `rita`: `the database is being moved`"),
            id="somebody who may write holds it → held",
        ),
        pytest.param(
            OPEN,
            (says("mallory", "/hold because I say so"),),
            ready("only people with write access can hold a release", absent="Held"),
            id="a passer-by holds it → refused",
        ),
        pytest.param(
            OPEN,
            (says("rita", "/hold"),),
            shut_again("Held by rita", "without a reason"),
            id="somebody holds it and does not say why → held all the same",
        ),
        pytest.param(
            OPEN,
            (says("rita", "/hold until fri 09:00 Europe/Berlin because nobody is here"),),
            shut_again("Held by rita until Fri 27 Nov 08:00 UTC", "`/unhold`, or wait until 27 Nov 2026 08:00 UTC"),
            id="it is held until Friday at nine in Berlin → held, and the date is shown",
        ),
        pytest.param(
            OPEN,
            (says("rita", "/hold until fri 09:00 Europe/Berlin because nobody is here"), waits(days=4)),
            ready(),
            id="it is held until Friday, which comes and nothing happens → ready by itself",
        ),
        pytest.param(
            OPEN,
            (HOLDS, deletes("rita", of="rita")),
            shut_again("Held by rita", "held by `rita`: `the database is being moved`"),
            id="the holder deletes the comment → still held",
        ),
        pytest.param(
            OPEN,
            (HOLDS, edits("dan", of="rita", to="never mind")),
            shut_again("Held by rita", "the database is being moved"),
            id="the author edits the holder's comment → still held",
        ),
        pytest.param(OPEN, (HOLDS, says("rita", "/unhold")), ready(), id="the holder releases it → ready"),
        pytest.param(OPEN, (HOLDS, says("ann", "/unhold")), ready(), id="an admin releases it → ready"),
        pytest.param(
            OPEN,
            (HOLDS, says("dan", "/unhold")),
            shut_again("Held by rita", "only `rita` or an admin can release this hold"),
            id="somebody else who may write releases it → refused, still held",
        ),
        pytest.param(
            OPEN,
            (HOLDS, says("rita", "/unhold"), deletes("rita", of="rita")),
            shut_again("Held by rita", "held by `rita`"),
            id="the holder releases it and deletes that comment → held again",
        ),
        pytest.param(
            OPEN,
            (HOLDS, says("ann", "/unhold"), may("ann", "read"), restarts()),
            shut_again("Held by rita", "held by `rita`"),
            id="an admin releases it and then is no admin any more → held again",
        ),
        pytest.param(
            OPEN,
            (HOLDS, may("rita", "read"), restarts()),
            shut_again("Held by rita", "held by `rita`", absent=SILENCE),
            id="the holder may not write any more → still held",
        ),
        pytest.param(
            OPEN,
            (HOLDS, may("rita", "read"), restarts(), says("rita", "/unhold")),
            ready(),
            id="the holder, who may not write any more, releases it → ready",
        ),
        pytest.param(
            OPEN,
            (HOLDS, says("dan", "/hold because of CI"), says("rita", "/unhold")),
            shut_again("Held by dan", "held by `dan`: `of CI`"),
            id="two people hold it and one releases it → held by the other",
        ),
        pytest.param(
            OPEN,
            (REJECTS,),
            shut_again(REFUSED, "security refused by `sam`: `tokens are logged`"),
            id="a member refuses → blocked, though nobody had to sign",
        ),
        pytest.param(
            OPEN,
            (says("rita", "/reject security because tokens are logged"),),
            ready("only `acme/security` can refuse for security", absent="Blocked"),
            id="somebody else refuses for the role → does not count",
        ),
        pytest.param(
            OPEN,
            (REJECTS, deletes("dan", of="sam")),
            shut_again(REFUSED, "`dan` deleted one of `sam`"),
            id="a member refuses, the author deletes that → still refused, with the name",
        ),
        pytest.param(
            OPEN,
            (REJECTS, edits("dan", of="sam", to=APPROVES)),
            shut_again(REFUSED, "a comment that `dan` edited signs nothing"),
            id="a member refuses, the author turns it into an approval → still refused",
        ),
        pytest.param(
            OPEN, (REJECTS, says("sam", "/revoke security")), ready(), id="a member refuses and takes that back → ready"
        ),
        pytest.param(
            OPEN,
            (REJECTS, says("rita", "/revoke security")),
            shut_again(REFUSED, "refused by `sam`"),
            id="a member refuses and somebody else takes that back → still refused",
        ),
        pytest.param(
            OPEN,
            (REJECTS, says("lea", APPROVES)),
            ready("✅ `"),
            id="a member refuses, another one signs after → ready",
        ),
        pytest.param(
            OPEN,
            (REJECTS, leaves("sam", "acme/security"), restarts()),
            shut_again(REFUSED, "refused by `sam`", absent=SILENCE),
            id="a member refuses and leaves the team → still refused",
        ),
        pytest.param(
            OPEN,
            (joins("dan", "acme/security"), says("dan", "/reject security because I was wrong")),
            shut_again(REFUSED, "refused by `dan`"),
            id="the author, who may not sign, refuses for the role they are in → refused",
        ),
        pytest.param(
            GUIDE,
            (says("sam", "/waive DOC-002 because no"), leaves("sam", "acme/security"), restarts()),
            shut_again("Blocked: 1 of 1 high item open", "only `acme/security` can waive `DOC-002`"),
            id="a member waives an item and leaves the team → open again",
        ),
        pytest.param(
            SECURITY,
            (says("lea", APPROVES), REJECTS),
            shut_again(REFUSED, "refused by `sam`"),
            id="a member signs, another one refuses after → refused",
        ),
        pytest.param(
            SECURITY,
            (REJECTS, says("lea", APPROVES), pushes("dan", {"src/app.py": code(5)})),
            shut_again(REFUSED, "refused by `sam`"),
            id="a member refuses, another one signs, a push drops that → refused again",
        ),
        pytest.param(
            rules("count: 2"),
            (REJECTS, says("lea", APPROVES)),
            shut(REFUSED, "refused by `sam`"),
            id="two must sign, one refuses, another one signs → still refused",
        ),
        pytest.param(
            SECURITY,
            (says("sam", f"Fine by me.\n{APPROVES}\n/hold until tomorrow because of the freeze"),),
            shut("Held by sam until Tue 24 Nov 00:00 UTC", "✅ `"),
            id="one comment signs and holds → both count",
        ),
        pytest.param(SECURITY, (says("sam", f"/gate {APPROVES[1:]}"),), ready(), id="/gate in front → the same"),
        pytest.param(SECURITY, (says("sam", f"/gate {APPROVES}"),), ready(), id="/gate and a slash → the same"),
        pytest.param(SECURITY, (says("sam", "/Approve SECURITY"),), ready(), id="in capital letters → the same"),
        pytest.param(
            SECURITY, (says("sam", '/approve "security" “for now”'),), ready("for now"), id="in quotes → the same"
        ),
        pytest.param(
            GUIDE,
            (says("sam", '/waive "DOC-002" until "2026-12-06" because "it is on the web"'),),
            ready("waived by `sam` until 6 Dec 2026 00:00 UTC: `it is on the web`", title="Ready, 1 item waived"),
            id="an item, a date and a reason in quotes → the same",
        ),
        pytest.param(
            SECURITY,
            (says("sam", "/aprove security"),),
            shut(UNSIGNED, "did you mean `/gate approve security`?"),
            id="a misspelt verb of a role of ours → asked what is meant",
        ),
        pytest.param(
            SECURITY,
            (says("sam", "/approve securty"),),
            shut(UNSIGNED, "did you mean `/approve security`?"),
            id="a misspelt role → asked what is meant",
        ),
        pytest.param(
            SECURITY,
            (says("rita", "/gate frobnicate"),),
            shut(UNSIGNED, "there is no command `frobnicate`; `/gate help` lists them"),
            id="/gate and a word that is none of ours → answered",
        ),
        pytest.param(
            SECURITY,
            (says("rita", "/gate approve legal"),),
            shut(UNSIGNED, "there is no role `legal`; the roles are `security`"),
            id="/gate and a role that is none → answered with those that are",
        ),
        pytest.param(
            SECURITY,
            (says("rita", "/approve\n\n/approve no-issue\n\n/lgtm\n\n/hold cancel\n\n/retest\n\n/bump"),),
            shut(UNSIGNED, "security has not signed", absent=SILENCE),
            id="other bots' commands → not a word",
        ),
        pytest.param(
            SECURITY,
            (says("sam", NO_COMMANDS),),
            shut(UNSIGNED, "security has not signed", absent=SILENCE),
            id="in quotes, code, a list, HTML, the middle of a line, or escaped → not a word",
        ),
        pytest.param(
            SECURITY,
            (says("sam", f"{APPROVES}\n\nOn Monday, lea wrote:\n\n/approve nothing", by_mail=True),),
            ready(),
            id="at the top of a reply by e-mail → counts",
        ),
        pytest.param(
            SECURITY,
            (says("sam", f"No.\n\nOn Monday, lea wrote:\n\n{APPROVES}", by_mail=True),),
            shut(UNSIGNED, "security has not signed", absent=SILENCE),
            id="below somebody else's words in a reply by e-mail → not a word",
        ),
        pytest.param(
            SECURITY,
            (says("sam", f"{APPROVES}\n" * 51),),
            shut(UNSIGNED, "or has over 50 commands; write the command as a comment of its own"),
            id="more than fifty at once → none counts, and that is said",
        ),
        pytest.param(
            SECURITY,
            (reviews("sam", "APPROVED", f"/hold because I am not done\n\n{APPROVES}"),),
            shut("Held by sam", "✅ `"),
            id="in the text of a review → the same",
        ),
        pytest.param(
            SECURITY,
            (says("mallory", "/recheck"),),
            shut(UNSIGNED, "security has not signed", absent=SILENCE),
            id="a passer-by lets it look again → it does, and nothing changes",
        ),
        pytest.param(
            SECURITY,
            (says("mallory", "/gate status"),),
            shut(UNSIGNED, "<code>/gate status</code> by <code>mallory</code>: Blocked: waiting for security to sign"),
            id="a passer-by asks for the state → answered",
        ),
        pytest.param(
            SECURITY,
            (says("mallory", "/gate help"),),
            shut(UNSIGNED, "<code>/gate help</code> by <code>mallory</code>: the commands and who may use them"),
            id="a passer-by asks for help → answered with who may use what",
        ),
        pytest.param(
            GUIDE,
            (says("mallory", "/explain DOC-002"),),
            shut("Blocked: 1 of 1 high item open", "<code>/explain DOC-002</code> by <code>mallory</code>: why"),
            id="a passer-by asks why an item is open → answered",
        ),
    ],
)
async def test_what_words_do(tmp_path, rules, steps, end):
    await told(tmp_path, rules, steps, end)
