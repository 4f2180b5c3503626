"""What a file may extend, what it may change of it, and what is locked."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.evidence.combined import All
from bot.gate.applies import Author, ItemWhen
from bot.gate.blast_radius import Area, Radius
from bot.gate.checklist import Item
from bot.gate.rules import BrokenRules, Mode, Rules
from bot.gate.version import Bump
from bot.rules import Upstream, parse, upstream

NAME = "acme/rules@v2:gates/web.yml"
LOCKED = """\
version: 1
release: {when: {base: main, locked: true}}
roles:
  security: {teams: acme/security, required: true, count: 1, locked: true}
  qa: {users: [ann, bob], locked: true}
areas: {auth: {paths: "**/auth/**", radius: high, locked: true}}
checklist:
  SEC-1: {title: one, tier: high, evidence: {file: a}, locked: true}
  SEC-2: {title: two, tier: medium, blocking: true, any: [{file: a}, {file: b}], when: {bump: major}, locked: true}
  SEC-3: {title: three, tier: high, all: [{file: a}, {file: b}], locked: true}
  SEC-4: {title: four, tier: medium, evidence: {all: [{file: a}]}, locked: true}
  FREE: {title: free, tier: high, evidence: {file: a}, locked: false}
"""


def _parse(*lines: str, **sets: str) -> Rules | BrokenRules:
    return parse("\n".join(("version: 1", *lines)), file="f", source="s", sets={NAME: LOCKED, **sets})


def _faults(*lines: str, **sets: str) -> list[str]:
    broken = _parse(*lines, **sets)
    assert isinstance(broken, BrokenRules), broken
    return [f"{fault.line}:{fault.column} {fault.path}: {fault.message}" for fault in broken.faults]


@pytest.mark.parametrize(
    ("extends", "expected"),
    [
        ("release", None),
        ("acme/rules", ("acme", "rules", None, ".release-gate.yml")),
        ("acme/.github", ("acme", ".github", None, "release-gate.yml")),
        ("acme/.github@main", ("acme", ".github", "main", "release-gate.yml")),
        ("acme/rules@release/1.0:gates/web.yml", ("acme", "rules", "release/1.0", "gates/web.yml")),
        ("acme/rules:gates/web.yml", ("acme", "rules", None, "gates/web.yml")),
        ("acme/rules:../web.yml", None),
        ("acme/rules:/web.yml", None),
        ("acme/..", None),
        ("acme/rules@", None),
        ("acme/rules@-x", None),
        ("acme/a/b", None),
        ("acme", None),
        ("[acme/rules]", None),
        ("3", None),
    ],
)
def test_which_file_has_to_be_fetched(extends, expected):
    found = upstream(f"version: 1\nextends: {extends}\n")
    assert found == (
        None
        if expected is None
        else Upstream(name=extends, owner=expected[0], repository=expected[1], ref=expected[2], path=expected[3])
    )


@pytest.mark.parametrize("text", ["", "- a", "version: 1", "a: [", b"\xff"])
def test_a_text_that_extends_nothing_needs_nothing(text):
    assert upstream(text) is None


def test_everything_of_a_file_elsewhere_holds():
    rules = _parse(f"extends: {NAME}")
    assert isinstance(rules, Rules)
    assert [item.id for item in rules.checklist] == ["SEC-1", "SEC-2", "SEC-3", "SEC-4", "FREE"]
    assert rules.areas == (Area(id="auth", paths=("**/auth/**",), radius=Radius.HIGH),)
    assert rules.checklist[1].when == ItemWhen(bump=frozenset({Bump.MAJOR}))
    assert rules.when.base == ("main",)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("checklist: {FREE: off}", id="an entry that is not locked is switched off"),
        pytest.param("checklist: {NEW: {title: t, tier: high, evidence: {file: a}}}", id="an item is added"),
        pytest.param(
            "checklist: {SEC-1: {title: one, tier: critical, evidence: {file: a}}}", id="an item's tier rises"
        ),
        pytest.param(
            "checklist: {SEC-1: {title: one, tier: high, all: [{file: a}, {file: c}]}}", id="evidence is added"
        ),
        pytest.param(
            "checklist: {SEC-3: {title: three, tier: high, evidence: {all: [{file: a}, {file: b}]}}}",
            id="the same evidence in other words",
        ),
        pytest.param(
            "checklist: {SEC-2: {title: two, tier: high, when: {bump: major}, all: [{any: [{file: a}, {file: b}]}]}}",
            id="alternatives become one of several parts",
        ),
        pytest.param(
            "checklist: {SEC-4: {title: four, tier: medium, blocking: true, all: {file: a}}}", id="an item blocks"
        ),
        pytest.param(
            "roles: {security: {teams: acme/security, required: true, count: 2}}", id="more people have to sign"
        ),
        pytest.param("roles: {qa: {users: [ann, bob], required: true}}", id="a role becomes required"),
        pytest.param("mode: enforce", id="the gate is shut anyhow"),
        pytest.param("semver: {zero: strict}", id="something else is changed"),
    ],
)
def test_a_locked_entry_may_be_tightened(line):
    assert isinstance(_parse(f"extends: {NAME}", line), Rules)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("checklist: {SEC-1: off}", "it can't be switched off; remove the line"),
        ("checklist: {SEC-1: {title: one, tier: medium, evidence: {file: a}}}", "its tier stays `high` or rises"),
        ("checklist: {SEC-1: {title: one, tier: high, blocking: false, evidence: {file: a}}}", "go on blocking"),
        ("checklist: {SEC-1: {title: one, tier: high, evidence: {file: b}}}", "its evidence has to stay as it is"),
        ("checklist: {SEC-1: {title: one, tier: high, any: [{file: a}, {file: b}]}}", "its evidence has to stay"),
        ("checklist: {SEC-1: {title: one, tier: high, all: [{file: b}, {file: a}]}}", "add to it at the end of `all:`"),
        ("checklist: {SEC-1: {title: 1 day, tier: high, evidence: {file: a}}}", "its `title` has to stay as it is"),
        (
            "checklist: {SEC-1: {title: one, tier: high, evidence: {file: a}, when: {base: x}}}",
            "its `when` has to stay as it is",
        ),
        (
            "checklist: {SEC-1: {title: one, tier: high, evidence: {file: a}, enforce_from: 2999-01-01}}",
            "its `enforce_from` has to stay as it is",
        ),
        (
            "checklist: {SEC-2: {title: two, tier: high, any: [{file: a}, {file: b}, {file: c}], when: {bump: major}}}",
            "its evidence has to stay as it is",
        ),
        (
            "checklist: {SEC-2: {title: two, tier: medium, any: [{file: a}, {file: b}], when: {bump: major}}}",
            "blocking",
        ),
        ("checklist: {SEC-3: {title: three, tier: high, all: [{file: a}]}}", "its evidence has to stay as it is"),
        ("checklist: {SEC-1: {title: one, tier: high, evidence: *a}}", "its evidence has to stay as it is"),
        ("checklist: {SEC-1: 3}", "it can't be replaced"),
        ("roles: {security: {teams: acme/all, required: true}}", "its `teams` has to stay as it is"),
        ("roles: {security: {teams: acme/security}}", "it stays `required: true`"),
        ("roles: {security: {teams: acme/security, required: true, count: 0}}", "its `count` stays 1 or rises"),
        ("roles: {security: {teams: acme/security, required: true, stale: never}}", "its `stale` has to stay"),
        ("areas: {auth: {paths: '**/auth/**', radius: low}}", "its `radius` has to stay as it is"),
        ("release: {when: {base: main, labels: x}}", "its `labels` has to stay as it is"),
    ],
)
def test_a_locked_entry_is_never_loosened(line, why):
    [fault] = [fault for fault in _faults(f"extends: {NAME}", line) if "is locked" in fault]
    assert fault.startswith("3:")
    assert why in fault
    assert f"change it in `{NAME}`, line " in fault


LEANED_ON = """version: 1
roles: {big: {users: [ann, bob], locked: true}}
semver: {tag: 'v{version}'}
areas: {web: {paths: src/, radius: low}}
checklist:
  BIG: {title: t, tier: critical, locked: true, when: {bump: [major]}, evidence: {label: a}}
  FAR: {title: t, tier: critical, locked: true, when: {radius: [medium, high]}, evidence: {label: a}}
  GRACE: {title: t, tier: high, locked: true, evidence: {elapsed: {since: WAIT, for: 1d}}}
  WAIT: {title: t, tier: high, any: [{check: b}, {all: [{elapsed: {since: TOLD, for: 1d}}]}]}
  TOLD: {title: t, tier: high, evidence: {check: a}}
  NEAR: {title: t, tier: high, locked: true, all: [{check: a}, {elapsed: {since: check, for: 1d}}]}
