"""The gate's decision about one head, with every reason."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.gate.addressed import Refusal
from bot.gate.answers import Answer
from bot.gate.check_name import name_of
from bot.gate.checklist import JudgedItem, Tier
from bot.gate.facts import Closing, Comment, Deletion, Fact, Unavailable
from bot.gate.finding import Finding, State
from bot.gate.holds import Hold
from bot.gate.packages import PackageVersion
from bot.gate.risk import Level
from bot.gate.rule_changes import RuleChange
from bot.gate.rules import Fault, Language
from bot.gate.standing import Standing
from bot.gate.timeline import Timeline
from bot.gate.version import NextVersion

if TYPE_CHECKING:
    from bot.gate.outlook import Outlook


class Outcome(StrEnum):
    """The verdict in one word, worst first."""

    ERROR = "error"
    BLOCKED = "blocked"
    WAITING = "waiting"
    SCHEDULED = "scheduled"
    CONDITIONAL = "conditional"
    READY = "ready"
    NOT_A_RELEASE = "not_a_release"

    @property
    def passes(self) -> bool:
        """Whether the check run says success."""
        return self in {Outcome.CONDITIONAL, Outcome.READY, Outcome.NOT_A_RELEASE}


COMMENTS = "comments"
"""The id of the blocker that stands for what can't be read of people."""
HOLD = "hold"
"""The id of a blocker that is a person's hold."""
OF_VERSION = "version"
"""The id of a blocker that is about the version itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """One reason why the release may not ship yet: an item, a role that has not signed, a hold, the version itself."""

    id: str
    title: str
    finding: Finding
    tier: Tier | None = None
    how: str | None = None
    severity: Level | None = None
    """Of a risk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """Another open pull request that the proposed rules would decide otherwise."""

    number: int
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the proposed rules would mean for the other open pull requests of the base."""

    flips: tuple[Flip, ...]
    looked_at: int
    others: int
    """How many there are; more than were looked at when there are too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The rules that a pull request would bring, looked at."""

    file: str
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    changes: tuple[RuleChange, ...] = ()
    preview: Preview | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What should be true for everybody who looks at the pull request. It speaks of one commit only."""

    outcome: Outcome
    repository: str
    number: int
    base_ref: str
    head_sha: str
    group_sha: str | None = None
    """The merge group's commit that it was judged on, and that it speaks of instead."""
    is_draft: bool
    is_fixed: bool = False
    """One check run's name for all bases."""
    is_shadow: bool = False
    """Everything is judged and shown, nothing is blocked."""
    language: Language = Language.EN
    """In which it is told."""
    items: tuple[JudgedItem, ...] = ()
    standings: tuple[Standing, ...] = ()
    """The roles that have to sign, and those that said something."""
    holds: tuple[Hold, ...] = ()
    answers: tuple[Answer, ...] = ()
    """What people want to know."""
    deletions: tuple[Deletion, ...] = ()
    """Comments that were deleted."""
    edits: tuple[Comment, ...] = ()
    """Comments that somebody else than their author edited last."""
    reactions: tuple[tuple[str, str], ...] = ()
    """How to react to whose comment: its node id and the reaction in GraphQL's words; the newest comment first."""
    blockers: tuple[Blocker, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    version: Fact[NextVersion] = field(default_factory=lambda: Unavailable("not computed"))
    packages: Fact[tuple[PackageVersion, ...]] = ()
    """Those that the change touches."""
    readiness: int = 0
    outlook: "Outlook | None" = None
    """Risks, blast radius, figures and freezes."""
    timeline: Timeline = field(default_factory=Timeline)
    faults: tuple[Fault, ...] = ()
    rules_file: str = ""
    trouble: str = ""
    """Why we could not evaluate, in one sentence."""
    again_at: datetime | None = None
    """When the clock alone may change the verdict."""
    proposed: Proposed | None = None
    """When the pull request changes the rules."""
    closings: tuple[Closing, ...] = ()
    """To be remembered before anything is published."""

    @property
    def check_name(self) -> str:
        """The name of the check run that says it."""
        return name_of(self.base_ref, is_fixed=self.is_fixed)

    @property
    def machine_failed(self) -> bool:
        """A machine looked at something that blocks and said no."""
        return any(blocker.finding.failed for blocker in self.blockers)

    @property
    def recommended(self) -> tuple[JudgedItem, ...]:
        """Open items that don't block."""
        return tuple(judged for judged in self.items if judged.is_open and not judged.is_blocking)

    def of_tier(self, tier: Tier) -> tuple[JudgedItem, ...]:
        """The items of one tier, in the order of the rules."""
        return tuple(judged for judged in self.items if judged.item.tier is tier)


def outcome_of(blockers: tuple[Blocker, ...], *, open_items: bool) -> Outcome:
    """The worst that any blocker says; without one, whether anything recommended is open."""
    states = {blocker.finding.state for blocker in blockers}
    if states & {State.UNMET, State.UNKNOWN}:
        return Outcome.BLOCKED
    if any(not blocker.finding.by_clock for blocker in blockers):
        return Outcome.WAITING
    if blockers:
        return Outcome.SCHEDULED
    return Outcome.CONDITIONAL if open_items else Outcome.READY
