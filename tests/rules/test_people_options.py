"""Options of people: who may waive by tier and item, what locks keep, and what is shown of the rules that hold."""

from dataclasses import replace

import pytest

from bot.gate.applies import ItemWhen
from bot.gate.checklist import Tier
from bot.gate.rules import BrokenRules, Exclude, Quote, Role, Rules, Stale, Via
from bot.gate.version import Bump
from bot.rules import effective, parse, render

UPSTREAM = """\
version: 1
tiers: {high: {waivable_by: [qa]}}
roles:
  security: {teams: acme/security, required: true, exclude: [author], locked: true}
  qa: {users: [ann, bob]}
  others: {users: [eve, zed]}
checklist:
  SEC-1: {title: one, tier: high, evidence: {file: a}, locked: true}
  DB-1: {title: two, tier: high, evidence: {file: a}}
  DOC-1: {title: three, tier: medium, evidence: {file: a}}
"""
SETS = {"acme/rules": UPSTREAM}


def _parse(text: str) -> Rules | BrokenRules:
    return parse(text, file="f", source="s", sets=SETS)


def _extending(line: str = "") -> Rules:
    rules = _parse(f"version: 1\nextends: acme/rules\n{line}\n")
    assert isinstance(rules, Rules), rules
    return rules


SECURITY = "security: {teams: acme/security, required: true, exclude: [author]"


@pytest.mark.parametrize(
    ("line", "may"),
    [
        pytest.param("", {"SEC-1": (), "DB-1": ("qa",), "DOC-1": ("security",)}, id="as upstream says"),
        pytest.param(
            "tiers: {high: {waivable_by: [others]}}",
            {"SEC-1": (), "DB-1": ("others",), "DOC-1": ("security",)},
            id="the nearer file names others for a tier",
        ),
        pytest.param(
            "tiers: {high: off}",
            {"SEC-1": (), "DB-1": ("security",), "DOC-1": ("security",)},
            id="without a word on the tier those that are required",
        ),
        pytest.param(
            "tiers: {critical: {waivable_by: [qa]}, medium: {waivable_by: [others, qa]}}",
            {"SEC-1": (), "DB-1": ("qa",), "DOC-1": ("others", "qa")},
            id="tiers are merged one by one",
        ),
        pytest.param(
            "checklist: {SEC-1: {title: one, tier: critical, evidence: {file: a}}}",
            {"SEC-1": (), "DB-1": ("qa",), "DOC-1": ("security",)},
            id="a locked item that is tightened stays locked",
        ),
        pytest.param(
            "checklist: {SEC-1: {title: one, tier: high, locked: false, all: [{file: a}, {file: b}]}}",
            {"SEC-1": (), "DB-1": ("qa",), "DOC-1": ("security",)},
            id="even if it says that it is not",
        ),
        pytest.param(
            "checklist: {DB-1: {title: two, tier: critical, evidence: {file: a}, waivable_by: [others]}}",
            {"SEC-1": (), "DB-1": ("others",), "DOC-1": ("security",)},
            id="an item that is not locked names its own",
        ),
        pytest.param(
            "checklist: {DB-1: {title: two, tier: critical, evidence: {file: a}}}",
            {"SEC-1": (), "DB-1": (), "DOC-1": ("security",)},
            id="nobody waives what is critical",
        ),
    ],
)
def test_who_may_waive(line, may):
    rules = _extending(line)
    assert {item.id: rules.who_may_waive(item) for item in rules.checklist} == may


