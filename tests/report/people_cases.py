"""States of a release that people made: holds, refusals, waivers, answers, deletions."""

from datetime import timedelta

import pytest

from bot.evidence.attestation import Attestation, Link
from bot.evidence.label import Label
from bot.gate.checklist import Tier
from bot.gate.evaluate import evaluate
from bot.gate.facts import Deletion, Permission, ReviewState
from bot.gate.published import PublishedHead
from bot.gate.rules import Quote, Role, Via
from bot.gate.verdict import Verdict
from bot.gate.version import Semver
from tests.builders import HEAD, OLD, a_comment, a_commit, a_role, a_snapshot, an_item, minutes_ago, rules_of

SECURITY = a_role(users=frozenset(), teams=frozenset({"acme/security"}), count=2)
MANAGER = a_role("release-manager", users=frozenset({"mia"}), quote_version=Quote.MAJOR)
REVIEWER = a_role("quality", users=frozenset({"rita"}), via=frozenset({Via.REVIEW}))
TOLD = an_item(
    Attestation(by=("release-manager",), url=Link.REQUIRED), id="COMM-001", title="Clients told", tier=Tier.HIGH
)
LABELLED = an_item(Label(any=frozenset({"qa"})), id="QA-001", title="QA is done", how="add the label `qa`")
STAGED = an_item(Label(any=frozenset({"staged"})), id="OPS-001", title="Seen on staging", tier=Tier.HIGH)
RULES = rules_of(SECURITY, MANAGER, REVIEWER, TOLD, LABELLED, STAGED, semver=Semver(override_by=("release-manager",)))
IN_SECURITY = {("acme/security", login): login in {"sam", "sue"} for login in ("sam", "sue", "eve", "mia", "rita")}
SIGNED = (
    a_comment("/approve security looked at it", by="sam", ago=40),
    a_comment(f"/approve security {HEAD[:7]}", by="sue", ago=39),
    a_comment("/approve release-manager 1.0.0", by="mia", ago=38),
    a_comment("", by="rita", ago=37, review=ReviewState.APPROVED, sha=HEAD),
    a_comment("/attest COMM-001 https://mail.test/7", by="mia", ago=36),
)


def _of(*comments, rules=RULES, **facts) -> Verdict:
    known = {
        "comments": comments,
        "memberships": IN_SECURITY,
        "pushers": frozenset({"zed"}),
        "permissions": {"dan": Permission.WRITE, "eve": Permission.READ, "ann": Permission.ADMIN},
        "commits": (a_commit("feat!: a new API"),),
    }
    return evaluate(rules, a_snapshot(**(known | facts)))


ONE = rules_of(a_role("solo", users=frozenset({"zed"})), LABELLED)
TWICE = rules_of(Role(id="a", users=frozenset({"mia"}), required=True, distinct=True), a_role("b", users={"mia"}))

PEOPLE_CASES = [
    pytest.param(
        "held",
        _of(
            *SIGNED,
            a_comment("/hold until fri 09:00 Europe/Berlin because the | *legal* team looks at it", by="dan", ago=30),
            a_comment("/hold", by="eve", ago=29),
            a_comment("/unhold", by="eve", ago=28),
        ),
        id="somebody holds the release",
    ),
    pytest.param(
        "refused-by-a-role",
        _of(*SIGNED, a_comment("/reject security because the token leaks", by="sue", ago=20)),
        id="a role refuses",
    ),
    pytest.param(
        "waived",
        _of(
            *SIGNED,
            a_comment("/waive OPS-001 until 2026-12-06 because staging is down", by="mia", ago=20),
            a_comment("/waive QA-001 because I say so", by="mia", ago=19),
            a_comment("/waive OPS-001 until someday because", by="mia", ago=18),
        ),
        id="an item is waived",
    ),
    pytest.param(
        "waiver-ended",
        _of(
            *SIGNED,
            a_comment(f"/waive OPS-001 {OLD[:7]} because staging is down", by="mia", ago=20),
            heads=(PublishedHead(sha=OLD, at=minutes_ago(90)), PublishedHead(sha=HEAD, at=minutes_ago(59))),
        ),
        id="a push ended a waiver",
    ),
    pytest.param(
        "asked",
        _of(
            *SIGNED[:2],
            a_comment("/explain", by="eve", ago=20),
            a_comment("/gate help", by="eve", ago=19),
            a_comment("/explain OPS-001\n/explain security\n/gate explain NOPE-1", by="dan", ago=18),
            a_comment("/gate status", by="eve", ago=17),
        ),
        id="people ask",
    ),
    pytest.param("asked-for-help", _of(a_comment("/gate help", by="eve", ago=19)), id="somebody asks for the commands"),
    pytest.param(
        "asked-why",
        _of(*SIGNED[:2], a_comment("/explain OPS-001\n/explain security", by="eve", ago=19)),
        id="somebody asks why",
    ),
    pytest.param(
        "deleted",
        _of(
            *SIGNED,
            deletions=(
                Deletion(author="sam", by="dan", at=minutes_ago(12)),
                Deletion(author="dan", by="dan", at=minutes_ago(11)),
                Deletion(author=None, by="dan", at=minutes_ago(10)),
            ),
        ),
        id="comments were deleted by others",
    ),
    pytest.param(
        "unfilled",
        _of(rules=ONE, team_members={}),
        id="nobody can fill a role",
    ),
    pytest.param(
        "bump-gone",
        _of(*SIGNED, a_comment("/bump major because the API", by="mia", ago=9, edited_at=minutes_ago(8), editor="dan")),
        id="a declared bump that was edited by another",
    ),
    pytest.param(
        "bump-declared",
        _of(*SIGNED, a_comment("/bump major because the API is another", by="mia", ago=9)),
        id="somebody declared the bump",
    ),
    pytest.param(
        "two-roles-of-one",
        _of(
            a_comment(f"/approve a {HEAD[:7]}\n/approve b {HEAD[:7]}", by="mia", ago=9),
            rules=TWICE,
            taken_at=minutes_ago(0) + timedelta(seconds=1),
        ),
        id="one person signs for two roles of which one is distinct",
    ),
]
