"""Relevance: whatever changes a decision, the mask of its rules lets through; what no rules name, it does not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.evidence import KINDS
from bot.evidence.attestation import Attestation
from bot.evidence.changelog import Changelog
from bot.evidence.check import Check
from bot.evidence.combined import All, Any, Not
from bot.evidence.deployment import Deployment
from bot.evidence.elapsed import Elapsed
from bot.evidence.file import File
from bot.evidence.label import Label
from bot.evidence.measure import Measure
from bot.evidence.paths import Paths
from bot.evidence.review import Review
from bot.evidence.sign_off import SignOff
from bot.evidence.status import Status
from bot.evidence.task_list import TaskList
from bot.evidence.version import Version
from bot.evidence.workflow import Workflow
from bot.gate.applies import ItemWhen
from bot.gate.checklist import Evidence, Tier
from bot.gate.evaluate import evaluate
from bot.gate.facts import CheckSuite, Fact, ReviewState, Snapshot, Tag, Unavailable
from bot.gate.freeze import Freeze, Weekly
from bot.gate.mask import ALL, Mask, Subject, Topic, about_check_run, about_workflow_run, label, matters, of_check
from bot.gate.release import When
from bot.gate.relevance import mask_of
from bot.gate.risk import Level, Risk
from bot.gate.rules import BrokenRules, Fault, Rules, Via
from bot.gate.version import Bump, Semver
from bot.gate.workflows import ACTIONS
from tests.builders import (
    HEAD,
    a_check,
    a_comment,
    a_commit,
    a_deployment,
    a_review,
    a_role,
    a_snapshot,
    a_status,
    a_suite,
    an_item,
    minutes_ago,
    rules_of,
)

CI, OTHER = ".github/workflows/ci.yml", ".github/workflows/other.yml"
NAMES, APPS, LABELS, PATHS = ("tests", "lint"), (ACTIONS, "scanner"), ("qa", "WIP"), (CI, OTHER)

SAMPLES: Mapping[str, Sequence[Evidence]] = {
    "attestation": [Attestation(by=("security",))],
    "changelog": [Changelog()],
    "check": [
        Check(name="tests", workflow="ci.yml"),
        Check(name="tests"),
        Check(name="tests", app="scanner"),
        Check(name="lint", events=frozenset({"push"})),
    ],
    "deployment": [Deployment(environment="staging"), Deployment(environment="staging", soak=timedelta(hours=1))],
    "elapsed": [Elapsed(since="A-0", for_=timedelta(minutes=15))],
    "file": [File(path="NOTES.md")],
    "label": [Label(any=frozenset({"qa"})), Label(none=frozenset({"wip"})), Label(all=frozenset({"QA", "wip"}))],
    "measure": [Measure(check="tests", min=80), Measure(status="coverage", min=80), Measure(check="x", app="scanner")],
    "paths": [Paths(changed=("src/",))],
    "review": [Review(), Review(codeowners=True)],
    "sign_off": [SignOff(roles=("security",))],
    "status": [Status(context="coverage"), Status(context="coverage", creator="codecov[bot]")],
    "task_list": [TaskList(heading="Before the release")],
    "version": [Version()],
    "workflow": [Workflow(file="ci.yml"), Workflow(file="ci.yml", events=frozenset({"push"}))],
}


def test_every_kind_of_evidence_is_tried():
    assert SAMPLES.keys() == KINDS.keys()


one = st.sampled_from([evidence for kind in SAMPLES.values() for evidence in kind])
evidences = st.recursive(
    one,
    lambda parts: st.one_of(
        st.builds(lambda of: All(of=tuple(of)), st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda of: Any(of=tuple(of)), st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda of: Not(of=of), parts),
    ),
    max_leaves=4,
)
some_labels = st.frozensets(st.sampled_from(LABELS))
whens = st.builds(ItemWhen, labels=some_labels, bump=st.frozensets(st.sampled_from(Bump)))


@st.composite
def some_rules(draw: st.DrawFn) -> Rules:
    roles = [
        a_role(
            id,
            required=draw(st.booleans()),
            via=draw(st.sampled_from([frozenset({Via.COMMENT}), frozenset(Via)])),
            when=draw(st.none() | whens),
        )
        for id in ("security", "devops")
    ]
    items = [
        an_item(draw(evidences), id=f"A-{number}", tier=draw(st.sampled_from(Tier)), when=draw(st.none() | whens))
        for number in range(draw(st.integers(0, 3)))
    ]
    freeze = Freeze(
        id="f", schedule=Weekly(start=timedelta(), end=timedelta(days=6)), zone="UTC", reason="x",
        labels=tuple(draw(some_labels)),
    )  # fmt: skip
    risk = Risk(id="R1", title="x", stated=Level.HIGH, owners=("security",), when=draw(st.none() | whens))
    alternatives = st.builds(lambda labels: (When(labels=tuple(labels)), When(title="^Rel")), some_labels)
    return rules_of(
        *roles,
        *items,
        when=draw(st.builds(When, labels=some_labels.map(tuple), any=st.just(()) | alternatives)),
        semver=Semver(squash=draw(st.booleans()), labels={Bump.MAJOR: tuple(draw(some_labels))}),
        freezes=draw(st.sampled_from([{}, {"f": freeze}])),
        risks=draw(st.sampled_from([{}, {"R1": risk}])),
        block_at=draw(st.none() | st.just(Level.LOW)),
    )


runs = st.builds(
    a_check,
    st.sampled_from(NAMES),
    st.sampled_from(["success", "failure", None]),
    id=st.integers(1, 9),
    suite=st.integers(1, 3),
    app=st.sampled_from(APPS),
    workflow=st.sampled_from([CI, OTHER]),
    title=st.sampled_from(["", "coverage 85 %"]),
)
suites = st.builds(
    a_suite,
    st.sampled_from(APPS),
    st.sampled_from([CI, OTHER]),
    st.sampled_from(["success", "failure", None]),
    id=st.integers(1, 5),
).map(lambda suite: suite if suite.app == ACTIONS else replace(suite, workflow=None))


@st.composite
def some_snapshots(draw: st.DrawFn) -> Snapshot:
    return a_snapshot(
        checks=tuple(draw(st.lists(runs, max_size=3, unique_by=lambda run: run.id))),
        suites=tuple(draw(st.lists(suites, max_size=2, unique_by=lambda suite: suite.id))),
        statuses=tuple(draw(st.lists(st.builds(a_status, st.sampled_from(["coverage", "x"])), max_size=1))),
        labels=draw(some_labels),
        deployments=tuple(draw(st.lists(st.builds(a_deployment, ago=st.integers(9, 90)), max_size=1))),
        reviews=(),
        comments=(),
        commits=(a_commit("fix: x"),),
        tags=(),
        merged_tags={"v1.0.0": True, "v2.0.0": True},
        body=draw(st.sampled_from(["", "## Before the release\n- [x] done"])),
        pushers=frozenset({"zed"}),
        author_is_bot=False,
        head_seen_at=minutes_ago(draw(st.sampled_from([1, 60]))),
    )


Event = tuple[Snapshot, tuple[Topic, ...]]
ENDS = ("success", "failure", None)
T = TypeVar("T")


def _got(fact: Fact[T]) -> T:
    assert not isinstance(fact, Unavailable)
    return fact


def _check_runs(snapshot: Snapshot) -> Iterator[Event]:
    """New ones, and those that are there come to another end.

    Beside it another App's suite is at work; GitHub Actions tells of its own by `workflow_run`.
    """
    new = [a_check(name, app=app, id=10, suite=10, workflow=path) for name, app, path in product(NAMES, APPS, PATHS)]
    for run, end in product((*_got(snapshot.checks), *new), ENDS):
        now = a_check(run.name, end, **{key: getattr(run, key) for key in ("id", "app", "suite", "workflow")})
        after = replace(snapshot, checks=(*(one for one in _got(snapshot.checks) if one is not run), now))
        if run.app != ACTIONS:
            after = _with(after, a_suite(run.app, None, end, id=10))
        yield after, about_check_run(run.name, run.app)


def _suites(snapshot: Snapshot) -> Iterator[Event]:
    new = [a_suite(id=11, workflow=path) for path in PATHS] + [a_suite("scanner", None, id=11)]
    for suite, end in product((*_got(snapshot.suites), *new), ENDS):
        now = replace(suite, conclusion=end, status="completed" if end else "in_progress")
        about = about_workflow_run(f"{suite.workflow}@main") if suite.workflow else (Topic(Subject.SUITE, suite.app),)
        yield _with(snapshot, now), about


def _with(snapshot: Snapshot, suite: CheckSuite) -> Snapshot:
    return replace(snapshot, suites=(*(old for old in _got(snapshot.suites) if old.id != suite.id), suite))


def _statuses(snapshot: Snapshot) -> Iterator[Event]:
    for context, state, by in product(("coverage", "x"), ("success", "failure"), ("codecov[bot]", "eve")):
        rest = tuple(old for old in _got(snapshot.statuses) if old.context != context)
        status = a_status(context, state, by, "85 %")
        yield replace(snapshot, statuses=(status, *rest)), (Topic(Subject.STATUS, context),)


def _deployments(snapshot: Snapshot) -> Iterator[Event]:
    for name, state in product(("staging", "preview"), ("success", "failure")):
        deployments = (*_got(snapshot.deployments), a_deployment(name, state, ago=3))
        yield replace(snapshot, deployments=deployments), (Topic(Subject.ENVIRONMENT, name),)


def _labels(snapshot: Snapshot) -> Iterator[Event]:
    for name in (*LABELS, "other"):
        yield replace(snapshot, labels=_got(snapshot.labels) ^ {name}), (label(name),)


def _words(snapshot: Snapshot) -> Iterator[Event]:
    for title in ("feat!: all new", "Release 2.0.0", "x"):
        yield replace(snapshot, title=title), (Topic(Subject.TITLE),)
    for body in ("", "## Before the release\n- [ ] done", "BREAKING CHANGE: x"):
        yield replace(snapshot, body=body), (Topic(Subject.DESCRIPTION),)


def _remarks(snapshot: Snapshot) -> Iterator[Event]:
    for by, state in product(("ann", "rita"), ReviewState):
        said = (*_got(snapshot.comments), a_comment("fine", by, review=state, sha=HEAD))
        yield replace(snapshot, reviews=(a_review(by),), comments=said), (Topic(Subject.REVIEW),)
    for body, about in (("hello", Subject.REMARK), ("/approve security", Subject.COMMAND)):
        yield replace(snapshot, comments=(*_got(snapshot.comments), a_comment(body))), (Topic(about),)


def _tags(snapshot: Snapshot) -> Iterator[Event]:
    for name in ("v1.0.0", "v2.0.0", "nightly"):
        yield replace(snapshot, tags=(Tag(name=name, sha="d" * 40),), tag_count=1), (Topic(Subject.TAG),)


SOURCES = (_check_runs, _suites, _statuses, _deployments, _labels, _words, _remarks, _tags)


def _events(snapshot: Snapshot) -> list[Event]:
    return [event for source in SOURCES for event in source(snapshot)]


@settings(max_examples=200, deadline=None)
@given(some_rules(), some_snapshots(), st.data())
def test_whatever_changes_a_verdict_is_let_through(rules, before, data):
    after, about = data.draw(st.sampled_from(_events(before)))
    if evaluate(rules, before) != evaluate(rules, after):
        assert matters(about, mask_of(rules))


OLD = a_snapshot(commits=(a_commit("fix: x"),), tags=(), comments=(), reviews=(), merged_tags={"v1.0.0": True})
FULL = replace(
    OLD,
    checks=(a_check(), a_check("lint", id=2, suite=2, app="scanner", title="85 %")),
    suites=(a_suite(conclusion="success"), a_suite("scanner", None, "success", id=2)),
    statuses=(a_status(says="85 %"),),
    deployments=(a_deployment(),),
    labels=frozenset({"qa"}),
    body="## Before the release\n- [x] done",
)


@pytest.mark.parametrize("kind", SAMPLES)
def test_whatever_changes_what_a_kind_of_evidence_says_is_let_through(kind):
    for evidence, before in product(SAMPLES[kind], (OLD, FULL)):
        rules = rules_of(a_role(required=False), an_item(evidence))
        was, mask = evaluate(rules, before), mask_of(rules)
        missed = [
            about for after, about in _events(before) if evaluate(rules, after) != was and not matters(about, mask)
        ]
        assert missed == []


RULES = rules_of(
    a_role(),
    an_item(Check(name="tests", workflow="ci.yml")),
    an_item(Status(context="coverage")),
    an_item(Deployment(environment="staging")),
    an_item(Label(none=frozenset({"WIP"}))),
)


@pytest.mark.parametrize(
    ("topics", "does_matter"),
    [
        pytest.param((), True, id="nothing in particular matters"),
        pytest.param(about_check_run("tests", ACTIONS), True, id="a check that an item names"),
        pytest.param(about_check_run("tests", "evil"), True, id="one of another App: the finding names it"),
        pytest.param(about_check_run("lint", ACTIONS), False, id="a check that no item names"),
        pytest.param(about_check_run("lint", "scanner"), False, id="a check of an App that no item names"),
        pytest.param(about_workflow_run(CI), True, id="a run of the workflow that the check comes from"),
        pytest.param(about_workflow_run(f"{CI}@main"), True, id="the same, written with its branch"),
        pytest.param(about_workflow_run(OTHER), False, id="a run of another workflow"),
        pytest.param((Topic(Subject.SUITE, ACTIONS),), True, id="a suite of GitHub Actions, of whichever workflow"),
        pytest.param((Topic(Subject.SUITE, "scanner"),), False, id="a suite of another App"),
        pytest.param((Topic(Subject.STATUS, "coverage"),), True, id="a status that an item names"),
        pytest.param((Topic(Subject.STATUS, "Coverage"),), False, id="a status is compared with its case"),
        pytest.param((Topic(Subject.ENVIRONMENT, "staging"),), True, id="the environment of an item"),
        pytest.param((Topic(Subject.ENVIRONMENT, "preview"),), False, id="another environment"),
        pytest.param((label("wip"),), True, id="a label is compared without its case"),
        pytest.param((label("docs"),), False, id="a label that no rule names"),
        pytest.param((label("docs"), label("wip")), True, id="one of two things is enough"),
        pytest.param((Topic(Subject.COMMAND),), True, id="what may be a command"),
        pytest.param((Topic(Subject.REMARK),), False, id="talk"),
        pytest.param((Topic(Subject.TITLE),), True, id="a title signals a version"),
        pytest.param((Topic(Subject.DESCRIPTION),), False, id="a description that signals nothing"),
        pytest.param((Topic(Subject.REVIEW),), False, id="a review where no role signs by one"),
        pytest.param((Topic(Subject.TAG),), True, id="a tag may be a version"),
    ],
)
def test_what_matters_to_rules(topics, does_matter):
    assert matters(topics, mask_of(RULES)) is does_matter


@pytest.mark.parametrize(
    ("rules", "topic"),
    [
        pytest.param(rules_of(when=When(any=(When(labels=("Qa",)),))), label("qa"), id="a label makes it a release"),
        pytest.param(rules_of(a_role(via=frozenset({Via.REVIEW}))), Topic(Subject.REVIEW), id="a review signs"),
        pytest.param(rules_of(semver=Semver(squash=True)), Topic(Subject.DESCRIPTION), id="a squash keeps the text"),
        pytest.param(rules_of(an_item(Check(name="x"))), Topic(Subject.WORKFLOW, OTHER), id="any workflow may have it"),
        pytest.param(
            rules_of(an_item(Check(name="x", app="scanner"))), Topic(Subject.SUITE, "scanner"), id="a suite of the App"
        ),
    ],
)
def test_what_other_rules_heed(rules, topic):
    assert matters((topic,), mask_of(rules))
    assert not matters((topic,), mask_of(rules_of()))


EVERY: Mask = frozenset(Topic(subject, "x") for subject in Subject)


def test_where_there_are_no_rules_nothing_matters_but_what_is_about_nothing_in_particular():
    assert not any(matters((topic,), mask_of(None)) for topic in EVERY)
    assert matters((), mask_of(None))


def test_to_rules_that_cannot_be_read_everything_matters():
    broken = BrokenRules(source="x", file="x", faults=(Fault(line=1, column=1, path="", message="x"),))
    assert mask_of(broken) == ALL
    assert all(matters((topic,), ALL) for topic in EVERY)


def test_the_mask_of_several_rules_is_the_union():
    mask = of_check("a", app="scanner") | of_check("b", app="scanner")
    assert all(matters(about_check_run(name, "other"), mask) for name in "ab")
    assert not matters(about_check_run("c", "other"), mask)
