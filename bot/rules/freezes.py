"""Reads the section `freezes` of the rules file: times in which nothing is released, by id."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from bot.gate.freeze import DAYS, Cron, Freeze, Once, Schedule, Weekly
from bot.gate.markup import code
from bot.gate.patterns import regex
from bot.gate.spelling import nearest
from bot.rules import values
from bot.rules.locking import LOCKED
from bot.rules.sections import ID
from bot.rules.spot import Reader, Spot, is_table, many, options

FREEZE_LIMIT = 50
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=31)

WALL = r"^2[0-9]{3}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2})?$"
_DAY = f"(?:{'|'.join(DAYS)})"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
WEEKLY = rf"^(?P<day>{_DAY}) (?P<clock>{_CLOCK}) ?- ?(?P<last_day>{_DAY}) (?P<last_clock>{_CLOCK})$"
ZONE = r"^(?:UTC|[A-Z][A-Za-z_]{1,29}(?:/[A-Za-z0-9_+-]{1,29}){1,2})$"
_PART = "(?:[0-9]{1,2}|[A-Za-z]{3})"
_FIELD = rf"(?:\*|{_PART}(?:-{_PART})?)(?:/[0-9]{{1,2}})?"
_FIELDS = rf"{_FIELD}(?:,{_FIELD})*"
CRON = rf"^[0-9]{{1,2}} {_FIELDS} (?:{_FIELDS}|L|LW) {_FIELDS} (?:{_FIELDS}|{_PART}#[1-5]|[0-7]L)$"


def freezes(spot: Spot) -> Mapping[str, Freeze]:
    """Times in which nothing is released, by id; those that can be read."""
    if not is_table(spot, "freezes by id"):
        return {}
    entries = list(spot.entries())
    if len(entries) > FREEZE_LIMIT:
        spot.fault(f"{spot.name} has {len(entries):,} freezes; {FREEZE_LIMIT} is the limit", at_key=True)
    return {id: freeze for id, entry in entries[:FREEZE_LIMIT] if (freeze := _freeze(id, entry))}


def _freeze(id: str, spot: Spot) -> Freeze | None:
    if not regex(ID).search(id):
        spot.fault(f"{spot.name} is no freeze id; write lower-case letters, digits and hyphens", at_key=True)
    read = options(spot, FREEZE, required=("zone", "reason"))
    schedule = _schedule(read, spot) if read is not None else None
    if read is None or schedule is None:
        return None
    return Freeze(id=id, schedule=schedule, zone=read["zone"], reason=read["reason"], **read.get("except", {}))


def _schedule(read: Mapping[str, Any], spot: Spot) -> Schedule | None:
    """One of three ways to say when."""
    match frozenset(read) & {"from", "until", "weekly", "cron", "for"}:
        case keys if keys in ({"until"}, {"from", "until"}):
            return _once(read.get("from"), read["until"], spot)
        case keys if keys == {"weekly"}:
            weekly: Weekly = read["weekly"]
            return weekly
        case keys if keys == {"cron", "for"}:
            return Cron(expression=read["cron"], lasts=read["for"])
        case _:
            said = f"{spot.name} has to say when; write `from:` and `until:`, or `weekly:`, or `cron:` and `for:`"
            spot.fault(said, at_key=True)
            return None


def _once(start: datetime | None, end: datetime, spot: Spot) -> Once | None:
    if start is not None and start >= end:
        spot.fault(f"{spot.name} ends before it begins; swap `from` and `until`", at_key=True)
        return None
    return Once(start=start, end=end)


def wall(spot: Spot) -> datetime | None:
    """A date, which means its first moment, or a time of the clock on the wall there."""
    try:
        if isinstance(spot.value, str) and regex(WALL).search(spot.value):
            return datetime.fromisoformat(spot.value)
    except ValueError:  # there is no 31 April
        pass
    said = "write a date such as `2026-12-24`, or with the time there `2026-12-24T18:00`; `zone` says where"
    spot.fault(f"{spot.name} is {spot.seen}; {said}")
    return None


def weekly(spot: Spot) -> Weekly | None:
    """`fri 16:00 - mon 08:00`."""
    match = regex(WEEKLY).search(spot.value) if isinstance(spot.value, str) else None
    if not match:
        spot.fault(f'{spot.name} is {spot.seen}; write two days with their times: "fri 16:00 - mon 08:00"')
        return None
    start, end = _since_monday(match["day"], match["clock"]), _since_monday(match["last_day"], match["last_clock"])
    if start == end:
        spot.fault(f"{spot.name} ends when it begins; write another end")
        return None
    return Weekly(start=start, end=end)


def _since_monday(day: str, clock: str) -> timedelta:
    hours, _, minutes = clock.partition(":")
    return timedelta(days=DAYS.index(day), hours=int(hours), minutes=int(minutes))


def cron(spot: Spot) -> str | None:
    """Five fields as in `crontab(5)`; the first is one number, so that it begins once an hour at most."""
    value = values.line(spot)
    if value is None:
        return None
    try:
        if regex(CRON).search(value):
            CronSim(value, _SOME_DAY)
            return value
    except CronSimError as error:
        said = str(error)
        spot.fault(f"{spot.name} is {spot.seen}: {said[:1].lower()}{said[1:]}; mend that field")
        return None
    said = 'minute (one number), hour, day of the month, month and day of the week: "0 18 20 12 *"'
    spot.fault(f"{spot.name} is {spot.seen}; write five fields, {said}")
    return None


def lasts(spot: Spot) -> timedelta | None:
    """How long it lasts: a minute to 31 days."""
    value = values.duration(spot)
    if value is None or timedelta(minutes=1) <= value <= LONGEST:
        return value
    spot.fault(f"{spot.name} is {spot.seen}; write a duration from `1m` to `{LONGEST.days}d`")
    return None


def zone(spot: Spot) -> str | None:
    """A time zone by IANA's name."""
    value = values.line(spot)
    if value is None or (regex(ZONE).search(value) and _is_known(value)):
        return value
    meant = nearest(value, (name for name in available_timezones() if "/" in name), within=3)
    hint = f"did you mean `{meant}`?" if meant else "write one of IANA's names such as `Europe/Berlin`, or `UTC`"
    spot.fault(f"there is no time zone {code(value, limit=40)}; {hint}")
    return None


def _is_known(name: str) -> bool:
    try:
        return bool(ZoneInfo(name).key)
    except (LookupError, ValueError, OSError):  # a folder of zones is an OSError
        return False


def excepted(spot: Spot) -> Mapping[str, tuple[str, ...]] | None:
    """For whom it does not hold."""
    return options(spot, EXCEPT)


EXCEPT: Mapping[str, Reader[Any]] = {"labels": many(values.line), "head": many(values.branch_glob)}
FREEZE: Mapping[str, Reader[Any]] = {
    "from": wall,
    "until": wall,
    "weekly": weekly,
    "cron": cron,
    "for": lasts,
    "zone": zone,
    "reason": values.line,
    "except": excepted,
    LOCKED: values.flag,
}
