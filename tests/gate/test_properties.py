"""Laws of the decision, for any facts: order never matters, and less knowledge never opens the gate."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.evidence.attestation import Attestation, Link
from bot.evidence.check import Check
from bot.evidence.combined import All, Not
from bot.evidence.combined import Any as AnyOf
from bot.evidence.deployment import Deployment
from bot.evidence.elapsed import Elapsed
from bot.evidence.file import File
from bot.evidence.label import Label
from bot.evidence.measure import Measure
from bot.evidence.paths import Paths
from bot.evidence.review import Review
from bot.evidence.sign_off import SignOff
from bot.evidence.status import Status
from bot.evidence.workflow import Workflow
from bot.gate.checklist import Evidence, Tier
from bot.gate.differences import Comparison
from bot.gate.evaluate import evaluate
from bot.gate.facts import Fact, Snapshot, Unavailable
from bot.gate.published import PublishedHead
from bot.gate.release import When
from bot.gate.rules import Exclude, Rules, Stale
from bot.gate.verdict import Outcome, Verdict
from tests.builders import (
    HEAD,
    OLD,
    a_change,
    a_check,
    a_comment,
    a_deployment,
    a_file,
    a_review,
    a_role,
    a_snapshot,
    a_status,
    a_suite,
    an_item,
    minutes_ago,
    rules_of,
)

T = Any
LOST = Unavailable("lost")
LOGINS = ("ann", "bob", "eve", "zed")
TEAM = "acme/security"

# Worst first; what is no release passes as surely as what is ready.
RANK: Mapping[Outcome, int] = {outcome: rank for rank, outcome in enumerate(Outcome)}


def _maybe(facts: st.SearchStrategy[T]) -> st.SearchStrategy[Fact[T]]:
    return facts | st.just(LOST)


HOUR = timedelta(hours=1)
machine: st.SearchStrategy[Evidence] = st.sampled_from(
    [
        Check(name="tests", workflow="ci.yml"),
        Check(name="tests"),
        Check(name="tests", events=frozenset({"push"})),
        Status(context="coverage", creator="codecov[bot]"),
        Label(any=frozenset({"qa"}), none=frozenset({"wip"})),
        File(path="NOTES.md"),
        File(path="NOTES.md", matches="done"),
        Workflow(file="ci.yml"),
        Deployment(environment="staging"),
        Deployment(environment="staging", soak=HOUR),
        Paths(changed=("src/",), unchanged=("secrets/",)),
        Measure(check="tests", min=80),
    ]
)
machines: st.SearchStrategy[Evidence] = st.recursive(
    machine,
    lambda parts: st.one_of(
        st.builds(lambda of: All(of=tuple(of)), st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda of: AnyOf(of=tuple(of)), st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda of: Not(of=of), parts),
    ),
    max_leaves=5,
)
# What people say never stands under `not`: bot.rules refuses it, because of the last law below.
people: st.SearchStrategy[Evidence] = st.sampled_from(
    [
        SignOff(roles=("security",)),
        SignOff(roles=("security", "devops")),
        Review(),
        Review(teams=(TEAM,)),
        Review(codeowners=True),
        Elapsed(since="A-0", for_=HOUR / 2),
        Attestation(by=("security",), stale=Stale.CHANGED),
        Attestation(by=("security", "devops"), url=Link.REQUIRED, max_age=HOUR / 3),
        All(of=(Attestation(by=("security",)), Elapsed(since="attestation", for_=HOUR / 4))),
    ]
)
evidences = st.one_of(
    machines,
    people,
    st.builds(lambda one, other: AnyOf(of=(one, other)), people, machines),
    st.builds(lambda one, other: All(of=(one, other)), people, machines),
)


@st.composite
def some_rules(draw: st.DrawFn) -> Rules:
    roles = [
        a_role(
            id,
            users=draw(st.frozensets(st.sampled_from(LOGINS))),
            teams=draw(st.frozensets(st.just(TEAM))),
            required=draw(st.booleans()),
            count=draw(st.integers(1, 2)),
            exclude=draw(st.frozensets(st.sampled_from(Exclude))),
            stale=draw(st.sampled_from(Stale)),
            stale_paths=draw(st.sampled_from([(), ("src/",)])),
        )
        for id in ("security", "devops")
    ]
    items = [
        an_item(draw(evidences), id=f"A-{number}", tier=draw(st.sampled_from(Tier)), blocking=draw(st.booleans()))
        for number in range(draw(st.integers(0, 3)))
    ]
    return rules_of(*roles, *items, when=draw(st.sampled_from([When(), When(labels=("qa",))])))


checks = st.builds(
    a_check,
    st.sampled_from(["tests", "lint"]),
    st.sampled_from(["success", "failure", None]),
    id=st.integers(1, 9),
    suite=st.integers(1, 2),
    app=st.sampled_from(["github-actions", "evil"]),
    workflow=_maybe(st.sampled_from([".github/workflows/ci.yml", ".github/workflows/x.yml", None])),
)
SAYINGS = st.sampled_from(
    [
        "/approve security",
        "/approve devops",
        "/revoke security",
        "/revoke devops",
        "/attest A-0",
        "/attest A-0 https://x.test",
        "/unattest A-0",
        f"/approve security {HEAD[:7]}",
        f"/approve security {OLD[:7]}",
        "hello",
    ]
)
HEADS = (PublishedHead(sha=OLD, at=minutes_ago(35)), PublishedHead(sha=HEAD, at=minutes_ago(20)))
comments = st.builds(
    a_comment,
    SAYINGS,
    by=st.sampled_from([*LOGINS, None]),
    ago=st.integers(1, 40),
    edited_at=st.none() | st.just(minutes_ago(0)),
    is_bot=st.booleans(),
)

OWNERS = st.sampled_from(["", "/src/ @ann\n", f"* @{TEAM}\n/c\n", "* @zed\n"])
PATHS = st.sampled_from(["src/a", "secrets/b", ".github/workflows/ci.yml", "c"])
reviews = st.builds(a_review, st.sampled_from(LOGINS), is_approval=st.booleans(), sha=st.sampled_from([HEAD, OLD]))
deployments = st.builds(a_deployment, state=st.sampled_from(["success", "failure", "inactive"]), ago=st.integers(1, 90))


@st.composite
def some_snapshots(draw: st.DrawFn) -> Snapshot:
    truths = _maybe(st.booleans())
    return a_snapshot(
        labels=draw(_maybe(st.frozensets(st.sampled_from(["qa", "wip"])))),
        checks=draw(_maybe(st.lists(checks, max_size=4, unique_by=lambda run: run.id).map(tuple))),
        suites=draw(_maybe(st.lists(st.just(a_suite()), max_size=1).map(tuple))),
        statuses=draw(
            _maybe(st.lists(st.builds(a_status, state=st.sampled_from(["success", "failure"])), max_size=1).map(tuple))
        ),
        files=draw(st.dictionaries(st.just("NOTES.md"), _maybe(st.none() | st.just(a_file("NOTES.md", "done"))))),
        comments=draw(_maybe(st.lists(comments, max_size=5, unique_by=lambda comment: comment.created_at).map(tuple))),
        pushers=draw(st.none() | _maybe(st.frozensets(st.sampled_from(LOGINS)))),
        memberships=draw(st.dictionaries(st.tuples(st.just(TEAM), st.sampled_from(LOGINS)), truths)),
        comparisons=draw(
            st.dictionaries(
                st.just(OLD),
                _maybe(
                    st.builds(Comparison, linear=st.booleans(), files=st.frozensets(st.sampled_from(["src/a", "b"])))
                ),
            )
        ),
        heads=draw(st.sampled_from([(), HEADS])),
        changes=draw(_maybe(st.lists(st.builds(a_change, PATHS, was=st.none() | PATHS), max_size=2).map(tuple))),
        code_owners=draw(_maybe(st.none() | st.builds(a_file, st.just("CODEOWNERS"), OWNERS))),
        reviews=draw(_maybe(st.lists(reviews, max_size=2, unique_by=lambda review: review.author).map(tuple))),
        deployments=draw(_maybe(st.lists(deployments, max_size=2, unique_by=lambda one: one.created_at).map(tuple))),
        head_seen_at=minutes_ago(draw(st.sampled_from([1, 60]))),
    )


@st.composite
def some_conversations(draw: st.DrawFn) -> Snapshot:
    """People who may sign and do, so that an edit has something to win."""
    said = st.builds(a_comment, SAYINGS, by=st.sampled_from(LOGINS[:3]), ago=st.integers(1, 30))
    return replace(
        draw(some_snapshots()),
        comments=tuple(draw(st.lists(said, min_size=1, max_size=4, unique_by=lambda comment: comment.created_at))),
        pushers=frozenset({"zed"}),
        memberships={(TEAM, login): True for login in LOGINS},
        heads=HEADS,
    )


SIGNING_ONLY = st.builds(
    lambda count: rules_of(a_role(count=count), a_role("devops", required=False)), st.integers(1, 2)
)
RULES = some_rules() | SIGNING_ONLY
SNAPSHOTS = some_snapshots() | some_conversations()


def _not_better(after: Verdict, before: Verdict) -> bool:
    return RANK[after.outcome] <= RANK[before.outcome]


def _lost(snapshot: Snapshot, fact: str) -> Snapshot:
    """The snapshot without one fact, or without every answer of one kind."""
    value = getattr(snapshot, fact)
    gone: Any = dict.fromkeys(value, LOST) if isinstance(value, dict) else LOST
    return replace(snapshot, **{fact: gone})


FACTS = (
    "labels", "checks", "suites", "statuses", "files", "commits", "comments", "changes", "reviews", "deployments",
    "code_owners", "tags", "pushers", "memberships", "comparisons", "merged_tags",
)  # fmt: skip


@given(RULES, SNAPSHOTS, st.randoms(use_true_random=False))
def test_the_order_of_facts_never_matters(rules, snapshot, random):
    def shuffled(fact: Fact[tuple[Any, ...]]) -> Fact[tuple[Any, ...]]:
        return fact if isinstance(fact, Unavailable) else tuple(random.sample(fact, len(fact)))

    other = replace(
        snapshot,
        checks=shuffled(snapshot.checks),
        comments=shuffled(snapshot.comments),
        statuses=shuffled(snapshot.statuses),
        reviews=shuffled(snapshot.reviews),
        deployments=shuffled(snapshot.deployments),
        heads=tuple(reversed(snapshot.heads)),
    )
    assert evaluate(rules, other) == evaluate(rules, snapshot)


@settings(max_examples=300)  # a hundred let some planted bugs through
@given(RULES, SNAPSHOTS)
def test_losing_a_fact_never_opens_the_gate(rules, snapshot):
    before = evaluate(rules, snapshot)
    for fact in FACTS:
        assert _not_better(evaluate(rules, _lost(snapshot, fact)), before), fact


@given(some_rules(), some_snapshots())
def test_losing_the_workflow_of_a_run_never_opens_the_gate(rules, snapshot):
    before = evaluate(rules, snapshot)
    runs = () if isinstance(snapshot.checks, Unavailable) else snapshot.checks
    for lost in runs:
        rest = tuple(replace(run, workflow=LOST) if run is lost else run for run in runs)
        assert _not_better(evaluate(rules, replace(snapshot, checks=rest)), before)


@settings(max_examples=300)  # a hundred let some planted bugs through
@given(RULES, SNAPSHOTS, st.sets(SAYINGS, min_size=1, max_size=3))
def test_editing_or_deleting_a_comment_never_opens_the_gate(rules, snapshot, sayings):
    before = evaluate(rules, snapshot)
    comments = () if isinstance(snapshot.comments, Unavailable) else snapshot.comments
    remembered = (*snapshot.closings, *before.closings)
    for victim in comments:
        rest = tuple(comment for comment in comments if comment is not victim)
        edits = [(*rest, replace(victim, body=saying, edited_at=snapshot.taken_at)) for saying in sorted(sayings)]
        for left in (rest, *edits):
            after = evaluate(rules, replace(snapshot, comments=left, closings=remembered))
            assert _not_better(after, before)
