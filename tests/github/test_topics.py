"""What each delivery is about: exactly what its payload names, and nothing in particular where it names nothing."""

from typing import Any

import pytest

from bot.gate.mask import Subject, Topic
from bot.github.deliveries import concerning

SHA = "ab" * 20
ORIGIN = {
    "installation": {"id": 3},
    "repository": {"id": 9, "full_name": "acme/shop", "default_branch": "main"},
    "sender": {"id": 1, "login": "ann", "type": "User"},
}
BOT = {"sender": {"id": 4, "type": "Bot"}}
COMMAND, REMARK, REVIEW = (Topic(subject) for subject in (Subject.COMMAND, Subject.REMARK, Subject.REVIEW))


def _run(**more: Any) -> dict[str, Any]:
    app = {"id": 15368, "slug": "github-actions"}
    return {"action": "created", "check_run": {"head_sha": SHA, "name": "test", "app": app, **more}}


def _edited(**changes: Any) -> dict[str, Any]:
    return {"action": "edited", "pull_request": {"number": 5}, "changes": changes}


def _comment(action: str, body: object, **more: Any) -> dict[str, Any]:
    issue = {"number": 5, "pull_request": {}}
    return {"action": action, "issue": issue, "comment": {"id": 6, "body": body, "user": {"id": 4}}, **more}


def _review(action: str, body: object, **more: Any) -> dict[str, Any]:
    review = {"id": 6, "body": body, "user": {"id": 4}}
    return {"action": action, "pull_request": {"number": 5}, "review": review, **more}


def _was(text: object) -> dict[str, Any]:
    return {"changes": {"body": {"from": text}}}


@pytest.mark.parametrize(
    ("event", "payload", "topics"),
    [
        pytest.param("check_run", _run(), (Topic(Subject.CHECK_RUN, "test"),), id="a check of GitHub Actions"),
        pytest.param(
            "check_run",
            _run(app={"id": 8, "slug": "scanner"}),
            (Topic(Subject.CHECK_RUN, "test"), Topic(Subject.SUITE, "scanner")),
            id="a check of another App, whose suite is at work",
        ),
        pytest.param("check_run", _run(name=None), (), id="a check without a name"),
        pytest.param("check_run", _run(app={"id": 8}), (), id="a check of an App without a name"),
        pytest.param("check_run", {**_run(), "action": "rerequested"}, (), id="a check that is asked for again"),
        pytest.param(
            "check_suite",
            {"action": "completed", "check_suite": {"head_sha": SHA, "app": {"slug": "scanner"}}},
            (Topic(Subject.SUITE, "scanner"),),
            id="a suite",
        ),
        pytest.param(
            "workflow_run",
            {"action": "in_progress", "workflow_run": {"head_sha": SHA, "path": ".github/workflows/ci.yml@main"}},
            tuple(Topic(Subject.WORKFLOW, f".github/workflows/ci.yml{branch}") for branch in ("@main", "")),
            id="a workflow, with and without its branch",
        ),
        pytest.param(
            "workflow_run",
            {"action": "completed", "workflow_run": {"head_sha": SHA}},
            (),
            id="a workflow without a path",
        ),
        pytest.param("status", {"sha": SHA, "context": "ci/x"}, (Topic(Subject.STATUS, "ci/x"),), id="a status"),
        pytest.param("status", {"sha": SHA}, (), id="a status without a context"),
        pytest.param(
            "deployment_status",
            {"deployment": {"sha": SHA, "environment": "a"}, "deployment_status": {"environment": "b"}},
            (Topic(Subject.ENVIRONMENT, "a"), Topic(Subject.ENVIRONMENT, "b")),
            id="a deployment, under both names",
        ),
        pytest.param("deployment_status", {"deployment": {"sha": SHA}}, (), id="a deployment to nowhere"),
        pytest.param(
            "pull_request",
            {"action": "labeled", "pull_request": {"number": 5}, "label": {"name": "QA"}},
            (Topic(Subject.LABEL, "qa"),),
            id="a label, whatever its case",
        ),
        pytest.param(
            "pull_request", {"action": "unlabeled", "pull_request": {"number": 5}}, (), id="a label without a name"
        ),
        pytest.param("pull_request", {"action": "synchronize", "pull_request": {"number": 5}}, (), id="a push"),
        pytest.param("pull_request", _edited(title={"from": "x"}), (Topic(Subject.TITLE),), id="a title"),
        pytest.param(
            "pull_request",
            _edited(title={"from": "x"}, body={"from": "x"}),
            (Topic(Subject.TITLE), Topic(Subject.DESCRIPTION)),
            id="title and description at once",
        ),
        pytest.param("pull_request", _edited(title={}, base={"ref": {"from": "x"}}), (), id="another base"),
        pytest.param("pull_request", _edited(), (), id="an edit of nobody knows what"),
        pytest.param("issue_comment", _comment("created", "hello\nworld/x"), (REMARK,), id="talk"),
        pytest.param("issue_comment", _comment("created", "hi\n  /approve x"), (COMMAND,), id="a command"),
        pytest.param("issue_comment", _comment("created", None), (COMMAND,), id="a comment without a text"),
        pytest.param("issue_comment", _comment("edited", "a", **_was("b")), (COMMAND,), id="a person edits"),
        pytest.param("issue_comment", _comment("edited", "a", **_was("b"), **BOT), (REMARK,), id="a bot edits its own"),
        pytest.param(
            "issue_comment", _comment("edited", "a", **_was("/hold"), **BOT), (COMMAND,), id="it was a command before"
        ),
        pytest.param(
            "issue_comment", _comment("edited", "/hold", **_was("a"), **BOT), (COMMAND,), id="it is a command now"
        ),
        pytest.param("issue_comment", _comment("edited", "a", **BOT), (COMMAND,), id="what it was is not told"),
        pytest.param(
            "issue_comment",
            _comment("edited", "a", **_was("b"), sender={"id": 8, "type": "Bot"}),
            (COMMAND,),
            id="a bot edits another's",
        ),
        pytest.param("issue_comment", _comment("deleted", "a", **BOT), (COMMAND,), id="a comment is gone"),
        pytest.param("pull_request_review", _review("submitted", None), (REVIEW,), id="a review without a text"),
        pytest.param("pull_request_review", _review("submitted", "/approve x"), (COMMAND,), id="a command"),
        pytest.param("pull_request_review", _review("dismissed", "/approve x"), (COMMAND,), id="one is dismissed"),
        pytest.param("pull_request_review", _review("dismissed", "no"), (REVIEW,), id="one that said nothing is"),
        pytest.param("pull_request_review", _review("edited", "a", **_was("b")), (COMMAND,), id="one is edited"),
        pytest.param("create", {"ref_type": "tag", "ref": "v1"}, (Topic(Subject.TAG),), id="a tag"),
        pytest.param("push", {"ref": "refs/heads/main", "forced": True}, (), id="a push to a base"),
    ],
)
def test_what_a_delivery_is_about(event, payload, topics):
    concerns = concerning(event, ORIGIN | payload, app_id=77)
    assert concerns
    assert {concern.topics for concern in concerns} == {topics}
