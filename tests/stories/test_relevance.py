"""What no rules ask about costs no request, and nothing that rules come to ask about was missed."""

import asyncio

import pytest

from bot.sandbox import Clock
from tests.bench.storms import rules_with
from tests.stories.rig import PATIENCE, RULES, WEAK_RULES, Rig, rigged

STRICT = RULES.replace("scratch", "strict")
LINTED = RULES + "  LINT-001: {title: Linted, tier: critical, evidence: {check: {name: lint, app: linter}}}\n"


@pytest.fixture
async def rig(tmp_path):
    async with rigged(tmp_path) as one:
        yield one


async def _cost(rig: Rig, *acts) -> tuple[int, int]:
    rig.sandbox.requests.clear()
    for act in acts:
        act()
    await rig.quiet()
    return rig.counted()


def _push(rig: Rig, repository, branch: str, files: dict[str, str]) -> None:
    rig.sandbox.push_branch(repository, branch, author="rita", files=files, message="rules")


async def test_what_no_rules_name_costs_nothing(rig: Rig):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    cost = await _cost(
        rig,
        lambda: rig.sandbox.check(pull, "scan", app="scanner", conclusion="failure"),
        lambda: rig.sandbox.status(pull, context="ci/other", state="failure", creator="ci[bot]"),
        lambda: rig.sandbox.label(pull, "docs", by="rita"),
        lambda: rig.sandbox.comment(pull, "rita", "nice"),
        lambda: rig.sandbox.edit(pull, by="rita", body="More words."),
    )
    assert cost == (0, 0)
    assert rig.shown(pull)[1] == "success"


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda rig, pull: rig.sandbox.check(pull, "test", conclusion="failure"), id="a required check"),
        pytest.param(lambda rig, pull: rig.sandbox.comment(pull, "sam", "/revoke security"), id="a command"),
        pytest.param(lambda rig, pull: rig.sandbox.comment(pull, "dan", "/hold because no"), id="a hold"),
        pytest.param(lambda rig, pull: rig.sandbox.convert_to_draft(pull, by="dan"), id="a draft"),
    ],
)
async def test_what_rules_ask_about_is_looked_at(rig: Rig, act):
    pull = rig.release(rig.shop())
    await rig.make_green(pull)
    before = rig.shown(pull)
    await rig.later()
    act(rig, pull)
    await rig.quiet()
    assert rig.shown(pull) != before


async def test_an_app_without_rules_in_a_repository_asks_nothing_about_it(rig: Rig):
    pull = rig.release(rig.shop(None))
    await rig.quiet()
    cost = await _cost(
        rig,
        lambda: rig.sandbox.check(pull, "test"),
        lambda: rig.sandbox.comment(pull, "dan", "/hold because nobody reads it"),
        lambda: rig.sandbox.label(pull, "release", by="dan"),
    )
    assert cost == (0, 0)


async def test_a_label_that_makes_it_a_release_is_seen(rig: Rig):
    rules = RULES.replace("{base: [main, scratch]}", "{labels: [Ship]}")
    pull = rig.release(rig.shop(rules))
    await rig.quiet()
    assert rig.shown(pull)[0] == "Not a release"
    rig.sandbox.label(pull, "ship", by="dan")
    await rig.quiet()
    assert rig.shown(pull)[0].startswith("Blocked")


async def test_what_failed_before_rules_asked_about_it_blocks_when_they_do(rig: Rig):
    repository = rig.shop()
    pull = rig.release(repository)
    await rig.make_green(pull)
    assert await _cost(rig, lambda: rig.sandbox.check(pull, "lint", app="linter", conclusion="failure")) == (0, 0)
    _push(rig, repository, "main", {".release-gate.yml": LINTED})
    await rig.quiet()
    assert rig.shown(pull)[0].startswith("Blocked")
    assert "`lint`: failure" in rig.comment(pull)
    rig.sandbox.check(pull, "lint", app="linter", rerun=True)
    await rig.quiet()
    assert rig.shown(pull)[1] == "success"


async def test_what_only_the_rules_of_another_base_ask_about_matters_too(rig: Rig):
    repository = rig.shop(WEAK_RULES)
    rig.sandbox.branch(repository, "strict")
    _push(rig, repository, "strict", {".release-gate.yml": STRICT})
    main = rig.release(repository)
    strict = rig.release(repository, base="strict", head="release/2.0.0")
    await rig.later()
    rig.sandbox.check(strict, "test")
    rig.sandbox.comment(strict, "sam", f"/approve security {strict.head_oid}")
    await rig.quiet()
    assert (rig.shown(main)[1], rig.shown(strict, "release-gate: strict")[1]) == ("success", "success")


async def test_rules_that_an_owner_sets_for_all_are_found_where_there_were_none(rig: Rig):
    pull = rig.release(rig.shop(None))
    await rig.quiet()
    assert rig.runs(pull) == []
    shared = rig.sandbox.repository("acme/.github", files={"README.md": "x"})
    _push(rig, shared, "main", {"release-gate.yml": RULES})
    await rig.quiet()
    assert rig.shown(pull)[0].startswith("Blocked")


async def test_a_pull_request_of_before_we_came_into_a_base_we_do_not_know_is_found_in_minutes(tmp_path):
    async with rigged(tmp_path, heals=True, clock=Clock()) as rig:
        repository = rig.shop()
        rig.sandbox.branch(repository, "scratch")
        await rig.stop()
        old = rig.release(repository, base="scratch", head="release/2.0.0")
        await rig.sandbox.settled()
        rig.sandbox.deliveries.log.clear()
        await rig.start()
        rig.release(repository)
        await rig.later(601)
        async with asyncio.timeout(PATIENCE):
            while not rig.runs(old, "release-gate: scratch"):
                await asyncio.sleep(0.05)


async def test_rules_with_many_checks_are_remembered_whole(rig: Rig):
    pull = rig.release(rig.shop(rules_with(300)))
    await rig.quiet()
    assert (await _cost(rig, lambda: rig.sandbox.check(pull, "test-300", app="x")))[0] == 0
    assert (await _cost(rig, lambda: rig.sandbox.check(pull, "test-299")))[0] > 0
