"""Every delivery the sandbox can make is what GitHub's webhook description says."""

import hashlib
import hmac
import json
from typing import Any

from tests.sandbox.conftest import Desk
from tests.sandbox.contracts import contract, faults


def live(desk: Desk) -> None:
    """Do everything that emits a delivery."""
    sandbox, pull, repository = desk.sandbox, desk.pull, desk.repository
    comment = sandbox.comment(pull, "ann", "/approve security")
    sandbox.edit_comment(comment, by="dev", body="/approve everything")
    sandbox.delete_comment(comment, by="dev")
    sandbox.push(pull, author="dev", files={"b.py": "b\n"}, message="fix: b")
    sandbox.force_push(pull, author="dev", files={"c.py": "c\n"}, message="feat: c")
    sandbox.branch(repository, "next")
    sandbox.retarget(pull, base="next")
    sandbox.retarget(pull, base="main")
    sandbox.edit(pull, by="dev", title="feat!: release 1.0.0", body="All of it")
    sandbox.label(pull, "release", by="dev")
    sandbox.unlabel(pull, "release", by="dev")
    sandbox.convert_to_draft(pull, by="dev")
    sandbox.ready_for_review(pull, by="dev")
    review = sandbox.review(pull, "ann", state="APPROVED", body="good")
    sandbox.edit_review(review, by="ann", body="very good")
    sandbox.dismiss_review(review, by="dev")
    sandbox.check(pull, "test", status="in_progress", conclusion=None)
    run = sandbox.check(pull, "test", title="12 passed")
    sandbox.rerequest(run, by="dev")
    sandbox.rerequest_suite(run.suite, by="dev")
    sandbox.request_action(run, "fix", by="dev")
    sandbox.status(pull, context="coverage", state="failure", creator="codecov[bot]", description="61 %")
    sandbox.deploy(pull, "staging", state="in_progress")
    sandbox.deploy(pull, "staging", environment_url="https://staging.test")
    sandbox.deploy(pull, "staging")
    group = sandbox.merge_group(pull)
    sandbox.destroy_merge_group(group)
    sandbox.close(pull, by="dev")
    sandbox.reopen(pull, by="dev")
    sandbox.merge(pull, by="dev")
    fork = sandbox.fork(repository, "stranger")
    other = sandbox.open_pull_request(
        repository, author="stranger", head="patch", files={"z": "z\n"}, fork=fork, draft=True
    )
    sandbox.check(other, "test")
    sandbox.suspend(sandbox.installation("acme"))
    sandbox.suspend(sandbox.installation("acme"), suspended=False)
    sandbox.ping()


NOT_EMITTED = {"delete", "check_suite requested", "workflow_run in_progress", "installation deleted"}
NOT_EMITTED |= {"installation new_permissions_accepted"}


async def test_every_payload_follows_the_contract(desk: Desk) -> None:
    live(desk)
    seen = set()
    for delivery in desk.sandbox.deliveries.log:
        key = f"{delivery.event} {delivery.action or ''}".strip()
        seen.add(key)
        assert faults("webhooks", key, delivery.payload) == [], key
    assert seen == set(contract("webhooks")["schemas"]) - NOT_EMITTED


async def test_deliveries_are_signed_over_their_bytes(desk: Desk) -> None:
    desk.sandbox.comment(desk.pull, "ann", "grün ✓")
    await desk.sandbox.settled()
    headers, body = desk.received[-1]
    wanted = hmac.new(b"shared secret", body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={wanted}"
    assert headers["X-GitHub-Event"] == "issue_comment"
    assert headers["X-GitHub-Hook-Installation-Target-ID"] == "4242"
    assert headers["User-Agent"].startswith("GitHub-Hookshot/")
    assert json.loads(body)["comment"]["body"] == "grün ✓"


def last(desk: Desk, event: str) -> dict[str, Any]:
    return next(one.payload for one in reversed(desk.sandbox.deliveries.log) if one.event == event)


async def test_a_forks_check_run_names_no_pull_request(desk: Desk) -> None:
    sandbox = desk.sandbox
    sandbox.check(desk.pull, "test")
    assert [one["number"] for one in last(desk, "check_run")["check_run"]["pull_requests"]] == [1]
    fork = sandbox.fork(desk.repository, "stranger")
    other = sandbox.open_pull_request(desk.repository, author="stranger", head="p", files={"z": "z"}, fork=fork)
    sandbox.check(other, "test")
    payload = last(desk, "check_run")["check_run"]
    assert payload["pull_requests"] == []
    assert payload["check_suite"]["head_branch"] is None


async def test_a_retarget_says_what_the_base_was(desk: Desk) -> None:
    desk.sandbox.branch(desk.repository, "scratch")
    desk.sandbox.retarget(desk.pull, base="scratch")
    payload = last(desk, "pull_request")
    assert payload["action"] == "edited"
    assert payload["changes"]["base"]["ref"] == {"from": "main"}
    assert payload["pull_request"]["base"]["ref"] == "scratch"


async def test_only_subscribed_events_are_delivered(desk: Desk) -> None:
    desk.sandbox.bot.events = ("pull_request",)
    before = len(desk.sandbox.deliveries.log)
    desk.sandbox.comment(desk.pull, "ann", "hello")
    desk.sandbox.label(desk.pull, "release", by="dev")
    assert [one.event for one in desk.sandbox.deliveries.log[before:]] == ["pull_request"]


async def test_the_contract_notices_what_is_missing(desk: Desk) -> None:
    payload = last(desk, "pull_request")
    del payload["pull_request"]["head"]["sha"]
    assert faults("webhooks", "pull_request opened", payload) != []
