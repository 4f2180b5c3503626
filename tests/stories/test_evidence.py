"""Evidence that reads something of its own from GitHub, and evidence that only time completes."""

from datetime import timedelta

import pytest

from tests.stories.rig import MINUTE, Rig

HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE


def rules(*evidence: str, top: str = "", item: str = "tier: high") -> str:
    """One item with this evidence; sam is in security."""
    lines = "".join(f"      - {one}\n" for one in evidence)
    return (
        f"version: 1\n{top}roles: {{security: {{teams: [acme/security]}}}}\n"
        f"checklist:\n  IT-1:\n    title: It holds\n    {item}\n    all:\n{lines}"
    )


GRACE = rules("attestation: {by: [security], url: required}", "elapsed: {since: attestation, for: 14d}")
CI = rules("check: {name: test, workflow: ci.yml}", top="workflow_changes: [security]\n")


async def test_a_grace_period_of_14_days_ends_with_no_event_from_github(rig: Rig):
    pull = rig.release(rig.shop(GRACE))
    await rig.later()
    assert "nobody has attested it" in rig.comment(pull)
    assert "`/attest IT-1 https://…`" in rig.comment(pull)
    rig.sandbox.comment(pull, "sam", "/attest IT-1 https://mail.test/42 sent to all")
    await rig.quiet()
    title, conclusion = rig.shown(pull)
    assert (title[:5], conclusion) == ("Opens", "action_required")
    assert title.endswith(" UTC: It holds · 0.0.1 (patch)")
    await rig.later(13 * DAY)
    assert rig.shown(pull)[0] == title
    delivered = len(rig.sandbox.deliveries.log)
    await rig.later(DAY)
    await rig.quiet()
    assert rig.shown(pull) == ("Ready · 0.0.1 (patch)", "success")
    ours = {"check_run", "check_suite", "issue_comment"}
    assert {one.event for one in rig.sandbox.deliveries.log[delivered:]} <= ours
    assert "https://mail.test/42" in rig.comment(pull)


async def test_what_is_taken_back_stays_so_when_the_comment_is_gone(rig: Rig):
    pull = rig.release(rig.shop(rules("attestation: {by: [security]}")))
    await rig.later()
    rig.sandbox.comment(pull, "sam", "/attest IT-1")
    await rig.later()
    assert rig.shown(pull)[1] == "success"
    taken_back = rig.sandbox.comment(pull, "sam", "/unattest IT-1")
    await rig.later()
    assert rig.shown(pull)[1] == "action_required"
    rig.sandbox.delete_comment(taken_back, by="dan")
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"
    await rig.later()
    rig.sandbox.comment(pull, "sam", "/attest IT-1")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_who_may_not_attest_is_told(rig: Rig):
    pull = rig.release(rig.shop(rules("attestation: {by: [security]}")))
    await rig.later()
    rig.sandbox.comment(pull, "rita", "/attest IT-1")
    await rig.quiet()
    assert "only `acme/security` can attest `IT-1`" in rig.comment(pull)
    assert "success" not in rig.ever(pull)


async def test_a_head_soaks_on_staging(rig: Rig):
    pull = rig.release(rig.shop(rules("deployment: {environment: staging, soak: 1h}")))
    await rig.later()
    assert "not deployed to `staging`" in rig.comment(pull)
    rig.sandbox.deploy(pull, "staging", state="in_progress")
    await rig.quiet()
    assert rig.shown(pull)[0] == "Waiting for 1 check · next 0.0.1 (patch)"
    rig.sandbox.deploy(pull, "staging")
    await rig.quiet()
    assert rig.shown(pull)[0].startswith("Opens ")
    await rig.later(HOUR)
    await rig.quiet()
    assert rig.shown(pull) == ("Ready · 0.0.1 (patch)", "success")
    rig.sandbox.push(pull, author="dan", files={"src/app.py": "2\n"}, message="fix: more")
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"


async def test_a_failed_deployment_is_a_failure(rig: Rig):
    pull = rig.release(rig.shop(rules("deployment: {environment: staging}")))
    await rig.later()
    rig.sandbox.deploy(pull, "staging", state="failure")
    await rig.quiet()
    assert rig.shown(pull)[1] == "failure"


