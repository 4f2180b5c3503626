"""Evidence: the changelog has a section for the next version."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from bot.gate.candidate import Candidate
from bot.gate.facts import Fact, File, Unavailable
from bot.gate.finding import Finding, met, unknown, unmet
from bot.gate.markup import code, listed
from bot.gate.needs import Needs
from bot.gate.options import FilePath, PackageId
from bot.gate.patterns import regex
from bot.gate.prose import Section, sections
from bot.gate.version import NextVersion

# https://keepachangelog.com/en/1.1.0/: `## [1.0.0] - 2025-10-06`
_RELEASE = regex(r"^\[?v?(?P<version>[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*)\]?(?:\(.*?\))?[ \t]*(?P<rest>.*)$")
_DATE = regex(r"^[-–—(]?[ \t]*([0-9]{4}-[0-9]{2}-[0-9]{2})\b")
_YANKED = regex(r"(?i)\[yanked\]")
_AHEAD = timedelta(days=366)
"""A release may be dated before it is out; later than that it is a slip."""
_UNRELEASED = regex(r"(?i)^\[?unreleased\]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changelog:
    """A Keep-a-Changelog file has a dated section for the next version that is not empty."""

    file: FilePath = "CHANGELOG.md"
    unreleased: bool = False
    """Whether a section `Unreleased` is as good."""
    sections: tuple[str, ...] = ()
    """Headings that have to stand in it, such as `Removed`."""
    package: PackageId = ""
    """The package whose version is meant; empty: the repository's."""

    def needs(self) -> Needs:
        """The changelog at the head."""
        return Needs(files=frozenset({self.file}))

    def judge(self, candidate: Candidate) -> Finding:
        """Whether the section is there, dated, and says something."""
        version: Fact[NextVersion] = candidate.next_version
        if self.package:
            part = candidate.package(self.package)
            if part is None:
                return met(seen=f"{code(self.package)} is not touched, and keeps its version")
            version = part if isinstance(part, Unavailable) else part.version
        return self._judge_file(candidate, version)

    def _judge_file(self, candidate: Candidate, version: Fact[NextVersion]) -> Finding:
        file = candidate.file(self.file)
        if isinstance(file, Unavailable):
            return unknown(because=file.because, wanted=code(self.file))
        if isinstance(version, Unavailable):
            return unknown(because=version.because, wanted="the next version")
        if file is None:
            return unmet(seen=f"no {code(self.file)}", wanted=self._wanted(version.next), do=f"add {code(self.file)}")
        if file.text is None:
            return unknown(because=f"{code(self.file)} is binary or too large to read", wanted=code(self.file))
        return self._judge(version.next, file, file.text, candidate.now.date())

    def _judge(self, version: str, file: File, text: str, today: date) -> Finding:
        wanted = self._wanted(version)
        section = self._section(version, text)
        if section is None:
            return unmet(seen=f"{code(file.path)} has no section {version}", wanted=wanted, do=f"write {wanted}")
        if section.is_empty:
            return unmet(seen=f"the section {code(section.title)} is empty", wanted=wanted, do="say what changes")
        if wrong := _wrong_with(section, today):
            return unmet(seen=f"the section {code(section.title)} {wrong}", wanted=wanted, do="mend its heading")
        if missing := [name for name in self.sections if name.casefold() not in _headings(section)]:
            return unmet(
                seen=f"no {listed([code(name) for name in missing])} in {code(section.title)}",
                wanted=f"{listed([code(name) for name in self.sections])} below it",
                do=f"add {listed([code(name) for name in missing])}",
            )
        return met(seen=f"{code(file.path)} has {code(section.title)}")

    def _section(self, version: str, text: str) -> Section | None:
        """The version's own section, else the unreleased one where that is as good."""
        known = sections(text)
        releases = (section for section in known if _version_of(section) == version)
        unreleased = (section for section in known if self.unreleased and _UNRELEASED.search(section.title))
        return next(chain(releases, unreleased), None)

    def _wanted(self, version: str) -> str:
        alternative = " or `## [Unreleased]`" if self.unreleased else ""
        return f"`## [{version}] - YYYY-MM-DD`{alternative} in {code(self.file)}"


def _wrong_with(section: Section, today: date) -> str:
    """What a version's heading lacks; empty when it is as it should be, and for a heading of no version."""
    release = _RELEASE.search(section.title)
    if release is None:
        return ""
    if _YANKED.search(release["rest"]):
        return "is marked as yanked"
    found = _DATE.search(release["rest"])
    if found is None:
        return "has no date"
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return f"has no date: there is no {code(found[1])}"
    return "is dated too far ahead" if day > today + _AHEAD else ""


def _version_of(section: Section) -> str | None:
    release = _RELEASE.search(section.title)
    return release["version"] if release else None


def _headings(section: Section) -> frozenset[str]:
    tokens = section.body
    return frozenset(
        tokens[at + 1].content.strip().casefold() for at, token in enumerate(tokens) if token.type == "heading_open"
    )
