"""What people read, word by word: one golden file for each state of a release."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.evidence.check import Check
from bot.evidence.combined import All
from bot.evidence.file import File
from bot.evidence.label import Label
from bot.evidence.sign_off import SignOff
from bot.evidence.status import Status
from bot.gate.applies import ItemWhen
from bot.gate.checklist import Tier
from bot.gate.differences import Comparison
from bot.gate.evaluate import cannot_evaluate, evaluate
from bot.gate.facts import Tag, Unavailable
from bot.gate.finding import Finding, State, Who
from bot.gate.proposal import Proposal, decide
from bot.gate.published import PublishedHead
from bot.gate.release import When
from bot.gate.rules import BrokenRules, Fault, Mode, Rules, Severity
from bot.gate.verdict import Flip, Outcome, Preview, Verdict
from bot.gate.version import Bump, Semver
from bot.report.text import report_of
from tests.builders import (
    HEAD,
    NOW,
    OLD,
    Says,
    a_check,
    a_comment,
    a_commit,
    a_file,
    a_role,
    a_snapshot,
    a_status,
    an_item,
    minutes_ago,
    rules_of,
)
from tests.report.golden import HERE, assert_golden, words
from tests.report.people_cases import PEOPLE_CASES
from tests.report.test_outlook import CASES as BEYOND
from tests.report.test_version_words import CASES as OF_VERSIONS

SECURITY = a_role(users=frozenset(), teams=frozenset({"acme/security"}))
DEVOPS = a_role("devops", users=frozenset({"dora"}), teams=frozenset({"acme/ops", "acme/sre"}), count=2)
TESTS = an_item(Check(name="tests", workflow="ci.yml"), id="TEST-001", title="Tests pass")
LINT = an_item(Check(name="lint", workflow="ci.yml"), id="TEST-002", title="No lint")
NOTES = an_item(File(path="CHANGELOG.md"), id="DOC-001", title="A changelog", tier=Tier.HIGH)
GUIDE = an_item(File(path="docs/guide.md"), id="DOC-002", title="A guide", tier=Tier.MEDIUM, blocking=False)
COVERAGE = an_item(Status(context="coverage", creator="codecov[bot]"), id="TEST-003", title="Covered", tier=Tier.HIGH)
LABELLED = an_item(Label(any=frozenset({"qa"})), id="QA-001", title="QA is done", how="Add the label `qa` when done.")
BACKUP = an_item(
    SignOff(roles=("devops",)), id="OPS-001", title="A backup was restored", how="make backup\nmake restore"
)
RULES = rules_of(SECURITY, DEVOPS, TESTS, LINT, NOTES, GUIDE)
TAG = Tag(name="v0.9.0", sha="d" * 40)
GOOD = {
    "checks": (a_check("tests"), a_check("lint")),
    "files": {"CHANGELOG.md": a_file(), "docs/guide.md": a_file("docs/guide.md")},
    "comments": (
        a_comment("/approve security fine by me", by="sam", ago=20),
        a_comment("/approve devops", by="dora", ago=19),
        a_comment("/approve devops", by="otto", ago=18),
    ),
    "memberships": {
        ("acme/security", "sam"): True,
        ("acme/ops", "otto"): False,
        ("acme/sre", "otto"): True,
    },
    "pushers": frozenset({"zed"}),
    "tags": (TAG,),
    "merged_tags": {"v0.9.0": True},
    "commits": (a_commit("feat!: a new API"),),
}


def _verdict(rules: Rules = RULES, **facts: Any) -> Verdict:
    return evaluate(rules, a_snapshot(**(GOOD | facts)))


def _blocked() -> Verdict:
    secret = Unavailable("GitHub does not show `file0`: `Resource not accessible by integration`")
    return _verdict(
        rules_of(SECURITY, DEVOPS, TESTS, LINT, NOTES, GUIDE, COVERAGE, LABELLED, BACKUP),
        checks=(a_check("tests", "failure"), a_check("lint", None)),
        statuses=(a_status(creator="mallory"),),
        files={"CHANGELOG.md": secret, "docs/guide.md": None},
        comments=(),
    )


def _refused() -> Verdict:
    comments = (
        a_comment("/approve security", by="zed", ago=20),
        a_comment("/approve securty", by="sam", ago=19),
        a_comment("/approve security", by="sam", ago=18, edited_at=minutes_ago(17)),
        a_comment("/approve security ccccccc", by="sam", ago=16),
        a_comment("/approve devops", by="eve", ago=15),
        a_comment("/gate approve ship-it | <b>now</b>", by="eve", ago=14),
    )
    memberships = {("acme/security", "sam"): True, ("acme/ops", "eve"): False, ("acme/sre", "eve"): False}
    return _verdict(comments=comments, memberships=memberships)


def _dropped() -> Verdict:
    changed = frozenset({"src/auth/a.py", "src/auth/b.py", "src/c.py", "src/d.py"})
    return _verdict(
        rules_of(SECURITY, TESTS),
        comments=(a_comment("/approve security", by="sam", ago=65),),
        heads=(PublishedHead(sha=OLD, at=minutes_ago(90)), PublishedHead(sha=HEAD, at=minutes_ago(59))),
        comparisons={OLD: Comparison(linear=True, files=changed)},
    )


def _parts_that_do_not_block() -> Verdict:
    rules = rules_of(
        SECURITY,
        replace(TESTS, when=ItemWhen(paths=("src/",))),
        replace(NOTES, enforce_from=NOW + timedelta(days=9)),
        GUIDE,
        mode=Mode.SHADOW,
    )
    return _verdict(rules, files={"CHANGELOG.md": None, "docs/guide.md": None})


def _scheduled() -> Verdict:
    grace = Finding(
        state=State.PENDING,
        seen="in production for 2 days",
        wanted="14 days",
        who=Who.CLOCK,
        again_at=NOW.replace(month=12, day=6, hour=9),
    )
    return _verdict(rules_of(SECURITY, an_item(Says(grace), id="SOAK-001", title="Soaked")))


def _many_signals() -> Verdict:
    commits = tuple(
        a_commit(message, sha=letter * 40)
        for letter, message in (
            ("1", "fix: a leak"),
            ("2", "feat(api): list | filter `all`"),
            ("3", "chore: tidy"),
            ("4", "perf: faster\n\nBREAKING CHANGE: needs a new index"),
        )
    )
    rules = rules_of(TESTS, semver=Semver(labels={Bump.MINOR: ("feature",)}))
    return _verdict(rules, commits=commits, labels=frozenset({"feature"}))


def _proposed(new: Rules | BrokenRules | None, preview: Preview | None = None) -> Verdict:
    proposal = Proposal(file=".release-gate.yml", rules=new, preview=preview)
    return decide(RULES, a_snapshot(**GOOD), proposal)


def _weaker() -> Verdict:
    flips = (
        Flip(number=12, before=Outcome.READY, after=Outcome.BLOCKED),
        Flip(number=9, before=Outcome.BLOCKED, after=Outcome.NOT_A_RELEASE),
    )
    warning = Fault(
        line=4, column=3, path="roles.devops", message="nobody can fill `devops`", severity=Severity.WARNING
    )
    new = rules_of(replace(DEVOPS, count=1), SECURITY, replace(TESTS, tier=Tier.HIGH), LINT, GUIDE, BACKUP)
    return _proposed(replace(new, warnings=(warning,)), Preview(flips=flips, looked_at=20, others=31))


_LATER: dict[str, Any] = {"tags": (Tag(name="v1.2.3", sha="d" * 40),), "merged_tags": {"v1.2.3": True}}
_OFFLINE = Unavailable("GitHub does not show `tags`: `Resource not accessible by integration`")
_FAULTS = (
    Fault(
        line=3, column=5, path="checklist.DOC-001.tier", message="`urgent` is no tier; one of critical, high, medium"
    ),
    Fault(line=9, column=1, path="", message="unknown key `foo|bar`"),
)

CASES = [
    pytest.param("blocked-by-all", _blocked(), id="blocked by the author, CI, roles and an admin"),
    pytest.param("blocked-by-roles", _verdict(comments=()), id="blocked by roles alone"),
    pytest.param("waiting", _verdict(checks=(a_check("tests", None), a_check("lint"))), id="waiting for a check"),
    pytest.param("shadow", _parts_that_do_not_block(), id="shadow mode, what does not apply, what blocks later"),
    pytest.param("merge-group", _verdict(group_sha="d" * 40), id="a merge group"),
    pytest.param("scheduled", _scheduled(), id="opens by the clock"),
    pytest.param("ready", _verdict(**_LATER), id="ready"),
    pytest.param(
        "conditional",
        _verdict(files={"CHANGELOG.md": a_file(), "docs/guide.md": None}, commits=()),
        id="ready, something recommended is open",
    ),
    pytest.param("draft", _verdict(is_draft=True, comments=()), id="a draft"),
    pytest.param(
        "not-a-release", _verdict(rules_of(TESTS, when=When(base=("stable",)))), id="no release, so nothing is asked"
    ),
    pytest.param("nothing-asked", _verdict(rules_of()), id="rules that ask for nothing"),
    pytest.param("proposed-weaker", _weaker(), id="rules that are weaker, and what would flip"),
    pytest.param("proposed-none", _proposed(None, Preview(flips=(), looked_at=2, others=2)), id="rules deleted"),
    pytest.param(
        "proposed-broken",
        _proposed(BrokenRules(source="x", file=".release-gate.yml", faults=_FAULTS)),
        id="proposed rules that can't be read",
    ),
    pytest.param(
        "proposed-same",
        decide(
            rules_of(TESTS, when=When(base=("stable",))),
            a_snapshot(),
            Proposal(file=".release-gate.yml", rules=rules_of(TESTS, when=When(base=("stable",)))),
        ),
        id="another text of the same rules on what is no release",
    ),
    pytest.param(
        "broken-rules",
        evaluate(BrokenRules(source="x", file=".release-gate.yml", faults=_FAULTS), a_snapshot()),
        id="rules that can't be read",
    ),
    pytest.param(
        "trouble",
        cannot_evaluate(a_snapshot(is_draft=True), "GitHub answered 502, next try 14:05 UTC"),
        id="GitHub is in trouble",
    ),
    pytest.param("refusals", _refused(), id="commands that did not count"),
    pytest.param("dropped", _dropped(), id="a sign-off that a push took away"),
    pytest.param("unknown-version", _verdict(tags=_OFFLINE), id="the version can't be known"),
    pytest.param("many-signals", _many_signals(), id="many signals of a version before 1.0.0"),
    pytest.param(
        "unknown-sign-off",
        _verdict(
            rules_of(SECURITY, an_item(All(of=(SignOff(roles=("security",)), Label(none=frozenset({"wip"}))))), TESTS),
            memberships={("acme/security", "sam"): Unavailable("GitHub answered 403: Resource not accessible")},
        ),
        id="who may sign can't be read",
    ),
]


CASES += PEOPLE_CASES


@pytest.mark.parametrize(("name", "verdict"), CASES)
def test_people_read(name: str, verdict: Verdict):
    assert_golden(name, words(report_of(verdict)))


@pytest.mark.parametrize(
    ("name", "own", "twin"),
    [
        pytest.param("twin-is-worse", _verdict(), _verdict(comments=(), number=8), id="the run shows the worse twin"),
        pytest.param("twin-is-better", _verdict(comments=()), _verdict(number=8), id="the run shows the own verdict"),
    ],
)
def test_twins_share_a_run_and_keep_their_comments(name: str, own: Verdict, twin: Verdict):
    assert_golden(name, words(report_of(own, (twin,))))


def test_every_golden_file_has_its_case():
    tried = {case.values[0] for case in (*CASES, *BEYOND, *OF_VERSIONS)} | {"twin-is-worse", "twin-is-better"}
    assert {file.stem for file in HERE.glob("*.md")} == tried


def test_the_worst_of_many_twins_decides():
    ready, waiting, blocked = _verdict(), _verdict(checks=(a_check("tests", None), a_check("lint"))), _blocked()
    report = report_of(ready, (waiting, replace(blocked, number=9), ready))
    assert (report.status, report.conclusion) == ("completed", "failure")
    assert report.title.startswith("#9: Blocked")
