"""Writes: what GitHub takes, what it refuses, and that a refusal is never taken for done."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.gate.facts import Snapshot
from bot.gate.published import Published, PublishedRun
from bot.github.apply import Applied, apply, apply_shutting_first
from bot.github.client import Client
from bot.github.errors import Ambiguous, RateLimited, Rejected
from bot.github.limits import Ceilings
from bot.report.plan import (
    CreateCheckRun,
    CreateComment,
    MinimizeComment,
    React,
    UpdateCheckRun,
    UpdateComment,
    Write,
)
from bot.report.text import Report
from tests.github.conftest import Desk

REPORT = Report(
    name="release-gate: main",
    status="completed",
    conclusion="success",
    title="Ready",
    summary="all",
    comment="all",
    starts_comment=True,
)


async def _apply(desk: Desk, snapshot: Snapshot, *writes: Write) -> None:
    await apply(desk.client, desk.installation, writes, snapshot)


async def test_everything_goes_in_one_mutation(desk: Desk):
    twin = desk.sandbox.comment(desk.pull, "release-gate[bot]", "twin")
    snapshot = await desk.snapshot()
    desk.sandbox.requests.clear()
    await _apply(
        desk, snapshot, CreateCheckRun(report=REPORT), CreateComment(body="hello"), MinimizeComment(id=twin.id)
    )
    assert len(desk.asked()) == 1
    (run,) = desk.sandbox.check_runs(desk.pull)
    assert (run.name, run.state.conclusion, run.state.title) == ("release-gate: main", "success", "Ready")
    assert [one.body for one in desk.sandbox.comments(desk.pull)] == ["twin", "hello"]
    assert twin.is_minimized


async def test_what_is_there_is_changed_in_place(desk: Desk):
    snapshot = await desk.snapshot()
    await _apply(desk, snapshot, CreateCheckRun(report=replace(REPORT, status="in_progress", conclusion=None)))
    comment = desk.sandbox.comment(desk.pull, "release-gate[bot]", "old")
    (run,) = desk.sandbox.check_runs(desk.pull)
    await _apply(desk, snapshot, UpdateCheckRun(id=run.id, report=REPORT), UpdateComment(id=comment.id, body="new"))
    assert [state.status for _, state in run.history] == ["in_progress", "completed"]
    assert comment.history == ["old", "new"]


@pytest.mark.parametrize(
    ("withheld", "refused", "comments"),
    [
        pytest.param({"checks": "read"}, "createCheckRun", 1, id="the comment is made nevertheless"),
        pytest.param(
            {"checks": "read", "issues": "", "pull_requests": "read"},
            "createCheckRun, addComment",
            0,
            id="with the comment",
        ),
    ],
)
async def test_a_refused_check_run_is_rejected_with_its_reason(
    desk: Desk, withheld: dict[str, str], refused: str, comments: int
):
    snapshot = await desk.snapshot()
    desk.sandbox.grant(desk.sandbox.installation("acme"), **withheld)
    with pytest.raises(Rejected, match=f"refused {refused}: .*Resource not accessible by integration"):
        await _apply(desk, snapshot, CreateCheckRun(report=REPORT), CreateComment(body="hello"))
    assert len(desk.sandbox.comments(desk.pull)) == comments
    assert desk.sandbox.check_runs(desk.pull) == []


async def test_a_refused_comment_is_only_logged(desk: Desk):
    snapshot = await desk.snapshot()
    desk.sandbox.grant(desk.sandbox.installation("acme"), issues="", pull_requests="read")
    with capture_logs() as logged:
        await _apply(desk, snapshot, CreateCheckRun(report=REPORT), CreateComment(body="hello"))
    assert len(desk.sandbox.check_runs(desk.pull)) == 1
    (line,) = [line for line in logged if line["event"] == "comment.refused"]
    assert (line["writes"], line["because"]) == (["addComment"], "Resource not accessible by integration")


async def test_every_comment_too_many_is_minimised(desk: Desk):
    extras = [desk.sandbox.comment(desk.pull, "release-gate[bot]", f"twin {number}") for number in range(3)]
    await _apply(
        desk, await desk.snapshot(), CreateComment(body="hello"), *(MinimizeComment(id=one.id) for one in extras)
    )
    assert [one.is_minimized for one in extras] == [True] * 3
    assert [one.body for one in desk.sandbox.comments(desk.pull)].count("hello") == 1


@pytest.mark.parametrize(
    ("write", "because"),
    [
        pytest.param(CreateCheckRun(report=replace(REPORT, summary="x" * 65_536)), "65535", id="a long summary"),
    ],
)
async def test_what_github_finds_wrong_is_rejected(desk: Desk, write: Write, because: str):
    with pytest.raises(Rejected, match=because):
        await _apply(desk, await desk.snapshot(), write)


async def test_a_finished_run_can_not_go_back(desk: Desk):
    snapshot = await desk.snapshot()
    await _apply(desk, snapshot, CreateCheckRun(report=REPORT))
    (run,) = desk.sandbox.check_runs(desk.pull)
    back = UpdateCheckRun(id=run.id, report=replace(REPORT, status="in_progress", conclusion=None))
    with pytest.raises(Rejected, match="updateCheckRun"):
        await _apply(desk, snapshot, back)


@pytest.mark.parametrize(
    ("write", "times"),
    [
        pytest.param(CreateComment(body="hello"), 1, id="a creation is sent once"),
        pytest.param(CreateCheckRun(report=REPORT), 1, id="so is a new check run"),
    ],
)
async def test_a_lost_creation_is_ambiguous(desk: Desk, write: Write, times: int):
    snapshot = await desk.snapshot()
    desk.sandbox.requests.clear()
    desk.sandbox.arm("answer_lost", times=None, matching="Publish")
    with pytest.raises(Ambiguous):
        await _apply(desk, snapshot, write)
    assert len(desk.asked()) == times


async def test_a_lost_change_is_made_again(desk: Desk):
    comment = desk.sandbox.comment(desk.pull, "release-gate[bot]", "old")
    snapshot = await desk.snapshot()
    desk.sandbox.arm("answer_lost", times=1, matching="Publish")
    await _apply(desk, snapshot, UpdateComment(id=comment.id, body="new"))
    assert comment.body == "new"


def _reactions(thing) -> list[tuple[str, str]]:
    return [(one.user.login, one.content) for one in thing.reactions]


async def test_reactions_go_along_with_the_rest(desk: Desk):
    comment = desk.sandbox.comment(desk.pull, "sam", "/approve security")
    review = desk.sandbox.review(desk.pull, "sam", state="APPROVED")
    snapshot = await desk.snapshot()
    desk.sandbox.requests.clear()
    signs = [React(subject=one.id, content="THUMBS_UP") for one in (comment, review)]
    await _apply(desk, snapshot, CreateCheckRun(report=REPORT), *signs)
    assert len(desk.asked()) == 1
    assert _reactions(comment) == _reactions(review) == [("release-gate[bot]", "THUMBS_UP")]
    assert (await desk.snapshot()).published.reactions == {(one.id, "THUMBS_UP") for one in (comment, review)}


async def test_reactions_alone_are_one_request_that_may_be_sent_again(desk: Desk):
    comments = [desk.sandbox.comment(desk.pull, "sam", f"/approve {number}") for number in range(10)]
    snapshot = await desk.snapshot()
    desk.sandbox.arm("answer_lost", matching="Publish")
    desk.sandbox.requests.clear()
    await _apply(desk, snapshot, *(React(subject=one.id, content="EYES") for one in comments))
    assert len(desk.asked()) == 2
    assert [_reactions(one) for one in comments] == [[("release-gate[bot]", "EYES")]] * 10


async def test_a_refused_reaction_is_only_told(desk: Desk):
    kept = desk.sandbox.comment(desk.pull, "sam", "/approve security")
    gone = desk.sandbox.comment(desk.pull, "dan", "/approve security")
    snapshot = await desk.snapshot()
    desk.sandbox.delete_comment(gone, by="dan")
    with capture_logs() as logged:
        await _apply(
            desk,
            snapshot,
            CreateComment(body="hello"),
            *(React(subject=one.id, content="EYES") for one in (gone, kept)),
        )
    assert _reactions(kept) == [("release-gate[bot]", "EYES")]
    (line,) = [line for line in logged if "refused" in line["event"]]
    assert (line["event"], line["writes"]) == ("reaction.refused", 1)
    assert "Could not resolve to a node" in line["because"]


async def test_a_refused_check_run_is_not_blamed_on_a_reaction(desk: Desk):
    snapshot = await desk.snapshot()
    long = replace(REPORT, summary="x" * 65_536)
    with pytest.raises(Rejected) as raised:
        await _apply(desk, snapshot, CreateCheckRun(report=long), React(subject="IC_nothing", content="EYES"))
    assert "65535" in str(raised.value)
    assert "node" not in str(raised.value)


RED = replace(REPORT, conclusion="action_required", title="Blocked")


async def _limited(desk: Desk, *writes: Write, stands: str | None = "success", contents: int) -> Applied:
    """Of twenty contents a minute so many were made; a run with that conclusion stands."""
    snapshot = await desk.snapshot()
    await _apply(desk, snapshot, CreateCheckRun(report=replace(REPORT, conclusion=stands)))
    (made,) = desk.sandbox.check_runs(desk.pull)
    run = PublishedRun(id=made.id, name=RED.name, status="completed", conclusion=stands, title="", summary="")
    desk.client = Client(desk.session, desk.identity(), ceilings=Ceilings(content_minute=20))
    note = desk.sandbox.comment(desk.pull, "release-gate[bot]", "note")
    for number in range(contents):
        await _apply(desk, snapshot, UpdateComment(id=note.id, body=f"{number}"))
    desk.sandbox.requests.clear()
    seen = replace(snapshot, published=Published(runs=(run,)))
    meant = tuple(replace(one, id=made.id) if isinstance(one, UpdateCheckRun) else one for one in writes)
    return await apply_shutting_first(desk.client, desk.installation, meant, seen)


async def test_what_shuts_a_green_gate_takes_the_last_of_the_limit_and_its_comment_waits(desk: Desk):
    red = UpdateCheckRun(id="", report=RED)
    applied = await _limited(desk, red, CreateComment(body="Blocked"), contents=19)
    (run,) = desk.sandbox.check_runs(desk.pull)
    assert run.state.conclusion == "action_required"
    assert [type(one) for one in applied.writes] == [UpdateCheckRun]
    assert applied.again_in is not None
    assert 55 <= applied.again_in <= 61
    assert [one.body for one in desk.sandbox.comments(desk.pull)] == ["18"]


async def test_what_shuts_a_green_gate_goes_before_its_comment(desk: Desk):
    applied = await _limited(desk, UpdateCheckRun(id="", report=RED), CreateComment(body="Blocked"), contents=0)
    assert (len(applied.writes), applied.again_in, len(desk.asked())) == (2, None, 2)
    assert [one.body for one in desk.sandbox.comments(desk.pull)] == ["note", "Blocked"]


@pytest.mark.parametrize(
    ("conclusion", "stands"),
    [
        pytest.param("success", "action_required", id="what turns green"),
        pytest.param("action_required", "failure", id="what says no in other words"),
    ],
)
async def test_the_last_of_the_limit_is_not_for(desk: Desk, conclusion: str, stands: str):
    write = UpdateCheckRun(id="", report=replace(REPORT, conclusion=conclusion))
    with pytest.raises(RateLimited, match="comments and check runs a minute"):
        await _limited(desk, write, CreateComment(body="more"), stands=stands, contents=19)
    assert desk.asked() == []


async def test_beside_a_check_run_that_is_right_a_comment_waits(desk: Desk):
    applied = await _limited(desk, CreateComment(body="more"), contents=19)
    assert applied.writes == ()
    assert applied.again_in is not None
    assert desk.asked() == []