async def test_deployments_that_the_app_may_not_read_are_unknown(rig: Rig):
    repository = rig.shop(rules("deployment: {environment: staging}"))
    rig.sandbox.grant(rig.sandbox.installation("acme"), deployments="")
    pull = rig.release(repository)
    await rig.quiet()
    assert "GitHub does not show `deployments`" in rig.comment(pull)
    assert rig.shown(pull)[1] == "action_required"


async def test_reviews_count_on_the_head_they_saw(rig: Rig):
    pull = rig.release(rig.shop(rules("review: {count: 1, teams: [acme/security]}")))
    await rig.later()
    rig.sandbox.review(pull, "rita", state="APPROVED", body="")
    await rig.quiet()
    assert "one by `acme/security`" in rig.comment(pull)
    review = rig.sandbox.review(pull, "sam", state="APPROVED", body="")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"
    rig.sandbox.dismiss_review(review, by="dan")
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"
    rig.sandbox.review(pull, "sam", state="APPROVED", body="")
    rig.sandbox.push(pull, author="dan", files={"src/app.py": "2\n"}, message="fix: more")
    await rig.quiet()
    assert "an older head was approved by" in rig.comment(pull)
    assert rig.shown(pull)[1] == "action_required"


async def test_a_number_is_read_where_a_check_says_it(rig: Rig):
    pull = rig.release(rig.shop(rules("measure: {check: coverage, workflow: ci.yml, min: 85, unit: '%'}")))
    await rig.later()
    rig.sandbox.check(pull, "coverage", title="84.9 % of lines")
    await rig.quiet()
    assert rig.shown(pull)[1] == "failure"
    assert "≥ 85 %" in rig.comment(pull)
    rig.sandbox.check(pull, "coverage", title="done", summary="85.0 % of lines")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_a_path_filtered_workflow_that_never_ran_is_unmet_after_ten_minutes(rig: Rig):
    pull = rig.release(rig.shop(rules("workflow: migrate.yml")))
    await rig.later()
    assert rig.shown(pull)[0].startswith("Waiting for 1 check")
    await rig.later(10 * MINUTE)
    await rig.quiet()
    assert "no run of `migrate.yml`" in rig.comment(pull)
    assert rig.shown(pull)[1] == "action_required"
    rig.sandbox.check(pull, "migrate", workflow=".github/workflows/migrate.yml")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_a_job_that_was_skipped_because_an_earlier_one_failed_is_unmet(rig: Rig):
    pull = rig.release(rig.shop(CI))
    await rig.later()
    rig.sandbox.check(pull, "lint", conclusion="failure")
    rig.sandbox.check(pull, "test", conclusion="skipped")
    await rig.quiet()
    assert rig.shown(pull)[1] == "failure"
    assert "`test`: skipped" in rig.comment(pull)


async def test_a_check_of_the_right_name_from_another_workflow_is_unmet(rig: Rig):
    pull = rig.release(rig.shop(CI))
    await rig.later(10 * MINUTE)
    rig.sandbox.check(pull, "test", workflow=".github/workflows/mine.yml")
    await rig.quiet()
    assert "only from `.github/workflows/mine.yml (pull_request)`" in rig.comment(pull)
    assert "success" not in rig.ever(pull)


async def test_a_pull_request_that_edits_the_workflow_proves_nothing_until_people_sign(rig: Rig):
    repository = rig.shop(CI, {".github/workflows/ci.yml": "on: push\n"})
    pull = rig.release(repository, files={".github/workflows/ci.yml": "on: pull_request\n"})
    await rig.later()
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    assert "but this pull request changes `.github/workflows/ci.yml`, which may say so" in rig.comment(pull)
    assert rig.shown(pull)[1] == "action_required"
    rig.sandbox.comment(pull, "sam", f"/approve security {pull.head_oid[:7]}")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


@pytest.mark.parametrize(
    ("evidence", "name"),
    [("check: {name: test}", "test"), ("measure: {check: cov, min: 85, unit: '%'}", "cov")],
)
async def test_it_proves_nothing_where_the_rules_name_no_workflow_either(rig: Rig, evidence: str, name: str):
    repository = rig.shop(
        rules(evidence, top="workflow_changes: [security]\n"), {".github/workflows/ci.yml": "on: push\n"}
    )
    pull = rig.release(repository, files={".github/workflows/ci.yml": "on: pull_request\n"})
    await rig.later()
    rig.sandbox.check(pull, name, title="99 %")
    await rig.quiet()
    assert "but this pull request changes `.github/workflows/ci.yml`" in rig.comment(pull)
    assert "success" not in rig.ever(pull)


