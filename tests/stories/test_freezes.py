"""A freeze shuts the gate and lifts by itself: the clock goes on, and no event comes from GitHub."""

from datetime import timedelta

from tests.stories.rig import MINUTE, Rig

FREEZE = """\
version: 1
freezes:
  today: {{from: "{begins:%Y-%m-%dT%H:%M}", until: "{ends:%Y-%m-%dT%H:%M}", zone: UTC, reason: the shop is full}}
checklist:
  DOC-1: {{title: A guide, tier: medium, evidence: {{file: GUIDE.md}}}}
"""
HOUR = 60 * MINUTE


def frozen(rig: Rig, begins: timedelta, ends: timedelta) -> str:
    """Rules with a freeze that begins and ends so long from now."""
    now = rig.sandbox.clock.now()
    return FREEZE.format(begins=now + begins, ends=now + ends)


async def test_a_freeze_lifts_by_itself(rig: Rig):
    pull = rig.release(rig.shop(rules=frozen(rig, -timedelta(hours=1), timedelta(hours=3))))
    await rig.later()
    title, conclusion = rig.shown(pull)
    assert title.startswith("Opens ")
    assert title.endswith(": the shop is full · 0.0.1 (patch)")
    assert conclusion == "action_required"
    await rig.later(4 * HOUR)
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_a_green_gate_shuts_when_the_next_freeze_begins(rig: Rig):
    pull = rig.release(rig.shop(rules=frozen(rig, timedelta(hours=2), timedelta(hours=5))))
    await rig.later()
    assert rig.shown(pull)[1] == "success"
    await rig.later(3 * HOUR)
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"
    await rig.later(3 * HOUR)
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_a_hotfix_passes_at_once(rig: Rig):
    rules = frozen(rig, -timedelta(hours=1), timedelta(hours=3)).replace("full}", "full, except: {labels: hotfix}}")
    pull = rig.release(rig.shop(rules=rules))
    await rig.later()
    assert rig.shown(pull)[1] == "action_required"
    rig.sandbox.label(pull, "hotfix", by="dan")
    await rig.later()
    assert rig.shown(pull)[1] == "success"


async def test_a_freeze_that_began_while_the_installation_was_suspended_shuts_the_gate_afterwards(rig: Rig):
    pull = rig.release(rig.shop(rules=frozen(rig, timedelta(hours=2), timedelta(hours=9))))
    await rig.later()
    installation = rig.sandbox.installation("acme")
    rig.sandbox.suspend(installation)
    for _ in range(3):
        await rig.later(HOUR)
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"
    rig.sandbox.suspend(installation, suspended=False)
    await rig.later(HOUR)
    await rig.quiet()
    assert rig.shown(pull)[1] == "action_required"
