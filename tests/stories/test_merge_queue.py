"""The merge queue: a group is judged on its own commit, with the sign-offs of its pull request."""

from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox.model.git import Repository
from tests.stories.rig import MINUTE, NAME, RULES, WEAK_RULES, Rig


async def a_queued_release(rig: Rig, rules: str = RULES) -> tuple[Repository, Any, Any]:
    """A green pull request and its group; `main` requires our check."""
    repository = rig.shop(rules)
    repository.required_checks["main"] = [NAME]
    pull = rig.release(repository)
    await rig.make_green(pull)
    assert rig.shown(pull)[1] == "success"
    group = rig.sandbox.merge_group(pull)
    await rig.quiet()
    return repository, pull, group


def shown(rig: Rig, group: Any) -> list[tuple[str, str | None]]:
    """Title and conclusion of every run of ours on the group's commit."""
    place = (group.pull_request.repository, group.head_commit.oid)
    return [(run.state.title or "", run.state.conclusion) for run in rig.sandbox.check_runs(place, app="release-gate")]


async def test_a_green_pull_request_whose_group_fails_a_check_does_not_merge(rig: Rig):
    repository, pull, group = await a_queued_release(rig)
    assert shown(rig, group) == [("Waiting for 1 check · next 0.0.1 (patch)", None)]
    rig.sandbox.check((repository, group.head_commit.oid), "test", event="merge_group", conclusion="failure")
    await rig.quiet()
    assert shown(rig, group) == [("Blocked: 1 of 1 critical item open · next 0.0.1 (patch)", "failure")]
    rig.sandbox.turn_queue(repository)
    await rig.quiet()
    assert (pull.state, rig.sandbox.groups) == ("OPEN", [])
    assert rig.shown(pull)[1] == "success"


async def test_a_group_whose_checks_pass_merges(rig: Rig):
    repository, pull, group = await a_queued_release(rig)
    rig.sandbox.turn_queue(repository)
    assert pull.state == "OPEN"
    rig.sandbox.check((repository, group.head_commit.oid), "test", event="merge_group")
    await rig.quiet()
    assert shown(rig, group) == [("Ready · 0.0.1 (patch)", "success")]
    rig.sandbox.turn_queue(repository)
    assert pull.state == "MERGED"


async def test_a_group_gets_no_comment_and_leaves_that_of_its_pull_request(rig: Rig):
    repository, pull, group = await a_queued_release(rig)
    before = rig.comment(pull)
    rig.sandbox.check((repository, group.head_commit.oid), "test", event="merge_group", conclusion="failure")
    await rig.quiet()
    assert rig.comment(pull) == before


async def test_who_takes_a_sign_off_back_stops_the_group_at_its_next_look(rig: Rig):
    repository, pull, group = await a_queued_release(rig)
    rig.sandbox.comment(pull, "sam", "/revoke security")
    await rig.quiet()
    rig.sandbox.check((repository, group.head_commit.oid), "test", event="merge_group")
    await rig.quiet()
    assert shown(rig, group)[-1] == ("Blocked: waiting for security to sign · next 0.0.1 (patch)", "action_required")


async def test_a_base_with_slashes_has_a_queue_of_its_own(rig: Rig):
    repository = rig.shop(RULES.replace("scratch", "release/1.x"))
    rig.sandbox.branch(repository, "release/1.x")
    pull = rig.release(repository, base="release/1.x")
    await rig.later()
    group = rig.sandbox.merge_group(pull)
    rig.sandbox.groups.remove(group)  # so that only the branch's name tells whose it is
    await rig.quiet()
    (run,) = rig.sandbox.check_runs((repository, group.head_commit.oid), app="release-gate")
    assert (run.state.name, run.state.conclusion) == ("release-gate: release/1.x", "action_required")


@pytest.mark.parametrize(
    ("numbers", "because"),
    [
        pytest.param((), "Neither the queue of `main`", id="none"),
        pytest.param((1, 2), "say #1, #2", id="several"),
    ],
)
async def test_a_group_whose_pull_request_cant_be_told_is_refused_and_says_why(rig: Rig, numbers, because: str):
    repository = rig.shop()
    first = rig.release(repository)
    await rig.make_green(first)
    rig.release(repository, head="release/2.0.0")
    await rig.later()
    group = rig.sandbox.merge_group(first, ref="refs/heads/gh-readonly-queue/main/odd")
    pulls = [pull for pull in rig.sandbox.pulls_of(repository) if pull.number in numbers]
    rig.sandbox.groups[:] = [replace(group, pull_request=pull) for pull in pulls]
    await rig.quiet()
    assert shown(rig, group) == [("Blocked: whose merge group this is can't be told", "failure")]
    (run,) = rig.sandbox.check_runs((repository, group.head_commit.oid), app="release-gate")
    assert because in (run.state.summary or "")


async def test_a_group_for_another_base_than_its_pull_request_is_refused(rig: Rig):
    repository = rig.shop()
    rig.sandbox.branch(repository, "scratch")
    pull = rig.release(repository)
    await rig.make_green(pull)
    group = rig.sandbox.merge_group(pull)
    rig.sandbox.retarget(pull, base="scratch")
    await rig.quiet()
    assert [conclusion for _, conclusion in shown(rig, group)] == ["failure"]


async def test_a_group_without_rules_hears_nothing(rig: Rig):
    repository = rig.shop(None)
    group = rig.sandbox.merge_group(rig.release(repository))
    odd = rig.sandbox.merge_group(rig.release(repository, head="x"), ref="refs/heads/gh-readonly-queue/main/odd")
    rig.sandbox.groups.remove(odd)
    await rig.quiet()
    assert shown(rig, group) == shown(rig, odd) == []


async def test_a_destroyed_group_is_looked_at_no_more(rig: Rig):
    repository, _, group = await a_queued_release(rig)
    rig.sandbox.destroy_merge_group(group)
    await rig.quiet()
    rig.sandbox.requests.clear()
    rig.sandbox.check((repository, group.head_commit.oid), "test", event="merge_group")
    await rig.quiet()
    assert [run for run in shown(rig, group) if run[1] == "success"] == []
    assert "Group" not in {request.operation for request in rig.sandbox.requests}


async def test_a_check_that_never_comes_ends_the_wait(rig: Rig):
    repository, _, group = await a_queued_release(rig)
    rig.sandbox.clock.advance(11 * MINUTE)
    rig.sandbox.check((repository, group.head_commit.oid), "lint", event="merge_group")
    await rig.quiet()
    assert shown(rig, group) == [("Blocked: 1 of 1 critical item open · next 0.0.1 (patch)", "action_required")]


async def test_a_version_file_counts_as_it_is_in_the_group(rig: Rig):
    rules = WEAK_RULES.replace("README.md", "CHANGELOG.md")
    repository = rig.shop(rules)
    pull = rig.release(repository)
    rig.sandbox.push_branch(repository, "main", author="rita", files={"CHANGELOG.md": "text"}, message="log")
    await rig.later()
    assert rig.shown(pull)[1] == "action_required"
    group = rig.sandbox.merge_group(pull)
    await rig.quiet()
    assert [conclusion for _, conclusion in shown(rig, group)] == ["success"]