async def test_a_green_run_waits_for_the_other_run_of_its_workflow(rig: Rig):
    pull = rig.release(rig.shop(CI))
    await rig.later()
    rig.sandbox.check(pull, "test", event="push")
    rig.sandbox.check(pull, "lint", event="pull_request", status="in_progress")
    await rig.quiet()
    assert rig.shown(pull)[0].startswith("Waiting for 1 check")
    rig.sandbox.check(pull, "lint", event="pull_request")
    rig.sandbox.check(pull, "test", event="pull_request", conclusion="failure")
    await rig.quiet()
    assert rig.shown(pull)[1] == "failure"
    assert "success" not in rig.ever(pull)


async def test_a_grace_period_does_not_end_in_the_second_its_file_is_pushed(rig: Rig):
    text = rules("any: [{all: [{attestation: {by: [security]}}, {file: GUIDE.md}]}]").replace("IT-1", "COMM-1")
    text += "  GRACE-1: {title: Grace, tier: high, evidence: {elapsed: {since: COMM-1, for: 14d}}}\n"
    pull = rig.release(rig.shop(text))
    await rig.quiet()
    assert rig.shown(pull)[0].startswith("Rules can't be read")
    assert "GitHub does not say since when `COMM-1` is met" in rig.comment(pull)


async def test_a_check_that_is_too_old_shuts_the_gate_with_no_event_from_github(rig: Rig):
    pull = rig.release(rig.shop(rules("check: {name: test, workflow: ci.yml, max_age: 1d}")))
    await rig.later()
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"
    await rig.later(DAY)
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"
    assert "which is too long ago" in rig.comment(pull)


async def test_a_file_that_is_renamed_out_of_a_protected_folder_is_changed_there(rig: Rig):
    repository = rig.shop(rules("paths: {unchanged: ['secrets/']}"), {"secrets/key": "one\ntwo\nthree\n"})
    pull = rig.release(repository, files={"secrets/key": None, "src/key": "one\ntwo\nthree\n"})
    await rig.quiet()
    assert "changes `secrets/key`" in rig.comment(pull)
    assert rig.shown(pull)[1] == "action_required"


async def test_of_3001_files_it_is_not_known_what_is_changed(rig: Rig):
    files = {f"docs/{number}.md": f"{number}\n" for number in range(3_001)}
    pull = rig.release(rig.shop(rules("paths: {unchanged: ['secrets/']}")), files=files)
    await rig.quiet()
    assert "it changes 3001 files, of which GitHub lists 3000" in rig.comment(pull)
    assert rig.shown(pull)[1] == "action_required"


async def test_shadow_mode_says_what_it_would_do_and_blocks_nothing(rig: Rig):
    pull = rig.release(rig.shop(rules("label: {any: [go]}", top="mode: shadow\n")))
    await rig.quiet()
    assert rig.shown(pull) == ("Shadow: would block, 1 item open", "neutral")
    assert "**Shadow mode:** nothing is blocked" in rig.comment(pull)
    rig.sandbox.label(pull, "go", by="dan")
    await rig.quiet()
    assert rig.shown(pull) == ("Shadow: would pass", "neutral")


async def test_an_item_blocks_from_its_day_on_with_no_event_from_github(rig: Rig):
    day = rig.sandbox.clock.now() + timedelta(days=1)
    pull = rig.release(rig.shop(rules("label: {any: [go]}", item=f"tier: high\n    enforce_from: {day:%Y-%m-%d}")))
    await rig.quiet()
    assert rig.shown(pull) == ("Ready, 1 recommended item open · 0.0.1 (patch)", "success")
    await rig.later(DAY)
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        pytest.param({"db/1.sql": "1\n"}, "Blocked: 1 of 1 high item open · next 0.0.1 (patch)", id="it applies"),
        pytest.param({"src/a.py": "1\n"}, "Ready · 0.0.1 (patch)", id="it does not apply"),
    ],
)
async def test_an_item_asks_only_of_changes_it_is_for(rig: Rig, files: dict[str, str], shown: str):
    text = rules("label: {any: [go]}", item="tier: high\n    when: {paths: ['db/']}")
    pull = rig.release(rig.shop(text), files=files)
    await rig.quiet()
    assert rig.shown(pull)[0] == shown
