"""On which decision a pull request was merged, and whether despite what its check said."""

from dataclasses import replace

import pytest

from bot.gate.facts import Merge
from bot.gate.published import Published, PublishedRun
from bot.record.chain import Body, Decision, Kept, Kind, first_break, linked
from bot.record.merging import decided_on, ending, merged_entry
from tests.builders import HEAD, NOW, a_snapshot
from tests.record.test_chain import an_entry

GROUP, MERGED, OLDER = "b" * 40, "d" * 40, "e" * 40
MERGE = Merge(by="rita", at=NOW, commit=MERGED)


def a_decision(commit: str = HEAD, number: int = 1, kind: Kind = Kind.VERDICT, outcome: str = "blocked") -> Decision:
    entry = replace(an_entry(f"Decided {number}"), commit=commit, kind=kind, outcome=outcome)
    return replace(linked(entry, None), number=number)


def a_run(conclusion: str | None = "action_required", name: str = "release-gate: main") -> PublishedRun:
    status = "completed" if conclusion else "in_progress"
    return PublishedRun(id="1", name=name, status=status, conclusion=conclusion, title="Shown", summary="")


def kept(decision: Decision, *, is_shadow: bool = False) -> Kept:
    return Kept(decision=decision, body=Body(facts={}, rules={}, verdict={"is_shadow": is_shadow}))


@pytest.mark.parametrize(
    ("chain", "number"),
    [
        pytest.param((), None, id="none"),
        pytest.param((a_decision(), a_decision(number=2)), 2, id="the newest one of the head"),
        pytest.param((a_decision(number=1), a_decision(MERGED, 2), a_decision(number=3)), 2, id="the queue's"),
        pytest.param((a_decision(number=1), a_decision(GROUP, 2)), 1, id="not that of a group that was thrown out"),
        pytest.param((a_decision(OLDER, 1),), 1, id="that of an older head, where there is no other"),
        pytest.param((a_decision(), a_decision(number=2, kind=Kind.MERGED)), 1, id="not the merge itself"),
        pytest.param((a_decision(kind=Kind.MERGED),), None, id="only the merge is left"),
    ],
)
def test_which_decision_counted(chain, number):
    found = decided_on(chain, a_snapshot(state="MERGED", merge=MERGE))
    assert (found and found.number) == number


@pytest.mark.parametrize(
    ("on", "runs", "line"),
    [
        pytest.param(kept(a_decision()), (a_run(),), "Merged by rita despite: Shown", id="red"),
        pytest.param(kept(a_decision()), (a_run(None),), "Merged by rita despite: Shown", id="still waiting"),
        pytest.param(
            kept(a_decision()), (a_run("success"),), "Merged by rita: Shown", id="green, and not kept in time"
        ),
        pytest.param(
            kept(a_decision(outcome="ready")),
            (a_run("failure"),),
            "Merged by rita despite: Shown",
            id="red, which was no decision",
        ),
        pytest.param(kept(a_decision()), (a_run("neutral"),), "Merged by rita: Shown", id="shadow mode"),
        pytest.param(kept(a_decision()), (), "Merged by rita despite: Decided 1", id="no run that could be read"),
        pytest.param(
            kept(a_decision(outcome="ready")),
            (a_run(name="else"),),
            "Merged by rita: Decided 1",
            id="another base's run",
        ),
        pytest.param(
            kept(a_decision(MERGED, outcome="conditional")),
            (a_run(),),
            "Merged by rita: Decided 1",
            id="the queue said yes, whatever stands on the head",
        ),
        pytest.param(
            kept(a_decision(MERGED), is_shadow=True), (), "Merged by rita: Decided 1", id="the queue's shadow"
        ),
        pytest.param(
            Kept(decision=a_decision(MERGED), body=None), (), "Merged by rita despite: Decided 1", id="its body went"
        ),
        pytest.param(kept(a_decision()), (a_run("success", "release-gate"),), "Merged by rita: Shown", id="fixed name"),
        pytest.param(
            kept(a_decision(OLDER, outcome="ready")),
            (),
            f"Merged by rita despite: nothing was decided about {HEAD[:7]}",
            id="what was ready is not what was merged",
        ),
        pytest.param(
            kept(a_decision(OLDER, outcome="ready"), is_shadow=True),
            (a_run(name="else"),),
            f"Merged by rita despite: nothing was decided about {HEAD[:7]}",
            id="nor is what only a shadow fell on",
        ),
        pytest.param(
            kept(a_decision(OLDER)), (a_run("success"),), "Merged by rita: Shown", id="shown, and never kept at all"
        ),
        pytest.param(
            kept(a_decision(OLDER, outcome="ready")),
            (a_run("failure"),),
            "Merged by rita despite: Shown",
            id="no evaluation came to an end",
        ),
    ],
)
def test_how_it_was_merged(on, runs, line):
    snapshot = a_snapshot(state="MERGED", merge=MERGE, published=Published(runs=runs))
    assert ending(MERGE, on, snapshot).title == line


def test_who_is_gone_has_no_name():
    merge = replace(MERGE, by=None)
    assert ending(merge, kept(a_decision()), a_snapshot(merge=merge)).title.startswith(
        "Merged by an account that is gone"
    )


@pytest.mark.parametrize("on", [pytest.param(kept(a_decision()), id="kept"), pytest.param(None, id="gone")])
def test_the_merge_is_the_last_link(on):
    on = on or Kept(decision=a_decision(), body=None)
    snapshot = a_snapshot(merge=MERGE)
    entry, body = merged_entry(ending(MERGE, on, snapshot), snapshot)
    assert (entry.kind, entry.commit, entry.outcome) == (Kind.MERGED, MERGED, "blocked")
    assert body.facts["merge"]["by"] == "rita"
    assert body.verdict == (on.body.verdict if on.body else {})
    assert first_break((on.decision, linked(entry, on.decision))) == ""


def test_a_merge_whose_commit_is_gone_is_of_the_head():
    merge = replace(MERGE, commit=None)
    entry, _ = merged_entry(ending(merge, kept(a_decision()), a_snapshot(merge=merge)), a_snapshot(merge=merge))
    assert entry.commit == HEAD