"""
PACKED = """version: 1
packages: {web: {paths: src/web/}, ui: {paths: src/ui/}, api: {paths: api/}}
checklist:
  OF: {title: t, tier: critical, locked: true, all: [{version: {package: web, files: a}}]}
  IN: {title: t, tier: critical, locked: true, when: {package: ui}, evidence: {label: a}}
  AT: {title: t, tier: critical, when: {package: api}, evidence: {label: a}}
"""
SMALL = LEANED_ON.replace("[major]", "[minor, patch]").replace("[medium, high]", "low")


@pytest.mark.parametrize(
    ("upstream", "line", "why"),
    [
        (LEANED_ON, "semver: {tag: 'web-{version}'}", "semver.tag: `tag` can't be set here: the locked `BIG` asks by"),
        (LEANED_ON, "semver: {zero: strict}", None),
        (SMALL, "semver: {zero: strict}", "semver.zero: `zero` can't be set here: the locked `BIG` asks by the bump"),
        (LEANED_ON, "semver: {tag: off}", "semver.tag: `tag` can't be set here: the locked `BIG` asks by the bump"),
        (LEANED_ON, "semver: {tag: 'v{version}', files: a}", None),
        (SMALL, "semver: {files: a}", "semver.files: `files` can't be set here: the locked `BIG` asks by the bump"),
        (LEANED_ON, "areas: {web: {paths: web/, radius: low}}", "areas.web: `web` can't be set here: the locked `FAR`"),
        (LEANED_ON, "areas: {web: off}", "areas.web: `web` can't be set here: the locked `FAR` asks by the radius"),
        (LEANED_ON, "areas: {all: {paths: '**', radius: high}}", None),
        (SMALL, "areas: {all: {paths: '**', radius: high}}", "areas.all: `all` can't be set here: the locked `FAR`"),
        (SMALL, "areas: {more: {paths: '**', radius: low}}", None),
        (PACKED, "packages: {web: {paths: web/}}", "packages.web: `web` can't be set here: the locked `OF` asks"),
        (PACKED, "packages: {web: off}", "packages.web: `web` can't be set here: the locked `OF` asks"),
        (PACKED, "packages: {ui: off}", "packages.ui: `ui` can't be set here: the locked `IN` asks about it"),
        (PACKED, "packages: {api: {paths: src/api/}}", None),
        (PACKED, "packages: {cli: {paths: cli/}}", None),
        (LEANED_ON, "packages: {cli: {paths: cli/}}", "packages.cli: `cli` can't be set here: the locked `BIG`"),
        (
            LEANED_ON,
            "checklist: {WAIT: {title: t, tier: high, evidence: {check: mine}}}",
            "checklist.WAIT: `WAIT` is locked with `GRACE`, which counts from it: its evidence has to stay",
        ),
        (
            LEANED_ON,
            "checklist: {TOLD: {title: t, tier: high, when: {labels: x}, evidence: {check: a}}}",
            "checklist.TOLD: `TOLD` is locked with `GRACE`, which counts from it: its `when` has to stay",
        ),
        (LEANED_ON, "checklist: {TOLD: {title: t, tier: critical, evidence: {check: {name: a}}}}", "its evidence has"),
        (LEANED_ON, "checklist: {TOLD: {title: t, tier: critical, blocking: true, evidence: {check: a}}}", "workflow"),
        (LEANED_ON.replace("locked: true", "locked: false"), "semver: {tag: 'web-{version}'}", None),
    ],
)
def test_what_a_locked_entry_leans_on_is_locked_with_it(upstream, line, why):
    answer = _parse("extends: up", line, up=upstream)
    told = [f"{fault.path}: {fault.message}" for fault in answer.faults] if isinstance(answer, BrokenRules) else []
    if why is None:
        assert told == []
    else:
        assert [fault for fault in told if why in fault]


def test_an_entry_that_is_no_mapping_leans_on_nothing():
    faults = _faults("extends: up", "semver: {tag: 'x{version}'}", up=LEANED_ON + "  ODD: 5\n")
    assert [fault for fault in faults if "the locked `BIG` asks by the bump" in fault]


@pytest.mark.parametrize("line", ["mode: shadow", "workflow_changes: qa", "check: {fixed: false}"])
def test_what_would_loosen_every_locked_entry_at_once_is_refused(line):
    [fault] = _faults(f"extends: {NAME}", line)
    assert fault.endswith("can't be set here: what this file extends has locked entries")


def test_what_the_upstream_says_itself_may_be_repeated():
    rules = _parse(f"extends: {NAME}", "mode: shadow", **{NAME: LOCKED + "mode: shadow\n"})
    assert isinstance(rules, Rules)
    assert rules.mode is Mode.SHADOW


def test_one_name_for_all_bases_loosens_nothing_that_is_locked():
    rules = _parse(f"extends: {NAME}", "check: {fixed: true}")
    assert isinstance(rules, Rules)
    assert rules.is_fixed


def test_one_name_for_all_bases_may_be_inherited_by_the_default_branch_only():
    text, sets = "version: 1\nextends: up\n", {"up": LOCKED + "check: {fixed: true}\n"}
    rules = parse(text, file="f", source="s", sets=sets)
    broken = parse(text, file="f", source="s", sets=sets, is_default=False)
    assert isinstance(rules, Rules)
    assert rules.is_fixed
    assert isinstance(broken, BrokenRules)
    [fault] = broken.faults
    assert (fault.line, fault.path, broken.is_fixed) == (2, "check.fixed", False)


def test_without_locks_the_nearer_mode_counts():
    upstream = "version: 1\nmode: shadow\nroles: {qa: {users: [ann, bob], required: true}}\n"
    inherited, own = _parse("extends: up", up=upstream), _parse("extends: up", "mode: enforce", up=upstream)
    assert isinstance(inherited, Rules)
    assert isinstance(own, Rules)
    assert (inherited.mode, own.mode) == (Mode.SHADOW, Mode.ENFORCE)


def test_a_section_with_locked_entries_is_no_word():
    faults = _faults(f"extends: {NAME}", "checklist: none")
    assert "3:1 checklist: `checklist` has locked entries and can't be replaced; write entries by id" in faults


def test_a_file_elsewhere_may_stand_on_a_built_in_set():
    built_in = "version: 1\nchecklist: {A: {title: t, tier: high, evidence: {file: a}}}\n"
    above = "version: 1\nextends: set\nchecklist: {B: {title: t, tier: high, evidence: {file: b}}}\n"
    rules = _parse("extends: acme/rules", **{"acme/rules": above, "set": built_in})
    assert isinstance(rules, Rules)
    assert [item.id for item in rules.checklist] == ["A", "B"]


@pytest.mark.parametrize(
    ("above", "fault"),
    [
        ("extends: acme/more", "line 2: a file that others extend can extend a built-in set only; copy what it needs"),
        ("extends: relase", "line 2: there is no built-in set `relase`; did you mean `release`?"),
        ("checklist: {A: off}", "line 2: no `A` is inherited to switch off; remove the line"),
        ("a: [", "line 3: this is not YAML: a bracket or brace is not closed; close it"),
    ],
)
def test_a_fault_of_the_file_elsewhere_is_told_at_extends(above, fault):
    faults = _faults("extends: acme/rules", **{"acme/rules": f"version: 1\n{above}\n", "release": ""})
    assert faults[0].startswith("2:10 extends: " + fault)
    assert faults[0].endswith("(inherited from `acme/rules`)")


def test_a_fault_from_two_files_away_names_the_file_that_has_it():
    built_in = "version: 1\nchecklist:\n  A: {title: t, tier: hgh, evidence: {file: a}}\n"
    faults = _faults("extends: acme/rules", **{"acme/rules": "version: 1\nextends: set\n", "set": built_in})
    assert faults == [
        "2:10 checklist.A.tier: `tier` is `hgh`; did you mean `high`? (inherited from `set`, line 3)",
    ]


def test_who_opened_it_is_a_condition():
    rules = _parse(
        "areas: {db: {paths: [migrations/, '*.sql'], radius: medium}}",
        "workflow_changes: [qa]",
        "roles: {qa: {teams: acme/qa}}",
        "semver: {files: pyproject.toml}",
        "checklist:",
        "  A:",
        "    title: t",
        "    tier: high",
        "    evidence: {file: a}",
        "    enforce_from: 2026-12-06",
        "    when: {paths: a, labels: b, base: c, bump: [major, minor], radius: high, author: [user, bot]}",
        "  B: {title: t, tier: high, evidence: {file: a}, enforce_from: '2026-12-06T09:00:30+03:00'}",
    )
    assert isinstance(rules, Rules)
    first, second = rules.checklist
    assert first.when == ItemWhen(
        paths=("a",),
        labels=frozenset("b"),
        base=("c",),
        bump=frozenset({Bump.MAJOR, Bump.MINOR}),
        radius=frozenset({Radius.HIGH}),
        author=frozenset(Author),
    )
    assert [str(item.enforce_from) for item in (first, second)] == [
        "2026-12-06 00:00:00+00:00",
        "2026-12-06 09:00:30+03:00",
    ]
    assert rules.areas == (Area(id="db", paths=("migrations/", "*.sql"), radius=Radius.MEDIUM),)
    assert (rules.workflow_changes, rules.semver.files) == (("qa",), ("pyproject.toml",))


A, B, C = {"file": "a"}, {"file": "b"}, {"file": "c"}
ITEMS: dict[str, dict[str, Any]] = {
    "SEC-1": {"title": "one", "tier": "high", "all": [A]},
    "SEC-2": {"title": "two", "tier": "medium", "blocking": True, "all": [{"any": [A, B]}], "when": {"bump": "major"}},
    "SEC-3": {"title": "three", "tier": "high", "all": [A, B]},
}
CHANGES: tuple[dict[str, Any], ...] = (
    *({"tier": tier} for tier in ("critical", "high", "medium")),
    *({"blocking": blocking} for blocking in (True, False)),
    *({"all": parts} for parts in ([A], [A, B], [B, A], [A, C], [A, B, C], [{"any": [A, B]}, C], [{"any": [A, B, C]}])),
    *({"when": when} for when in ({"bump": "major"}, {"bump": "minor"}, {"base": "x"})),
    {"tier": "medium", "blocking": True},
    *({"enforce_from": "2999-01-01"}, {"how": "so"}, {"locked": False}, {"title": "one"}),
)


@st.composite
def nearer_items(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """The locked items as they are, with a change or two in some."""
    ids = draw(st.sets(st.sampled_from(sorted(ITEMS)), min_size=1))
    changes = st.lists(st.sampled_from(CHANGES), max_size=2)
    return {
        id: {**ITEMS[id], **{key: value for change in draw(changes) for key, value in change.items()}} for id in ids
    }


def _all_of(item: Item) -> tuple[Any, ...]:
    return item.evidence.of if isinstance(item.evidence, All) else (item.evidence,)


@settings(max_examples=200, deadline=None)
@given(nearer_items())
def test_whatever_is_accepted_asks_for_no_less(items):
    whole, rules = _parse(f"extends: {NAME}"), _parse(f"extends: {NAME}", f"checklist: {json.dumps(items)}")
    assert isinstance(whole, Rules)
    if isinstance(rules, BrokenRules):
        return
    nearer = {item.id: item for item in rules.checklist}
    for item in whole.checklist:
        kept = nearer[item.id]
        assert _all_of(kept)[: len(_all_of(item))] == _all_of(item)
        assert kept.tier.weight >= item.tier.weight
        assert kept.blocking >= item.blocking
        assert (kept.when, kept.enforce_from) == (item.when, item.enforce_from)


VERSIONED = """\
version: 1
release: {when: {base: main}}
semver: {files: [a.toml]}
checklist:
  VER-1: {title: one, tier: high, evidence: version}
  DOC-1: {title: two, tier: high, evidence: {file: a}}
"""


def test_an_empty_list_of_version_files_takes_the_inherited_away():
    empty = (f"extends: {NAME}", "semver: {files: []}")
    rules = _parse(*empty, "checklist: {VER-1: off}", **{NAME: VERSIONED})
    assert isinstance(rules, Rules), rules
    assert rules.semver.files == ()
    assert "no file carries the version" in _faults(*empty, **{NAME: VERSIONED})[0]
