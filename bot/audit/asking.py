"""What somebody names on the command line → decisions in the database, or lines of an export."""

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.record.body import kept_in
from bot.record.chain import Decision, Kept
from bot.record.codec import Unreadable
from bot.store import Store, decisions

_PULL: Final = re.compile(
    r"(?P<repository>[\w.-]{1,100}/[\w.-]{1,100})#(?P<pull>[0-9]{1,9})(?::(?P<number>[0-9]{1,9}))?"
)
_DIGEST: Final = re.compile(r"[0-9a-f]{6,64}")


class NoAnswer(Exception):
    """What was asked for can't be told; `str()` says what to type instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A pull request as people write it, and one of its decisions, perhaps."""

    repository: str
    pull: int
    number: int | None = None


def named(text: str) -> Named:
    """`owner/repo#7`, or `owner/repo#7:3` for the third decision. Raises `NoAnswer`."""
    found = _PULL.fullmatch(text)
    if found is None:
        raise NoAnswer(f"`{text}` names no pull request; write it like owner/repo#7")
    number = int(found["number"]) if found["number"] else None
    return Named(repository=found["repository"], pull=int(found["pull"]), number=number)


def instant(text: str) -> datetime:
    """`2026-11-22`, or an ISO 8601 instant; without a zone in UTC. Raises `NoAnswer`."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NoAnswer(f"`{text}` is no date; write it like 2026-11-22 or 2026-11-22T12:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def subjects(store: Store, pull_request: str | None) -> tuple[str, ...]:
    """Whose chains: of the pull request, or all. Raises `NoAnswer` for one that there is none of."""
    if pull_request is None:
        return await decisions.subjects(store)
    asked = named(pull_request)
    found = await decisions.subjects(store, repository=asked.repository, pull=asked.pull)
    if not found:
        raise NoAnswer(f"there is no decision about {asked.repository}#{asked.pull}; see --database")
    return found


async def chains(store: Store, pull_request: str | None) -> AsyncIterator[tuple[Decision, ...]]:
    """Each chain from its beginning."""
    for subject in await subjects(store, pull_request):
        yield await decisions.chain(store, subject=subject)


async def the_one(store: Store, text: str) -> Kept:
    """The decision whose digest begins so, or the newest or a numbered one of a pull request. Raises `NoAnswer`."""
    found = await (_by_digest if _DIGEST.fullmatch(text) else _by_name)(store, text)
    try:
        return await decisions.with_body(store, found)
    except Unreadable as error:
        raise NoAnswer(f"decision {found.number} of {name_of(found)}: {error}") from error


async def _by_digest(store: Store, text: str) -> Decision:
    found = await decisions.beginning_with(store, text)
    if len(found) == 1:
        return found[0]
    raise NoAnswer(f"several digests begin with `{text}`; write more of it" if found else f"no digest is `{text}…`")


async def _by_name(store: Store, text: str) -> Decision:
    if "#" not in text:
        raise NoAnswer(f"`{text}` names no decision; write six digits of its digest, owner/repo#7 or owner/repo#7:3")
    asked = named(text)
    found = [one for subject in await subjects(store, text) for one in await decisions.chain(store, subject=subject)]
    wanted = [one for one in found if asked.number in (None, one.number)]
    if not wanted:
        raise NoAnswer(f"{asked.repository}#{asked.pull} has {len(found)} decisions, and none is the {asked.number}.")
    return max(wanted, key=lambda one: (one.at, one.number))


def exported(lines: Iterable[bytes]) -> Iterator[Kept]:
    """The decisions in an export. Raises `NoAnswer` for a line that holds none."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield kept_in(line)
            except Unreadable as error:
                raise NoAnswer(f"line {number}: {error}") from error


def name_of(decision: Decision) -> str:
    """The pull request as people write it."""
    return f"{decision.repository}#{decision.pull}"
