"""A pull request that changes the rules: judged by those of its base; what it proposes is read, annotated, compared."""

from typing import Any

import pytest

from bot.sandbox.model.pulls import PullRequest
from tests.stories.rig import NAME, RULES, WEAK_RULES, Rig

FILE = ".release-gate.yml"
ORGANISATION = {"release-gate.yml": RULES}


def a_change(rig: Rig, text: str | None, rules: str = RULES, **settings: Any) -> PullRequest:
    """Dan's pull request that brings other rules, or none."""
    return rig.release(rig.shop(rules), files={FILE: text}, **settings)


def noted(rig: Rig, pull: PullRequest) -> list[tuple[str, int, str]]:
    """The annotations on the newest run."""
    notes = rig.runs(pull)[-1].state.annotations
    return [(note["path"], note["location"]["startLine"], note["annotationLevel"]) for note in notes]


async def test_weaker_rules_need_the_sign_offs_of_the_old_ones_and_say_so(rig: Rig):
    pull = a_change(rig, WEAK_RULES)
    rig.sandbox.check(pull, "test")
    await rig.later()
    assert rig.shown(pull)[0].startswith("Blocked: waiting for security to sign")
    assert "- **removes** the role `security`" in rig.comment(pull)
    assert "- **removes** `TEST-001`" in rig.comment(pull)
    assert "- **adds** `DOC-001`" in rig.comment(pull)
    rig.sandbox.comment(pull, "sam", f"/approve security {pull.head_oid}")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_weakening_is_no_way_around_for_what_is_no_release(rig: Rig):
    rules = RULES.replace("{base: [main, scratch]}", '{head: ["release/**"]}')
    pull = a_change(rig, WEAK_RULES, rules, head="topic/rules")
    await rig.later()
    assert rig.shown(pull) == ("Blocked: waiting for security to sign · next 0.0.1 (patch)", "action_required")


async def test_deleting_the_file_is_a_weakening(rig: Rig):
    pull = a_change(rig, None)
    await rig.quiet()
    assert "- **removes** the whole gate" in rig.comment(pull)
    assert rig.shown(pull)[1] == "action_required"


async def test_faults_of_a_proposal_are_annotations_on_its_own_pull_request_and_dont_pile_up(rig: Rig):
    pull = a_change(rig, "version: 1\nchecklists: {}\nroles: {security: {user: [sam]}}\n")
    await rig.later()
    assert rig.shown(pull)[1] == "failure"
    assert noted(rig, pull) == [(FILE, 2, "FAILURE"), (FILE, 3, "FAILURE")]
    rig.sandbox.check(pull, "test")
    await rig.later()
    changed = [state for run in rig.runs(pull) for _, state in run.history if state.annotations]
    assert len(changed) == 1
    rig.sandbox.push(pull, author="dan", files={FILE: RULES}, message="mend")
    await rig.quiet()
    assert noted(rig, pull) == []


async def test_faults_of_the_base_are_annotations_as_well(rig: Rig):
    pull = rig.release(rig.shop("version: 1\nchecklists: {}\n"))
    await rig.quiet()
    assert (FILE, 2, "FAILURE") in noted(rig, pull)


async def test_rules_that_moved_on_at_the_base_are_not_proposed_by_who_leaves_them_alone(rig: Rig):
    repository = rig.shop()
    pull = rig.release(repository)
    await rig.later()
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: WEAK_RULES}, message="weaker")
    await rig.quiet()
    assert "### Proposed rules" not in rig.comment(pull)


async def test_a_warm_pass_over_proposed_rules_is_one_request(rig: Rig):
    pull = a_change(rig, WEAK_RULES)
    rig.release(pull.repository, head="release/2.0.0")
    await rig.make_green(pull)
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.quiet()
    assert rig.counted() == (1, 0)


async def test_the_comment_lists_what_the_proposal_would_decide_otherwise(rig: Rig):
    repository = rig.shop()
    rig.release(repository, head="release/0.9.0")
    elsewhere = rig.release(repository, head="release/0.8.0", files={"README.md": None})
    await rig.later()
    pull = rig.release(repository, files={FILE: WEAK_RULES})
    await rig.later()
    assert "tried with it, once: 2. These would be decided otherwise:\n\n- `#1`: blocked, then ready\n" in rig.comment(
        pull
    )
    assert f"#{elsewhere.number}" not in rig.comment(pull)
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.quiet()
    assert rig.counted() == (1, 0)


