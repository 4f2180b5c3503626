"""Reads single values of the rules file: texts, numbers, durations, people, patterns."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import isfinite
from typing import Generic, TypeVar

from semver import Version

from bot.gate.instants import duration as parse_duration
from bot.gate.markup import code, listed
from bot.gate.patterns import BadPatternError, paths_match, regex
from bot.rules.document import Scalar
from bot.rules.spot import Spot, suggestion

E = TypeVar("E", bound=StrEnum)

WILDCARD_LIMIT = 16
LINE_LIMIT = 200
TEXT_LIMIT = 4_000
PATTERN_LIMIT = 500
DURATION_LIMIT = timedelta(days=3_650)
"""As many as may count from each other stay this side of the year 9999."""

SLUG = r"^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$"
INSTANT = r"^2[0-9]{3}-[0-9]{2}-[0-9]{2}(?P<time>T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[-+][0-9]{2}:[0-9]{2}))?$"
LOGIN = r"^@?(?P<login>[A-Za-z0-9][A-Za-z0-9_-]{0,99})$"
TEAM = r"^@?(?P<team>[A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9_.-]{1,100})$"
_WILDCARD = regex(r"\*\*|[*?\[]")


def text(spot: Spot) -> str | None:
    """Text of any number of lines, without the space around it."""
    value = _raw(spot)
    return None if value is None else value.strip()


def _raw(spot: Spot) -> str | None:
    """Text as it stands there; a number or a truth value is no text unless quoted."""
    value = spot.value
    if not isinstance(value, str):
        quoted = f', in quotes: "{spot.node.text}"' if value is not None and isinstance(spot.node, Scalar) else ""
        spot.fault(f"{spot.name} is {spot.seen}; write a text{quoted}")
    elif not value.strip():
        spot.fault(f"{spot.name} is blank; write a text")
    elif len(value) > TEXT_LIMIT:
        spot.fault(f"{spot.name} has {len(value):,} characters; {TEXT_LIMIT:,} is the limit")
    else:
        return value
    return None


def line(spot: Spot) -> str | None:
    """Text of one line."""
    value = text(spot)
    if value is None:
        return None
    if "\n" in value or "\t" in value:
        spot.fault(f"{spot.name} has several lines or a tab; write one line")
        return None
    if len(value) > LINE_LIMIT:
        spot.fault(f"{spot.name} has {len(value):,} characters; {LINE_LIMIT} is the limit")
        return None
    return value


def flag(spot: Spot) -> bool | None:
    """`true` or `false`."""
    if isinstance(spot.value, bool):
        return spot.value
    spot.fault(f"{spot.name} is {spot.seen}; write `true` or `false`")
    return None


def count(spot: Spot) -> int | None:
    """A whole number from 1 to 100."""
    value = spot.value
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100:  # noqa: PLR2004
        return value
    spot.fault(f"{spot.name} is {spot.seen}; write a whole number from 1 to 100")
    return None


def number(spot: Spot) -> float | None:
    """A finite number."""
    value = spot.value
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return float(value)
    spot.fault(f"{spot.name} is {spot.seen}; write a number")
    return None


def duration(spot: Spot) -> timedelta | None:
    """`90s`, `10m`, `36h` or `14d`."""
    lasts = parse_duration(spot.value) if isinstance(spot.value, str) else None
    if lasts is not None and lasts > DURATION_LIMIT:
        spot.fault(f"{spot.name} is {spot.seen}; {DURATION_LIMIT.days}d is the limit")
        return None
    if lasts is not None:
        return lasts
    spot.fault(f"{spot.name} is {spot.seen}; write a duration such as `90s`, `10m`, `36h` or `14d`")
    return None


@dataclass(frozen=True, slots=True)
class OneOf(Generic[E]):
    """Reads one of a few words."""

    choices: type[E]

    def __call__(self, spot: Spot) -> E | None:
        """The word's meaning."""
        words = tuple(str(choice) for choice in self.choices)
        if spot.value in words:
            return self.choices(str(spot.value))
        hint = suggestion(spot.node.text, words, "write one of") if isinstance(spot.node, Scalar) else None
        spot.fault(
            f"{spot.name} is {spot.seen}; {hint or 'write ' + listed([f'`{word}`' for word in words], last='or')}"
        )
        return None


def instant(spot: Spot) -> datetime | None:
    """A date, which means its first moment in UTC, or an instant of ISO 8601 with a zone."""
    match = regex(INSTANT).search(spot.value) if isinstance(spot.value, str) else None
    try:
        if match:
            return datetime.fromisoformat(match[0] if match["time"] else f"{match[0]}T00:00Z")
    except ValueError:  # there is no 31 April
        pass
    spot.fault(
        f"{spot.name} is {spot.seen}; write a date such as `2026-12-06`, or with time and zone `2026-12-06T09:00Z`"
    )
    return None


