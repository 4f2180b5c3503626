"""Leaves out of a range of commits what other commits of it take back."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.gate.conventional import Message

# `git revert` writes `Revert "SUBJECT"`, and `Reapply "SUBJECT"` for the revert of that; many write `revert: SUBJECT`.
_TAKES_BACK = re.compile(r"(?i)(?:[a-z]+(?:\([^()]+\))?: *)?reverts?(?:\([^()]+\))?:? +(?=\S)")
_BRINGS_BACK = re.compile(r"(?i)(?:[a-z]+(?:\([^()]+\))?: *)?reapply:? +(?=\S)")
_PULL_REQUEST = re.compile(r"(?: \(#[0-9]{1,9}\))+$")
_COMMITS = re.compile(
    r"(?i)\b(?:reverts? commits?|refs:)[ \n]+([0-9a-f]{7,40}\b(?:(?:,| and|\s)\s*[0-9a-f]{7,40}\b){0,20})"
)
_SHA = re.compile(r"[0-9a-fA-F]{7,40}")
_SHORTEST = 7
_DEEPEST = 20
_MOST_ALIKE = 20
_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A commit with what its message says."""

    sha: str
    message: Message
    text: str


def standing(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Those that no other takes back, without those that take back: what the range comes to.

    A revert of what stands outside of the range is left as it is: it is a change like others.
    A breaking change takes nothing back, whatever it is called: it would hide a larger change behind a smaller one.
    """
    reverts = {number: change for number, change in enumerate(changes) if _is_revert(change)}
    if not reverts:
        return tuple(changes)
    by_sha = _by_sha(changes, reverts)
    gone = _settled(by_sha, len(changes))
    left = [(number, change) for number, change in enumerate(changes) if number not in gone and number not in by_sha]
    return tuple(_by_subject(left, reverts))


def _is_revert(change: Change) -> bool:
    headline = change.message.headline
    said = _TAKES_BACK.match(headline) or _BRINGS_BACK.match(headline)
    return bool(said) and not change.message.is_breaking and not change.message.is_noise


def _by_sha(changes: Sequence[Change], reverts: Mapping[int, Change]) -> Mapping[int, frozenset[int]]:
    """For each revert that names commits of the range by their hashes, which."""
    known: dict[str, dict[str, int]] = {}
    for number, change in enumerate(changes):
        known.setdefault(change.sha[:_SHORTEST].lower(), {})[change.sha.lower()] = number
    named = {
        number: frozenset(
            other
            for sha in _named(change.text)
            for whole, other in _alike(known, sha)
            if whole.startswith(sha) and other != number
        )
        for number, change in reverts.items()
    }
    return {number: others for number, others in named.items() if others}


def _alike(known: Mapping[str, Mapping[str, int]], sha: str) -> Iterable[tuple[str, int]]:
    """The commits whose hashes begin as this one does; so many that it tells nothing are none."""
    found = known.get(sha[:_SHORTEST], {})
    return found.items() if len(found) <= _MOST_ALIKE else ()


def _named(text: str) -> Iterator[str]:
    body = text.partition("\n")[2]
    return (sha.lower() for found in _COMMITS.finditer(body) for sha in _SHA.findall(found[1]))


def _settled(by_sha: Mapping[int, frozenset[int]], count: int) -> frozenset[int]:
    """The commits that a standing revert takes back; what goes round in a circle takes nothing back."""
    waiting_for = Counter(other for others in by_sha.values() for other in others)
    settled = [number for number in range(count) if not waiting_for[number]]
    gone: set[int] = set()
    for number in settled:  # grows while it is walked
        for other in by_sha.get(number, ()):
            waiting_for[other] -= 1
            gone |= {other} if number not in gone else set()
            if not waiting_for[other]:
                settled.append(other)
    return frozenset(gone & set(settled))


def _by_subject(left: Iterable[tuple[int, Change]], reverts: Mapping[int, Change]) -> Iterator[Change]:
    """Where hashes don't help, for commits are rebased: as many reverts of a subject take as many away."""
    peeled = [(change, number in reverts, *_peeled(change, number in reverts)) for number, change in left]
    sums = Counter[str]()
    for _, _, subject, depth in peeled:
        sums[subject] += -1 if depth % 2 else 1
    originals = {subject for _, is_revert, subject, _ in peeled if not is_revert}
    taken = {subject for _, is_revert, subject, _ in peeled if is_revert} & originals
    return (
        change
        for change, is_revert, subject, _ in peeled
        if subject not in taken or (not is_revert and (sums[subject] > 0 or change.message.is_noise))
    )


def _peeled(change: Change, is_revert: bool) -> tuple[str, int]:  # noqa: FBT001 - one of two kinds
    """The subject that it is about in the end, and how often it is turned round on the way."""
    subject, depth = _plain(change.message.headline), 0
    while is_revert and depth < _DEEPEST:
        back, again = _TAKES_BACK.match(subject), _BRINGS_BACK.match(subject)
        found = back or again
        if found is None:
            break
        depth += 1 if back else 2
        subject = _plain(subject[found.end() :])
    return subject, depth


def _plain(subject: str) -> str:
    """Without quotation marks and the numbers of pull requests, which differ."""
    return _PULL_REQUEST.sub("", subject.strip()[:_LONGEST]).strip(" \"'“”`").casefold()
