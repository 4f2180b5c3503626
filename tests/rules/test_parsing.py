"""Good rules files: what their values become."""

from datetime import timedelta

import pytest

from bot.evidence.check import Check
from bot.evidence.combined import All, Any, Not
from bot.evidence.file import File
from bot.evidence.label import Label
from bot.evidence.sign_off import SignOff
from bot.evidence.status import Status
from bot.gate.checklist import Evidence, Tier
from bot.gate.release import When
from bot.gate.rules import BrokenRules, Exclude, Role, Rules, Stale
from bot.gate.version import Bump, Semver, Zero
from bot.rules import parse

ROLES = "roles: {security: {users: ann}, devops: {users: bob}}"


def _rules(*lines: str, **builtin: str) -> Rules:
    text = "\n".join(("version: 1", *lines, "checklist: {LAST: {title: t, tier: medium, evidence: {file: LAST}}}"))
    rules = parse(text, file=".release-gate.yml", source="blob", sets=builtin)
    assert isinstance(rules, Rules), rules
    return rules


def _item(yaml: str) -> Evidence:
    text = f"version: 1\n{ROLES}\nchecklist:\n  A-1: {{title: t, tier: high, {yaml}}}"
    rules = parse(text, file="f", source="s", sets={})
    assert isinstance(rules, Rules), rules
    return rules.checklist[0].evidence


def test_a_small_file():
    rules = _rules()
    assert (rules.source, rules.file, rules.when, rules.semver) == ("blob", ".release-gate.yml", When(), Semver())
    [item] = rules.checklist
    assert (item.id, item.title, item.tier, item.blocking, item.how) == ("LAST", "t", Tier.MEDIUM, False, None)


def test_bytes_with_a_byte_order_mark_are_fine():
    text = b"\xef\xbb\xbfversion: 1\r\nchecklist:\r\n  A: {title: t, tier: high, evidence: {file: a}}\r\n"
    assert isinstance(parse(text, file="f", source="s", sets={}), Rules)


@pytest.mark.parametrize(
    ("yaml", "when"),
    [
        ("{base: main}", When(base=("main",))),
        ("{base: [main, 'v*'], title: '^Release'}", When(base=("main", "v*"), title="^Release")),
        (
            "{any: [{head: release/**}, {labels: release}]}",
            When(any=(When(head=("release/**",)), When(labels=("release",)))),
        ),
        ("{labels: [on, no, yes, 2025-10-06]}", When(labels=("on", "no", "yes", "2025-10-06"))),
    ],
)
def test_which_pull_requests_are_releases(yaml, when):
    assert _rules(f"release: {{when: {yaml}}}").when == when


def test_semver():
    yaml = 'semver: {tag: "web-{version}", initial: 0.1.0, zero: strict, labels: {major: breaking, minor: [a, b]}}'
    labels = {Bump.MAJOR: ("breaking",), Bump.MINOR: ("a", "b")}
    assert _rules(yaml).semver == Semver(tag="web-{version}", initial="0.1.0", zero=Zero.STRICT, labels=labels)


@pytest.mark.parametrize(
    ("yaml", "role"),
    [
        ("{users: ann}", Role(id="qa", users=frozenset({"ann"}))),
        ('{users: ["@ann", bob_acme]}', Role(id="qa", users=frozenset({"ann", "bob_acme"}))),
        ('{teams: [acme/qa, "@acme/qa.web"]}', Role(id="qa", teams=frozenset({"acme/qa", "acme/qa.web"}))),
        ("{teams: a/b, required: true, count: 2}", Role(id="qa", teams=frozenset({"a/b"}), required=True, count=2)),
        ("{users: ann, exclude: []}", Role(id="qa", users=frozenset({"ann"}), exclude=frozenset())),
        ("{teams: a/b, exclude: author}", Role(id="qa", teams=frozenset({"a/b"}), exclude=frozenset({Exclude.AUTHOR}))),
        ("{teams: a/b, stale: never}", Role(id="qa", teams=frozenset({"a/b"}), stale=Stale.NEVER)),
        ("{teams: a/b, stale: {paths: src/}}", Role(id="qa", teams=frozenset({"a/b"}), stale_paths=("src/",))),
    ],
)
def test_roles(yaml, role):
    assert _rules(f"roles: {{qa: {yaml}}}").roles == {"qa": role}


@pytest.mark.parametrize(
    ("yaml", "evidence"),
    [
        ("evidence: {file: a.md}", File(path="a.md")),
        ("evidence: {file: {path: a.md, matches: '^# '}}", File(path="a.md", matches="^# ")),
        ("evidence: {sign_off: devops}", SignOff(roles=("devops",))),
        ("evidence: {sign_off: [devops, security]}", SignOff(roles=("devops", "security"))),
        ("evidence: {label: qa}", Label(any=frozenset({"qa"}))),
        ("evidence: {label: {all: [a, b], none: c}}", Label(all=frozenset("ab"), none=frozenset("c"))),
        ("evidence: {status: {context: ci, creator: 'codecov[bot]'}}", Status(context="ci", creator="codecov[bot]")),
        ("evidence: {check: tests}", Check(name="tests")),
        (
            "evidence: {check: {name: a, events: push, conclusions: [success, neutral], missing_after: 1h}}",
            Check(
                name="a",
                events=frozenset({"push"}),
                conclusions=frozenset({"success", "neutral"}),
                missing_after=timedelta(hours=1),
            ),
        ),
        ("all: [{file: a}, {label: b}]", All(of=(File(path="a"), Label(any=frozenset({"b"}))))),
        ("any: {file: a}", Any(of=(File(path="a"),))),
        ("evidence: {not: {label: wip}}", Not(of=Label(any=frozenset({"wip"})))),
        ("all: [{any: [{file: a}, {not: {file: b}}]}]", All(of=(Any(of=(File(path="a"), Not(of=File(path="b")))),))),
    ],
)
def test_evidence(yaml, evidence):
    assert _item(yaml) == evidence


