"""Tags of a pattern into the version that is current: the highest that is merged into the base."""

from collections.abc import Iterable, Mapping

from semver import Version

from bot.gate.facts import Fact, Tag, Unavailable
from bot.gate.markup import code
from bot.gate.version_numbers import parse_version

PLACE = "{version}"


def merged_version(pattern: str, tags: Fact[tuple[Tag, ...]], merged: Mapping[str, Fact[bool]]) -> Fact[Version | None]:
    """The highest version, pre-releases left out, whose tag is merged into the base; None when no tag is."""
    if isinstance(tags, Unavailable):
        return tags
    for version, tag in _highest_first(pattern, tags):
        answer = merged.get(tag.name, Unavailable(f"whether {code(tag.name)} is merged is not known"))
        if isinstance(answer, Unavailable):
            return answer
        if answer:
            return version
    return None


def open_tag(pattern: str, tags: Fact[tuple[Tag, ...]], merged: Mapping[str, Fact[bool]]) -> Tag | None:
    """The tag to ask about next: the highest one, as long as every higher one turned out not to be merged."""
    for _, tag in _highest_first(pattern, () if isinstance(tags, Unavailable) else tags):
        if tag.name not in merged:
            return tag
        if merged[tag.name] is not False:
            return None
    return None


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