def login(spot: Spot) -> str | None:
    """A person's login, with or without `@`."""
    value = spot.value
    if match := regex(LOGIN).search(value) if isinstance(value, str) else None:
        return str(match["login"])
    if isinstance(value, str) and regex(TEAM).search(value):
        spot.fault(f"{spot.name} names the team {spot.seen}; list it under `teams:`")
    else:
        spot.fault(f"{spot.name} is {spot.seen}; write a person's login such as `ann`")
    return None


def team(spot: Spot) -> str | None:
    """A team as `org/slug`, with or without `@`."""
    if match := regex(TEAM).search(spot.value) if isinstance(spot.value, str) else None:
        return str(match["team"])
    spot.fault(f"{spot.name} is {spot.seen}; write a team as `org/slug`")
    return None


def role_id(spot: Spot) -> str | None:
    """A role that the rules define."""
    value = line(spot)
    if value is None or value in spot.context.roles:
        return value
    hint = suggestion(value, spot.context.roles, "the roles are") if spot.context.roles else "add it under `roles:`"
    spot.fault(f"there is no role {code(value, limit=40)}; {hint}")
    return None


def app(spot: Spot) -> str | None:
    """An App's slug: what its page at github.com/apps/ ends with."""
    value = spot.value
    slug = value.removesuffix("[bot]") if isinstance(value, str) else ""
    if regex(SLUG).search(slug):
        return slug
    spot.fault(f"{spot.name} is {spot.seen}; write an App's slug such as `renovate`")
    return None


def item_id(spot: Spot) -> str | None:
    """An item of the checklist."""
    value = line(spot)
    if value is None or value in spot.context.items:
        return value
    hint = suggestion(value, spot.context.items, "the items are") if spot.context.items else "add it under `checklist:`"
    if spot.node.at.inherited:
        hint = f"write `{spot.path[1]}` anew without it, or `{spot.path[1]}: off`, under `{spot.path[0]}:`"
    spot.fault(f"there is no item {code(value, limit=40)}; {hint}")
    return None


def pattern(spot: Spot) -> str | None:
    """A regex that RE2 takes."""
    value = _short(spot)
    if value is None:
        return None
    try:
        regex(value)
    except BadPatternError as error:
        spot.fault(f"{spot.name} is no regular expression that RE2 reads: {code(str(error))}; mend it")
        return None
    return value


def branch_glob(spot: Spot) -> str | None:
    """A pattern of names, with few enough wildcards to stay quick."""
    value = line(spot)
    wildcards = len(_WILDCARD.findall(value or ""))
    if wildcards <= WILDCARD_LIMIT:
        return value
    spot.fault(f"{spot.name} has {wildcards} wildcards; {WILDCARD_LIMIT} is the limit: split the pattern")
    return None


def path_glob(spot: Spot) -> str | None:
    """A pattern of paths, as in `.gitignore`, but neither negated nor a comment: those would match nothing."""
    value = branch_glob(spot)
    if value is None:
        return None
    if value[0] in "!#":
        spot.fault(f"{spot.name} starts with `{value[0]}` and would match nothing; name the paths that count")
        return None
    try:
        paths_match((value,), ())
    except BadPatternError as error:
        spot.fault(f"{spot.name} is no path pattern: {code(str(error))}; mend it")
        return None
    return value


def file_path(spot: Spot) -> str | None:
    """A path from the repository's root."""
    value = line(spot)
    if value is None:
        return None
    if value.startswith("/") or "\\" in value or {"", ".", ".."} & set(value.split("/")):
        spot.fault(f"{spot.name} is {spot.seen}; write a path from the repository's root such as `docs/index.md`")
        return None
    return value


def workflow_file(spot: Spot) -> str | None:
    """A workflow's file name, or its whole path."""
    value = file_path(spot)
    if value is None or value.endswith((".yml", ".yaml")):
        return value
    spot.fault(f"{spot.name} is {spot.seen}; write the file of the workflow such as `ci.yml`")
    return None


def tag(spot: Spot) -> str | None:
    """What version tags look like."""
    value = line(spot)
    if value is None or value.count("{version}") == 1:
        return value
    spot.fault(f'{spot.name} is {spot.seen}; it must hold `{{version}}` once: write "v{{version}}"')
    return None


def version(spot: Spot) -> str | None:
    """A version by SemVer 2.0.0."""
    if isinstance(spot.value, str) and len(spot.value) <= LINE_LIMIT and Version.is_valid(spot.value):
        return spot.value
    spot.fault(f'{spot.name} is {spot.seen}; write a version of three numbers such as "0.1.0"')
    return None


def _short(spot: Spot) -> str | None:
    value = _raw(spot)
    if value is None or len(value) <= PATTERN_LIMIT:
        return value
    spot.fault(f"{spot.name} has {len(value):,} characters; {PATTERN_LIMIT} is the limit for a pattern")
    return None
