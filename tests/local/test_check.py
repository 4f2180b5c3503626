"""What is decided without GitHub, what is left undecided, and what that means for the exit code."""

import dataclasses
from datetime import timedelta
from typing import Any, get_args, get_type_hints

import pytest

from bot.evidence.check import Check
from bot.evidence.combined import All, Not
from bot.evidence.combined import Any as AnyOf
from bot.evidence.deployment import Deployment
from bot.evidence.elapsed import Elapsed
from bot.evidence.file import File as FileThere
from bot.evidence.label import Label
from bot.evidence.paths import Paths
from bot.evidence.review import Review
from bot.evidence.sign_off import SignOff
from bot.evidence.status import Status
from bot.evidence.task_list import TaskList
from bot.evidence.version import Version
from bot.gate.applies import Author, ItemWhen
from bot.gate.blast_radius import Area, Radius
from bot.gate.checklist import Evidence, Tier
from bot.gate.facts import ChangedFile, Commit, File, Snapshot, Tag, Unavailable
from bot.gate.finding import pending, scheduled
from bot.gate.release import When
from bot.gate.rules import BrokenRules, Fault, Mode, Rules
from bot.gate.verdict import Outcome
from bot.gate.version import Bump, Semver
from bot.local.check import Checked, Touched, check
from bot.local.history import Change, Counted, Logged, Point
from bot.local.snapshot import NOTHING
from tests.builders import HEAD, NOW, OLD, Says, a_file, a_role, an_item, rules_of

THERE, MISSING = FileThere(path="CHANGELOG.md"), FileThere(path="GUIDE.md")
BINARY = FileThere(path="logo.png", matches="x")
CHECK = Check(name="tests", workflow="ci.yml")
FILES = {"CHANGELOG.md": a_file(), "GUIDE.md": None, "logo.png": a_file("logo.png", None, size=9)}


def a_change(*messages: str, files: tuple[ChangedFile, ...] = (), **facts: Any) -> Change:
    """From `main` at 1.2.0 to `release/1.3.0`, one feature."""
    ordinary: dict[str, Any] = {
        "base": Point(ref="main", sha=OLD, branch="main"),
        "head": Point(ref="release/1.3.0", sha=HEAD, branch="release/1.3.0"),
        "common": OLD,
        "files": tuple(Counted(file=file, is_binary=False) for file in files),
        "commits": tuple(
            Logged(commit=Commit(sha=HEAD, message=message, people=frozenset()), author="ann@example.test")
            for message in messages or ("feat: sell by the dozen",)
        ),
        "tags": (Tag(name="v1.2.0", sha=OLD), Tag(name="v9.0.0", sha=HEAD)),
        "merged_tags": frozenset({"v1.2.0"}),
    }
    return Change(**(ordinary | facts))


def checked(rules: Rules | BrokenRules, change: Change | None = None, *, strict: bool = False) -> Checked:
    return check(rules, change or a_change(), FILES, repository="shop", at=NOW, strict=strict)


def a_touch(path: str, previous: str | None = None) -> ChangedFile:
    return ChangedFile(path=path, previous=previous, additions=2, deletions=1)


@pytest.mark.parametrize(
    ("evidence", "state", "is_undecided", "exit_code"),
    [
        pytest.param(THERE, "met", False, 0, id="a file that is there"),
        pytest.param(MISSING, "unmet", False, 1, id="a file that is not"),
        pytest.param(CHECK, "unknown", True, 0, id="a check"),
        pytest.param(Status(context="ci"), "unknown", True, 0, id="a status"),
        pytest.param(Label(any=frozenset({"ok"})), "unknown", True, 0, id="a label"),
        pytest.param(Review(count=1), "unknown", True, 0, id="a review"),
        pytest.param(Deployment(environment="staging"), "unknown", True, 0, id="a deployment"),
        pytest.param(SignOff(roles=("security",)), "unknown", True, 0, id="a sign-off"),
        pytest.param(TaskList(heading="Before"), "unknown", True, 0, id="a task list in the description"),
        pytest.param(Elapsed(since="TEST-001", for_=timedelta(days=1)), "unknown", True, 0, id="time since a check"),
        pytest.param(All(of=(MISSING, CHECK)), "unmet", False, 1, id="all: a missing file decides before the check"),
        pytest.param(All(of=(THERE, CHECK)), "unknown", True, 0, id="all: the check is left"),
        pytest.param(AnyOf(of=(THERE, CHECK)), "met", False, 0, id="any: the file is enough"),
        pytest.param(AnyOf(of=(MISSING, CHECK)), "unknown", True, 0, id="any: the check may still do"),
        pytest.param(Not(of=CHECK), "unknown", True, 0, id="not: a check"),
        pytest.param(Not(of=THERE), "unmet", False, 1, id="not: a file"),
        pytest.param(All(of=(Not(of=THERE), AnyOf(of=(CHECK, MISSING)))), "unmet", False, 1, id="nested"),
        pytest.param(BINARY, "unknown", False, 1, id="what git has and nobody can read is no matter of GitHub"),
        pytest.param(All(of=(BINARY, CHECK)), "unknown", False, 1, id="nor is it beside a check"),
        pytest.param(AnyOf(of=(BINARY, CHECK)), "unknown", True, 0, id="but a check may do instead"),
        pytest.param(Paths(unchanged=("src/**",)), "met", False, 0, id="paths"),
        pytest.param(Version(files=("GUIDE.md",)), "unmet", False, 1, id="a version file"),
    ],
)
def test_an_item(evidence: Evidence, state, is_undecided, exit_code):
    rules = rules_of(a_role(required=False), an_item(evidence, id="DOC-001"), an_item(CHECK, id="TEST-001"))
    answer = checked(rules)
    assert answer.verdict.items[0].finding.state == state
    assert ("DOC-001" in answer.undecided) is is_undecided
    assert answer.exit_code == exit_code
    assert "TEST-001" in answer.undecided
    assert answer.verdict.outcome in {Outcome.BLOCKED, Outcome.CONDITIONAL}


