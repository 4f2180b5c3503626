"""The fewest writes: which ones for which difference, none twice, and a finished run never goes back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate.published import Published, PublishedComment, PublishedRun
from bot.report.annotations import Annotation, mark
from bot.report.plan import (
    MOST_REACTIONS,
    CreateCheckRun,
    CreateComment,
    MinimizeComment,
    React,
    UpdateCheckRun,
    UpdateComment,
    Write,
    plan,
    shuts,
    turns_green,
)
from bot.report.text import Report

NAME = "release-gate: main"
REPORT = Report(
    name=NAME,
    status="completed",
    conclusion="action_required",
    title="Blocked",
    summary="why",
    comment="<!-- marker -->\n## Blocked",
    starts_comment=True,
)
NOTES = (Annotation(path=".release-gate.yml", line=2, column=3, message="no"),)
NOTED = replace(REPORT, annotations=NOTES, summary="why" + mark(NOTES))
OTHER_NOTES = (replace(NOTES[0], line=4),)
OTHERWISE_NOTED = replace(REPORT, annotations=OTHER_NOTES, summary="why" + mark(OTHER_NOTES))
WAITING = replace(REPORT, status="in_progress", conclusion=None, title="Waiting")
RUN = PublishedRun(
    id="CR_1", name=NAME, status="completed", conclusion="action_required", title="Blocked", summary="why"
)
WAITED = replace(RUN, status="in_progress", conclusion=None, title="Waiting")
RUNNING = replace(RUN, status="in_progress", conclusion=None)
COMMENT = PublishedComment(id="IC_1", body=REPORT.comment, is_minimized=False)
SECOND = replace(COMMENT, id="IC_2")


def _published(*things: PublishedRun | PublishedComment) -> Published:
    return Published(
        runs=tuple(thing for thing in things if isinstance(thing, PublishedRun)),
        comments=tuple(thing for thing in things if isinstance(thing, PublishedComment)),
    )


@pytest.mark.parametrize(
    ("report", "published", "expected"),
    [
        pytest.param(REPORT, _published(RUN, COMMENT), (), id="nothing changed"),
        pytest.param(
            NOTED,
            _published(RUN, COMMENT),
            (UpdateCheckRun(id="CR_1", report=NOTED, annotates=True),),
            id="annotations come to a run that has none",
        ),
        pytest.param(
            replace(NOTED, title="Other"),
            _published(replace(RUN, summary=NOTED.summary), COMMENT),
            (UpdateCheckRun(id="CR_1", report=replace(NOTED, title="Other")),),
            id="the annotations that stand are not sent again",
        ),
        pytest.param(
            REPORT,
            _published(replace(RUN, summary=NOTED.summary), COMMENT),
            (CreateCheckRun(report=REPORT),),
            id="annotations that no longer hold go with their run",
        ),
        pytest.param(
            OTHERWISE_NOTED,
            _published(replace(RUN, summary=NOTED.summary), COMMENT),
            (CreateCheckRun(report=OTHERWISE_NOTED),),
            id="other annotations make another run",
        ),
        pytest.param(
            REPORT,
            _published(),
            (CreateCheckRun(report=REPORT), CreateComment(body=REPORT.comment)),
            id="nothing is there yet",
        ),
        pytest.param(
            replace(REPORT, starts_comment=False),
            _published(),
            (CreateCheckRun(report=replace(REPORT, starts_comment=False)),),
            id="nothing to say starts no comment",
        ),
        pytest.param(
            replace(REPORT, starts_comment=False),
            _published(RUN, replace(COMMENT, body="old")),
            (UpdateComment(id="IC_1", body=REPORT.comment),),
            id="a comment that is there is kept up to date",
        ),
        pytest.param(
            REPORT, _published(RUNNING, COMMENT), (UpdateCheckRun(id="CR_1", report=REPORT),), id="a run ends"
        ),
        pytest.param(
            WAITING, _published(RUNNING, COMMENT), (UpdateCheckRun(id="CR_1", report=WAITING),), id="a run goes on"
        ),
        pytest.param(
            WAITING, _published(RUN, COMMENT), (CreateCheckRun(report=WAITING),), id="a finished run starts anew"
        ),
        pytest.param(WAITING, _published(WAITED, COMMENT), (), id="a run that goes on is left alone"),
        pytest.param(
            WAITING,
            _published(replace(WAITED, is_expiring=True), COMMENT),
            (CreateCheckRun(report=WAITING),),
            id="one that would soon be stale starts anew",
        ),
        pytest.param(
            REPORT,
            _published(replace(WAITED, is_expiring=True), COMMENT),
            (UpdateCheckRun(id="CR_1", report=REPORT),),
            id="one that would soon be stale ends in time",
        ),
        pytest.param(
            REPORT,
            _published(replace(RUN, conclusion="success"), COMMENT),
            (UpdateCheckRun(id="CR_1", report=REPORT),),
            id="a finished run ends otherwise",
        ),
        pytest.param(
            REPORT,
            _published(replace(RUN, summary="other"), COMMENT),
            (UpdateCheckRun(id="CR_1", report=REPORT),),
            id="another summary",
        ),
        pytest.param(
            REPORT,
            _published(replace(RUN, name="release-gate: scratch"), COMMENT),
            (CreateCheckRun(report=REPORT),),
            id="a run for another base is not ours to touch",
        ),
        pytest.param(
            REPORT,
            _published(
                replace(RUN, summary="why\r\n"),
                replace(COMMENT, body=REPORT.comment.replace("\n", "\r\n") + "\n"),
            ),
            (),
            id="GitHub's line ends are no difference",
        ),
        pytest.param(
            REPORT, _published(RUN, COMMENT, SECOND), (MinimizeComment(id="IC_2"),), id="a second comment is hidden"
        ),
        pytest.param(
            REPORT,
            _published(RUN, COMMENT, replace(SECOND, is_minimized=True)),
            (),
            id="a hidden second comment stays hidden",
        ),
        pytest.param(
            replace(REPORT, reactions=(("IC_3", "EYES"), ("IC_2", "THUMBS_UP"))),
            replace(_published(RUN, COMMENT), reactions=frozenset({("IC_2", "THUMBS_UP")})),
            (React(subject="IC_3", content="EYES"),),
            id="a reaction that is not there yet",
        ),
        pytest.param(
            replace(REPORT, reactions=(("IC_2", "EYES"),)),
            replace(_published(RUN, COMMENT), reactions=frozenset({("IC_2", "THUMBS_UP")})),
            (React(subject="IC_2", content="EYES"),),
            id="another reaction to the same",
        ),
    ],
)
def test_plan(report: Report, published: Published, expected: tuple[Write, ...]):
    assert plan(report, published) == expected


@pytest.mark.parametrize(
    ("writes", "expected"),
    [
        pytest.param((CreateCheckRun(report=replace(REPORT, conclusion="success")),), True, id="a new run"),
        pytest.param((UpdateCheckRun(id="x", report=replace(REPORT, conclusion="success")),), True, id="the same run"),
        pytest.param((CreateCheckRun(report=REPORT), CreateComment(body="success")), False, id="other conclusions"),
        pytest.param((), False, id="nothing"),
    ],
)
def test_turns_green(writes: tuple[Write, ...], expected: bool):
    assert turns_green(writes) is expected


GREEN = replace(RUN, conclusion="success")


@pytest.mark.parametrize(
    ("write", "run", "expected"),
    [
        pytest.param(UpdateCheckRun(id="CR_1", report=REPORT), GREEN, True, id="success becomes a refusal"),
        pytest.param(CreateCheckRun(report=WAITING), GREEN, True, id="success becomes a new run that waits"),
        pytest.param(
            UpdateCheckRun(id="CR_1", report=REPORT),
            replace(RUN, conclusion="neutral"),
            True,
            id="neutral lets merge too",
        ),
        pytest.param(
            UpdateCheckRun(id="CR_1", report=replace(REPORT, conclusion="success")),
            GREEN,
            False,
            id="green stays green",
        ),
        pytest.param(UpdateCheckRun(id="CR_1", report=REPORT), RUN, False, id="it was shut already"),
        pytest.param(CreateCheckRun(report=REPORT), replace(GREEN, name="another"), False, id="another name is green"),
        pytest.param(CreateComment(body="no"), GREEN, False, id="a comment shuts nothing"),
    ],
)
def test_shuts(write: Write, run: PublishedRun, expected: bool):
    assert shuts(write, _published(run)) is expected


def after(writes: tuple[Write, ...], published: Published) -> Published:
    """What GitHub shows once the writes are made; it refuses what it refuses."""
    runs = {run.id: run for run in published.runs}
    comments = {comment.id: comment for comment in published.comments}
    reactions = published.reactions
    for write in writes:
        match write:
            case CreateCheckRun(report=report):
                runs = {id: run for id, run in runs.items() if run.name != report.name} | {"new": _run("new", report)}
            case UpdateCheckRun(id=id, report=report):
                assert not (runs[id].status == "completed" and report.status != "completed"), "GitHub refuses this"
                runs[id] = _run(id, report)
            case CreateComment(body=body):
                comments["new"] = PublishedComment(id="new", body=body, is_minimized=False)
            case UpdateComment(id=id, body=body):
                comments[id] = replace(comments[id], body=body)
            case MinimizeComment(id=id):
                comments[id] = replace(comments[id], is_minimized=True)
            case React(subject=subject, content=content):
                reactions |= {(subject, content)}
    return Published(runs=tuple(runs.values()), comments=tuple(comments.values()), reactions=reactions)


def _run(id: str, report: Report) -> PublishedRun:
    return PublishedRun(
        id=id,
        name=report.name,
        status=report.status,
        conclusion=report.conclusion,
        title=report.title,
        summary=report.summary,
    )


states = st.sampled_from(
    [("completed", "success"), ("completed", "failure"), ("completed", "action_required"), ("in_progress", None)]
)
texts = st.sampled_from(["a", "b", "a\r\n", "c"])
signs = st.tuples(st.sampled_from(["IC_1", "IC_2", "PRR_1"]), st.sampled_from(["EYES", "THUMBS_UP", "CONFUSED"]))
reports = st.builds(
    lambda state, title, summary, comment, starts, reactions: Report(
        name=NAME,
        status=state[0],
        conclusion=state[1],
        title=title,
        summary=summary,
        comment=comment,
        starts_comment=starts,
        reactions=tuple(reactions),
    ),
    states,
    texts,
    texts,
    texts,
    st.booleans(),
    st.lists(signs, max_size=MOST_REACTIONS, unique=True),
)
publications = st.builds(
    lambda runs, comments, reactions: Published(
        runs=tuple({run.name: run for run in runs}.values()),
        comments=tuple({comment.id: comment for comment in comments}.values()),
        reactions=frozenset(reactions),
    ),
    st.lists(
        st.builds(
            lambda name, state, title, summary: PublishedRun(
                id=f"CR {name}", name=name, status=state[0], conclusion=state[1], title=title, summary=summary
            ),
            st.sampled_from([NAME, "release-gate: scratch"]),
            states,
            texts,
            texts,
        ),
        max_size=3,
    ),
    st.lists(
        st.builds(PublishedComment, id=st.sampled_from(["1", "2", "3"]), body=texts, is_minimized=st.booleans()),
        max_size=3,
    ),
    st.lists(signs, max_size=5),
)


@given(report=reports, published=publications)
def test_planning_twice_writes_nothing_and_a_finished_run_never_goes_back(report: Report, published: Published):
    assert plan(report, after(plan(report, published), published)) == ()


def test_ten_reactions_a_pass_the_newest_first():
    report = replace(REPORT, reactions=tuple((f"IC_{number}", "EYES") for number in range(25)))
    published, made = _published(RUN, COMMENT), []
    while writes := plan(report, published):
        made.append(writes)
        published = after(writes, published)
    assert [len(writes) for writes in made] == [10, 10, 5]
    assert made[0][0] == React(subject="IC_0", content="EYES")
