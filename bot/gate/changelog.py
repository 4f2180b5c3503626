"""The new section of a changelog into what its headings ask for, <https://keepachangelog.com/en/1.1.0/>."""

from collections.abc import Iterator, Mapping

from semver import Version

from bot.gate.markup import code
from bot.gate.patterns import regex
from bot.gate.prose import sections
from bot.gate.signals import Signal
from bot.gate.version_numbers import Bump, parse_version

_RELEASE = regex(r"^\[?v?(?P<version>[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*)\]?")
_UNRELEASED = regex(r"(?i)^\[?unreleased\]?")
_BUMPS: Mapping[str, Bump] = {
    "removed": Bump.MAJOR,
    "added": Bump.MINOR,
    "changed": Bump.MINOR,
    "deprecated": Bump.MINOR,
    "fixed": Bump.PATCH,
    "security": Bump.PATCH,
}


def of_changelog(path: str, text: str, current: Version) -> Iterator[Signal]:
    """One opinion for each heading that has something below it, in the sections that were not released yet."""
    level = None
    for section in sections(text):
        if level is not None and section.level <= level:
            level = None
        if _is_new(section.title, current):
            level = section.level
        elif level is not None and not section.is_empty and (bump := _bump(section.title)):
            yield Signal(source="changelog", bump=bump, because=f"{code(section.title)} in {code(path)}")


def _is_new(title: str, current: Version) -> bool:
    release = _RELEASE.search(title)
    version = parse_version(release["version"]) if release else None
    return version > current if version else bool(_UNRELEASED.search(title))


def _bump(title: str) -> Bump | None:
    name = title.casefold().strip(" :")
    return Bump.MAJOR if "breaking" in name else _BUMPS.get(name)