def test_strict_lets_the_undecided_block():
    rules = rules_of(an_item(THERE, id="DOC-001"), an_item(CHECK, id="TEST-001"))
    loose, strict = checked(rules), checked(rules, strict=True)
    assert (loose.exit_code, strict.exit_code) == (0, 1)
    assert loose.undecided == strict.undecided == ("TEST-001",)
    assert [blocker.id for blocker in strict.verdict.blockers] == ["TEST-001"]
    assert loose.verdict.blockers == ()


def test_a_role_that_must_sign_is_undecided():
    answer = checked(rules_of(a_role(), an_item(THERE)))
    assert (answer.undecided, answer.exit_code) == (("security",), 0)
    assert answer.verdict.outcome is Outcome.CONDITIONAL


@pytest.mark.parametrize("author", list(Author))
def test_who_opens_it_needs_github(author):
    answer = checked(rules_of(an_item(MISSING, id="BOT-1", when=ItemWhen(author=frozenset({author})))))
    assert ("BOT-1" in answer.undecided, answer.exit_code) == (True, 0)


def test_either_of_them_opens_it():
    answer = checked(rules_of(an_item(MISSING, id="BOT-1", when=ItemWhen(author=frozenset(Author)))))
    assert ("BOT-1" in answer.undecided, answer.exit_code) == (False, 1)


def test_a_role_and_an_item_of_one_name_are_two():
    answer = checked(rules_of(a_role("docs"), an_item(MISSING, id="docs")))
    assert ([blocker.id for blocker in answer.verdict.blockers], answer.undecided) == (["docs"], ("docs",))
    assert answer.exit_code == 1


def test_an_item_that_only_informs_is_listed_and_does_not_decide():
    answer = checked(rules_of(an_item(THERE), an_item(CHECK, id="PERF-001", tier=Tier.MEDIUM, blocking=False)))
    assert (answer.undecided, answer.exit_code) == (("PERF-001",), 0)
    assert checked(rules_of(an_item(CHECK, blocking=False)), strict=True).exit_code == 0


def test_with_everything_decided_it_is_ready():
    assert checked(rules_of(an_item(THERE))).verdict.outcome is Outcome.READY


@pytest.mark.parametrize(
    ("finding", "outcome"),
    [
        pytest.param(pending(seen="still running"), Outcome.WAITING, id="a machine"),
        pytest.param(scheduled(seen="not yet", again_at=NOW + timedelta(days=1)), Outcome.SCHEDULED, id="the clock"),
    ],
)
def test_what_is_waited_for_ends_with_3(finding, outcome):
    answer = checked(rules_of(an_item(Says(finding)), an_item(CHECK, id="TEST-001")))
    assert (answer.verdict.outcome, answer.exit_code) == (outcome, 3)


@pytest.mark.parametrize(
    ("when", "state", "undecided"),
    [
        pytest.param(ItemWhen(labels=frozenset({"db"})), "unmet", ("DOC-001",), id="labels need GitHub"),
        pytest.param(ItemWhen(paths=("src/**",)), "unmet", (), id="the paths are touched"),
        pytest.param(ItemWhen(paths=("db/**",)), "not_applicable", (), id="the paths are not"),
        pytest.param(ItemWhen(bump=frozenset({Bump.MINOR})), "unmet", (), id="the bump is told by commits"),
        pytest.param(ItemWhen(bump=frozenset({Bump.MAJOR})), "not_applicable", (), id="another bump"),
        pytest.param(ItemWhen(base=("main",)), "unmet", (), id="the base"),
        pytest.param(
            ItemWhen(labels=frozenset({"db"}), paths=("db/**",)), "not_applicable", (), id="labels do not matter then"
        ),
    ],
)
def test_an_item_that_may_not_apply(when, state, undecided):
    semver = Semver(labels={Bump.MAJOR: ("semver:major",)})
    rules = rules_of(an_item(MISSING, id="DOC-001", when=when), semver=semver)
    answer = checked(rules, a_change(files=(a_touch("src/shop.py"),)))
    assert (answer.verdict.items[0].finding.state, answer.undecided) == (state, undecided)
    assert answer.exit_code == (1 if state == "unmet" and not undecided else 0)


