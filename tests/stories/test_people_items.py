"""Who sets items and risks aside, who states that something is done, and who says which version comes next."""

import pytest

from tests.stories.people import (
    base_gets,
    code,
    deletes,
    edits,
    merges_base,
    pushes,
    ready,
    says,
    shut,
    shut_again,
    told,
    waits,
)

ITEMS = """\
version: 1
semver: {zero: strict, override_by: [release-manager]}
roles:
  release-manager: {users: [max, rita]}
  product: {teams: [acme/product], users: [lea]}
tiers: {high: {waivable_by: [release-manager]}}
checklist:
"""
GUIDE = f"{ITEMS}  DOC-002: {{title: There is a guide, tier: high, evidence: {{file: GUIDE.md}}}}\n"
AUDIT = f"{ITEMS}  SEC-002: {{title: It was audited, tier: critical, evidence: {{label: {{any: [audited]}}}}}}\n"
PATHS = GUIDE.replace("tier: high", 'tier: high, when: {paths: ["src/**"]}')
NOTICE = f"""{ITEMS}\
  COMM-001:
    title: Clients are told
    tier: high
    evidence: {{attestation: {{by: [product], url: required}}}}
"""
RECENT = NOTICE.replace("url: required", "url: required, max_age: 14d")
GRACE = NOTICE.replace(
    "evidence: {attestation: {by: [product], url: required}}",
    "all: [{attestation: {by: [product], url: required}}, {elapsed: {since: attestation, for: 14d}}]",
)
RISK = f"""\
{ITEMS}  DOC-001: {{title: There is a readme, tier: critical, evidence: {{file: README.md}}}}
risk: {{block_at: high}}
risks:
  R2: {{title: Downtime, severity: high, owners: [product]}}
"""
BUMPED = f"{ITEMS}  DOC-001: {{title: There is a readme, tier: critical, evidence: {{file: README.md}}}}\n"

OPEN = "Blocked: 1 of 1 high item open"
WAIVED = "Ready, 1 item waived"
UNSTATED = "Blocked: waiting for product to attest"
AT_RISK = "Blocked: 1 risk open"
WAIVES = says("max", "/waive DOC-002 because the guide is on the web")
ATTESTS = says("oli", "/attest COMM-001 https://example.com/mail sent to all")


