"""What a hostile reader found once and nobody shall find again."""

import asyncio

from tests.stories.rig import RULES, Rig, rigged

LABELLED = RULES.replace("required: true", "required: false") + (
    "  GO-001: {title: Labelled, tier: high, evidence: {label: {any: [go]}}}\n"
)


async def test_a_sign_off_without_a_commit_is_of_the_head_that_was_on_show(rig: Rig):
    """Shown: the first head, a second one, and the first again; then the second comes back."""
    pull = rig.release(rig.shop())
    await rig.later()
    first = pull.head
    rig.sandbox.push(pull, author="dan", files={"src/auth/evil.py": "evil\n"}, message="feat: evil")
    await rig.later()
    second, ref, dan = pull.head, f"refs/heads/{pull.head_ref_name}", rig.sandbox.account("dan")
    rig.sandbox.move_ref(pull.head_repository, ref, first, by=dan)
    await rig.later()
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.later()
    assert f"✅ `{first.oid[:7]}`" in rig.comment(pull)
    rig.sandbox.move_ref(pull.head_repository, ref, second, by=dan)
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    assert "success" not in rig.ever(pull)


async def test_a_revocation_that_was_edited_stands_when_it_is_deleted(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    await rig.later()
    revocation = rig.sandbox.comment(pull, "sam", "/revoke security")
    await rig.later()
    rig.sandbox.comment(pull, "sam", "/approve security")
    await rig.later()
    assert rig.shown(pull)[1] == "success"
    rig.sandbox.edit_comment(revocation, by="sam", body="/revoke security\n\nreally")
    await rig.later()
    rig.sandbox.delete_comment(revocation, by="rita")
    await rig.later()
    assert rig.shown(pull)[1] == "action_required"


async def test_green_does_not_stay_when_nothing_can_be_read(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    rig.sandbox.arm("bad_gateway", times=None, matching="Gate")
    rig.sandbox.check(pull, "test", conclusion="failure", rerun=True)
    async with asyncio.timeout(30):
        while rig.shown(pull)[1] == "success":
            await asyncio.sleep(0.1)
    title, conclusion = rig.shown(pull)
    assert title.startswith("Cannot evaluate: GitHub answered 502, next try ")
    assert conclusion == "failure"


async def test_trouble_in_shadow_mode_shuts_nothing(rig: Rig):
    pull = rig.release(rig.shop(f"mode: shadow\n{RULES}"))
    await rig.quiet()
    rig.sandbox.arm("bad_gateway", times=None, matching="Gate")
    rig.sandbox.check(pull, "test", conclusion="failure")
    async with asyncio.timeout(30):
        while "502" not in rig.shown(pull)[0]:
            await asyncio.sleep(0.1)
    assert rig.shown(pull)[1] == "neutral"


async def test_red_arrives_when_an_app_ends_its_run_a_second_time_and_graphql_lags(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    await rig.later(700)
    rig.sandbox.stale_by = 600
    run = next(run for run in rig.sandbox.check_runs(pull) if run.state.name == "test")
    rig.sandbox.update_check_run(run, run.suite.app, conclusion="failure", completed_at=rig.sandbox.clock.now())
    await rig.quiet()
    assert rig.shown(pull)[1] == "failure"


async def test_red_stays_when_another_pass_reads_what_lags(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    await rig.later(700)
    rig.sandbox.stale_by = 600
    rig.sandbox.check(pull, "test", conclusion="failure", rerun=True)
    await rig.quiet()
    rig.poke(pull)
    await rig.quiet()
    assert rig.shown(pull)[1] == "failure"
    assert len(rig.runs(pull)) == 1


async def test_a_queued_rerun_arrives_when_graphql_lags(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    await rig.later(700)
    rig.sandbox.stale_by = 600
    rig.sandbox.check(pull, "test", status="queued", rerun=True)
    await rig.quiet()
    assert rig.shown(pull)[1] is None


async def test_when_a_twin_closes_the_other_is_judged_alone_again(rig: Rig):
    repository = rig.shop(LABELLED)
    first = rig.release(repository, labels=["go"])
    await rig.make_green(first)
    rig.sandbox.branch(repository, "release/twin", at=first.head_oid)
    twin = rig.sandbox.open_pull_request(repository, author="dan", head="release/twin")
    await rig.quiet()
    assert rig.shown(first)[1] != "success"
    rig.sandbox.close(twin, by="dan")
    await rig.quiet()
    assert rig.shown(first)[1] == "success"


async def test_twins_do_not_write_over_one_another(rig: Rig):
    repository = rig.shop(LABELLED)
    first = rig.release(repository, labels=["go"])
    await rig.make_green(first)
    rig.sandbox.branch(repository, "release/twin", at=first.head_oid)
    twin = rig.sandbox.open_pull_request(repository, author="dan", head="release/twin")
    for pull in (first, twin):
        await rig.later()
        rig.poke(pull)
    await rig.later()
    rig.sandbox.requests.clear()
    for pull in (first, twin, first):
        rig.poke(pull)
        await rig.quiet()
    assert rig.counted()[1] == 0


async def test_our_comment_edited_beyond_recognition_is_still_ours(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.later()
    before = rig.comment(pull)
    rig.sandbox.edit_comment(rig.comments(pull)[0], by="rita", body="## Ready, merge it")
    await rig.later()
    assert rig.comment(pull) == before


async def test_a_revocation_outlives_the_repository_s_name(rig: Rig):
    repository = rig.shop()
    pull = rig.release(repository)
    await rig.make_green(pull)
    await rig.later()
    revocation = rig.sandbox.comment(pull, "sam", "/revoke security")
    await rig.later()
    rig.sandbox.delete_comment(revocation, by="dan")
    await rig.later()
    repository.name = "store"
    rig.sandbox.repositories["acme/store"] = rig.sandbox.repositories.pop("acme/shop")
    rig.poke(pull)
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"


async def test_a_permission_that_is_granted_is_noticed_by_itself(tmp_path):
    """GitHub tells nobody of it who did not ask; what is unknown is asked again after ten minutes."""
    async with rigged(tmp_path) as rig:
        repository = rig.shop()
        installation = rig.sandbox.installation("acme")
        rig.sandbox.grant(installation, members="")
        pull = rig.release(repository)
        await rig.make_green(pull)
        assert rig.shown(pull)[1] != "success"
        rig.sandbox.grant(installation, members="read")
        assert 0 < rig.due_in() <= 600


async def test_an_error_inside_github_does_not_lose_the_look(rig: Rig):
    repository = rig.shop()
    fault = rig.sandbox.arm("broken_inside", matching="Gate")
    pull = rig.release(repository)
    await rig.quiet()
    assert fault.used == 1
    assert rig.shown(pull)[0].startswith("Blocked: ")


async def test_a_workflow_that_is_hidden_is_unknown(tmp_path):
    async with rigged(tmp_path) as rig:
        repository = rig.shop()
        rig.sandbox.grant(rig.sandbox.installation("acme"), actions="")
        pull = rig.release(repository)
        await rig.make_green(pull)
        assert "GitHub does not say yet which workflow made the check" in rig.comment(pull)
        assert "success" not in rig.ever(pull)