@pytest.mark.parametrize(
    ("when", "change", "is_release"),
    [
        pytest.param(When(base=("main",)), a_change(), True, id="the base"),
        pytest.param(When(base=("stable",)), a_change(), False, id="another base"),
        pytest.param(When(head=("hotfix/**",)), a_change(), False, id="another head"),
        pytest.param(When(labels=("release",)), a_change(), True, id="a label that GitHub may have"),
        pytest.param(When(title="^Release"), a_change(), True, id="a title that GitHub has"),
        pytest.param(
            When(base=("stable",)),
            a_change(base=Point(ref="v1.2.0", sha=OLD, branch=None)),
            True,
            id="a base that is no branch",
        ),
        pytest.param(
            When(any=(When(head=("hotfix/**",)),)),
            a_change(head=Point(ref="HEAD~1", sha=HEAD, branch=None)),
            True,
            id="an alternative, and a head that is no branch",
        ),
    ],
)
def test_a_condition_that_git_can_not_answer_holds(when, change, is_release):
    answer = checked(rules_of(an_item(MISSING), when=when), change)
    assert answer.verdict.outcome is (Outcome.BLOCKED if is_release else Outcome.NOT_A_RELEASE)
    assert answer.exit_code == int(is_release)


def test_what_is_no_release_still_has_a_version():
    answer = checked(rules_of(an_item(CHECK), when=When(base=("stable",))))
    assert (str(answer.version), answer.undecided) == ("1.3.0 (minor)", ())


@pytest.mark.parametrize(
    ("messages", "version"),
    [
        (("feat!: all anew",), "2.0.0 (major)"),
        (("fix: a", "feat: b"), "1.3.0 (minor)"),
        (("typo",), "1.2.1 (patch)"),
    ],
)
def test_the_version_comes_from_merged_tags_and_commits(messages, version):
    semver = Semver(labels={Bump.MAJOR: ("semver:major",)})
    assert str(checked(rules_of(an_item(THERE), semver=semver), a_change(*messages)).version) == version


def test_faults_end_with_4_and_are_kept():
    fault = Fault(line=3, column=1, path="checklist", message="it is empty")
    answer = checked(BrokenRules(source="", file="rules.yml", faults=(fault,)), strict=True)
    assert (answer.exit_code, answer.verdict.faults) == (4, (fault,))


def test_a_shadow_shuts_nothing():
    answer = checked(rules_of(an_item(MISSING), mode=Mode.SHADOW), strict=True)
    assert (answer.verdict.outcome, answer.exit_code) == (Outcome.BLOCKED, 0)


def test_areas_count_what_changes_in_them_under_either_name():
    areas = (
        Area(id="auth", paths=("**/auth/**",), radius=Radius.HIGH),
        Area(id="docs", paths=("docs/**",), radius=Radius.LOW),
    )
    files = (a_touch("src/auth/login.py"), a_touch("src/login.py", "src/auth/old.py"), a_touch("README.md"))
    answer = checked(rules_of(an_item(THERE), areas=areas), a_change(files=files))
    assert answer.areas == (Touched(id="auth", radius="high", files=2, added=4, removed=2),)


@pytest.mark.parametrize(
    ("change", "semver", "notes"),
    [
        pytest.param(a_change(), Semver(), (), id="nothing to know"),
        pytest.param(
            a_change(common=None),
            Semver(),
            ("base and head have no common commit: their trees are compared as they are",),
            id="no common commit",
        ),
        pytest.param(
            a_change(base=Point(ref="v1.2.0", sha=OLD, branch=None)),
            Semver(labels={Bump.MAJOR: ("x",)}),
            (
                "v1.2.0 is no branch: conditions on the base branch are taken to hold",
                "the labels of `semver` need GitHub: the bump may be higher than it looks here",
            ),
            id="a tag, and labels",
        ),
        pytest.param(
            a_change(),
            Semver(squash=True),
            ("`semver: {squash: true}` needs the title from GitHub: here the commits are read instead",),
            id="a squash merge",
        ),
    ],
)
def test_what_to_know_when_reading_it(change, semver, notes):
    assert checked(rules_of(an_item(THERE), semver=semver), change).notes == notes


def test_every_fact_that_may_be_missing_is_git_s_or_github_s():
    by_git = {"changes", "code_owners", "commits", "tags"}
    hints = get_type_hints(Snapshot)
    facts = {field.name for field in dataclasses.fields(Snapshot) if Unavailable in get_args(hints[field.name])}
    assert facts == by_git | set(NOTHING)


def test_files_are_as_they_were_read():
    assert isinstance(FILES["CHANGELOG.md"], File)
