"""The whole of what a repository asks of a release, as values. `bot.rules` builds them from YAML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from typing import TYPE_CHECKING

from bot.gate.blast_radius import Area
from bot.gate.checklist import Item, Tier
from bot.gate.deliverable import Deliverable
from bot.gate.freeze import Freeze
from bot.gate.metrics import Metric, Ratings, needs_changes
from bot.gate.needs import Needs
from bot.gate.packages import Package
from bot.gate.release import When
from bot.gate.risk import Level, Risk
from bot.gate.version import Semver
from bot.gate.versioned import PLACE

if TYPE_CHECKING:
    from bot.gate.applies import ItemWhen


class Stale(StrEnum):
    """When a push takes a sign-off away."""

    CHANGED = "changed"
    """When the change itself changed; with `stale_paths`, when something under these did."""
    PUSH = "push"
    NEVER = "never"


class Exclude(StrEnum):
    """Who may not sign although the role lists them."""

    AUTHOR = "author"
    LAST_PUSHER = "last_pusher"
    COMMITTERS = "committers"
    """Whoever wrote or committed one of the commits, co-authors included."""


class Via(StrEnum):
    """How somebody signs."""

    COMMENT = "comment"
    """With `/approve`, in a comment or in the text of a review."""
    REVIEW = "review"
    """With an approving review, whatever it says."""


class Quote(StrEnum):
    """When a sign-off has to name the version that it is of."""

    NEVER = "never"
    MAJOR = "major"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Who may sign off on behalf of what, and how many must."""

    id: str
    users: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    """As `org/slug`."""
    apps: frozenset[str] = frozenset()
    """Apps that may sign, by slug."""
    required: bool = False
    when: "ItemWhen | None" = None
    """To which changes a required role says something; None: to all."""
    count: int = 1
    via: frozenset[Via] = frozenset({Via.COMMENT})
    exclude: frozenset[Exclude] = frozenset({Exclude.AUTHOR, Exclude.LAST_PUSHER})
    distinct: bool = False
    """Who fills it fills no other role."""
    quote_version: Quote = Quote.NEVER
    stale: Stale = Stale.CHANGED
    stale_paths: tuple[str, ...] = ()


class Mode(StrEnum):
    """Whether the gate shuts."""

    ENFORCE = "enforce"
    SHADOW = "shadow"
    """Everything is judged and shown, nothing is blocked."""


class Language(StrEnum):
    """In which language everything is written that people read."""

    EN = "en"
    RU = "ru"


RULES_FILES = (".release-gate.yml", ".github/release-gate.yml")
"""Where a repository keeps them; both at once are a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What rules were read from, so that they can be read again."""

    text: str
    """Of the rules file."""
    sets: Mapping[str, str]
    """What it extends, by the name that it is called there."""
    is_default: bool
    """It is the default branch's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything that applies to pull requests into one base."""

    source: str
    """The rules file's blob, so that a change of rules is noticed."""
    file: str = RULES_FILES[0]
    when: When = field(default_factory=When)
    semver: Semver = field(default_factory=Semver)
    packages: tuple[Package, ...] = ()
    """Parts with versions of their own."""
    mode: Mode = Mode.ENFORCE
    language: Language = Language.EN
    is_fixed: bool = False
    """They are the default branch's, hold for every base, and give one check run's name to all."""
    roles: Mapping[str, Role] = field(default_factory=dict)
    areas: tuple[Area, ...] = ()
    risks: Mapping[str, Risk] = field(default_factory=dict)
    block_at: Level | None = None
    """From which severity an open risk blocks; None: none does."""
    freezes: Mapping[str, Freeze] = field(default_factory=dict)
    metrics: Mapping[Metric, Ratings] = field(default_factory=dict)
    deliverables: Mapping[str, Deliverable] = field(default_factory=dict)
    contacts: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    """Addresses, and paths from the repository's root."""
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The same, by group."""
    workflow_changes: tuple[str, ...] | None = None
    """Roles of which one has to sign a change of a workflow that proves something; None: those that are required."""
    waivable_by: Mapping[Tier, tuple[str, ...]] = field(default_factory=dict)
    """Roles that may waive the items of a tier, where its items don't say; see `waivers`."""
    checklist: tuple[Item, ...] = ()
    warnings: "tuple[Fault, ...]" = ()
    """What is not wrong and yet not wise."""
    origin: Origin | None = field(default=None, compare=False, repr=False)
    """None where no file was read, as in tests."""

    def needs(self) -> Needs:
        """What the shell has to read for these rules."""
        asked = reduce(Needs.__or__, (item.evidence.needs() for item in self.checklist), Needs())
        by_when = any(item.when and (item.when.paths or item.when.radius) for item in self.checklist)
        roles_when = (role.when for role in self.roles.values() if role.when)
        by_when = by_when or self.when.needs_changes or any(when.paths or when.radius for when in roles_when)
        changes = by_when or self._reaches_far
        delivered = frozenset(one.path for one in self.deliverables.values() if one.path)
        told = (self.semver, *(package.semver(self.semver) for package in self.packages))
        return asked | Needs(
            files=frozenset(path for path in delivered if PLACE not in path).union(*(semver.read for semver in told)),
            versioned=frozenset(path for path in delivered if PLACE in path),
            base_files=frozenset(path for semver in told for path in semver.files),
            changes=changes,
        )

    @property
    def _reaches_far(self) -> bool:
        """Whether packages, areas, risks or figures ask what is changed."""
        by_risk = any(risk.when and risk.when.paths for risk in self.risks.values())
        return bool(self.areas or self.packages) or by_risk or needs_changes(self.metrics)

    @property
    def workflow_roles(self) -> tuple[str, ...]:
        """Of these one has to sign a change of a workflow that proves something."""
        if self.workflow_changes is not None:
            return self.workflow_changes
        return tuple(role.id for role in self.roles.values() if role.required)

    def who_may_waive(self, item: Item) -> tuple[str, ...]:
        """The roles that may set an item aside: its own, else its tier's, else the required; none of a critical."""
        if item.is_locked:
            return ()
        if item.waivable_by is not None:
            return item.waivable_by
        required = tuple(role.id for role in self.roles.values() if role.required)
        return self.waivable_by.get(item.tier, () if item.tier is Tier.CRITICAL else required)

    def signing_roles(self) -> tuple[Role, ...]:
        """The roles that must sign: required ones, and those that an item names; in the order of the file."""
        named = self.needs().roles
        return tuple(role for role in self.roles.values() if role.required or role.id in named)


class Severity(StrEnum):
    """Whether the rules can be applied nevertheless."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with a rules file: where (1-based), what was expected."""

    line: int
    column: int
    path: str
    """The keys that lead there, dotted: `checklist.SEC-001.tier`."""
    message: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRules:
    """A rules file that can't be applied, with every fault at once."""

    source: str
    file: str
    faults: tuple[Fault, ...]
    """Errors, one at least."""
    is_fixed: bool = False
    """As far as that can be read."""
    warnings: tuple[Fault, ...] = ()

    @property
    def language(self) -> Language:
        """What they ask for can't be read either."""
        return Language.EN
