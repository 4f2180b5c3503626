"""Leaves out of a range of commits what other commits of it take back."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.gate.conventional import Message, unprefixed
from bot.gate.own_words import lines_of

# `git revert` writes `Revert "SUBJECT"`, and `Reapply "SUBJECT"` for the revert of that; many write `revert: SUBJECT`.
# What calls itself a feature is one, whatever it goes back to.
_KIND = r"(?:(?!feat)[a-z]+(?:\([^()]+\))?: *)?"
_TAKES_BACK = re.compile(rf"(?i){_KIND}revert(?:s|ed|ing)?(?:\([^()]+\))?:? +(?=\S)")
_BRINGS_BACK = re.compile(rf"(?i){_KIND}reapply:? +(?=\S)")
_PULL_REQUESTS = re.compile(r"(?: \(#[0-9]{1,9}\))+$")
_PULL_REQUEST = re.compile(r"\(#([0-9]{1,9})\)$")
_HASHES = r"([0-9a-f]{7,40}\b(?:(?:,| and|\s)\s*[0-9a-f]{7,40}\b){0,20})"
# What `git revert` writes below the headline, whatever becomes of that; the convention's example writes `Refs:`.
_BY_GIT = re.compile(rf"(?i)\bthis reverts commits?[ \n]+{_HASHES}")
_REFS = re.compile(rf"(?im)^refs:[ \n]+{_HASHES}")
_IN_HEADLINE = re.compile(r"(?i)(?:commits? )?([0-9a-f]{7,40})\.?")
_PULL_IN_HEADLINE = re.compile(r"(?i)(?:pr |pull request )?\(?#([0-9]{1,9})\)?")
# What GitHub's button writes into the description: a squash merge keeps it.
_BY_GITHUB = re.compile(r"(?im)^Reverts (?:[\w.-]{1,100}/[\w.-]{1,100})?#([0-9]{1,9})\.?[ \t]*$")
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

    A revert of what stands outside of the range is left as it is: it is a change like others. A breaking change takes
    nothing back, whatever it is called, and the others are judged as if there were none: so one more never hides any.
    """
    if not any(takes_back(change) for change in changes):
        return tuple(changes)
    numbered = list(enumerate(changes))
    firm = [(number, change) for number, change in numbered if not change.message.is_breaking]
    whole = _left(numbered)
    apart = whole if len(firm) == len(numbered) else _left(firm)
    return tuple(
        change
        for number, change in numbered
        if number in (whole if change.message.is_breaking else apart & whole if _is_shaped(change) else apart)
    )


def takes_back(change: Change) -> bool:
    """Whether it says that it takes others back, in its headline or as git and GitHub write it below."""
    if change.message.is_noise:
        return False
    return change.message.type == "revert" or _is_shaped(change) or any(_named_below(change))


def _is_shaped(change: Change) -> bool:
    """Whether the headline says so; then there is nothing else in it."""
    message = change.message
    if message.is_breaking or message.is_noise:
        return False
    return bool(_turned(message.headline[unprefixed(message.headline) :]))


def _turned(subject: str) -> re.Match[str] | None:
    return _TAKES_BACK.match(subject) or _BRINGS_BACK.match(subject)


def _left(numbered: Sequence[tuple[int, Change]]) -> frozenset[int]:
    """The numbers of those that stand."""
    shaped = frozenset(number for number, change in numbered if _is_shaped(change))
    named = _by_name(numbered, shaped)
    gone = _settled(named, [number for number, _ in numbered])
    rest = [
        (number, change) for number, change in numbered if number not in gone and number not in named.keys() & shaped
    ]
    return frozenset(_by_subject(rest, shaped))


def _by_name(numbered: Sequence[tuple[int, Change]], shaped: frozenset[int]) -> Mapping[int, frozenset[int]]:
    """For each that names others of the range, by their hashes or pull requests, which."""
    known: dict[str, dict[str, int]] = {}
    pulls: dict[str, list[int]] = {}
    for number, change in numbered:
        known.setdefault(change.sha[:_SHORTEST].lower(), {})[change.sha.lower()] = number
        if found := _PULL_REQUEST.search(change.message.headline):
            pulls.setdefault(f"#{found[1]}", []).append(number)
    named: dict[int, frozenset[int]] = {}
    for number, change in numbered:
        if change.message.is_breaking or change.message.is_noise:
            continue
        names = (*_named_below(change), *(_named_above(change) if number in shaped else ()))
        others = {other for name in names for other in pulls.get(name, ()) or _alike(known, name) if other != number}
        if number in shaped and _peeled(change.message.headline)[1] > 1:
            others &= shaped  # what brings back takes back nothing but reverts
        if others:
            named[number] = frozenset(others)
    return named


