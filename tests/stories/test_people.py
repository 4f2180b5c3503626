"""Which commit a comment can mean, whatever was published, pushed and opened around it."""

from bot.sandbox import Clock
from tests.stories.people import (
    APPROVES,
    MONDAY,
    SECURITY,
    UNSIGNED,
    Stage,
    at_once,
    ci,
    code,
    hold,
    leaves,
    looks_again,
    play,
    pushes,
    ready,
    says,
    shut,
    staged,
    told,
)
from tests.stories.rig import rigged

WITH_CI = SECURITY + "  TEST-001: {title: Tests, tier: critical, evidence: {check: {name: test, workflow: ci.yml}}}\n"


async def test_a_push_between_publication_and_comment(tmp_path):
    """Whoever signs has seen the head on show, not the one that came a second before."""
    steps = (at_once(pushes("dan", {"src/app.py": code(5)}), says("sam", APPROVES)),)
    await told(tmp_path, SECURITY, steps, shut(UNSIGNED, "was signed and changes `src/app.py`"))


async def test_a_comment_before_the_first_verdict(tmp_path):
    async with rigged(tmp_path, clock=Clock(MONDAY)) as rig:
        pull = rig.release(rig.shop(SECURITY))
        rig.sandbox.comment(pull, "sam", APPROVES)
        await rig.quiet()
        assert "no verdict was published before this comment" in rig.comment(pull)
        assert rig.shown(pull)[1] == "action_required"


async def test_the_same_commit_was_published_for_another_pull_request_before(tmp_path):
    """What stood on the one tells nothing of what was to be seen on the other."""
    async with rigged(tmp_path, clock=Clock(MONDAY)) as rig:
        stage = await staged(rig, SECURITY)
        github, first = rig.sandbox, stage.pull
        github.branch(first.repository, "release/twin", at=first.head_oid)
        twin = github.open_pull_request(first.repository, author="dan", head="release/twin")
        github.comment(twin, "sam", APPROVES)
        await stage.settle()
        assert "no verdict was published before this comment" in rig.comment(twin)
        github.comment(twin, "sam", APPROVES)
        await stage.settle()
        assert f"✅ `{twin.head_oid[:7]}`" in rig.comment(twin)
        assert "security has not signed" in rig.comment(first)
        assert "success" not in rig.ever(first)


async def test_a_run_is_recreated_after_the_sign_off(tmp_path):
    """A run that ended can't begin again, so another one takes its place; when that began tells nothing of the head."""
    async with rigged(tmp_path, clock=Clock(MONDAY)) as rig:
        stage = await staged(rig, WITH_CI)
        await play(stage, says("sam", APPROVES))
        await stage.settle()
        await stage.settle()
        _, recreated = rig.runs(stage.pull)
        assert recreated.state.started_at >= stage.newest("sam").created_at
        rig.sandbox.rerequest(rig.runs(stage.pull)[0], by="rita")
        await stage.settle()
        hold(stage, _waiting(stage))
        await play(stage, ci())
        await stage.settle()
        hold(stage, ready(f"✅ `{stage.first[:7]}`"))


def _waiting(stage: Stage):
    return shut("Waiting for 1 check", f"✅ `{stage.first[:7]}`", conclusion=None)


async def test_a_member_leaves_between_the_last_look_and_green(tmp_path):
    """Memberships are kept for minutes, but asked for anew before anything turns green."""
    steps = (says("sam", APPROVES), at_once(leaves("sam", "acme/security"), ci()))
    await told(tmp_path, WITH_CI, steps, shut(UNSIGNED, "only `acme/security` can sign for security"))


OLD_COMMANDS = (
    says("sam", "/approve security"),
    says("sam", "/gate status"),
    says("lea", "/revoke security"),
    says("lea", "/reject security because of tokens"),
    says("lea", "/approve security {head}"),
    says("rita", "/approve security"),
    says("mallory", "/hold because no"),
    says("rita", "/hold until tomorrow because no"),
    says("ann", "/unhold"),
    says("dan", "/reject security because no"),
    says("sam", "/waive DOC-002 because it is on the web"),
    says("rita", "/waive DOC-002 because it is on the web"),
    says("sam", "/unwaive DOC-002"),
    says("sam", "/waive DOC-002 for 3d because it is on the web"),
    says("sam", "/attest COMM-001 https://example.com/mail"),
    says("lea", "/unattest COMM-001"),
    says("lea", "/attest COMM-001"),
    says("rita", "/bump major because no"),
    says("sam", "/explain DOC-002"),
    says("piet", "/approve securty"),
)
EVERYTHING = f"""{SECURITY}\
  DOC-002: {{title: There is a guide, tier: high, evidence: {{file: GUIDE.md}}}}
  COMM-001: {{title: Clients are told, tier: high, evidence: {{attestation: {{by: [security], stale: changed}}}}}}
"""


async def test_a_warm_pass_with_twenty_old_commands_of_every_kind_is_one_request(tmp_path):
    """Also after a push: what was compared and asked about people is known for minutes."""
    async with rigged(tmp_path, clock=Clock(MONDAY)) as rig:
        stage = await staged(rig, EVERYTHING)
        for step in (*OLD_COMMANDS, pushes("dan", {"src/app.py": code(5)}), looks_again()):
            await play(stage, step)
            await stage.settle()
        rig.sandbox.requests.clear()
        await play(stage, looks_again())
        await stage.settle()
        assert rig.counted() == (1, 0)
        assert len(stage.remarks) == len(OLD_COMMANDS) == 20
