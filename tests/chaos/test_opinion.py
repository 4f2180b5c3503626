"""The second opinion of chaos: what it lets pass, and what it catches."""

import random

import pytest

from bot.sandbox import App, Sandbox
from bot.sandbox.model.checks import CheckRunState
from tests.chaos.load import Load, begun
from tests.chaos.opinion import Read


@pytest.fixture
def load() -> Load:
    """With six pull requests about which nobody has said anything."""
    return begun(Sandbox(app=App(database_id=77, slug="release-gate")), random.Random(1))  # noqa: S311


def _judged(load: Load) -> list[str]:
    """Of a green run of ours on the first pull request, which was read just now."""
    sandbox, pull = load.sandbox, load.pulls[0]
    load.opinion.hear(sandbox, load.pulls)
    sandbox.clock.advance(1)
    read = Read(pull.number, sandbox.clock.instant())
    state = CheckRunState(
        name="release-gate: main", status="completed", conclusion="success", title="Ready", summary=""
    )
    run = sandbox.create_check_run(load.repository, pull.head_oid, sandbox.bot, state)
    return load.opinion.unfounded([run], [read])


def _is_finished(load: Load) -> None:
    pull = load.pulls[0]
    load.sandbox.check(pull, "test")
    for who, text in (("sam", "/approve security"), ("dora", "/approve devops"), ("dora", "/attest SAY-001")):
        load.sandbox.comment(pull, who, text)


def test_a_green_run_with_all_that_it_wants_is_founded(load):
    _is_finished(load)
    assert _judged(load) == []


@pytest.mark.parametrize(
    ("spoils", "lacks"),
    [
        pytest.param(lambda load, pull: load.sandbox.check(pull, "test", conclusion="failure", rerun=True), "tests"),
        pytest.param(lambda load, pull: load.begins_a_check(pull), "tests"),
        pytest.param(lambda load, pull: load.pushes(pull), "tests"),
        pytest.param(lambda load, pull: load.sandbox.edit_comment(pull.comments[0], by="rita", body="no"), "security"),
        pytest.param(lambda load, pull: load.sandbox.delete_comment(pull.comments[1], by="rita"), "devops"),
        pytest.param(
            lambda load, pull: load.sandbox.comment(pull, "rita", "/hold because of it"), "an end of the hold"
        ),
    ],
    ids=["failed tests", "tests that run again", "a push", "an edited approval", "a deleted one", "a hold"],
)
def test_a_green_run_in_spite_of_it_is_caught(load, spoils, lacks):
    _is_finished(load)
    spoils(load, load.pulls[0])
    (caught,) = _judged(load)
    assert lacks in caught


def test_what_was_so_when_the_pass_read_it_may_have_changed_since(load):
    _is_finished(load)
    load.opinion.hear(load.sandbox, load.pulls)
    read = Read(load.pulls[0].number, load.sandbox.clock.instant())
    load.sandbox.comment(load.pulls[0], "rita", "/hold because of it")
    load.opinion.hear(load.sandbox, load.pulls)
    state = CheckRunState(
        name="release-gate: main", status="completed", conclusion="success", title="Ready", summary=""
    )
    run = load.sandbox.create_check_run(load.repository, load.pulls[0].head_oid, load.sandbox.bot, state)
    assert load.opinion.unfounded([run], [read]) == []