@pytest.fixture
def everywhere(rig: Rig) -> Any:
    """`acme/shop` without rules of its own, and those of its organisation."""
    place = rig.sandbox.repository("acme/.github", files=ORGANISATION)
    return rig.shop(None), place


async def test_without_a_file_the_organisations_rules_apply(rig: Rig, everywhere):
    pull = rig.release(everywhere[0])
    await rig.make_green(pull)
    assert rig.shown(pull) == ("Ready · 0.0.1 (patch)", "success")
    assert "acme/.github:release-gate.yml" in rig.comment(pull)


async def test_the_repositorys_own_file_is_nearer(rig: Rig, everywhere):
    repository, _ = everywhere
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: WEAK_RULES}, message="rules")
    pull = rig.release(repository)
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_organisation_rules_that_cant_be_read_any_more_are_an_error_not_silence(rig: Rig, everywhere):
    repository, _ = everywhere
    pull = rig.release(repository)
    await rig.make_green(pull)
    del rig.sandbox.repositories["acme/.github"]
    rig.poke(pull)
    await rig.quiet()
    assert rig.shown(pull) == ("Rules can't be read: 1 fault", "failure")
    assert "were read before" in rig.comment(pull)


async def test_organisation_rules_that_are_taken_away_leave_silence(rig: Rig, everywhere):
    repository, place = everywhere
    await rig.later()
    rig.release(repository)
    await rig.later()
    rig.sandbox.push_branch(place, "main", author="rita", files={"release-gate.yml": None}, message="no more")
    other = rig.release(repository, head="release/2.0.0")
    await rig.quiet()
    assert rig.runs(other) == []
    del rig.sandbox.repositories["acme/.github"]
    third = rig.release(repository, head="release/3.0.0")
    await rig.quiet()
    assert rig.runs(third) == []


async def test_rules_may_stand_in_another_repository(rig: Rig):
    rig.sandbox.repository("acme/rules", files={"gates/strict.yml": RULES})
    repository = rig.shop("version: 1\nextends: acme/rules:gates/strict.yml\n")
    pull = rig.release(repository)
    await rig.make_green(pull)
    assert rig.shown(pull) == ("Ready · 0.0.1 (patch)", "success")
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.quiet()
    assert rig.counted() == (1, 0)


async def test_rules_that_extend_what_cant_be_read_are_an_error(rig: Rig):
    pull = rig.release(rig.shop("version: 1\nextends: elsewhere/rules\n"))
    await rig.quiet()
    assert rig.shown(pull) == ("Rules can't be read: 1 fault", "failure")
    assert NAME == "release-gate: main"


def on_main(rig: Rig, repository: Any) -> list[tuple[str, str | None]]:
    """Names and conclusions of our runs on any commit of the base branch."""
    commits = repository.branch("main").ancestry()
    runs = [run for one in commits for run in rig.sandbox.check_runs((repository, one.oid), app="release-gate")]
    return [(run.state.name, run.state.conclusion) for run in runs]


@pytest.mark.parametrize(
    ("text", "conclusion"),
    [pytest.param(RULES, "neutral", id="rules"), pytest.param("version: 1\n", "failure", id="rules with a fault")],
)
async def test_where_rules_first_appear_the_branch_shows_the_check_once(rig: Rig, text: str, conclusion: str):
    repository = rig.shop(None)
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: text}, message="rules")
    await rig.later()
    assert on_main(rig, repository) == [(NAME, conclusion)]
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: None}, message="no rules")
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: text}, message="rules again")
    await rig.quiet()
    assert on_main(rig, repository) == [(NAME, conclusion)]


async def test_rules_that_are_gone_before_anybody_looks_show_nothing(rig: Rig):
    repository = rig.shop(None)
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: RULES}, message="rules")
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: None}, message="no rules")
    await rig.quiet()
    assert on_main(rig, repository) == []
