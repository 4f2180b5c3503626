"""A pull request that brings rules to a base that has none: read and annotated on the spot, and judged by nobody."""

import asyncio
from typing import Any

import pytest

from bot.sandbox.model.pulls import PullRequest
from tests.stories.rig import NAME, RULES, Rig

FAULTY = "version: 1\nchecklists: {}\nroles: {security: {user: [sam]}}\n"
PLACES = pytest.mark.parametrize("place", [".release-gate.yml", ".github/release-gate.yml"])


def bringing(rig: Rig, text: str, place: str = ".release-gate.yml", **settings: Any) -> PullRequest:
    """Dan's pull request with rules, into a repository without."""
    return rig.release(rig.shop(None), head="topic/gate", files={place: text}, **settings)


def noted(rig: Rig, pull: PullRequest) -> list[tuple[str, int, str]]:
    """The annotations on the newest run."""
    notes = rig.runs(pull)[-1].state.annotations
    return [(note["path"], note["location"]["startLine"], note["annotationLevel"]) for note in notes]


@PLACES
async def test_faults_are_annotations_on_the_pull_request_that_makes_them(rig: Rig, place: str):
    pull = bringing(rig, FAULTY, place)
    await rig.quiet()
    assert rig.shown(pull) == ("Rules can't be read: 2 faults", "failure")
    assert noted(rig, pull) == [(place, 2, "FAILURE"), (place, 3, "FAILURE")]
    assert rig.comments(pull) == []


@PLACES
async def test_valid_rules_are_told_and_never_green(rig: Rig, place: str):
    pull = bringing(rig, RULES, place)
    await rig.make_green(pull)
    assert rig.shown(pull) == ("Proposes the first rules: valid", "neutral")
    assert rig.ever(pull) == {"neutral"}
    summary = rig.runs(pull)[-1].state.summary
    assert "- 1 critical item: `TEST-001`\n- signed off by `security`\n" in summary
    assert rig.comments(pull) == []


async def test_another_look_at_them_is_one_request_and_no_write(rig: Rig):
    pull = bringing(rig, FAULTY)
    await rig.later()
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.quiet()
    assert rig.counted() == (1, 0)


async def test_who_leaves_rules_alone_in_a_repository_without_any_costs_one_request(rig: Rig):
    repository = rig.shop(None)
    rig.sandbox.requests.clear()
    pull = rig.release(repository)
    await rig.quiet()
    assert rig.counted() == (1, 0)
    assert rig.runs(pull) == []


async def test_mended_rules_are_shown_without_the_old_annotations(rig: Rig):
    pull = bringing(rig, FAULTY)
    await rig.later()
    rig.sandbox.push(pull, author="dan", files={".release-gate.yml": RULES}, message="mend")
    await rig.quiet()
    assert rig.shown(pull)[1] == "neutral"
    assert noted(rig, pull) == []


async def test_a_head_that_drops_the_file_shows_nothing(rig: Rig):
    pull = bringing(rig, FAULTY)
    await rig.later()
    rig.sandbox.push(pull, author="dan", files={".release-gate.yml": None, "a": "1\n"}, message="not now")
    await rig.quiet()
    assert rig.runs(pull) == []


async def test_a_topic_branch_that_gets_rules_is_no_base_and_shows_no_run_of_its_own(rig: Rig):
    repository = rig.shop(None)
    pull = rig.release(repository, head="topic/gate")
    await rig.later()
    rig.sandbox.push(pull, author="dan", files={".release-gate.yml": RULES}, message="rules")
    await rig.quiet()
    assert [run.state.name for run in rig.sandbox.check_runs(pull, app="release-gate")] == [NAME]


async def test_another_base_that_gets_rules_shows_the_check(rig: Rig):
    repository = rig.shop(None)
    rig.sandbox.push_branch(repository, "stable", author="rita", files={"a": "1\n"}, message="begin")
    rig.release(repository, base="stable", head="topic/other")
    await rig.later()
    pushed = rig.sandbox.push_branch(
        repository, "stable", author="rita", files={".release-gate.yml": RULES}, message="rules"
    )
    await rig.quiet()
    runs = rig.sandbox.check_runs((repository, pushed.oid), app="release-gate")
    assert [run.state.name for run in runs] == ["release-gate: stable"]


async def test_two_files_are_one_too_many(rig: Rig):
    files = {".release-gate.yml": RULES, ".github/release-gate.yml": RULES}
    pull = rig.release(rig.shop(None), files=files)
    await rig.quiet()
    assert rig.shown(pull) == ("Rules can't be read: 1 fault", "failure")
    assert noted(rig, pull) == [(".github/release-gate.yml", 1, "FAILURE")]


async def test_rules_that_the_base_took_away_are_not_proposed_by_who_still_has_them(rig: Rig):
    repository = rig.shop()
    rig.sandbox.push_branch(repository, "topic/old", author="dan", files={"a": "1\n"}, message="begin")
    rig.sandbox.push_branch(repository, "main", author="rita", files={".release-gate.yml": None}, message="no rules")
    await rig.later()
    pull = rig.release(repository, head="topic/old", files={"b": "1\n"})
    await rig.quiet()
    assert rig.runs(pull) == []


async def test_rules_that_reach_the_base_by_another_pull_request_judge_it(rig: Rig):
    pull = bringing(rig, RULES)
    await rig.later()
    rig.sandbox.push_branch(pull.repository, "main", author="rita", files={".release-gate.yml": RULES}, message="rules")
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"
    assert len(rig.comments(pull)) == 1


async def test_trouble_under_the_new_rules_is_not_taken_for_shadow_mode(rig: Rig):
    pull = bringing(rig, RULES)
    await rig.later()
    rig.sandbox.arm("bad_gateway", times=None, matching="Gate")
    rig.sandbox.push_branch(pull.repository, "main", author="rita", files={".release-gate.yml": RULES}, message="rules")
    async with asyncio.timeout(30):
        while "502" not in rig.shown(pull)[0]:
            await asyncio.sleep(0.1)
    assert rig.shown(pull)[1] == "failure"


async def test_what_fixed_rules_leave_out_stays_silent_although_its_head_has_them(rig: Rig):
    fixed = RULES.replace("[main, scratch]", "[main]") + "check: {fixed: true}\n"
    repository = rig.shop(None)
    rig.sandbox.push_branch(repository, "old", author="rita", files={"a": "1\n"}, message="begin")
    rig.sandbox.push_branch(repository, "main", author="rita", files={".release-gate.yml": fixed}, message="rules")
    await rig.later()
    pull = rig.release(repository, base="old", files={".release-gate.yml": FAULTY})
    await rig.quiet()
    assert rig.sandbox.check_runs(pull, app="release-gate") == []