def _alike(known: Mapping[str, Mapping[str, int]], sha: str) -> Iterator[int]:
    """The commits whose hashes begin as this one does; so many that it tells nothing are none."""
    found = known.get(sha[:_SHORTEST], {})
    return (other for whole, other in found.items() if len(found) <= _MOST_ALIKE and whole.startswith(sha))


def _named_below(change: Change) -> Iterator[str]:
    """Hashes and `#NUMBER`s in the body, as git, GitHub and the convention write them."""
    if "everts " not in change.text and change.message.type != "revert":
        return
    body = "\n".join(lines_of(change.text.strip())[1:])
    patterns = (_BY_GIT, _REFS) if change.message.type == "revert" else (_BY_GIT,)
    for pattern in patterns:
        yield from (sha.lower() for found in pattern.finditer(body) for sha in _SHA.findall(found[1]))
    yield from (f"#{found[1]}" for found in _BY_GITHUB.finditer(body))


def _named_above(change: Change) -> Iterator[str]:
    """The hash or the `#NUMBER` that a headline names instead of a subject."""
    subject, _ = _peeled(change.message.headline)
    if found := _IN_HEADLINE.fullmatch(subject):
        yield found[1].lower()
    if found := _PULL_IN_HEADLINE.fullmatch(subject):
        yield f"#{found[1]}"


def _settled(named: Mapping[int, frozenset[int]], numbers: Sequence[int]) -> frozenset[int]:
    """The commits that a standing revert takes back; what goes round in a circle takes nothing back."""
    waiting_for = Counter(other for others in named.values() for other in others)
    settled = [number for number in numbers if not waiting_for[number]]
    gone: set[int] = set()
    for number in settled:  # grows while it is walked
        for other in named.get(number, ()):
            waiting_for[other] -= 1
            gone |= {other} if number not in gone else set()
            if not waiting_for[other]:
                settled.append(other)
    return frozenset(gone & set(settled))


def _by_subject(rest: Sequence[tuple[int, Change]], shaped: frozenset[int]) -> Iterator[int]:
    """Where names don't help, for commits are rebased: as many reverts of a subject take as many away."""
    originals = {number: _plain(change.message.headline) for number, change in rest if number not in shaped}
    subjects = frozenset(originals.values())
    described = _by_description(rest, shaped)
    sums, taken = Counter(originals.values()), set[str]()
    about: dict[int, str] = {}
    for number, change in rest:
        if number in shaped:
            subject, depth = _peeled(change.message.headline)
            about[number] = subject if subject in subjects else described.get(subject, "")
            sums[about[number]] += -1 if depth % 2 else 1
            taken |= {about[number]} & subjects
    for number, change in rest:
        subject = originals.get(number, about.get(number, ""))
        if subject not in taken or (number in originals and (sums[subject] > 0 or change.message.is_noise)):
            yield number


def _by_description(rest: Iterable[tuple[int, Change]], shaped: frozenset[int]) -> Mapping[str, str]:
    """The subjects by what stands behind their colons: `revert(ui): wider` may mean `feat(ui): wider`."""
    found: dict[str, set[str]] = {}
    for number, change in rest:
        if number not in shaped and change.message.type:
            found.setdefault(_plain(change.message.description), set()).add(_plain(change.message.headline))
    return {description: subjects.pop() for description, subjects in found.items() if len(subjects) == 1}


def _peeled(headline: str) -> tuple[str, int]:
    """The subject that a revert is about in the end, and how often it is turned round on the way."""
    subject, depth = _plain(headline[unprefixed(headline) :]), 0
    while depth < _DEEPEST and (found := _turned(subject)):
        depth += 2 if _BRINGS_BACK.match(subject) else 1
        subject = _plain(subject[found.end() :])
    return subject, depth


def _plain(subject: str) -> str:
    """Without quotation marks and the numbers of pull requests, which differ."""
    return _PULL_REQUESTS.sub("", subject.strip()[:_LONGEST]).strip(" \"'“”`").casefold()