@pytest.mark.parametrize(
    ("rules", "steps", "end"),
    [
        pytest.param(
            GUIDE,
            (WAIVES,),
            ready("waived by `max`: `the guide is on the web`", title=WAIVED),
            id="the release manager waives an item → ready",
        ),
        pytest.param(
            GUIDE,
            (says("max", "/waive DOC-002"),),
            shut(OPEN, "it does not say why: write `/waive DOC-002 because …`"),
            id="the release manager waives an item and does not say why → refused",
        ),
        pytest.param(
            GUIDE,
            (says("ann", "/waive DOC-002 because I can"),),
            shut(OPEN, "only `max` or `rita` can waive `DOC-002`"),
            id="an admin who is no release manager waives an item → refused",
        ),
        pytest.param(
            AUDIT,
            (says("max", "/waive SEC-002 because there is no time"),),
            shut("Blocked: 1 of 1 critical item open", "nobody can waive `SEC-002`, which is critical"),
            id="the release manager waives a critical item → refused",
        ),
        pytest.param(
            AUDIT.replace("tier: critical", "tier: critical, waivable_by: [product]"),
            (says("oli", "/waive SEC-002 because the auditor is ill"),),
            ready("waived by `oli`", title=WAIVED),
            id="the product owner waives a critical item that names them → ready",
        ),
        pytest.param(
            GUIDE,
            (pushes("dan", {"src/x.py": "x\n"}), says("max", "/waive DOC-002 {first} because it is on the web")),
            shut(OPEN, "was pushed after"),
            id="the release manager waives an item at an older head → does not hold for the new one",
        ),
        pytest.param(
            GUIDE,
            (says("max", "/waive DOC-022 because it is on the web"),),
            shut(OPEN, "did you mean `/waive DOC-002`?"),
            id="the release manager misspells the item → asked what is meant",
        ),
        pytest.param(
            GUIDE,
            (says("max", "/waive DOC-002 until someday because it is on the web"),),
            shut(OPEN, "`until someday` is not understood"),
            id="the release manager waives until a date that is none → refused",
        ),
        pytest.param(
            GUIDE,
            (says("max", "/waive DOC-002 until 2026-12-06 because it comes"),),
            ready("waived by `max` until 6 Dec 2026 00:00 UTC", title=WAIVED),
            id="an item is waived until a date → ready, and the date is shown",
        ),
        pytest.param(
            GUIDE,
            (says("max", "/waive DOC-002 for 3d because it comes"), waits(days=3)),
            shut_again(OPEN, "the waiver of `max` has ended: it ended on 26 Nov 2026 10:01 UTC"),
            id="an item is waived for three days, which pass and nothing happens → shut again by itself",
        ),
        pytest.param(
            GUIDE,
            (WAIVES, pushes("dan", {"docs/x.md": "x\n"})),
            shut_again(OPEN, "was pushed after", absent="compared"),
            id="an item about everything is waived, then pushed to → shut again",
        ),
        pytest.param(
            GUIDE,
            (WAIVES, base_gets({"docs/x.md": "x\n"}), merges_base()),
            shut_again(OPEN, "was pushed after", absent="compared"),
            id="an item about everything is waived, then the base is merged in → shut again",
        ),
        pytest.param(
            PATHS,
            (WAIVES, pushes("dan", {"docs/x.md": "x\n"})),
            ready(title=WAIVED),
            id="an item about paths is waived, then something else is pushed → ready",
        ),
        pytest.param(
            PATHS,
            (WAIVES, pushes("dan", {"src/app.py": code(5)})),
            shut_again(OPEN, "was waived and changes `src/app.py`"),
            id="an item about paths is waived, then one of them is pushed → shut again",
        ),
        pytest.param(
            GUIDE,
            (WAIVES, says("rita", "/unwaive DOC-002")),
            shut_again(OPEN, "`GUIDE.md`"),
            id="another release manager takes a waiver back → shut again",
        ),
        pytest.param(
            GUIDE,
            (WAIVES, says("rita", "/unwaive DOC-002"), deletes("rita", of="rita")),
            shut_again(OPEN, "`GUIDE.md`"),
            id="a waiver is taken back and that comment deleted → stays shut",
        ),
        pytest.param(
            GUIDE,
            (WAIVES, says("sam", "/unwaive DOC-002")),
            ready("only `max` or `rita` can take back what was said of `DOC-002`", title=WAIVED, absent=""),
            id="somebody else takes a waiver back → refused, still ready",
        ),
        pytest.param(
            GUIDE,
            (WAIVES, edits("rita", of="max", to="/waive DOC-002 because the guide is on the web, see there")),
            shut_again(OPEN, "a comment that `rita` edited can't waive anything"),
            id="somebody edits the comment that waives → shut again",
        ),
        pytest.param(
            GUIDE,
            (WAIVES, deletes("max", of="max")),
            shut_again(OPEN, "`GUIDE.md`"),
            id="the comment that waives is deleted → shut again",
        ),
        pytest.param(
            NOTICE, (ATTESTS,), ready("attested by `oli`"), id="the product owner attests with a link → ready"
        ),
        pytest.param(
            NOTICE,
            (says("oli", "/attest COMM-001 done"),),
            shut(UNSTATED, "`oli` attested it without a link"),
            id="the product owner attests without the link → still open",
        ),
        pytest.param(
            NOTICE,
            (says("oli", "/attest COMM-001 http://example.com/mail"),),
            shut(UNSTATED, "`oli` attested it without a link"),
            id="the product owner attests with a link that is not safe → still open",
        ),
        pytest.param(
            NOTICE,
            (says("max", "/attest COMM-001 https://example.com/mail"),),
            shut(UNSTATED, "only `acme/product` or `lea` can attest `COMM-001`"),
            id="the release manager attests for the product owner → refused",
        ),
        pytest.param(
            NOTICE, (ATTESTS, pushes("dan", {"src/x.py": "x\n"})), ready(), id="attested, then pushed to → still ready"
        ),
        pytest.param(
            NOTICE,
            (ATTESTS, says("lea", "/unattest COMM-001")),
            shut_again(UNSTATED, "nobody has attested it"),
            id="another product owner takes it back → shut again",
        ),
        pytest.param(
            NOTICE,
            (ATTESTS, says("lea", "/unattest COMM-001"), edits("dan", of="lea", to="never mind")),
            shut_again(UNSTATED, "nobody has attested it"),
            id="it is taken back, and that comment edited by the author → stays shut",
        ),
        pytest.param(
            RECENT,
            (ATTESTS, waits(days=14)),
            shut_again(UNSTATED, "which is too long ago"),
            id="attested for fourteen days, which pass and nothing happens → shut again by itself",
        ),
        pytest.param(
            GRACE,
            (ATTESTS,),
            shut("Opens 7 Dec 10:01 UTC: Clients are told", "14 days since 23 Nov 2026 10:01 UTC"),
            id="attested, and a grace period begins → says when it opens",
        ),
        pytest.param(
            GRACE,
            (ATTESTS, waits(days=14)),
            ready(),
            id="attested, the grace period passes and nothing happens → ready by itself",
        ),
        pytest.param(
            RISK,
            (says("oli", "/accept-risk R2 until 2026-12-06 because at night"),),
            ready("accepted by `oli` until 6 Dec 2026 00:00 UTC"),
            id="the risk's owner accepts it → ready",
        ),
        pytest.param(
            RISK,
            (says("max", "/accept-risk R2 because at night"),),
            shut(AT_RISK, "only `acme/product` or `lea` can accept `R2`"),
            id="somebody else accepts the risk → refused",
        ),
        pytest.param(
            RISK,
            (says("oli", "/accept-risk R2"),),
            shut(AT_RISK, "it does not say why: write `/accept-risk R2 because …`"),
            id="the risk's owner accepts it and does not say why → refused",
        ),
        pytest.param(
            RISK,
            (says("oli", "/accept-risk R2 for 3d because at night"), waits(days=3)),
            shut_again(AT_RISK, "`R2` is open, high: nobody has accepted it"),
            id="a risk is accepted for three days, which pass and nothing happens → shut again by itself",
        ),
        pytest.param(
            BUMPED,
            (says("max", "/bump major because the API is stable"),),
            ready("`0.0.0` → **`1.0.0`** (major)"),
            id="the release manager declares a major → that version comes next",
        ),
        pytest.param(
            BUMPED,
            (says("sam", "/bump major because the API is stable"),),
            ready("only `max` or `rita` can declare the bump", absent="1.0.0"),
            id="somebody else declares a major → refused, the version stays",
        ),
        pytest.param(
            BUMPED,
            (pushes("dan", {"src/x.py": "x\n"}, "feat: more"), says("max", "/bump patch because it is small")),
            shut_again("Blocked: the version is inconsistent", "/bump"),
            id="the release manager declares less than the changes need → blocked",
        ),
        pytest.param(
            BUMPED,
            (says("max", "/bump minor because more comes"), deletes("dan", of="max")),
            shut_again("Blocked: the version is inconsistent", "was edited or deleted since; declare it again"),
            id="what was declared is deleted → shut until it is declared again",
        ),
        pytest.param(
            BUMPED,
            (
                says("max", "/bump minor because more comes"),
                deletes("dan", of="max"),
                says("rita", "/bump minor because more comes"),
            ),
            ready("**`0.1.0`** (minor)"),
            id="what was declared is deleted, and another release manager declares it → ready",
        ),
    ],
)
async def test_who_decides_about_items(tmp_path, rules, steps, end):
    await told(tmp_path, rules, steps, end)
