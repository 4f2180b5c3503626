"""One name of the check for all bases: the default branch's rules hold for every base, or leave it out."""

import asyncio
from typing import Any

import pytest

from bot.gate.check_name import FIXED
from bot.sandbox.model.git import Repository
from bot.sandbox.model.pulls import PullRequest
from tests.stories.rig import NAME, RULES, WEAK_RULES, Rig

FIXED_RULES = RULES + "check: {fixed: true}\n"
FILE = ".release-gate.yml"


def with_a_weak_base(rig: Rig, rules: str = FIXED_RULES, branch: str = "scratch", weak: str = WEAK_RULES) -> Repository:
    """`acme/shop` with another branch that has weak rules of its own."""
    repository = rig.shop(rules)
    rig.sandbox.branch(repository, branch)
    rig.sandbox.push_branch(repository, branch, author="rita", files={FILE: weak}, message="rules")
    return repository


def names(rig: Rig, pull: PullRequest) -> set[str]:
    """Of every run of ours at the head."""
    return {run.name for run in rig.sandbox.check_runs(pull, app="release-gate")}


async def test_main_has_the_fixed_name(rig: Rig):
    pull = rig.release(rig.shop(FIXED_RULES))
    await rig.make_green(pull)
    assert rig.shown(pull, FIXED) == ("Ready · 0.0.1 (patch)", "success")
    assert names(rig, pull) == {FIXED}


async def test_another_base_is_judged_by_the_default_branchs_rules(rig: Rig):
    pull = rig.release(with_a_weak_base(rig), base="scratch")
    await rig.later()
    assert rig.shown(pull, FIXED)[1] == "action_required"
    await rig.make_green(pull)
    assert rig.shown(pull, FIXED)[1] == "success"
    assert names(rig, pull) == {FIXED}
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.quiet()
    assert rig.counted() == (1, 0)


async def test_a_base_that_the_rules_leave_out_hears_nothing(rig: Rig):
    pull = rig.release(with_a_weak_base(rig, branch="docs"), base="docs")
    await rig.later()
    assert (names(rig, pull), rig.comments(pull)) == (set(), [])


async def test_a_way_round_by_a_weak_base_changes_nothing(rig: Rig):
    pull = rig.release(with_a_weak_base(rig, branch="docs"), base="docs")
    await rig.later()
    rig.sandbox.retarget(pull, base="main")
    await rig.later()
    assert (rig.shown(pull, FIXED)[1], names(rig, pull)) == ("action_required", {FIXED})
    rig.sandbox.retarget(pull, base="docs")
    rig.poke(pull)
    await rig.later()
    assert rig.ever(pull, FIXED) == {"action_required"}


async def test_a_change_of_rules_that_are_never_read_proposes_nothing(rig: Rig):
    pull = rig.release(with_a_weak_base(rig), base="scratch", files={FILE: "roles: []\n"})
    await rig.later()
    assert rig.shown(pull, FIXED)[1] == "action_required"
    assert "### Proposed rules" not in rig.comment(pull)


async def test_pull_requests_into_different_bases_share_the_run_and_its_worse_verdict(rig: Rig):
    repository = with_a_weak_base(rig)
    first = rig.release(repository)
    await rig.make_green(first)
    second = rig.release(repository, base="scratch", files={})
    await rig.later()
    assert first.head_oid == second.head_oid
    assert rig.shown(first, FIXED)[1] == "action_required"


async def test_in_another_branchs_own_rules_it_is_a_fault(rig: Rig):
    pull = rig.release(with_a_weak_base(rig, RULES, weak=FIXED_RULES), base="scratch")
    await rig.quiet()
    assert rig.shown(pull, "release-gate: scratch") == ("Rules can't be read: 1 fault", "failure")
    assert "`fixed: true` holds in the rules of the default branch only" in rig.comment(pull)
    assert names(rig, pull) == {"release-gate: scratch"}


