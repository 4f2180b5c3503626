"""What is wrong with the versions of packages into reasons why the release may not ship."""

from dataclasses import replace

from bot.gate.facts import Fact, Unavailable
from bot.gate.finding import Finding, unknown
from bot.gate.markup import code
from bot.gate.packages import PackageVersion
from bot.gate.verdict import OF_VERSION, Blocker
from bot.gate.version import NextVersion


def of_packages(parts: Fact[tuple[PackageVersion, ...]]) -> tuple[Blocker, ...]:
    """Each problem under its package; what is not known blocks too, for it may be one."""
    if isinstance(parts, Unavailable):
        return (_blocker("", unknown(because=parts.because, wanted="which packages the change touches")),)
    return tuple(_blocker(part.package.id, problem) for part in parts for problem in _problems_of(part))


def without_problems(version: Fact[NextVersion]) -> Fact[NextVersion]:
    """The same version where it is the whole repository's; a package's problems are told under its name."""
    if isinstance(version, Unavailable) or not version.package:
        return version
    return replace(version, problems=())


def _problems_of(part: PackageVersion) -> tuple[Finding, ...]:
    if isinstance(part.version, Unavailable):
        return (unknown(because=part.version.because, wanted=f"the next version of {code(part.package.id)}"),)
    return part.version.problems


def _blocker(id: str, problem: Finding) -> Blocker:
    return Blocker(id=OF_VERSION, title=id, finding=problem)
