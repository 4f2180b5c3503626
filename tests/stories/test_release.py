"""A release pull request from the first look to the last: a delivery goes in, GitHub's state is read."""

from tests.stories.rig import MINUTE, RULES, WEAK_RULES, Rig


async def test_a_release_goes_from_blocked_over_waiting_to_ready(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    assert rig.shown(pull) == ("Blocked: 1 of 1 critical item open · next 0.0.1 (patch)", "action_required")
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.later()
    assert rig.shown(pull) == ("Waiting for 1 check · next 0.0.1 (patch)", None)
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    assert rig.shown(pull) == ("Ready · 0.0.1 (patch)", "success")
    assert "100 % ready" in rig.comment(pull)


async def test_a_completed_run_is_never_patched_back(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.quiet()
    first, second = rig.runs(pull)
    assert first.state.status == "completed"
    assert second.state.status == "in_progress"


async def test_a_red_check_says_failure_and_a_missing_sign_off_does_not(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    assert rig.shown(pull)[1] == "action_required"
    rig.sandbox.check(pull, "test", conclusion="failure")
    await rig.quiet()
    assert rig.shown(pull)[1] == "failure"


async def test_a_check_of_the_right_name_by_the_wrong_app_does_not_count(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.check(pull, "test", app="impostor")
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.later(11 * MINUTE)
    rig.poke(pull)
    await rig.quiet()
    assert "only by `impostor`" in rig.comment(pull)
    assert rig.ever(pull) == {"action_required", None}


async def test_a_check_of_the_right_name_by_the_wrong_workflow_does_not_count(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.check(pull, "test", workflow=".github/workflows/other.yml")
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.later(11 * MINUTE)
    rig.poke(pull)
    await rig.quiet()
    assert "only from `.github/workflows/other.yml" in rig.comment(pull)
    assert "success" not in rig.ever(pull)


async def test_a_skipped_check_does_not_satisfy(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.check(pull, "test", conclusion="skipped")
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.quiet()
    assert rig.shown(pull)[1] == "failure"
    assert "`test`: skipped" in rig.comment(pull)


async def test_red_in_a_second_suite_blocks_what_is_green_in_the_first(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    assert rig.shown(pull)[1] == "success"
    rig.sandbox.check(pull, "test", conclusion="failure", new_suite=True)
    await rig.quiet()
    assert rig.shown(pull)[1] == "failure"


async def test_green_for_a_weak_base_is_never_green_for_main_after_a_retarget(rig: Rig):
    """A SHA made green for `scratch` and then retargeted to `main`: no run of main's name ever says success."""
    repository = rig.shop()
    rig.sandbox.branch(repository, "scratch")
    rig.sandbox.push_branch(
        repository, "scratch", author="dan", files={".release-gate.yml": WEAK_RULES}, message="own rules"
    )
    pull = rig.release(repository, base="scratch")
    await rig.later()
    assert rig.shown(pull, "release-gate: scratch")[1] == "success"
    assert rig.runs(pull) == []
    rig.sandbox.retarget(pull, base="main")
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"
    assert rig.ever(pull) == {"action_required"}


async def test_two_pull_requests_with_one_head_and_base_share_the_worse_verdict(rig: Rig):
    repository = rig.shop(RULES.replace("required: true", "required: false"), {"docs/x.md": "x"})
    rules = RULES.replace(
        "  TEST-001",
        "  LABEL-001:\n    title: Labelled\n    tier: high\n    evidence: {label: {any: [go]}}\n  TEST-001",
    )
    rig.sandbox.push_branch(repository, "main", author="dan", files={".release-gate.yml": rules}, message="rules")
    first = rig.release(repository, labels=["go"])
    await rig.make_green(first)
    assert rig.shown(first)[1] == "success"
    rig.sandbox.branch(repository, "release/twin", at=first.head_oid)
    twin = rig.sandbox.open_pull_request(repository, author="dan", head="release/twin")
    await rig.quiet()
    assert twin.head_oid == first.head_oid
    assert rig.shown(twin)[1] != "success"
    rig.sandbox.comment(first, "rita", "and now?")
    await rig.quiet()
    title, conclusion = rig.shown(first)
    assert conclusion != "success"
    assert title.startswith(f"#{twin.number}: ")


async def test_the_rules_of_the_head_change_nothing(rig: Rig):
    pull = rig.release(rig.shop(), files={".release-gate.yml": WEAK_RULES})
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"


async def test_without_rules_the_bot_says_nothing(rig: Rig):
    pull = rig.release(rig.shop(None))
    await rig.quiet()
    assert rig.sandbox.check_runs(pull, app="release-gate") == []
    assert rig.comments(pull) == []


async def test_what_is_no_release_gets_a_run_and_no_comment(rig: Rig):
    rules = RULES.replace("{base: [main, scratch]}", '{head: ["release/**"]}')
    pull = rig.release(rig.shop(rules), head="topic/readme")
    await rig.quiet()
    assert rig.shown(pull) == ("Not a release", "success")
    assert rig.comments(pull) == []


async def test_a_broken_rules_file_blocks_and_names_every_fault(rig: Rig):
    pull = rig.release(rig.shop("version: 1\nchecklists: {}\nroles: {security: {user: [sam]}}\n"))
    await rig.quiet()
    title, conclusion = rig.shown(pull)
    assert (title, conclusion) == ("Rules can't be read: 2 faults", "failure")
    assert "2:1" in rig.comment(pull)
    assert "3:20" in rig.comment(pull)


async def test_two_rules_files_are_a_fault(rig: Rig):
    pull = rig.release(rig.shop(files={".github/release-gate.yml": RULES}))
    await rig.quiet()
    assert rig.shown(pull) == ("Rules can't be read: 1 fault", "failure")
    assert "keep one of the two" in rig.comment(pull)


async def test_rules_that_change_on_the_base_make_open_pull_requests_look_again(rig: Rig):
    repository = rig.shop()
    pull = rig.release(repository)
    await rig.later()
    rig.sandbox.push_branch(
        repository, "main", author="rita", files={".release-gate.yml": WEAK_RULES}, message="weaker"
    )
    await rig.quiet()
    assert rig.shown(pull) == ("Ready · 0.0.1 (patch)", "success")


async def test_a_draft_says_so(rig: Rig):
    pull = rig.release(rig.shop(), draft=True)
    await rig.quiet()
    assert rig.shown(pull)[0].startswith("Draft · Blocked: ")


async def test_a_fork_is_judged_by_its_own_checks(rig: Rig):
    repository = rig.shop()
    fork = rig.sandbox.fork(repository, "eve")
    pull = rig.sandbox.open_pull_request(
        repository, author="eve", head="release/fork", fork=fork, files={"src/app.py": "2\n"}
    )
    await rig.make_green(pull)
    assert rig.shown(pull) == ("Ready · 0.0.1 (patch)", "success")


async def test_a_closed_pull_request_is_left_alone(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    rig.sandbox.close(pull, by="dan")
    before = rig.comment(pull)
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    assert rig.comment(pull) == before


async def test_the_version_comes_from_merged_tags_commits_and_labels(rig: Rig):
    repository = rig.shop(RULES.replace("roles:", 'semver: {labels: {major: ["semver:major"]}}\nroles:'))
    rig.sandbox.tag(repository, "v1.4.2")
    rig.sandbox.branch(repository, "elsewhere")
    rig.sandbox.push_branch(repository, "elsewhere", author="dan", files={"x": "y"}, message="chore: x")
    rig.sandbox.tag(repository, "v9.0.0", at="elsewhere")
    pull = rig.release(repository, files=None, commits=[("feat: search", {"src/app.py": "3\n"})])
    await rig.later()
    assert rig.shown(pull)[0].endswith("next 1.5.0 (minor)")
    rig.sandbox.label(pull, "semver:major", by="dan")
    await rig.quiet()
    assert rig.shown(pull)[0].endswith("next 2.0.0 (major)")
