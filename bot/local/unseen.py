"""A verdict on what git can tell → the same, where what needs GitHub says who can tell it."""

from dataclasses import replace
from typing import Final

from bot.gate.finding import Finding, State, Who
from bot.gate.timeline import WAITED_FOR, end_of
from bot.gate.verdict import Verdict
from bot.local.snapshot import NEEDS_GITHUB

ONLY_THE_APP: Final = "only the App on the pull request can tell"


def told(verdict: Verdict) -> Verdict:
    """There is no App here that could be let read it, and nobody who looks again by themselves."""
    blockers = tuple(replace(blocker, finding=_told(blocker.finding)) for blocker in verdict.blockers)
    waits = dict.fromkeys(WAITED_FOR[one.finding.who] for one in blockers if not end_of(one.finding))
    return replace(
        verdict,
        items=tuple(replace(judged, finding=_told(judged.finding)) for judged in verdict.items),
        blockers=blockers,
        timeline=replace(verdict.timeline, waits_for=tuple(waits)),
        again_at=None,
    )


def _told(finding: Finding) -> Finding:
    if finding.state is not State.UNKNOWN or NEEDS_GITHUB.because not in finding.seen:
        return finding
    return replace(finding, do=ONLY_THE_APP, who=Who.GITHUB, roles=())
