"""Evidence: the version files carry the next version."""

from dataclasses import dataclass

from bot.gate.candidate import Candidate
from bot.gate.facts import Fact, File, Unavailable
from bot.gate.finding import Finding, every, met, unknown, unmet
from bot.gate.markup import code
from bot.gate.needs import Needs
from bot.gate.options import FilePath, PackageId
from bot.gate.version import NextVersion
from bot.gate.version_files import same_version, version_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Every version file at the head carries the next version; without `files`, those of `semver` or of the package."""

    files: tuple[FilePath, ...] = ()
    package: PackageId = ""
    """The package whose version is meant; empty: the repository's."""

    def needs(self) -> Needs:
        """The files at the head; those of a package are read anyway."""
        return Needs(files=frozenset(self.files), version_files=not self.files and not self.package)

    def judge(self, candidate: Candidate) -> Finding:
        """The worst of the files decides."""
        if not self.package:
            files = self.files or candidate.version_files
            do = "name them in the rules: `semver: {files: […]}`"
            return _of_files(files, candidate, candidate.next_version, do)
        part = candidate.package(self.package)
        if isinstance(part, Unavailable):
            return unknown(because=part.because, wanted=f"whether {code(self.package)} is released")
        if part is None:
            return met(seen=f"{code(self.package)} is not touched, and keeps its version")
        do = f"name them in the rules: `packages: {{{self.package}: {{files: […]}}}}`"
        return _of_files(self.files or part.package.files, candidate, part.version, do)


def _of_files(files: tuple[str, ...], candidate: Candidate, version: Fact[NextVersion], do: str) -> Finding:
    if isinstance(version, Unavailable):
        return unknown(because=version.because, wanted="the next version")
    if not files:
        return unknown(because="the rules name no version files", wanted=f"files with {code(version.needed)}", do=do)
    return every(_judge(path, candidate.file(path), version.needed) for path in files)


def _judge(path: str, file: File | Unavailable | None, wanted: str) -> Finding:
    if isinstance(file, Unavailable):
        return unknown(because=file.because, wanted=code(path))
    do = f"set {code(wanted)} in {code(path)}"
    if file is None:
        return unmet(seen=f"no {code(path)}", wanted=f"{code(path)} with {code(wanted)}", do=do)
    if file.text is None:
        return unknown(because=f"{code(path)} is binary or too large to read", wanted=code(path))
    found = version_in(path, file.text)
    if found is None:
        return unmet(seen=f"no version in {code(path)}", wanted=code(wanted), do=do)
    if not same_version(found, wanted):
        return unmet(seen=f"{code(path)} says {code(found)}", wanted=code(wanted), do=do)
    return met(seen=f"{code(path)} says {code(found)}")
