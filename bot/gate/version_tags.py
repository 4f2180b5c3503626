"""Tags of a pattern into the version that is current: the highest that is merged into the base."""

from collections.abc import Iterable

from semver import Version

from bot.gate.facts import Fact, Snapshot, Tag, Unavailable
from bot.gate.markup import code
from bot.gate.needs import Questions
from bot.gate.version_numbers import parse_version

PLACE = "{version}"
MOST_ASKED = 50
"""Tags of which it is asked whether they are merged; more are more than anybody waits for."""
_TURNS = (1, 5, 20, MOST_ASKED)
"""So many are known after each turn: mostly the highest is merged, and where it is not, others aren't either."""


def fitting(pattern: str, snapshot: Snapshot) -> Fact[tuple[Tag, ...]]:
    """The tags among which are all that the pattern fits; unavailable while that is not known."""
    if isinstance(snapshot.tags, Unavailable) or snapshot.tag_count <= len(snapshot.tags):
        return snapshot.tags
    because = f"of {snapshot.tag_count:,} tags only the newest were read"
    return snapshot.tags_of.get(_start(pattern), Unavailable(because))


def merged_version(pattern: str, snapshot: Snapshot) -> Fact[Version | None]:
    """The highest version, pre-releases left out, whose tag is merged into the base; None when no tag is."""
    tags = fitting(pattern, snapshot)
    if isinstance(tags, Unavailable):
        return tags
    for rank, (version, tag) in enumerate(_highest_first(pattern, tags)):
        answer = snapshot.merged_tags.get(tag.name, Unavailable(_unasked(tag, rank)))
        if isinstance(answer, Unavailable):
            return answer
        if answer:
            return version
    return None


def _unasked(tag: Tag, rank: int) -> str:
    because = f"whether {code(tag.name)} is merged is not known"
    if rank < MOST_ASKED:
        return because
    return f"{because}: {MOST_ASKED} higher tags are not merged into the base, and more are not asked about"


def questions(pattern: str, snapshot: Snapshot) -> Questions:
    """What is to be asked next: which tags there are, then whether they are merged, the highest first.

    The more of them are not merged the more are asked about at once, so that few turns are enough.
    """
    tags, start = fitting(pattern, snapshot), _start(pattern)
    if isinstance(tags, Unavailable):
        is_open = not isinstance(snapshot.tags, Unavailable) and start not in snapshot.tags_of
        return Questions(tags_of=frozenset({start})) if is_open else Questions()
    highest = [tag for _, tag in _highest_first(pattern, tags)][:MOST_ASKED]
    known = next((at for at, tag in enumerate(highest) if tag.name not in snapshot.merged_tags), len(highest))
    if any(snapshot.merged_tags[tag.name] is not False for tag in highest[:known]):
        return Questions()
    upto = next((turn for turn in _TURNS if turn > known), 0)
    return Questions(tags=frozenset(highest[known:upto]))


def _start(pattern: str) -> str:
    """How the names of all tags begin that it fits."""
    return pattern.partition(PLACE)[0]


def tag_of(pattern: str, version: Version) -> str:
    """What the tag of a version is called."""
    return pattern.replace(PLACE, str(version))


def version_of(pattern: str, name: str) -> Version | None:
    """The version that a tag's name bears by the pattern."""
    prefix, _, suffix = pattern.partition(PLACE)
    if not (name.startswith(prefix) and name.endswith(suffix) and len(name) > len(prefix) + len(suffix)):
        return None
    text = name[len(prefix) : len(name) - len(suffix)]
    # `v1` and `v1.2` move along with the newest release of theirs, so they name no version.
    return parse_version(text) if text[0].isdigit() and text.count(".") > 1 else None


def _highest_first(pattern: str, tags: Iterable[Tag]) -> list[tuple[Version, Tag]]:
    known = [(version, tag) for tag in tags if (version := version_of(pattern, tag.name)) and not version.prerelease]
    return sorted(known, key=lambda pair: pair[0], reverse=True)