@pytest.mark.parametrize(
    ("duration", "means"),
    [
        ("90s", timedelta(seconds=90)),
        ("10m", timedelta(minutes=10)),
        ("36h", timedelta(hours=36)),
        ("14d", timedelta(days=14)),
        ("0s", timedelta()),
    ],
)
def test_durations(duration, means):
    assert _item(f"evidence: {{status: {{context: a, missing_after: {duration}}}}}") == Status(
        context="a", missing_after=means
    )


@pytest.mark.parametrize(
    ("yaml", "blocking"),
    [
        ("tier: critical", True),
        ("tier: high", True),
        ("tier: medium", False),
        ("tier: medium, blocking: true", True),
        ("tier: critical, blocking: false", False),
    ],
)
def test_tiers_block_unless_the_item_says_otherwise(yaml, blocking):
    text = f"version: 1\nchecklist: {{A: {{title: t, {yaml}, evidence: {{file: a}}}}}}"
    rules = parse(text, file="f", source="s", sets={})
    assert isinstance(rules, Rules)
    assert rules.checklist[0].blocking is blocking


def test_how_may_have_several_lines():
    text = "version: 1\nchecklist:\n  A:\n    title: t\n    tier: high\n    evidence: {file: a}\n"
    text += "    how: |\n      one\n      two\n"
    rules = parse(text, file="f", source="s", sets={})
    assert isinstance(rules, Rules)
    assert rules.checklist[0].how == "one\ntwo"


def test_a_gate_of_roles_alone_is_fine():
    text = "version: 1\nroles: {qa: {users: ann, required: true}}"
    assert isinstance(parse(text, file="f", source="s", sets={}), Rules)


SET = """\
version: 1
release: {when: {base: main, title: Release}}
semver: {tag: "v{version}", zero: strict}
roles:
  security: {users: ann, required: true, count: 1}
  devops: {users: bob}
checklist:
  A-1: {title: one, tier: high, evidence: {file: a}}
  A-2: {title: two, tier: high, evidence: {file: b}}
"""


def test_the_nearer_file_replaces_whole_entries_in_their_place():
    rules = _rules("extends: set", "semver: {zero: minor}", "roles: {security: {users: eve}, devops: off}", set=SET)
    assert rules.when == When(base=("main",), title="Release")
    assert rules.semver == Semver(tag="v{version}", zero=Zero.MINOR)
    assert rules.roles == {"security": Role(id="security", users=frozenset({"eve"}))}
    assert [item.id for item in rules.checklist] == ["A-1", "A-2", "LAST"]


def test_the_order_of_the_inherited_checklist_stays():
    own = "version: 1\nextends: set\nchecklist:\n  B: {title: b, tier: high, evidence: {file: b}}\n"
    own += "  A-2: off\n  A-1: {title: mine, tier: high, evidence: {file: c}}"
    rules = parse(own, file="f", source="s", sets={"set": SET})
    assert isinstance(rules, Rules)
    assert [(item.id, item.title) for item in rules.checklist] == [("A-1", "mine"), ("B", "b")]


def test_a_whole_section_entry_can_be_taken_away():
    assert _rules("extends: set", "release: {when: off}", set=SET).when == When()


def test_an_inherited_fault_is_told_where_it_is_inherited():
    broken = parse("version: 1\nextends: set\nroles: {security: off}", file="f", source="s", sets={
        "set": SET + "  A-3: {title: t, tier: high, evidence: {sign_off: security}}\n"
    })  # fmt: skip
    assert isinstance(broken, BrokenRules)
    assert [(fault.line, fault.column, fault.path, fault.message) for fault in broken.faults] == [
        (
            2,
            10,
            "checklist.A-3.evidence.sign_off",
            "there is no role `security`; the roles are: `devops` (inherited from `set`, line 10)",
        )
    ]


def test_a_broken_set_is_told_at_extends():
    broken = parse("version: 1\nextends: set", file="f", source="s", sets={"set": "version: 1\nversion: 1\n"})
    assert isinstance(broken, BrokenRules)
    assert (broken.faults[0].line, broken.faults[0].column) == (2, 10)
    assert broken.faults[0].message.startswith("line 2: `version` stands here twice")


@pytest.mark.parametrize(
    ("text", "is_fixed"),
    [
        pytest.param("check: {fixed: true}\nchecklists: {}", True, id="a fault elsewhere"),
        pytest.param("check: {fixed: true, name: x}", True, id="a fault beside it"),
        pytest.param("check:\n  fixed: true\n\t", True, id="no YAML"),
        pytest.param(b"check: {fixed: true}\n\xff", True, id="no UTF-8"),
        pytest.param("check: {fixed: false}\nchecklists: {}", False, id="said to be false"),
        pytest.param("# check: {fixed: true}\n\t", False, id="a comment"),
        pytest.param("\t", False, id="nothing"),
    ],
)
def test_broken_rules_still_say_whether_the_checks_name_is_fixed(text, is_fixed):
    broken = parse(text, file="f", source="s", sets={})
    assert isinstance(broken, BrokenRules)
    assert broken.is_fixed is is_fixed


@pytest.mark.parametrize(("line", "is_fixed"), [("check: {fixed: true}", True), ("check: {fixed: false}", False)])
def test_the_checks_name(line, is_fixed):
    assert _rules(line).is_fixed is is_fixed