def test_a_tightened_item_is_locked_for_good():
    rules = _extending("checklist: {SEC-1: {title: one, tier: critical, evidence: {file: a}, locked: false}}")
    assert [item.is_locked for item in rules.checklist] == [True, False, False]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param(
            "checklist: {SEC-1: {title: one, tier: high, evidence: {file: a}, waivable_by: [qa]}}",
            "checklist.SEC-1: `SEC-1` is locked: its `waivable_by` has to stay as it is",
            id="who may waive a locked item",
        ),
        pytest.param(
            f"roles: {{{SECURITY}, via: [comment, review]}}}}",
            "roles.security: `security` is locked: its `via` has to stay as it is",
            id="how a locked role signs",
        ),
        pytest.param(
            f"roles: {{{SECURITY}, apps: renovate}}}}",
            "roles.security: `security` is locked: its `apps` has to stay as it is",
            id="an App more in a locked role",
        ),
        pytest.param(
            f"roles: {{{SECURITY}, when: {{bump: major}}}}}}",
            "roles.security: `security` is locked: its `when` has to stay as it is",
            id="when a locked role signs",
        ),
        pytest.param(
            f"roles: {{{SECURITY}, stale: never}}}}",
            "roles.security: `security` is locked: its `stale` has to stay as it is",
            id="what a push takes away from a locked role",
        ),
        pytest.param(
            "roles: {security: {teams: acme/security, required: true}}",
            "roles.security: `security` is locked: its `exclude` has to stay as it is",
            id="whom a locked role excludes",
        ),
        pytest.param(
            "roles: {security: off}",
            "roles.security: `security` is locked: it can't be switched off; remove the line",
            id="whether there is a locked role",
        ),
    ],
)
def test_what_a_lock_keeps(line, fault):
    broken = _parse(f"version: 1\nextends: acme/rules\n{line}\n")
    assert isinstance(broken, BrokenRules), broken
    assert [f"{one.path}: {one.message}"[: len(fault)] for one in broken.faults] == [fault]


def test_a_locked_role_that_asks_more_people_is_taken():
    assert _extending(f"roles: {{{SECURITY}, count: 2}}}}").roles["security"].count == 2


ALL_OF_A_ROLE = """\
version: 1
semver: {override_by: release-manager}
tiers: {medium: {waivable_by: [release-manager]}}
roles:
  release-manager:
    users: "@mia"
    teams: ["@acme/release"]
    apps: ["renovate[bot]", release-bot]
    required: true
    when: {bump: [major, minor], paths: "src/**"}
    count: 2
    via: [comment, review]
    exclude: [author, committers]
    distinct: true
    quote_version: always
    stale: {paths: ["**/auth/**"]}
  qa: {users: [ann, bob], stale: push, quote_version: never, via: review}
checklist:
  A-1: {title: t, tier: critical, evidence: {attestation: {by: qa, url: required}}, waivable_by: release-manager}
"""


def test_every_option_of_a_role_is_read():
    rules = _parse(ALL_OF_A_ROLE)
    assert isinstance(rules, Rules), rules
    manager = Role(
        id="release-manager",
        users=frozenset({"mia"}),
        teams=frozenset({"acme/release"}),
        apps=frozenset({"renovate", "release-bot"}),
        required=True,
        when=ItemWhen(bump=frozenset({Bump.MAJOR, Bump.MINOR}), paths=("src/**",)),
        count=2,
        via=frozenset(Via),
        exclude=frozenset({Exclude.AUTHOR, Exclude.COMMITTERS}),
        distinct=True,
        quote_version=Quote.ALWAYS,
        stale_paths=("**/auth/**",),
    )
    qa = Role(id="qa", users=frozenset({"ann", "bob"}), stale=Stale.PUSH, via=frozenset({Via.REVIEW}))
    assert dict(rules.roles) == {"release-manager": manager, "qa": qa}
    assert rules.semver.override_by == ("release-manager",)
    assert rules.waivable_by == {Tier.MEDIUM: ("release-manager",)}
    assert rules.checklist[0].waivable_by == ("release-manager",)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ALL_OF_A_ROLE, id="a file of its own"),
        pytest.param(
            "version: 1\nextends: acme/rules\ntiers: {medium: {waivable_by: others}}\n", id="one that extends"
        ),
        pytest.param(
            "version: 1\nextends: acme/rules\nchecklist: {SEC-1: {title: one, tier: critical, evidence: {file: a}}}\n",
            id="one that tightens what is locked",
        ),
    ],
)
def test_what_is_shown_of_people_means_the_same(text):
    rules, shown = _parse(text), _parse(render(effective(text, SETS), "f"))
    assert isinstance(rules, Rules)
    assert isinstance(shown, Rules), shown
    assert replace(shown, warnings=()) == replace(rules, warnings=())