async def test_rules_that_break_keep_the_name_and_shut_every_base(rig: Rig):
    repository = with_a_weak_base(rig)
    pull = rig.release(repository, base="scratch")
    await rig.make_green(pull)
    broken = FIXED_RULES + "checklists: {}\n"
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: broken}, message="oops")
    await rig.later()
    assert rig.shown(pull, FIXED) == ("Rules can't be read: 1 fault", "failure")


async def test_rules_of_which_no_word_can_be_read_shut_the_run_that_stands(rig: Rig):
    repository = rig.shop(FIXED_RULES)
    pull = rig.release(repository)
    await rig.make_green(pull)
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: "\t"}, message="oops")
    await rig.later()
    assert (rig.shown(pull, FIXED)[1], names(rig, pull)) == ("failure", {FIXED})


async def test_two_files_keep_the_name(rig: Rig):
    repository = rig.shop(FIXED_RULES, files={".github/release-gate.yml": WEAK_RULES})
    pull = rig.release(repository)
    await rig.later()
    assert (rig.shown(pull, FIXED)[1], names(rig, pull)) == ("failure", {FIXED})


async def test_an_organisations_rules_may_fix_it_where_the_default_branch_has_no_file(rig: Rig):
    rig.sandbox.repository("acme/.github", files={"release-gate.yml": FIXED_RULES})
    repository = with_a_weak_base(rig, "")
    pull = rig.release(repository, base="scratch")
    await rig.later()
    assert (rig.shown(pull, FIXED)[1], names(rig, pull)) == ("action_required", {FIXED})


async def test_the_first_run_of_a_branch_has_the_name(rig: Rig):
    repository = rig.shop(None)
    await rig.later()
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: FIXED_RULES}, message="rules")
    await rig.quiet()
    tip = repository.branch("main")
    assert tip is not None
    (run,) = rig.sandbox.check_runs((repository, tip.oid), app="release-gate")
    assert (run.name, run.state.conclusion) == (FIXED, "neutral")
    assert f"require the check `{FIXED}`" in (run.state.summary or "")


async def test_a_merge_group_has_the_name_even_when_it_is_refused(rig: Rig):
    repository = rig.shop(FIXED_RULES)
    pull = rig.release(repository)
    await rig.make_green(pull)
    group = rig.sandbox.merge_group(pull)
    odd = rig.sandbox.merge_group(pull, ref="refs/heads/gh-readonly-queue/main/odd")
    rig.sandbox.groups.remove(odd)
    await rig.quiet()
    found = {one.head_commit.oid: names_at(rig, repository, one) for one in (group, odd)}
    assert set(found.values()) == {(FIXED,)}


def names_at(rig: Rig, repository: Repository, group: Any) -> tuple[str, ...]:
    """Of our runs on the group's commit."""
    return tuple(run.name for run in rig.sandbox.check_runs((repository, group.head_commit.oid), app="release-gate"))


@pytest.mark.parametrize("is_first", [pytest.param(True, id="no run stands"), pytest.param(False, id="a run stands")])
async def test_trouble_is_told_under_the_name(rig: Rig, is_first: bool):
    repository = rig.shop(FIXED_RULES)
    if is_first:
        rig.sandbox.arm("bad_gateway", times=None, matching="Gate")
    pull = rig.release(repository)
    if not is_first:
        await rig.make_green(pull)
        rig.sandbox.arm("bad_gateway", times=None, matching="Gate")
        rig.sandbox.check(pull, "test", conclusion="failure", rerun=True)
    async with asyncio.timeout(30):
        while not rig.runs(pull, FIXED) or "502" not in rig.shown(pull, FIXED)[0]:
            await asyncio.sleep(0.1)
    assert names(rig, pull) == {FIXED}


async def test_when_it_is_taken_back_each_base_has_its_own_name_again(rig: Rig):
    repository = with_a_weak_base(rig)
    pull = rig.release(repository)
    await rig.later()
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: RULES}, message="each its own")
    await rig.later()
    assert names(rig, pull) == {FIXED, NAME}
