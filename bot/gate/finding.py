"""What one piece of evidence says: a state, what was seen and wanted, who acts next and when to look again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.gate.markup import listed


class State(StrEnum):
    """The state of a checklist item, in the order in which the worst wins."""

    UNMET = "unmet"
    UNKNOWN = "unknown"
    PENDING = "pending"
    MET = "met"
    WAIVED = "waived"
    """Of items only: somebody who may has set it aside."""
    NOT_APPLICABLE = "not_applicable"
    """Of items only: the item's `when` does not hold for this change."""


class Who(StrEnum):
    """Who acts next."""

    HOLDER = "holder"
    AUTHOR = "author"
    CI = "CI"
    ROLE = "role"
    REVIEWER = "reviewer"
    CLOCK = "clock"
    ADMIN = "admin"
    GITHUB = "GitHub"
    """Whoever looks from elsewhere can't know."""


@dataclass(frozen=True, slots=True)
class Contrary:
    """What is wanted where something must not hold, and what to do for it."""

    wanted: str
    do: str


@dataclass(frozen=True, slots=True)
class Wait:
    """A time that does not begin to count before somebody or something has acted."""

    lasts: timedelta
    since: str
    """What it counts from: a kind of evidence, or an item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer of one piece of evidence. Texts are Markdown from us; what others wrote in them is escaped already."""

    state: State
    seen: str
    wanted: str = ""
    do: str = ""
    who: Who = Who.AUTHOR
    roles: tuple[str, ...] = ()
    """The roles that act next, when `who` is a role."""
    link: str | None = None
    at: datetime | None = None
    """GitHub's instant at which it became true, for what is met."""
    again_at: datetime | None = None
    """When the clock alone can change the answer."""
    until: datetime | None = None
    """When what only time settles is settled."""
    least: Wait | None = None
    """What has to pass at least, once what is open is done."""
    failed: bool = False
    """A machine looked and said no (a red check), as opposed to nobody having acted yet."""
    percent: float | None = None
    """The share that was measured, where one was."""
    contrary: "Contrary | None" = None
    """Where `not` stands before what is met: what is wanted then."""

    @property
    def by_clock(self) -> bool:
        """Only time is missing."""
        return self.state is State.PENDING and self.who is Who.CLOCK


def met(
    *,
    seen: str,
    link: str | None = None,
    at: datetime | None = None,
    again_at: datetime | None = None,
    contrary: Contrary | None = None,
) -> Finding:
    """The evidence holds, since `at`; `again_at` when the clock may end that; `contrary` for whoever wants that."""
    return Finding(state=State.MET, seen=seen, link=link, at=at, again_at=again_at, contrary=contrary)


def unmet(*, seen: str, wanted: str, do: str, link: str | None = None, failed: bool = False) -> Finding:
    """The author has to do something; `failed` when a machine looked and said no."""
    return Finding(state=State.UNMET, seen=seen, wanted=wanted, do=do, link=link, failed=failed)


def pending(*, seen: str, link: str | None = None, again_at: datetime | None = None) -> Finding:
    """CI is at work; `again_at` when it is late."""
    return Finding(state=State.PENDING, seen=seen, who=Who.CI, link=link, again_at=again_at)


def scheduled(*, seen: str, again_at: datetime, link: str | None = None) -> Finding:
    """Only time is missing."""
    return Finding(state=State.PENDING, seen=seen, who=Who.CLOCK, link=link, again_at=again_at, until=again_at)


def unknown(*, because: str, wanted: str, do: str = "see that the App may read it") -> Finding:
    """It could not be found out."""
    return Finding(state=State.UNKNOWN, seen=because, wanted=wanted, do=do, who=Who.ADMIN)


_BEST_FIRST = (State.MET, State.PENDING, State.UNKNOWN, State.UNMET)
_WORST_FIRST = (State.UNMET, State.UNKNOWN, State.PENDING, State.MET)


def every(findings: Iterable[Finding]) -> Finding:
    """All of them must hold: the worst of unmet, unknown, pending, met decides."""
    return _decided_by(_WORST_FIRST, tuple(findings), latest=True)


def some(findings: Iterable[Finding]) -> Finding:
    """One of them is enough: the best of met, pending, unknown, unmet decides."""
    return _decided_by(_BEST_FIRST, tuple(findings), latest=False)


def opposite(finding: Finding) -> Finding:
    """Met and unmet swapped; what is pending or unknown stays so."""
    match finding.state:
        case State.MET:
            asked = finding.contrary or Contrary(f"not: {finding.seen}", "see that this holds no longer")
            return replace(finding, state=State.UNMET, wanted=asked.wanted, do=asked.do, at=None, contrary=None)
        case State.UNMET:
            asked = Contrary(finding.wanted, finding.do)
            return replace(finding, state=State.MET, wanted="", do="", failed=False, least=None, contrary=asked)
        case _:
            return finding


def _decided_by(order: tuple[State, ...], findings: tuple[Finding, ...], *, latest: bool) -> Finding:
    state = next(state for state in order if any(finding.state is state for finding in findings))
    deciding = tuple(finding for finding in findings if finding.state is state)
    first = deciding[0]
    instants = [finding.at for finding in deciding if finding.at is not None]
    # What holds only when the last of them does holds since nobody knows when, if one does not say.
    is_since = bool(instants) and (not latest or len(instants) == len(deciding))
    ends = [finding.until for finding in (findings if latest else deciding) if finding.until is not None]
    again = [finding.again_at for finding in findings if finding.again_at is not None]
    told = _joined if latest else _either
    return Finding(
        state=state,
        seen=_joined(finding.seen for finding in deciding),
        wanted=told(finding.wanted for finding in deciding),
        do=told(finding.do for finding in deciding),
        who=first.who,
        roles=tuple(dict.fromkeys(role for finding in deciding for role in finding.roles)),
        link=next((finding.link for finding in deciding if finding.link), None),
        at=(max if latest else min)(instants) if is_since else None,
        again_at=min(again) if again else None,
        until=(max if latest else min)(ends) if ends else None,
        least=_least(findings if latest else deciding, latest=latest),
        failed=any(finding.failed for finding in deciding),
        percent=min((finding.percent for finding in findings if finding.percent is not None), default=None),
        contrary=_contrary(deciding, _either if latest else _joined),
    )


def _least(findings: tuple[Finding, ...], *, latest: bool) -> Wait | None:
    """The longest of all; of those of which one is enough the shortest, if none is quicker."""
    waits = [finding.least for finding in findings if finding.least]
    if not waits or (not latest and len(waits) < len(findings)):
        return None
    return (max if latest else min)(waits, key=lambda wait: wait.lasts)


def _contrary(findings: tuple[Finding, ...], told: Callable[[Iterable[str]], str]) -> Contrary | None:
    """Of several that hold; None where one of them has no words for it."""
    known = [finding.contrary for finding in findings if finding.contrary]
    if len(known) < len(findings):
        return None
    return Contrary(told(one.wanted for one in known), told(one.do for one in known))


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _either(texts: Iterable[str]) -> str:
    """One of them is enough: `add x or y`, else `add x; or deploy it`."""
    told = list(dict.fromkeys(text for text in texts if text))
    parts = [text.split("`") for text in told]
    verbs = {part[0] for part in parts}
    if len(told) > 1 and len(verbs) == 1 and all(len(part) == _ONE_SPAN and not part[2] for part in parts):
        return verbs.pop() + listed([f"`{part[1]}`" for part in parts], last="or")
    return "; or ".join(told)


_ONE_SPAN = 3
"""Before a code span, in it and behind it."""
