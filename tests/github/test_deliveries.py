"""Deliveries: which targets each event and action names, what is dropped, and that no shape of payload raises."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.github.deliveries import Concern, concerning
from bot.github.targets import Base, Head, MergeGroup, PullRequest, Repository, parse_key

CONTRACT = Path(__file__).parents[1] / "contract" / "webhook-examples.json.gz"
EXAMPLES = [
    (event["name"], example)
    for event in json.loads(gzip.decompress(CONTRACT.read_bytes()))
    for example in event["examples"]
]

APP = 77
SHA = "ab" * 20
REPOSITORY = Repository(installation=3, name="acme/shop")
PULL = PullRequest(repository=REPOSITORY, number=5)
HEAD = Head(repository=REPOSITORY, sha=SHA)
MAIN = Base(repository=REPOSITORY, branch="main")
GROUP = {
    "base_ref": "refs/heads/a/b",
    "head_sha": SHA,
    "head_ref": f"refs/heads/gh-readonly-queue/a/b/pr-7-{SHA}",
}
ORIGIN = {
    "installation": {"id": 3},
    "repository": {"id": 9, "full_name": "acme/shop", "default_branch": "main"},
    "sender": {"login": "ann", "type": "User"},
}
ARRIVED = [{"full_name": "acme/shop"}, {"full_name": "acme/toys"}, {"full_name": "acme/shop"}, {"full_name": "a b"}]
OWN_APP = {"app": {"id": APP}}
OTHER_APP = {"app": {"id": 15368}}
LISTED = {"pull_requests": [{"number": 5, "base": {"repo": {"id": 9}}}]}
ELSEWHERE = {"pull_requests": [{"number": 6, "base": {"repo": {"id": 10}}}]}


def _look(event: str, **payload: Any) -> tuple[Concern, ...]:
    return concerning(event, ORIGIN | payload, app_id=APP)


def _pull_request(action: str, **more: Any) -> dict[str, Any]:
    return {"action": action, "pull_request": {"number": 5}, **more}


def _comment(action: str, *, app: int | None = None, sender: str = "User", on_issue: bool = False) -> dict[str, Any]:
    return {
        "action": action,
        "issue": {"number": 5} if on_issue else {"number": 5, "pull_request": {"url": "…"}},
        "comment": {"performed_via_github_app": None if app is None else {"id": app}},
        "sender": {"type": sender},
    }


def _run(action: str, **more: Any) -> dict[str, Any]:
    return {"action": action, "check_run": {"head_sha": SHA, **OTHER_APP, **LISTED, **more}}


def _suite(action: str, **more: Any) -> dict[str, Any]:
    return {"action": action, "check_suite": {"head_sha": SHA, **OTHER_APP, **LISTED, **more}}


@pytest.mark.parametrize(
    ("event", "payload", "target", "is_urgent"),
    [
        pytest.param("pull_request", _pull_request("opened"), PULL, True, id="an opened pull request is urgent"),
        pytest.param("pull_request", _pull_request("reopened"), PULL, True, id="a reopened one is urgent"),
        pytest.param(
            "pull_request", _pull_request("edited", changes={"title": {"from": "x"}}), PULL, False, id="a new title"
        ),
        pytest.param(
            "pull_request",
            _pull_request("edited", changes={"base": {"ref": {"from": "x"}}}),
            PULL,
            True,
            id="a new base is urgent",
        ),
        pytest.param("pull_request", _pull_request("synchronize"), PULL, False, id="a push to its head"),
        pytest.param("pull_request", _pull_request("labeled"), PULL, False, id="a label set"),
        pytest.param("pull_request", _pull_request("unlabeled"), PULL, False, id="a label taken away"),
        pytest.param("pull_request", _pull_request("ready_for_review"), PULL, False, id="a draft no more"),
        pytest.param("pull_request", _pull_request("converted_to_draft"), PULL, False, id="a draft again"),
        pytest.param("pull_request_review", _pull_request("submitted"), PULL, False, id="a review"),
        pytest.param("pull_request_review", _pull_request("edited"), PULL, False, id="an edited review"),
        pytest.param("pull_request_review", _pull_request("dismissed"), PULL, False, id="a dismissed review"),
        pytest.param("issue_comment", _comment("created"), PULL, False, id="a comment"),
        pytest.param("issue_comment", _comment("edited"), PULL, False, id="an edited comment"),
        pytest.param("issue_comment", _comment("deleted"), PULL, False, id="a deleted comment"),
        pytest.param(
            "issue_comment", _comment("created", app=1, sender="Bot"), PULL, False, id="another App's comment"
        ),
        pytest.param("issue_comment", _comment("edited", app=APP), PULL, False, id="our comment, edited by a person"),
        pytest.param("issue_comment", _comment("deleted", app=APP), PULL, False, id="our comment, deleted by a person"),
        pytest.param("check_run", _run("created"), PULL, False, id="a check run began"),
        pytest.param("check_run", _run("completed"), PULL, False, id="a check run ended"),
        pytest.param("check_run", _run("rerequested", **OWN_APP), PULL, True, id="our own run, asked for again"),
        pytest.param("check_run", _run("requested_action", **OWN_APP), PULL, True, id="a button of our own run"),
        pytest.param(
            "check_run", _run("completed", pull_requests=[]), HEAD, False, id="a check run of a fork names a commit"
        ),
        pytest.param("check_run", _run("completed", pull_requests=None), HEAD, False, id="no list of pull requests"),
        pytest.param(
            "check_run", _run("completed", **ELSEWHERE), HEAD, False, id="pull requests of another repository"
        ),
        pytest.param("check_suite", _suite("completed"), PULL, False, id="a suite ended"),
        pytest.param("check_suite", _suite("rerequested", **OWN_APP), PULL, True, id="our own suite, asked for again"),
        pytest.param(
            "check_suite", _suite("rerequested", pull_requests=[]), HEAD, True, id="asked for again on a fork"
        ),
        pytest.param(
            "workflow_run",
            {"action": "completed", "workflow_run": {"head_sha": SHA, **LISTED}},
            PULL,
            False,
            id="a workflow ended",
        ),
        pytest.param(
            "workflow_run",
            {"action": "requested", "workflow_run": {"head_sha": SHA}},
            HEAD,
            False,
            id="a workflow that begins, and with it a suite in which a check may come",
        ),
        pytest.param(
            "workflow_run",
            {"action": "completed", "workflow_run": {"head_sha": SHA}},
            HEAD,
            False,
            id="a fork's workflow ended",
        ),
        pytest.param("status", {"sha": SHA}, HEAD, False, id="a status names a commit"),
        pytest.param(
            "deployment_status",
            {"action": "created", "deployment": {"sha": SHA}},
            HEAD,
            False,
            id="a deployment's status",
        ),
        pytest.param(
            "merge_group",
            {"action": "checks_requested", "merge_group": {"base_ref": "refs/heads/release/1.x", "head_sha": SHA}},
            MergeGroup(repository=REPOSITORY, base="release/1.x", sha=SHA),
            True,
            id="a merge group is urgent",
        ),
        pytest.param(
            "merge_group",
            {"action": "checks_requested", "merge_group": GROUP},
            MergeGroup(repository=REPOSITORY, base="a/b", sha=SHA, number=7),
            True,
            id="the ref of a merge group names its pull request, whatever slashes its base has",
        ),
        pytest.param(
            "merge_group",
            {"action": "destroyed", "merge_group": GROUP},
            MergeGroup(repository=REPOSITORY, base="a/b", sha=SHA, number=7),
            True,
            id="a merge group that is gone is looked at once more, to forget it",
        ),
        pytest.param(
            "create", {"ref_type": "tag", "ref": "v1.0.0"}, MAIN, False, id="a new tag is a new current version"
        ),
        pytest.param(
            "delete", {"ref_type": "tag", "ref": "v1.0.0"}, MAIN, False, id="a tag less is another current version"
        ),
    ],
)
def test_an_event_names_its_target(event, payload, target, is_urgent):
    (concern,) = _look(event, **payload)
    assert (concern.target, concern.is_urgent) == (target, is_urgent)


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        pytest.param("pull_request", _pull_request("assigned"), id="an assignee"),
        pytest.param(
            "pull_request", {"action": "opened", "pull_request": {"number": "5"}}, id="a number that is a text"
        ),
        pytest.param(
            "pull_request", {"action": "opened", "pull_request": {"number": True}}, id="a number that is a truth"
        ),
        pytest.param(
            "pull_request", {"action": ["opened"], "pull_request": {"number": 5}}, id="an action that is a list"
        ),
        pytest.param("pull_request", _pull_request("opened", installation=None), id="no installation"),
        pytest.param(
            "pull_request", _pull_request("opened", repository={"full_name": "a:b/c"}), id="a name GitHub forbids"
        ),
        pytest.param("issue_comment", _comment("created", on_issue=True), id="a comment on an issue"),
        pytest.param("issue_comment", _comment("created", app=APP, sender="Bot"), id="our own comment"),
        pytest.param("issue_comment", _comment("edited", app=APP, sender="Bot"), id="our own edit"),
        pytest.param("check_run", _run("created", **OWN_APP), id="our own check run"),
        pytest.param("check_run", _run("completed", **OWN_APP), id="our own check run ended"),
        pytest.param("check_run", _run("completed", head_sha="main", pull_requests=[]), id="a SHA that is none"),
        pytest.param("check_suite", _suite("completed", **OWN_APP), id="our own suite"),
        pytest.param("check_suite", _suite("requested"), id="a suite that begins"),
        pytest.param(
            "merge_group", {"action": "destroyed", "merge_group": {"head_sha": SHA}}, id="a group gone without a base"
        ),
        pytest.param(
            "merge_group", {"action": "checks_requested", "merge_group": {"head_sha": SHA}}, id="a group without a base"
        ),
        pytest.param(
            "merge_group",
            {"action": "checks_requested", "merge_group": {"head_sha": SHA, "base_ref": "a b"}},
            id="a base git forbids",
        ),
        pytest.param("create", {"ref_type": "branch", "ref": "x"}, id="a new branch by its other name"),
        pytest.param("create", {"ref_type": "tag", "repository": {"full_name": "a/b"}}, id="no default branch"),
        pytest.param("ping", {"zen": "…"}, id="a ping"),
        pytest.param("installation", {"action": "deleted", "repositories": ARRIVED}, id="an installation removed"),
        pytest.param("installation", {"action": "suspend"}, id="an installation suspended"),
        pytest.param("installation_repositories", {"action": "added"}, id="added without a list"),
        pytest.param(
            "installation_repositories", {"action": "added", "repositories_added": [None, {}]}, id="a list of nothing"
        ),
        pytest.param(
            "installation_repositories",
            {"action": "removed", "repositories_removed": ARRIVED},
            id="a repository that is no longer looked after",
        ),
        pytest.param("repository", {"action": "edited"}, id="a repository that is described anew"),
        pytest.param("star", {"action": "created"}, id="a star"),
    ],
)
def test_an_event_that_cannot_matter_names_nothing(event, payload):
    assert _look(event, **payload) == ()


def test_a_closed_pull_request_is_looked_at_and_so_is_who_shares_its_head():
    about = {"number": 5, "head": {"sha": SHA}}
    concerns = _look("pull_request", action="closed", pull_request=about)
    assert [one.target for one in concerns] == [PULL, HEAD]


@pytest.mark.parametrize("action", ["renamed", "transferred"])
def test_a_repository_under_a_new_name_is_looked_at_whole(action):
    assert _look("repository", action=action) == (Concern(target=Base(repository=REPOSITORY, branch="")),)


def test_each_repository_that_is_added_to_an_installation_is_looked_at_whole_and_nobody_waits():
    event, payload = "installation_repositories", {"action": "added", "repositories_added": ARRIVED}
    wanted = [Repository(installation=3, name=name) for name in ("acme/shop", "acme/toys")]
    found = concerning(event, {"installation": {"id": 3}} | payload, app_id=APP)
    assert found == tuple(Concern(target=Base(repository=one, branch=""), is_bulk=True) for one in wanted)


def test_a_run_of_several_pull_requests_names_each_once():
    listed = [
        {"number": 5, "base": {"repo": {"id": 9}}},
        {"number": 8, "base": {"repo": {"id": 9}}},
        {"number": 5, "base": {"repo": {"id": 9}}},
        {"number": 6, "base": {"repo": {"id": 10}}},
        None,
    ]
    targets = [concern.target for concern in _look("check_run", **_run("completed", pull_requests=listed))]
    assert targets == [PULL, PullRequest(repository=REPOSITORY, number=8)]


def test_a_check_run_leaves_a_watermark():
    run = {"id": 4, "name": "test", "status": "completed", "completed_at": "2026-01-01T00:00:00Z"}
    (concern,) = _look("check_run", **_run("completed", **run))
    mark = {"id": 4, "name": "test", "status": "completed", "at": "2026-01-01T00:00:00Z"}
    assert concern.watermark == {"check_run:4:completed": mark}


def test_a_check_run_that_began_is_marked_with_its_start():
    run = {"id": 4, "name": "a\x00b", "status": "queued", "completed_at": None, "started_at": "2026-01-01T00:00:00Z"}
    (concern,) = _look("check_run", **_run("created", **run))
    mark = {"id": 4, "name": "ab", "status": "queued", "at": "2026-01-01T00:00:00Z"}
    assert concern.watermark == {"check_run:4:queued": mark}


def test_a_status_leaves_a_watermark():
    (concern,) = _look("status", sha=SHA, id=6, context="ci/x", state="failure", updated_at="2026-01-01T00:00:00Z")
    mark = {"id": 6, "context": "ci/x", "state": "failure", "at": "2026-01-01T00:00:00Z"}
    assert concern.watermark == {"status:6": mark}


def test_a_watermark_without_an_id_is_left_out():
    assert _look("status", sha=SHA, id=None)[0].watermark is None
    assert _look("check_run", **_run("completed", id=4, status=None))[0].watermark is None


def test_github_publishes_as_many_examples_as_we_replay():
    assert len(EXAMPLES) == 329


def test_every_published_example_names_targets_that_the_store_can_keep():
    found = [
        concern
        for event, example in EXAMPLES
        for concern in concerning(event, {"installation": {"id": 1}} | example, app_id=APP)
    ]
    assert len(found) > 50
    for concern in found:
        assert parse_key(concern.target.key) == concern.target
        json.dumps(concern.watermark)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, item in items for deeper in _paths(item, (*path, key)))]


def _replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    if not path:
        return by
    step, *rest = path
    copy = value.copy()
    copy[step] = _replaced(value[step], tuple(rest), by)
    return copy


INTERESTING = [
    (event, ORIGIN | payload)
    for event, payload in [
        ("pull_request", _pull_request("opened")),
        ("issue_comment", _comment("created", app=1)),
        ("check_run", _run("completed", id=4, name="x", status="completed", completed_at="…")),
        ("check_suite", _suite("completed")),
        ("status", {"sha": SHA, "id": 6, "context": "x", "state": "success", "updated_at": "…"}),
        ("merge_group", {"action": "checks_requested", "merge_group": {"base_ref": "refs/heads/m", "head_sha": SHA}}),
        (
            "push",
            {"ref": "refs/heads/main", "commits": [{"added": [], "removed": [], "modified": [".release-gate.yml"]}]},
        ),
        ("create", {"ref_type": "tag"}),
    ]
]


@settings(deadline=None)
@given(st.data())
def test_no_payload_raises_and_every_target_is_one_the_store_can_keep(data):
    event, payload = data.draw(st.sampled_from(INTERESTING))
    path = data.draw(st.sampled_from(_paths(payload)[1:]))
    for concern in concerning(event, _replaced(payload, path, data.draw(JSON_VALUES)), app_id=APP):
        assert parse_key(concern.target.key) == concern.target


@settings(deadline=None)
@given(st.sampled_from(sorted({event for event, _ in EXAMPLES})), st.dictionaries(st.text(), JSON_VALUES))
def test_no_object_raises(event, payload):
    assert concerning(event, payload, app_id=APP) == ()
